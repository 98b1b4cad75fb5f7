public import LodeCore
public import LodeJournal
import Synchronization

/// Knows the `source` attribute of every source in the journal, by its number there.
public final class SourceDirectory: Sendable {
    public let typePrefix: String
    private let journal: Journal
    private let known = Mutex<[Int64: String]>([:])

    public init(journal: Journal, typePrefix: String) {
        self.journal = journal
        self.typePrefix = typePrefix
    }

    public func writers(for blocks: [PlacedBlock]) async throws -> [Int64: CloudEventWriter] {
        var writers: [Int64: CloudEventWriter] = [:]
        for block in blocks where writers[block.source] == nil {
            writers[block.source] = CloudEventWriter(source: try await uri(of: block.source), typePrefix: typePrefix)
        }
        return writers
    }

    /// The stretch of the journal after `cursor`, up to about so many bytes of it, as `filter` sees it.
    ///
    /// - Throws: ``JournalError``, or `BlockError` when bytes of the journal are damaged.
    public func chunk(after cursor: Position, upTo bytes: Int = 1 << 20, for filter: EventFilter) async throws
        -> EventChunk
    {
        let blocks = try await journal.blocks(after: cursor, upTo: bytes)
        return try await chunk(blocks, after: cursor, for: filter)
    }

    public func chunk(
        _ blocks: [PlacedBlock], after cursor: Position, for filter: EventFilter
    ) async throws -> EventChunk {
        try EventChunk(
            blocks, after: cursor, for: filter, writers: try await writers(for: blocks), typePrefix: typePrefix)
    }

    private func uri(of source: Int64) async throws -> String {
        if let uri = known.withLock({ $0[source] }) { return uri }
        let all = try await journal.sources()
        return known.withLock { known in
            for source in all {
                known[source.id] = CloudEventWriter.sourceURI(
                    name: source.name, systemIdentifier: source.systemIdentifier)
            }
            return known[source] ?? ""
        }
    }
}
