import HTTPTypes
import LodeConfiguration
import LodeCore
import LodeDelivery
import LodeJournal
import ServiceLifecycle

/// Reads the journal for the feed's clients, who own their cursors.
///
/// Those who are up to date are served from the blocks written last, without the file.
struct FeedReader: Sendable {
    let journal: Journal
    let directory: SourceDirectory

    /// Bytes of the journal that are read at once: a client that is behind holds about as many.
    static let chunkBytes = 256 << 10

    func filter(for request: FeedRequest) -> EventFilter {
        EventFilter(key: request.key, takesType: { request.takes(type: $0) })
    }

    /// The position before the first event wanted.
    ///
    /// - Throws: ``Refusal`` when the position is not there yet; ``JournalError``.
    func position(before start: FeedRequest.Start) async throws -> Position {
        let last = journal.lastPosition
        switch start {
        case .earliest: return try await journal.firstPosition() - 1
        case .latest: return last
        case .time(let time): return try await journal.position(before: time)
        case .after(let position):
            guard position <= last else { throw Self.future(position, last) }
            return position
        case .at(let position):
            guard position <= last + 1 else { throw Self.future(position, last) }
            return max(0, position - 1)
        }
    }

    private static func future(_ position: Position, _ last: Position) -> Refusal {
        Refusal(
            .badRequest,
            "position \(position) is not there yet; the last is \(last). A journal that was begun anew counts anew")
    }

    /// The next stretch of the journal; nil: there is none now.
    ///
    /// - Throws: ``Refusal`` when events after `cursor` are no longer kept; ``JournalError``.
    func chunk(after cursor: Position, for filter: EventFilter) async throws -> EventChunk? {
        let last = journal.lastPosition
        guard cursor < last else { return nil }
        let blocks = try await journal.blocks(after: cursor, upTo: Self.chunkBytes)
        // Positions have no gaps: what does not follow on was removed in between.
        guard let first = blocks.first, first.first <= cursor + 1 else {
            let first = try await journal.firstPosition()
            throw Refusal(
                .gone, "events \(cursor + 1) to \(first - 1) are no longer kept; go on with after=\(first - 1)",
                first: first)
        }
        return try await directory.chunk(blocks, after: cursor, for: filter)
    }

    /// Returns when there is an event after `cursor`, at the deadline, at a shutdown or when cancelled.
    func wait(past cursor: Position, until deadline: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await journal.wait(past: cursor) }
            group.addTask { try? await Task.sleep(until: deadline, clock: .continuous) }
            group.addTask { try? await gracefulShutdown() }
            await group.next()
            group.cancelAll()
        }
    }
}
