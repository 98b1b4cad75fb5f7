public import LodeConfiguration
public import LodeCore
import LodePostgres

/// What is wrong or risky in a mapping, without running it.
public enum MappingCheck {
    /// Without a database.
    ///
    /// - Parameter tables: From a recording; nil: expressions are only parsed.
    public static func offline(_ configuration: Configuration, tables: [TableDefinition]?) -> [Diagnostic] {
        var told: [Diagnostic] = []
        if let tables {
            let known = Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
            told += compile(configuration.events, known)
        } else {
            for text in configuration.events.flatMap(\.expressions) {
                do throws(Diagnostics) { _ = try Expression.parse(text) } catch { told += error.all }
            }
        }
        return told
    }

    /// Against the source's database.
    ///
    /// - Throws: ``PostgresError`` when it cannot be asked.
    public static func live(_ source: SourceSettings, events: [EventDefinition]) async throws -> [Diagnostic] {
        try await BlockingThread.run(named: "lode-check") {
            let catalog = try Catalog(source.connection)
            var told = try preflight(source, catalog)
            var tables: [TableName: TableDefinition] = [:]
            for name in CompiledMapping.tables(of: events) { tables[name] = try catalog.table(name) }
            told += compile(events, tables)
            return told
        }
    }

    private static func compile(_ events: [EventDefinition], _ tables: [TableName: TableDefinition]) -> [Diagnostic] {
        do {
            return try CompiledMapping(events, tables: tables).warnings
        } catch {
            return error.all
        }
    }

    /// Whether the server can be read at all.
    private static func preflight(_ source: SourceSettings, _ catalog: Catalog) throws -> [Diagnostic] {
        var told: [Diagnostic] = []
        func error(_ message: String) { told.append(Diagnostic(.error, at: source.place, message)) }
        let facts = try catalog.serverFacts()
        if facts.walLevel != "logical" {
            error(
                "source \(source.name): wal_level is \(facts.walLevel); ALTER SYSTEM SET wal_level = 'logical'; "
                    + "and restart the server")
        }
        if !facts.mayReplicate {
            error("source \(source.name): role \(facts.role) may not replicate; ALTER ROLE \(facts.role) REPLICATION;")
        }
        if let slot = try Slot.state(of: source.slot, catalog.connection) {
            if slot.plugin != "test_decoding" || slot.database != facts.database || slot.walStatus == "lost" {
                error(
                    "source \(source.name): slot \(source.slot) is of \(slot.plugin ?? "no plugin") in database "
                        + "\(slot.database ?? "none"), state \(slot.walStatus ?? "unknown"); set another `slot`")
            }
        } else if facts.freeSlots < 1 {
            error(
                "source \(source.name): the server has no replication slot left; "
                    + "ALTER SYSTEM SET max_replication_slots = 20; and restart it")
        }
        return told
    }
}

extension EventDefinition {
    /// Every expression of the event.
    var expressions: [SourceText] {
        ways.flatMap { way in
            [way.when, way.key, way.id, way.type].compactMap { $0 } + way.gather.compactMap(\.condition)
                + (way.data?.expressions ?? [])
        }
    }
}

extension DataTemplate {
    var expressions: [SourceText] {
        switch self {
        case .expression(let text): [text]
        case .object(let members): members.flatMap(\.value.expressions)
        case .each(_, let element): element.expressions
        }
    }
}
