import Foundation
import LodeConfiguration
import LodeCore
import LodeDelivery
import LodeJournal
import Logging
import TestSupport

@testable import Lode

/// A journal with events, and a subscriber of the peer's kind over it, which can be ended and begun again.
final class ConformanceRun {
    let folder: TemporaryFolder
    private(set) var journal: Journal
    private let source: JournalSource
    let peer: any ConformancePeer
    private(set) var events: [SampleEvent] = []
    private(set) var subscriber: Subscriber?
    private var task: Task<Void, Never>?
    private let attempts: Int

    init(_ peer: any ConformancePeer, attempts: Int = 1000) throws {
        folder = try TemporaryFolder()
        self.peer = peer
        self.attempts = attempts
        journal = try Journal.open(folder.file("journal"))
        source = try journal.register(
            source: "shop", systemIdentifier: "7000000000000000001", position: LSN(0))
    }

    /// Ids by position, from 1: what ``SampleEvents`` makes of it.
    static func id(_ position: Int, _ event: SampleEvent) -> String {
        let digits = String(999 + position, radix: 16, uppercase: true)
        return String(repeating: "0", count: 16 - digits.count) + digits + "-1-\(event.type)"
    }

    var ids: [String] { events.enumerated().map { Self.id($0.offset + 1, $0.element) } }

    func append(_ more: [SampleEvent]) throws {
        for event in more {
            events.append(event)
            let number = UInt64(events.count)
            try journal.append(SampleEvents.block(event, number: number), source: source, through: LSN(999 + number))
        }
    }

    func start() async throws {
        let settings = SubscriberSettings(
            name: "s", retry: RetrySettings(attempts: attempts, first: .milliseconds(20), most: .milliseconds(200)),
            kind: peer.kind)
        let closures = peer.closure.map { ["s": $0] } ?? [:]
        var logger = Logger(label: "conformance")
        logger.logLevel = .critical
        let handler = try HandlerRegistry.handler(for: settings, closures: closures, logger: logger)
        let subscriber = try Subscriber(
            settings, handler: handler, journal: journal,
            directory: SourceDirectory(journal: journal, typePrefix: ""), logger: logger)
        try await subscriber.begin()
        self.subscriber = subscriber
        task = Task { await subscriber.run() }
    }

    /// Ends the subscriber as SIGTERM does, and saves its cursor.
    func stop() async throws {
        task?.cancel()
        await task?.value
        task = nil
        try await journal.flushCursors()
    }

    /// The subscriber is gone in the middle of what it did, and so is what was not saved.
    func crash() async throws {
        let old = task
        old?.cancel()
        await old?.value
        task = nil
        let path = folder.file("journal")
        try journal.close()
        journal = try Journal.open(path)
    }

    var cursor: Position { subscriber?.status.cursor ?? 0 }

    func finish() async throws {
        try await stop()
        try journal.close()
        await peer.close()
    }

    /// Repeats left out: the order in which events first came.
    func firsts() async throws -> [String] {
        var seen: Set<String> = []
        return try await peer.received().filter { seen.insert($0).inserted }
    }

    /// The same events by key, each in the order of the journal: what must have come.
    func expectedByKey() -> [String: [String]] {
        var found: [String: [String]] = [:]
        for (id, event) in zip(ids, events) { found[event.key ?? "", default: []].append(id) }
        return found
    }

    func byKey(_ received: [String]) -> [String: [String]] {
        let keys = Dictionary(uniqueKeysWithValues: zip(ids, events.map { $0.key ?? "" }))
        var found: [String: [String]] = [:]
        for id in received { found[keys[id] ?? "unknown", default: []].append(id) }
        return found
    }
}
