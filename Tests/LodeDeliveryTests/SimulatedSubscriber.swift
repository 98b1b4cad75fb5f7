import LodeConfiguration
import LodeCore
import LodeDelivery
import LodeJournal
import TestSupport

/// An engine on a clock that only the test moves, with a journal that is an array.
struct SimulatedSubscriber {
    let events: [SampleEvent]
    var engine: DeliveryEngine
    var now = ContinuousClock.now
    /// What the file has of the shelf.
    var shelf: [Position: ShelvedEvent] = [:]
    var savedCursor: Position = 0
    private(set) var started: [(ticket: Int, positions: [Position], batch: EventBatch)] = []
    private let options: DeliveryOptions

    init(_ events: [SampleEvent], _ options: DeliveryOptions, seed: UInt64 = 1) {
        self.events = events
        self.options = options
        engine = DeliveryEngine(options, cursor: 0, seed: seed)
    }

    /// Reads so many events more.
    mutating func read(_ count: Int = .max) throws {
        let start = Int(engine.readPosition)
        let end = min(events.count, start + min(count, events.count))
        guard start < end else { return }
        engine.admit(try SampleEvents.chunk(Array(events[start..<end]), first: Position(start + 1)), at: now)
    }

    /// Starts all that can be started.
    mutating func start() throws -> [[Position]] {
        var new: [[Position]] = []
        repeat {
            while let (ticket, batch) = engine.start(at: now) {
                let positions = batch.map(\.position)
                started.append((ticket, positions, batch))
                new.append(positions)
            }
        } while try serveLoads()
        return new
    }

    private mutating func serveLoads() throws -> Bool {
        save()
        let loads = engine.takeLoads()
        for (key, first) in loads {
            let rows = shelf.values.filter { row in
                row.state != .skipped && (key == nil ? row.position == first : row.key == key && row.position >= first)
            }
            let blocks = rows.sorted { $0.position < $1.position }.prefix(DeliveryEngine.shelfLoad).map(\.block)
            let chunk = try EventChunk(
                Array(blocks), after: first - 1, for: EventFilter(),
                writers: [1: CloudEventWriter(source: SampleEvents.source)], typePrefix: "")
            engine.loaded(chunk, key: key, first: first, at: now)
        }
        return !loads.isEmpty
    }

    mutating func finish(_ positions: [Position], _ report: DeliveryReport) {
        guard let index = started.firstIndex(where: { $0.positions == positions }) else { return }
        engine.finish(started.remove(at: index).ticket, report, at: now)
        save()
    }

    /// As the journal would write it down.
    mutating func save() {
        for change in engine.takeChanges() {
            switch change {
            case .put(let event): shelf[event.position] = event
            case .remove(let position): shelf[position] = nil
            case .update(let position, let state, let attempts, let reason):
                shelf[position]?.state = state
                shelf[position]?.attempts = attempts
                if let reason { shelf[position]?.reason = reason }
            }
        }
        savedCursor = engine.cursor
    }

    /// A crash: what was not saved is gone.
    mutating func restart(seed: UInt64 = 2) throws {
        started = []
        engine = DeliveryEngine(options, cursor: savedCursor, seed: seed)
        var summaries: [[UInt8]?: ShelfSummary] = [:]
        var rest: [ShelfSummary] = []
        for row in shelf.values.sorted(by: { $0.position < $1.position }) where row.state != .skipped {
            let new = ShelfSummary(
                key: row.key, first: row.position, count: 1, state: row.state, attempts: row.attempts)
            if row.key == nil {
                rest.append(new)
            } else if summaries[row.key] == nil {
                summaries[row.key] = new
            } else {
                summaries[row.key]?.count += 1
            }
        }
        engine.restore(Array(summaries.values) + rest, at: now)
    }

    mutating func advance(_ time: Duration) { now += time }

    func states() -> [Position: ShelfState] { shelf.mapValues(\.state) }
}

extension DeliveryReport {
    static func retry(_ reason: String = "500 no") -> DeliveryReport {
        .failed(DeliveryFailure(.retry, .event, reason))
    }
    static func park(_ reason: String = "400 no") -> DeliveryReport { .failed(DeliveryFailure(.park, .event, reason)) }
    static func away(_ reason: String = "refused") -> DeliveryReport { .failed(DeliveryFailure(.retry, .peer, reason)) }
}

func keyed(_ keys: String...) -> [SampleEvent] { keys.map { SampleEvent("A", key: $0 == "-" ? nil : $0) } }
