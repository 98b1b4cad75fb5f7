public import LodeConfiguration
public import LodeCore
import LodePostgres

/// The contracts of all events that a configuration makes, by their sources.
public struct EventContracts: Sendable {
    public struct Entry: Sendable {
        /// The source's name.
        public var source: String
        public var contract: EventContract
    }

    /// In the file's order.
    public private(set) var entries: [Entry] = []

    /// From the tables of the sources' databases.
    ///
    /// - Throws: ``Diagnostics`` when the mapping does not fit the tables, or a `PostgresError`.
    public static func live(_ configuration: Configuration) async throws -> EventContracts {
        var contracts = EventContracts()
        for source in configuration.sources {
            let events = configuration.events(of: source)
            guard !events.isEmpty else { continue }
            let tables = try await BlockingThread.run(named: "lode-schema") {
                try Catalog(source.connection).tables(CompiledMapping.tables(of: events), partitions: true)
            }
            try contracts.add(events, of: source, tables, configuration)
        }
        return contracts
    }

    /// From the tables of a recording, of the events of the source that was recorded.
    ///
    /// - Throws: ``Diagnostics`` when the mapping does not fit the tables.
    public static func recorded(
        _ configuration: Configuration, source: SourceSettings, tables: [TableDefinition]
    ) throws(Diagnostics) -> EventContracts {
        var contracts = EventContracts()
        try contracts.add(configuration.events(of: source), of: source, tables, configuration)
        return contracts
    }

    private mutating func add(
        _ events: [EventDefinition], of source: SourceSettings, _ tables: [TableDefinition],
        _ configuration: Configuration
    ) throws(Diagnostics) {
        let known = Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        let mapping = try CompiledMapping(events, tables: known)
        entries += mapping.contracts(typePrefix: configuration.typePrefix).map {
            Entry(source: source.name, contract: $0)
        }
    }

    // MARK: - As JSON Schema

    private static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// The schema of an event's data; nil when there is no such event.
    ///
    /// - Parameter type: With the mapping's prefix, or the event's name.
    public func schema(of type: String) -> JSONTree? {
        let entry = entries.first { $0.contract.type == type } ?? entries.first { $0.contract.name == type }
        return entry.map { Self.joined(.members(["$schema": .text(Self.dialect)]), $0.contract.titledSchema) }
    }

    /// One document with the schema of each event's data under `$defs`, by its type.
    public var schemas: JSONTree {
        var members: [JSONTree.Member] = []
        var seen: Set<String> = []
        for entry in entries where seen.insert(entry.contract.title).inserted {
            members.append(JSONTree.Member(name: Array(entry.contract.title.utf8), value: entry.contract.titledSchema))
        }
        return .members([
            "$schema": .text(Self.dialect), "title": .text("The data of each event, by its type"),
            "$defs": .object(members),
        ])
    }

    static func joined(_ first: JSONTree, _ second: JSONTree) -> JSONTree {
        guard case .object(let left) = first, case .object(let right) = second else { return second }
        return .object(left + right)
    }
}

extension EventContract {
    /// The type, or where the service says it, the event's name.
    public var title: String { type ?? name }

    /// What makes the event, in a line.
    var summary: String { ways.joined(separator: "; or ") }

    var titledSchema: JSONTree {
        EventContracts.joined(.members(["title": .text(title), "description": .text(summary)]), schema)
    }
}
