import Foundation
public import LodeConfiguration
public import LodeCore
public import LodeDelivery
import LodeJournal
import LodePostgres
public import Logging
public import ServiceLifecycle
import Synchronization

/// The daemon: sources to the journal, the journal to subscribers.
///
/// A `Service`: run it in a `ServiceGroup` with the rest of a program, or alone. A graceful shutdown
/// finishes what is under way: events that were read are in the journal, cursors are saved, and the
/// server has heard how far it may forget.
public final class LodeDaemon: Service {
    /// Takes one event; the next comes when it has returned. An error brings the event again.
    public typealias Handler = @Sendable (Event) async throws -> Void

    private let configuration: Configuration
    private let journal: Journal
    private let directory: SourceDirectory
    private let confirmation: Confirmation
    private let sources: [SourceReader]
    private let subscribers: [Subscriber]
    private let logger: Logger
    private let limits: EndpointLimits
    private let boundPort = Mutex<Int?>(nil)

    /// - Parameters:
    ///   - handlers: For the subscribers of kind `swift`, by their names.
    /// - Throws: ``Diagnostics`` when handlers and subscribers do not match, or ``JournalError``.
    public convenience init(
        _ configuration: Configuration, handlers: [String: Handler] = [:], logger: Logger = Logger(label: "lode")
    ) throws {
        try self.init(configuration, handlers: handlers, logger: logger, times: ConnectionTimes())
    }

    /// - Parameter times: Tests have shorter ones.
    init(
        _ configuration: Configuration, handlers: [String: Handler], logger: Logger, times: ConnectionTimes,
        limits: EndpointLimits = EndpointLimits()
    ) throws {
        self.configuration = configuration
        self.limits = limits
        self.logger = logger
        try Self.check(handlers, against: configuration.subscribers)
        journal = try configuration.journal.map { try Journal.open($0.path) } ?? Journal.temporary()
        let journal = journal
        let confirmation = Confirmation(waitsForSubscribers: configuration.journal == nil)
        self.confirmation = confirmation
        sources = configuration.sources.map { settings in
            SourceReader(
                settings, events: configuration.events(of: settings), journal: journal,
                confirmation: confirmation, logger: logger, times: times)
        }
        directory = SourceDirectory(journal: journal, typePrefix: configuration.typePrefix)
        let directory = directory
        subscribers = try configuration.subscribers.map { settings in
            let handler = try HandlerRegistry.handler(for: settings, closures: handlers, logger: logger)
            return try Subscriber(settings, handler: handler, journal: journal, directory: directory, logger: logger)
        }
    }

    private static func check(_ handlers: [String: Handler], against subscribers: [SubscriberSettings]) throws {
        var found: [Diagnostic] = []
        let named = subscribers.filter { $0.kind == .swift }
        for subscriber in named where handlers[subscriber.name] == nil {
            found.append(
                Diagnostic(
                    .error, at: subscriber.place,
                    "subscriber \(subscriber.name) is of kind swift, but no closure is registered under its name; "
                        + "register one, or run it from a program of yours"))
        }
        for name in handlers.keys.sorted() where !named.contains(where: { $0.name == name }) {
            found.append(
                Diagnostic(
                    .error,
                    "a closure is registered as \(name), but no subscriber of kind swift has that name; "
                        + "add `\(name): { swift: {} }` to subscribers"))
        }
        if !found.isEmpty { throw Diagnostics(found) }
    }

    /// Runs until a graceful shutdown or the task's cancellation.
    ///
    /// - Throws: ``Diagnostics`` when the mapping does not fit a database at the start.
    public func run() async throws {
        let result: Result<Void, any Error>
        do { result = .success(try await runServices()) } catch { result = .failure(error) }
        try journal.close()
        try result.get()
    }

    private func runServices() async throws {
        for subscriber in subscribers { try await subscriber.begin() }
        try await journal.flushCursors()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for source in sources { group.addTask { try await source.run() } }
            group.addTask { try await self.deliver() }
            if let http = configuration.http {
                group.addTask {
                    try await self.endpoint(http).run()
                }
            }
            do {
                try await withTaskCancellationOrGracefulShutdownHandler {
                    // The sources end only when they are told to; then everything ends. Not `waitForAll`,
                    // which would wait for the others before it said what one threw.
                    for try await _ in group {}
                } onCancelOrGracefulShutdown: {
                    for source in self.sources { source.stop() }
                }
            } catch {
                for source in sources { source.stop() }
                group.cancelAll()
                throw error
            }
        }
    }

    /// The subscribers' loops, and what is done at intervals. Ends when every source has ended.
    private func deliver() async throws {
        await withTaskGroup(of: Void.self) { group in
            for subscriber in subscribers { group.addTask { await subscriber.run() } }
            group.addTask { await self.keepHouse() }
            while !sources.allSatisfy({ $0.status.phase == .ended }), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(50))
            }
            // What is in the journal and can be taken at once is taken.
            await finishDeliveries(within: .seconds(5))
            group.cancelAll()
        }
        try await journal.flushCursors()
    }

    private func finishDeliveries(within limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        let last = journal.lastPosition
        while ContinuousClock.now < deadline, !Task.isCancelled {
            if subscribers.allSatisfy({
                $0.status.cursor >= last || $0.status.failure != nil || $0.status.paused != nil
            }) {
                return
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Saves cursors, confirms what subscribers have taken, and removes what is past its time.
    private func keepHouse() async {
        var nextPruning = ContinuousClock.now + .seconds(10)
        while !Task.isCancelled {
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
            let statuses = subscribers.map(\.status)
            confirmation.taken(through: statuses.map(\.taken).min() ?? journal.lastPosition)
            do {
                try await journal.flushCursors()
                try await answerRequests()
                if ContinuousClock.now >= nextPruning {
                    nextPruning = ContinuousClock.now + .seconds(60)
                    // One that a person paused does not keep the journal from forgetting.
                    try await prune(keeping: statuses.filter { $0.paused == nil }.map(\.cursor))
                }
            } catch {
                logger.error("journal: \(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Does what people asked of subscribers by `lode subscribers` and `lode parked`.
    private func answerRequests() async throws {
        for (number, request) in try await journal.requests() {
            logger.info("asked by a person", metadata: ["subscriber": "\(request.subscriber)"])
            if let subscriber = subscribers.first(where: { $0.settings.name == request.subscriber }) {
                await subscriber.perform(request.action)
            } else {
                try await IdleSubscriber.perform(request, in: journal)
            }
            try await journal.settle(number)
        }
    }

    private func prune(keeping cursors: [Position]) async throws {
        // Without a journal nothing is kept that everybody has taken.
        let retention = configuration.journal?.retention ?? .init(age: .zero)
        try await journal.pruneInBackground(
            olderThan: retention.age, sizeBytes: retention.sizeBytes, keeping: cursors)
    }

    // MARK: - While it runs

    /// Takes a changed mapping. What else changed in the file needs a restart.
    public func reload(_ changed: Configuration) {
        for source in sources {
            if let settings = changed.sources.first(where: { $0.name == source.settings.name }) {
                source.reload(changed.events(of: settings))
            }
        }
    }

    /// How a source does; nil when there is none of the name.
    public func status(of source: String) -> SourceStatus? {
        sources.first { $0.settings.name == source }?.status
    }

    public var health: Health {
        Health(
            sources: sources.map { ($0.settings.name, $0.status) }, subscribers: subscribers.map(\.status),
            now: ContinuousClock.now)
    }

    private func endpoint(_ settings: HTTPSettings) -> Endpoint {
        // Without a kept journal a client's position would mean other events after a restart.
        let feed = configuration.journal.map { _ in FeedReader(journal: journal, directory: directory) }
        return Endpoint(
            settings: settings, daemon: self, feed: feed,
            slots: SlotWatch(configuration.sources, logger: logger), limits: limits, logger: logger)
    }

    func metrics(slots: [String: Catalog.SlotLag]) -> DaemonMetrics {
        let health = health
        return DaemonMetrics(
            sources: health.sources, subscribers: health.subscribers, slots: slots, last: journal.lastPosition,
            typePrefix: configuration.typePrefix, now: health.now, time: Date())
    }

    /// The port of the HTTP endpoint, once it is bound.
    public var port: Int? { boundPort.withLock { $0 } }

    func bound(to port: Int?) { boundPort.withLock { $0 = port } }
}

extension Configuration {
    /// The events that are read from a source's log.
    public func events(of source: SourceSettings) -> [EventDefinition] {
        events.filter { $0.source == nil || $0.source?.text == source.name }
    }
}
