import CPQ
public import LodeCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One reading of a slot, on a thread of its own that makes, uses and ends the connection.
///
/// It connects once and reads until it is stopped or something fails; who wants it again makes a new
/// one. The other side takes what came with ``next(within:)`` and says with ``confirm(_:)`` how far
/// it is durable; nothing else goes back.
public final class ReplicationReader: Sendable {
    public struct Settings: Sendable {
        public var connection: String
        public var slot: String
        /// What the journal knows; nil for a source never read before.
        public var known: KnownPosition?
        /// Whether a slot that is not there is made.
        public var creation: SlotCreation
        public var times: ConnectionTimes

        public init(
            connection: String, slot: String, known: KnownPosition?, creation: SlotCreation = .durable,
            times: ConnectionTimes = ConnectionTimes()
        ) {
            self.connection = connection
            self.slot = slot
            self.known = known
            self.creation = creation
            self.times = times
        }
    }

    public enum SlotCreation: Sendable {
        case durable
        /// Gone with the session.
        case temporary
        case never
    }

    private let queue = WALQueue()
    private let wake = WakeDescriptor()
    private let confirmed = Atomic<UInt64>(0)
    private let isStopping = Atomic<Bool>(false)
    /// Microseconds of the monotonic clock, for health: when bytes last came.
    private let lastReceived = Mutex<ContinuousClock.Instant?>(nil)

    private init() {}

    /// Starts the thread.
    public static func start(_ settings: Settings) -> ReplicationReader {
        let reader = ReplicationReader()
        BlockingThread.start(named: "lode-read") {
            var session = ReplicationSession(settings: settings, reader: reader)
            var failure: PostgresError?
            do throws(PostgresError) { try session.run() } catch { failure = error }
            session.close()
            _ = reader.queue.offer(.ended(failure))
        }
        return reader
    }

    /// Waits for what comes next; nil when nothing came in time. Blocks the calling thread.
    ///
    /// - Returns: The item, and whether nothing more is waiting behind it.
    public func next(within wait: Duration) -> (item: ReplicationItem, isLast: Bool)? {
        guard let taken = queue.take(within: wait) else { return nil }
        if taken.wakes { wake.signal() }
        return (taken.item, taken.isLast)
    }

    /// Returns a batch that is done with, so that its storage is used again.
    public func giveBack(_ batch: consuming WALBatch) { queue.giveBack(batch) }

    /// Everything before `position` is durable; the server hears of it with the next status.
    public func confirm(_ position: LSN) {
        confirmed.store(position.rawValue, ordering: .releasing)
    }

    /// Ends the stream: the last confirmation is sent, then comes ``ReplicationItem/ended(_:)``.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        wake.signal()
    }

    /// When bytes last came from the server.
    public var lastActivity: ContinuousClock.Instant? { lastReceived.withLock { $0 } }

    // MARK: - For the thread

    fileprivate var position: LSN { LSN(confirmed.load(ordering: .acquiring)) }
    fileprivate var mustStop: Bool { isStopping.load(ordering: .acquiring) }
    fileprivate var wakeDescriptor: Int32 { wake.descriptor }
    fileprivate func clearWake() { wake.clear() }
    fileprivate func received(at now: ContinuousClock.Instant) { lastReceived.withLock { $0 = now } }
    fileprivate func offer(_ item: ReplicationItem) -> Bool { queue.offer(item) }
    fileprivate func isHungry() -> Bool { queue.isHungry() }
    fileprivate func emptyBatch() -> WALBatch { queue.emptyBatch() }
}

/// The thread's own part: the connection and the loop.
private struct ReplicationSession {
    /// Letting arrivals gather saves most of the system calls, ours and the server's, which sends every
    /// message on its own and need not wake us. In microseconds: the first is short, for what comes
    /// alone; the pauses double up to the last while more keeps coming. Longer than that, and the
    /// server's socket buffer fills.
    static let firstGathering: UInt32 = 40
    static let longestGathering: UInt32 = 320
    /// A turn that brought so many bytes has more waiting: libpq reads 16 kB at a time.
    static let plenty = 8 * 1024
    /// A batch is kept back for at most so long while more keeps coming.
    static let patience = Duration.milliseconds(2)

    let settings: ReplicationReader.Settings
    let reader: ReplicationReader
    private var connection: PostgresConnection?
    private var batch = WALBatch()
    private var gathering = Self.firstGathering
    /// When the first record of the batch came.
    private var batchBegan = Monotonic.now()

    init(settings: ReplicationReader.Settings, reader: ReplicationReader) {
        self.settings = settings
        self.reader = reader
    }

    mutating func run() throws(PostgresError) {
        let connection = try PostgresConnection(
            settings.connection, for: .replication, times: settings.times, isWanted: { [reader] in !reader.mustStop })
        self.connection = connection
        let times = settings.times.fitting(walSenderTimeout: try Slot.walSenderTimeout(connection))
        let start = try open(connection)
        var state = ReplicationState(start: start, now: Monotonic.now(), times: times)
        try stream(connection, &state)
        try finish(connection, &state)
    }

    mutating func close() { connection = nil }

    /// Finds or makes the slot and starts the stream.
    private func open(_ connection: PostgresConnection) throws(PostgresError) -> LSN {
        let identity = try Slot.identify(connection)
        let found = try Slot.state(of: settings.slot, connection)
        let start: LSN
        var created = false
        switch try SlotPolicy.start(slot: settings.slot, found: found, identity: identity, known: settings.known) {
        case .resume(let position):
            start = position
        case .create:
            guard settings.creation != .never else {
                throw PostgresError("there is no slot \(settings.slot)", verdict: .stop)
            }
            start = try Slot.create(settings.slot, connection, isTemporary: settings.creation == .temporary)
            created = true
        }
        _ = try connection.query(
            "START_REPLICATION SLOT \(Slot.quoted(settings.slot)) LOGICAL \(start) "
                + "(\"include-xids\" '1', \"include-timestamp\" '1', \"skip-empty-xacts\" '1')")
        reader.received(at: Monotonic.now())
        _ = reader.offer(.started(identity, start: start, created: created))
        return start
    }

    private mutating func stream(
        _ connection: PostgresConnection, _ state: inout ReplicationState
    ) throws(PostgresError) {
        var now = Monotonic.now()
        // Whether the turn comes after a pause: then to have brought nothing means that nothing came.
        var hasRested = true
        while !reader.mustStop {
            let turn = try drain(connection, &state, now: now)
            let isQuiet = turn.isDrained && turn.bytes == 0 && hasRested
            let isPaused = !handOver(isQuiet: isQuiet, now: now)
            state.confirmationMoved(to: reader.position)
            if isPaused { state.readingPaused(at: now) }
            if let status = state.takeStatus(at: now) { try send(status, connection) }
            if state.isSilent(at: now) {
                throw PostgresError("the server fell silent; connecting again", verdict: .retry)
            }
            if isPaused || isQuiet {
                hasRested = true
                gathering = Self.firstGathering
                try wait(connection, &state, isPaused: isPaused, now: now)
            } else if turn.isDrained {
                hasRested = turn.bytes < Self.plenty
                if hasRested {
                    usleep(gathering)
                    gathering = min(gathering * 2, Self.longestGathering)
                }
                guard PQconsumeInput(connection.handle) == 1 else { throw connection.lastError() }
            }
            now = Monotonic.now()
        }
    }

    /// Takes what libpq holds, until it has no more or the batch is full.
    private mutating func drain(
        _ connection: PostgresConnection, _ state: inout ReplicationState, now: ContinuousClock.Instant
    ) throws(PostgresError) -> (bytes: Int, isDrained: Bool) {
        var received = 0
        defer {
            if received > 0 { reader.received(at: now) }
        }
        while !batch.isFull {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection.handle, &buffer, 1)
            if length == 0 { return (received, true) }
            guard length > 0, let buffer else {
                throw ending(connection, length)
            }
            defer { PQfreemem(buffer) }
            if received == 0 { state.messageReceived(at: now) }
            received += Int(length)
            if batch.isEmpty { batchBegan = now }
            // SAFETY: libpq gives `length` bytes that are ours until PQfreemem, after this turn.
            let bytes = UnsafeRawBufferPointer(start: buffer, count: Int(length))
            switch ReplicationMessage(
                Span(_unsafeElements: UnsafeBufferPointer<UInt8>(rebasing: bytes.bindMemory(to: UInt8.self)[...])))
            {
            case .walData(let start, _):
                batch.append(
                    record: UnsafeRawBufferPointer(rebasing: bytes[ReplicationMessage.walDataHeaderLength...]),
                    lsn: start)
            case .keepalive(let walEnd, let replyRequested):
                batch.append(keepalive: walEnd)
                state.keepaliveReceived(replyRequested: replyRequested, at: now)
            case nil:
                throw PostgresError("the server sent a message that is not of the protocol", verdict: .retry)
            }
        }
        return (received, false)
    }

    /// Hands the batch over when it is full, or when the other side waits and nothing came on this
    /// turn or the batch has waited long enough. False: no room.
    private mutating func handOver(isQuiet: Bool, now: ContinuousClock.Instant) -> Bool {
        guard !batch.isEmpty else { return true }
        if !batch.isFull {
            guard isQuiet || now - batchBegan >= Self.patience, reader.isHungry() else { return true }
        }
        guard reader.offer(.batch(batch)) else { return false }
        batch = reader.emptyBatch()
        return true
    }

    private func wait(
        _ connection: PostgresConnection, _ state: inout ReplicationState, isPaused: Bool,
        now: ContinuousClock.Instant
    ) throws(PostgresError) {
        let unsent = PQflush(connection.handle)
        guard unsent >= 0 else { throw connection.lastError() }
        // A full server and a full client would wait for each other: who wants to write must read.
        let wants = (isPaused && unsent == 0 ? 0 : POLLIN) | (unsent == 1 ? POLLOUT : 0)
        var descriptors = [
            pollfd(fd: PQsocket(connection.handle), events: Int16(wants), revents: 0),
            pollfd(fd: reader.wakeDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        // At most a second: decrypted bytes may wait inside libpq while the socket shows nothing.
        let wait = min(max(state.statusDue - now, .zero), .seconds(1))
        _ = poll(&descriptors, 2, wait.milliseconds)
        if descriptors[1].revents != 0 { reader.clearWake() }
        if isPaused, unsent == 0, descriptors[0].revents & Int16(POLLERR | POLLHUP) == 0 { return }
        guard PQconsumeInput(connection.handle) == 1 else { throw connection.lastError() }
    }

    private func send(_ status: StandbyStatus, _ connection: PostgresConnection) throws(PostgresError) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        // 946,684,800 s from 1970-01-01 to 2000-01-01.
        let micros = (Int64(time.tv_sec) - 946_684_800) * 1_000_000 + Int64(time.tv_nsec) / 1000
        let message = status.encoded(time: micros).map { CChar(bitPattern: $0) }
        guard PQputCopyData(connection.handle, message, Int32(message.count)) >= 0,
            PQflush(connection.handle) >= 0
        else { throw connection.lastError() }
    }

    /// The last confirmation, and a proper goodbye: then the slot is free at once.
    private func finish(
        _ connection: PostgresConnection, _ state: inout ReplicationState
    ) throws(PostgresError) {
        state.confirmationMoved(to: reader.position)
        try send(state.takeFinalStatus(at: Monotonic.now()), connection)
        _ = PQputCopyEnd(connection.handle, nil)
        let deadline = Monotonic.now() + .seconds(2)
        while PQflush(connection.handle) == 1, Monotonic.now() < deadline { usleep(1000) }
        // The server goes on sending until it has read our goodbye.
        while Monotonic.now() < deadline {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection.handle, &buffer, 1)
            PQfreemem(buffer)
            if length < 0 { return }
            if length > 0 { continue }
            var descriptor = pollfd(fd: PQsocket(connection.handle), events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, 100)
            guard PQconsumeInput(connection.handle) == 1 else { return }
        }
    }

    private func ending(_ connection: PostgresConnection, _ length: Int32) -> PostgresError {
        if length == -1 {
            let result = PQgetResult(connection.handle)
            defer { PQclear(result) }
            if PQresultStatus(result) == PGRES_FATAL_ERROR { return connection.error(of: result) }
            return PostgresError("the server ended the stream", verdict: .retry)
        }
        return connection.lastError()
    }
}
