import DequeModule
import HeapModule
public import LodeConfiguration
public import LodeJournal

/// What a subscriber gets, when, and how often: the policy of delivery as a value, without a clock and
/// without I/O. A loop around it reads, delivers and writes down what it says.
///
/// Events come in by ``admit(_:at:)`` in the journal's order and leave by ``start(at:)`` in batches, of
/// which up to `concurrency` are under way. One key's events are never in two batches at once, so they
/// arrive in order. An event that fails is set aside on a shelf, kept by the journal, with the later
/// ones of its key; the cursor passes it, and every other key flows. From the shelf it is tried again,
/// later and later, until it is taken or its attempts are over: then it is parked, skipped, or stops the
/// subscriber. A peer that cannot be had at all opens the circuit, and no event's attempts are counted.
///
/// Bounds: ``windowEvents`` and ``DeliveryOptions/windowBytes`` of events read and not passed,
/// ``mostShelves`` keys set aside; at more the subscriber pauses, for it is not the events' fault.
public struct DeliveryEngine: Sendable {
    public static let windowEvents = 100_000
    public static let mostShelves = 10_000
    /// So many of a key's events are taken from the shelf at once.
    public static let shelfLoad = 100

    struct Flight {
        var entries: [Entry]
        /// Its keys' lanes say that they are in flight.
        var isTracked: Bool
        /// The shelf that it comes from.
        var shelf: LaneKey?
        /// Of the batch as a whole, before this one.
        var attempts = 0
        var firstFailure: ContinuousClock.Instant?
    }

    /// A batch that failed as a whole and comes again as it is.
    struct Held {
        var flight: Flight
        var due: ContinuousClock.Instant
    }

    struct Fresh {
        let chunk: EventChunk
        var next: Int
        /// Of the chunk's first event.
        let serial: Int
    }

    struct Due: Comparable {
        let at: ContinuousClock.Instant
        let number: Int
        let key: LaneKey

        static func < (a: Due, b: Due) -> Bool { (a.at, a.number) < (b.at, b.number) }
        static func == (a: Due, b: Due) -> Bool { a.at == b.at && a.number == b.number }
    }

    let options: DeliveryOptions
    let generation: Int64
    let journal: String
    var random: SplitMix64

    var window: DeliveryWindow
    /// Read, and not looked at yet.
    var fresh: Deque<Fresh> = []
    var freshCount = 0
    var freshBytes = 0
    var freshSince: ContinuousClock.Instant?
    /// Untried, of flights that ended: they go before fresh ones.
    var returned: Deque<Entry> = []
    var lanes: [LaneKey: Lane] = [:]
    /// Lanes with events waiting, free to go.
    var ready: Deque<LaneKey> = []
    var flights: [Int: Flight] = [:]
    var nextTicket = 0
    var held: [Held] = []
    var due = Heap<Due>()
    var dueNumber = 0
    var shelves = 0
    /// Whether the last batch came from the shelf, so that the next does not.
    var tookFromShelf = false
    var circuit = Circuit()
    var loads: [(key: LaneKey, first: Position)] = []
    var changes: [ShelfChange] = []
    var changedBytes = 0

    /// The last position read.
    public private(set) var readPosition: Position
    public internal(set) var counts = DeliveryCounts()
    /// Why nothing is started; nil: it is not paused.
    public internal(set) var pauseReason: String?
    /// What the last delivery failed of; nil after one that succeeded.
    public internal(set) var failure: String?

    /// - Parameters:
    ///   - cursor: Every event up to here is done.
    ///   - generation: How often a person sent the subscriber back.
    ///   - journal: The journal's own name.
    ///   - seed: Of the random part of pauses.
    public init(
        _ options: DeliveryOptions, cursor: Position, generation: Int64 = 0, journal: String = "", seed: UInt64 = 1
    ) {
        self.options = options
        self.generation = generation
        self.journal = journal
        random = SplitMix64(seed)
        window = DeliveryWindow(cursor: cursor)
        readPosition = cursor
    }

    // MARK: - In

    /// The next stretch of the journal: what follows ``readPosition``.
    public mutating func admit(_ chunk: EventChunk, at now: ContinuousClock.Instant) {
        readPosition = max(readPosition, chunk.last)
        let serial = window.append(chunk)
        guard chunk.count > 0 else { return }
        fresh.append(Fresh(chunk: chunk, next: 0, serial: serial))
        freshCount += chunk.count
        freshBytes += chunk.size
        if freshSince == nil { freshSince = now }
    }

    /// Whether another stretch of the journal may be read.
    public var wantsMore: Bool {
        pauseReason == nil && window.bytes < options.windowBytes && window.count < Self.windowEvents
            && freshBytes < 2 * options.batchBytes && changedBytes < options.windowBytes
    }

    public mutating func pause(_ reason: String) { pauseReason = pauseReason ?? reason }

    /// Goes on, with a clean slate for the peer.
    public mutating func resume() {
        pauseReason = nil
        circuit = Circuit()
        failure = nil
    }

    // MARK: - Out

    /// Every event up to here is done or on the shelf.
    public var cursor: Position { window.cursor }

    /// Every event up to here is done: what is on the shelf is not.
    public var taken: Position {
        guard shelves > 0 else { return cursor }
        return lanes.values.reduce(cursor) { min($0, ($1.shelf?.first ?? .max) - 1) }
    }

    /// Nothing is under way, waits, or is due; what is parked may be.
    public var isIdle: Bool {
        flights.isEmpty && held.isEmpty && freshCount == 0 && returned.isEmpty && ready.isEmpty
    }

    /// Events that wait for a person, those behind the first of their key too.
    public var parkedEvents: Int {
        lanes.values.reduce(0) { $0 + ($1.shelf?.phase == .parked ? $1.shelf?.count ?? 0 : 0) }
    }

    /// The first stretch of the journal that is not passed whole.
    public var oldest: EventChunk? { window.oldest }

    /// What is to be written down about the shelf, with the cursor and in the same commit.
    public mutating func takeChanges() -> [ShelfChange] {
        defer {
            changes.removeAll()
            changedBytes = 0
        }
        return changes
    }

    /// Keys whose next events are wanted from the shelf: from `first` on, at most ``shelfLoad``. What
    /// ``takeChanges()`` says must be in the file before they are read.
    public mutating func takeLoads() -> [(key: [UInt8]?, first: Position)] {
        defer { loads.removeAll() }
        return loads.map { ($0.key.bytes, $0.first) }
    }

    /// When to ask again, if nothing else happens before.
    public func wakeUp(after now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard pauseReason == nil, flights.count < options.concurrency else { return nil }
        if let open = circuit.openUntil, open > now { return open }
        var times: [ContinuousClock.Instant] = held.map(\.due)
        if let next = due.min { times.append(next.at) }
        if let since = freshSince, freshCount > 0, options.wait > .zero { times.append(since + options.wait) }
        return times.min()
    }
}

/// How a subscriber wants its events.
public struct DeliveryOptions: Sendable {
    public var concurrency: Int
    public var keyOrder: HandlerTraits.KeyOrder
    public var batchEvents: Int
    public var batchBytes: Int
    /// A batch that is not full waits for more so long.
    public var wait: Duration
    public var retry: RetrySettings
    public var then: SubscriberSettings.AfterLastAttempt

    public init(
        _ traits: HandlerTraits, batch: BatchSettings = BatchSettings(), retry: RetrySettings = RetrySettings(),
        then: SubscriberSettings.AfterLastAttempt = .park
    ) {
        concurrency = max(1, traits.concurrency)
        keyOrder = traits.keyOrder
        batchEvents = max(1, min(batch.events ?? .max, traits.batchEvents))
        batchBytes = max(1, min(batch.bytes ?? .max, traits.batchBytes))
        wait = batch.wait ?? .zero
        self.retry = retry
        self.then = then
    }

    /// Bytes of the journal read and not passed.
    public var windowBytes: Int { max(4 << 20, 4 * batchBytes) }

    /// Whether keys must be told apart before anything fails.
    var tracksLanes: Bool { concurrency > 1 || keyOrder == .onePerBatch }

    var pauses: RetryPauses { RetryPauses(first: retry.first, most: retry.most) }
}

public struct DeliveryCounts: Equatable, Sendable {
    public var delivered: UInt64 = 0
    public var retried: UInt64 = 0
    public var parked: UInt64 = 0
    public var skipped: UInt64 = 0

    public init() {}
}

/// Steele, Lea and Flood, “Fast splittable pseudorandom number generators” (OOPSLA 2014): enough for the
/// jitter of pauses, and the same for the same seed.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
