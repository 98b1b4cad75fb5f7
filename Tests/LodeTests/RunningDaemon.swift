import Foundation
import LodeConfiguration
import LodeCore
import LodePostgres
import Logging
import Synchronization
import TestSupport

@testable import Lode

/// A daemon in this process, with a closure and a file as subscribers.
final class RunningDaemon: Sendable {
    let folder: TemporaryFolder
    let daemon: LodeDaemon
    let slot: String
    private let database: TestDatabase
    private let yaml: String
    private let handler: LodeDaemon.Handler?
    private let times: ConnectionTimes
    private let limits: EndpointLimits
    private let takenEvents: TakenEvents
    private let task = Mutex<Task<Void, any Error>?>(nil)

    /// - Parameters:
    ///   - events: The mapping's `events`, indented.
    ///   - schema: More SQL to run first.
    ///   - source: Another setting of the source.
    ///   - subscribers: More subscribers, indented.
    ///   - connection: The way to the database; nil: straight.
    ///   - others: More sources, indented.
    ///   - http: The endpoint.
    ///   - folder: Where the journal is; nil: a new one.
    ///   - handler: Called before an event is noted; nil: just note it.
    convenience init(
        _ database: TestDatabase, events: String, schema: String = "", journal: String = "{ path: lode.journal }",
        heartbeat: String = "1s", source: String = "", subscribers: String = "", connection: String? = nil,
        slot: String? = nil, others: String = "", http: String = "none", limits: EndpointLimits = EndpointLimits(),
        folder: TemporaryFolder? = nil, times: ConnectionTimes = ConnectionTimes(), handler: LodeDaemon.Handler? = nil
    ) throws {
        if !schema.isEmpty { try database.run(schema) }
        let slot = slot ?? TestDatabase.slotName()
        try self.init(
            database, slot: slot, folder: folder ?? TemporaryFolder(),
            yaml: """
                sources:
                  shop:
                    connection: "\(connection ?? database.connection)"
                    slot: \(slot)
                    heartbeat: \(heartbeat)
                    \(source)
                \(others)
                journal: \(journal)
                http: \(http)
                events:
                \(events)
                subscribers:
                  here: { swift: {} }
                  file: { file: { path: events.jsonl } }
                \(subscribers)
                """, times: times, limits: limits, handler: handler)
    }

    private init(
        _ database: TestDatabase, slot: String, folder: TemporaryFolder, yaml: String, times: ConnectionTimes,
        limits: EndpointLimits, handler: LodeDaemon.Handler?
    ) throws {
        self.folder = folder
        self.slot = slot
        self.database = database
        self.yaml = yaml
        self.handler = handler
        self.times = times
        self.limits = limits
        let file = try folder.write(yaml, to: "lode.yaml")
        let (configuration, _) = try Configuration.load(file: file, environment: [:])
        var logger = Logger(label: "test", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        let taken = TakenEvents()
        self.takenEvents = taken
        daemon = try LodeDaemon(
            configuration,
            handlers: [
                "here": { event in
                    try await handler?(event)
                    taken.append(event)
                }
            ], logger: logger, times: times, limits: limits)
        let daemon = daemon
        task.withLock { $0 = Task { try await daemon.run() } }
    }

    var events: [Event] { takenEvents.all }

    /// The same configuration and journal, once this one has stopped.
    func again() throws -> RunningDaemon {
        try RunningDaemon(
            database, slot: slot, folder: folder, yaml: yaml, times: times, limits: limits,
            handler: handler)
    }

    /// Another daemon on the same slot, with a journal of its own.
    func beside() throws -> RunningDaemon {
        try RunningDaemon(
            database, slot: slot, folder: TemporaryFolder(), yaml: yaml, times: times, limits: limits,
            handler: handler)
    }

    func ready() async throws {
        try await eventually("the stream is open", within: .seconds(180)) {
            daemon.status(of: "shop")?.phase == .streaming
        }
    }

    /// Why the source stands still.
    func stopped(source: String = "shop") async throws -> String {
        var reason = ""
        try await eventually("source \(source) stops") {
            if case .stopped(let why) = daemon.status(of: source)?.phase { reason = why }
            return !reason.isEmpty
        }
        return reason
    }

    func waiting(source: String = "shop", for words: String) async throws {
        try await eventually("source \(source) waits: \(words)") {
            if case .waiting(let why) = daemon.status(of: source)?.phase { return why.contains(words) }
            return false
        }
    }

    func cancel() { task.withLock { $0 }?.cancel() }

    func stop() async throws {
        cancel()
        _ = await task.withLock { $0 }?.result
    }

    func confirmed() throws -> LSN {
        let rows = try database.run(
            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '\(slot)'")
        return (rows.first?.first ?? nil).flatMap { LSN($0) } ?? .zero
    }
}

private final class TakenEvents: Sendable {
    private let events = Mutex<[Event]>([])

    var all: [Event] { events.withLock { $0 } }
    func append(_ event: Event) { events.withLock { $0.append(event) } }
}

/// A handler waits or fails until it is opened.
final class Gate: Sendable {
    private let state = Mutex(false)

    var isOpen: Bool { state.withLock { $0 } }
    func open() { state.withLock { $0 = true } }
}
