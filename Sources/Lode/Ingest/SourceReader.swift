import LodeConfiguration
import LodeCore
import LodeJournal
import LodePostgres
import Logging
import Synchronization

/// Reads one source for as long as the daemon runs: connects, ingests, and connects again.
///
/// All its work is on a thread of its own, for libpq and SQLite block. The thread reads nothing from
/// the socket itself: that is the reader's, which goes on answering the server whatever happens here.
final class SourceReader: Sendable {
    let settings: SourceSettings
    private let journal: Journal
    private let confirmation: Confirmation
    private let logger: Logger
    private let times: ConnectionTimes
    private let events: Mutex<[EventDefinition]>
    private let state = Mutex(SourceStatus())
    private let isStopping = Atomic<Bool>(false)
    private let mustReload = Atomic<Bool>(false)

    init(
        _ settings: SourceSettings, events: [EventDefinition], journal: Journal, confirmation: Confirmation,
        logger: Logger, times: ConnectionTimes
    ) {
        self.settings = settings
        self.events = Mutex(events)
        self.journal = journal
        self.confirmation = confirmation
        self.times = times
        var logger = logger
        logger[metadataKey: "source"] = "\(settings.name)"
        self.logger = logger
        state.withLock { state in
            state.heartbeat = settings.heartbeat
            // A rate can be told of a count that was there before the first event.
            for event in events where event.ways.contains(where: { $0.type == nil }) {
                state.counts.add(events: [EventType(name: event.name.text): 0])
            }
        }
    }

    var status: SourceStatus { state.withLock { $0 } }

    /// Takes a changed mapping: the stream is opened anew with it, from where it stands.
    func reload(_ events: [EventDefinition]) {
        self.events.withLock { $0 = events }
        mustReload.store(true, ordering: .releasing)
    }

    func stop() { isStopping.store(true, ordering: .releasing) }

    /// Runs until ``stop()``.
    ///
    /// - Throws: ``Diagnostics`` when the mapping does not fit the database at the very start.
    func run() async throws {
        try await BlockingThread.run(named: "lode-ingest") { try self.readUntilStopped() }
    }

    // MARK: - On the thread

    private func readUntilStopped() throws {
        var backoff = Backoff(first: .milliseconds(200), most: .seconds(30))
        var generator = SystemRandomNumberGenerator()
        var lastTold = ""
        var isFirst = true
        while !mustStop {
            defer { isFirst = false }
            update { $0.phase = .connecting }
            mustReload.store(false, ordering: .releasing)
            do {
                try ingest { backoff.reset() }
                lastTold = ""
            } catch {
                switch SourceFailure(error) {
                case .passing(let message):
                    update { $0.phase = .waiting(message) }
                    // The same words every time would bury everything else.
                    logger.log(level: message == lastTold ? .debug : .warning, "source waits: \(message)")
                    lastTold = message
                    sleep(backoff.pause(using: &generator))
                case .mapping(let diagnostics) where isFirst:
                    // Wrong from the start: nothing else was begun. Later, the other sources go on.
                    update { $0.phase = .stopped(diagnostics.description) }
                    throw diagnostics
                case let failure:
                    update { $0.phase = .stopped(failure.message) }
                    logger.error("source stopped: \(failure.message)")
                    while !mustStop, !mustReload.load(ordering: .acquiring) { sleep(.milliseconds(200)) }
                }
            }
        }
        update { $0.phase = .ended }
    }

    /// One session, from connecting to its end.
    private func ingest(onStart: () -> Void) throws {
        let catalog = try Catalog(settings.connection, times: times, isWanted: { [self] in !mustStop })
        var ingest = try Ingest(
            source: settings, events: events.withLock { $0 }, catalog: catalog, journal: journal,
            confirmation: confirmation, logger: logger)
        let known = try journal.source(named: settings.name)
        let reader = ReplicationReader.start(
            ReplicationReader.Settings(
                connection: settings.connection, slot: settings.slot,
                known: known.map {
                    KnownPosition(systemIdentifier: $0.systemIdentifier, database: $0.database, position: $0.position)
                },
                times: times))
        do {
            while true {
                if let (item, isLast) = reader.next(within: ingest.patience) {
                    switch consume item {
                    case .started(let identity, let start, let created):
                        try ingest.start(identity, at: start)
                        onStart()
                        update {
                            $0.phase = .streaming
                            $0.hasStreamed = true
                        }
                        logger.info(
                            "source streams",
                            metadata: ["slot": "\(settings.slot)", "from": "\(start)", "created": "\(created)"])
                    case .batch(let batch):
                        try retryingJournal { try ingest.take(batch, isLast: isLast) }
                        reader.giveBack(consume batch)
                    case .ended(let failure):
                        if let failure { throw failure }
                        return
                    }
                } else {
                    try retryingJournal { try ingest.idle() }
                }
                ingest.confirm(to: reader)
                let sent = try ingest.sendHeartbeatIfDue(every: settings.heartbeat)
                update { ingest.report(into: &$0, lastByte: reader.lastActivity, heartbeats: sent) }
                if mustStop || mustReload.load(ordering: .acquiring) { break }
            }
        } catch {
            // What is whole goes to the journal before the source waits or stands still.
            try? ingest.flush()
            ingest.confirm(to: reader)
            update { ingest.report(into: &$0, lastByte: reader.lastActivity, heartbeats: true) }
            end(reader)
            ingest.abandon()
            throw error
        }
        try retryingJournal { try ingest.flush() }
        ingest.confirm(to: reader)
        end(reader)
        ingest.abandon()
        update { ingest.report(into: &$0, lastByte: reader.lastActivity, heartbeats: true) }
    }

    /// Lets the reader say its last word to the server.
    private func end(_ reader: ReplicationReader) {
        reader.stop()
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            if let next = reader.next(within: .milliseconds(100)), case .ended = next.item { return }
        }
    }

    /// A full disk or a busy file holds the source up and nothing is lost: the reader pauses.
    private func retryingJournal(_ body: () throws -> Void) throws {
        var backoff = Backoff(first: .milliseconds(100), most: .seconds(5))
        var generator = SystemRandomNumberGenerator()
        var lastTold = ""
        while true {
            do {
                try body()
                if !lastTold.isEmpty {
                    logger.info("source goes on: the journal can be written again")
                    update { $0.phase = .streaming }
                }
                return
            } catch let error as JournalError where error.verdict == .retry && !mustStop {
                logger.log(level: error.message == lastTold ? .debug : .error, "source waits: \(error.message)")
                lastTold = error.message
                update { $0.phase = .waiting(error.message) }
                sleep(backoff.pause(using: &generator))
            }
        }
    }

    private var mustStop: Bool { isStopping.load(ordering: .acquiring) }

    private func update(_ change: (inout SourceStatus) -> Void) {
        state.withLock {
            change(&$0)
            $0.lastTurn = ContinuousClock.now
        }
    }

    /// In slices, so that stopping need not wait for it. The thread is our own.
    private func sleep(_ pause: Duration) {
        let end = ContinuousClock.now + pause
        while !mustStop, ContinuousClock.now < end {
            BlockingThread.sleep(min(.milliseconds(100), end - ContinuousClock.now))
        }
    }
}
