import Foundation
public import LodeCore
public import LodeDelivery
import LodeJournal

/// Looks at a journal from outside the daemon, while it runs or not.
public final class JournalView: Sendable {
    private let journal: Journal
    private let directory: SourceDirectory

    /// - Throws: ``JournalError``, also when there is no journal: looking makes none.
    public init(path: String, typePrefix: String = "") throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw JournalError("there is no journal \(path) yet; lode run makes it", verdict: .stop)
        }
        journal = try Journal.open(path, exclusive: false)
        directory = SourceDirectory(journal: journal, typePrefix: typePrefix)
    }

    init(_ journal: Journal, typePrefix: String = "") {
        self.journal = journal
        directory = SourceDirectory(journal: journal, typePrefix: typePrefix)
    }

    /// When the first event that is kept was committed.
    func firstTime() async throws -> Timestamp? {
        let position = try await journal.firstPosition() - 1
        return try await events(after: position)?.events.first?.time
    }

    public enum Start: Sendable {
        case earliest
        case latest
        case time(Timestamp)
        /// The event of this position.
        case position(Int64)
        /// So many events before the end.
        case last(Int64)
    }

    /// The position before the first event wanted.
    public func position(before start: Start) async throws -> Int64 {
        let last = try await journal.refresh()
        let first = try await journal.firstPosition()
        switch start {
        case .earliest: return first - 1
        case .latest: return last
        case .time(let time): return try await journal.position(before: time)
        case .position(let position):
            guard position >= first else {
                throw JournalError("position \(position) is no longer kept; the first is \(first)", verdict: .stop)
            }
            return position - 1
        case .last(let count): return max(first - 1, last - count)
        }
    }

    /// The events after a position.
    ///
    /// - Parameter takesType: The type with its prefix.
    /// - Returns: Some of them, as many as fit a batch, and the position that they go up to; nil when
    ///   there are no more now.
    public func events(
        after position: Int64, takesType: @escaping @Sendable (String) -> Bool = { _ in true }
    ) async throws -> (events: [Event], last: Int64)? {
        try await journal.refresh()
        let blocks = try await journal.blocks(after: position)
        guard !blocks.isEmpty else { return nil }
        let chunk = try await directory.chunk(blocks, after: position, for: EventFilter(takesType: takesType))
        return (EventBatch(chunk).map(\.event), chunk.last)
    }

    public struct Extent: Sendable {
        public var first: Int64
        public var last: Int64
        public var cursors: [String: Int64]
        /// By name: the position in the log up to which events are here.
        public var sources: [String: LSN]
    }

    public func extent() async throws -> Extent {
        var sources: [String: LSN] = [:]
        for source in try await journal.sources() { sources[source.name] = source.position }
        return Extent(
            first: try await journal.firstPosition(), last: try await journal.refresh(),
            cursors: try await journal.storedCursors(), sources: sources)
    }
}
