import LodeCore
import LodeJournal
import Synchronization

/// Knows the `source` attribute of every source in the journal, by its number there.
final class SourceDirectory: Sendable {
    let typePrefix: String
    private let journal: Journal
    private let known = Mutex<[Int64: String]>([:])

    init(journal: Journal, typePrefix: String) {
        self.journal = journal
        self.typePrefix = typePrefix
    }

    func writers(for blocks: [PlacedBlock]) async throws -> [Int64: CloudEventWriter] {
        var writers: [Int64: CloudEventWriter] = [:]
        for block in blocks where writers[block.source] == nil {
            writers[block.source] = CloudEventWriter(source: try await uri(of: block.source), typePrefix: typePrefix)
        }
        return writers
    }

    /// What was asked for before is known without asking the journal again.
    func knownURI(of source: Int64) -> String { known.withLock { $0[source] ?? "" } }

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
