import Foundation
public import LodeConfiguration
public import LodeCore
import LodeDelivery
public import LodeJournal

/// What people ask of subscribers, with or without a running daemon.
///
/// A daemon holds the journal's lock: then the request is left in the journal, and taken by it within a
/// fraction of a second. Without one it is done here.
public final class SubscriberControl: Sendable {
    private let configuration: Configuration
    private let journal: Journal
    /// Whether nobody else runs the subscribers.
    private let isAlone: Bool

    /// How long a running daemon may take to do what is asked.
    static let patience = Duration.seconds(15)

    /// - Throws: ``JournalError``, also when there is no journal.
    public init(_ configuration: Configuration) throws {
        self.configuration = configuration
        guard let settings = configuration.journal else {
            throw JournalError(
                "the configuration has `journal: none`, so subscribers' places and parked events are kept by the "
                    + "running daemon alone", verdict: .stop)
        }
        guard FileManager.default.fileExists(atPath: settings.path) else {
            throw JournalError("there is no journal \(settings.path) yet; lode run makes it", verdict: .stop)
        }
        if let own = try Journal.openIfFree(settings.path) {
            journal = own
            isAlone = true
        } else {
            journal = try Journal.open(settings.path, exclusive: false)
            isAlone = false
        }
    }

    private init(_ configuration: Configuration, looking journal: Journal) {
        self.configuration = configuration
        self.journal = journal
        isAlone = false
    }

    // MARK: - Subscribers

    /// ``list()`` without keeping a daemon from starting.
    public static func look(_ configuration: Configuration) async throws -> [Entry] {
        guard let path = configuration.journal?.path else { return [] }
        return try await SubscriberControl(configuration, looking: try Journal.open(path, exclusive: false)).list()
    }

    public struct Entry: Sendable {
        public var name: String
        /// nil: it has not begun.
        public var cursor: Position?
        /// Events in the journal behind its cursor, wanted or not.
        public var lag: Int64?
        /// Events that wait for a person.
        public var parked: Int
        /// Why it is paused; nil: it is not.
        public var paused: String?
        /// Whether the configuration has it.
        public var isConfigured: Bool
    }

    /// Every subscriber of the configuration, then those of whom only the journal knows.
    public func list() async throws -> [Entry] {
        let cursors = try await journal.storedCursors()
        let subscriptions = try await journal.subscriptions()
        let parked = try await journal.parkedCounts()
        let last = try await journal.refresh()
        let configured = configuration.subscribers.map(\.name)
        return (configured + cursors.keys.filter { !configured.contains($0) }.sorted()).map { name in
            Entry(
                name: name, cursor: cursors[name], lag: cursors[name].map { max(0, last - $0) },
                parked: parked[name] ?? 0, paused: subscriptions[name]?.paused, isConfigured: configured.contains(name))
        }
    }

    /// Does what is asked, or has the daemon do it; returns when it is done.
    ///
    /// - Throws: ``ControlError`` when the subscriber is unknown or the daemon does not answer.
    public func perform(_ action: SubscriberRequest.Action, of name: String) async throws {
        try await check(name)
        let request = SubscriberRequest(subscriber: name, action: action)
        guard !isAlone else { return try await IdleSubscriber.perform(request, in: journal) }
        let number = try await journal.ask(request)
        let deadline = ContinuousClock.now + Self.patience
        while try await journal.requests().contains(where: { $0.id == number }) {
            guard ContinuousClock.now < deadline else {
                throw ControlError(
                    "the running daemon has not done it within \(Self.patience.components.seconds) s; it will when it "
                        + "can: a delivery may be under way")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Sends a subscriber back, or forward.
    ///
    /// - Returns: The position of the first event that it gets then.
    /// - Throws: ``ControlError`` when events from there on are no longer kept.
    public func rewind(_ name: String, to start: StartPoint) async throws -> Position {
        try await check(name)
        let position = try await position(before: start)
        try await perform(.rewind(position), of: name)
        return position + 1
    }

    private func position(before start: StartPoint) async throws -> Position {
        let last = try await journal.refresh()
        let first = try await journal.firstPosition()
        let oldest = "the first event that is kept has position \(first)"
        switch start {
        case .earliest: return first - 1
        case .latest: return last
        case .position(let position):
            guard position >= first else { throw ControlError("position \(position) is no longer kept; \(oldest)") }
            guard position <= last + 1 else {
                throw ControlError("there is no position \(position) yet; the last event has position \(last)")
            }
            return position - 1
        case .time(let time):
            let position = try await journal.position(before: time)
            let chunk = try await JournalView(journal).firstTime()
            if position < first, first > 1, let chunk, time < chunk {
                var text: [UInt8] = []
                chunk.appendRFC3339(to: &text)
                throw ControlError(
                    "events of that time are no longer kept; \(oldest) and time \(String(decoding: text, as: UTF8.self))"
                )
            }
            return max(position, first - 1)
        }
    }

    private func check(_ name: String) async throws {
        var names = configuration.subscribers.map(\.name)
        names += try await journal.storedCursors().keys
        guard !names.contains(name) else { return }
        let nearest = nearestName(to: name, among: names).map { "did you mean “\($0)”?" }
        let all = "the configuration has " + (names.isEmpty ? "none" : Set(names).sorted().joined(separator: ", "))
        throw ControlError("there is no subscriber “\(name)”; \(nearest ?? all)")
    }

    // MARK: - Parked events

    public struct Parked: Sendable {
        public var subscriber: String
        public var event: Event
        /// Whether it failed itself; false: it waits behind an earlier event of its key.
        public var isFirst: Bool
        public var attempts: Int
        /// In the peer's words.
        public var reason: String?
        public var since: Timestamp
        public var wasSkipped: Bool
    }

    /// Parked events in order, at most `limit`.
    ///
    /// - Parameter skipped: Those that were given up, instead.
    public func parked(
        of name: String? = nil, id: String? = nil, skipped: Bool = false, limit: Int = 1000
    ) async throws -> [Parked] {
        if let name { try await check(name) }
        let rows = try await journal.shelf(
            of: name, id: id, states: skipped ? [.skipped] : [.parked, .behind, .retrying], limit: limit)
        let directory = SourceDirectory(journal: journal, typePrefix: configuration.typePrefix)
        var found: [Parked] = []
        for (subscriber, row) in rows {
            let chunk = try await directory.chunk([row.block], after: row.position - 1, for: EventFilter())
            guard let event = EventBatch(chunk).first?.event else { continue }
            found.append(
                Parked(
                    subscriber: subscriber, event: event, isFirst: row.state != .behind, attempts: row.attempts,
                    reason: row.reason, since: Timestamp(microseconds: row.at), wasSkipped: row.state == .skipped))
        }
        return found
    }

    /// Which events a person means by a key or an id.
    ///
    /// - Throws: ``ControlError`` when there is no such parked event, or it waits behind another.
    public func action(
        retry: Bool, of name: String, key: String?, id: String?
    ) async throws -> (action: SubscriberRequest.Action, count: Int) {
        try await check(name)
        if let id {
            guard let row = try await journal.shelf(of: name, id: id, limit: 1).first?.event else {
                throw ControlError("\(name) has no parked event of id \(id)")
            }
            guard row.state == .parked else {
                throw ControlError(
                    "event \(id) waits behind an earlier one of its key; retry or skip that one first "
                        + "(lode parked list \(name))")
            }
            return (retry ? .retryEvent(row.position) : .skipEvent(row.position), 1)
        }
        let summary = try await journal.shelfSummary(of: name).filter { $0.state == .parked }
        let bytes = key.map { Array($0.utf8) }
        let meant = summary.filter { bytes == nil || $0.key == bytes }
        if let key, meant.isEmpty { throw ControlError("\(name) has no parked event of key \(key)") }
        return (retry ? .retry(key: bytes) : .skip(key: bytes), meant.count)
    }
}

/// What a person asked for and cannot have.
public struct ControlError: Error, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) { self.description = description }
}
