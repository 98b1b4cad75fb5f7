import LodeCore
import LodePostgres

/// What the tables that rules name do not give: changes in the log, or values when they are asked for.
struct RelationRights {
    private let relations: [TableName: Catalog.RelationFacts]
    private let role: String

    /// - Parameter role: As SQL writes it.
    init(_ relations: [Catalog.RelationFacts], role: String) {
        self.relations = Dictionary(relations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.role = role
    }

    func told(of events: [EventDefinition]) -> [Diagnostic] {
        events.flatMap(\.ways).flatMap { way in unlogged(way) + unreadable(way) }
    }

    private func unlogged(_ way: EventDefinition.Way) -> [Diagnostic] {
        way.namedTables.compactMap { table, place in
            guard let facts = relations[table], facts.kind.isTable, !facts.isLogged else { return nil }
            return place.error(
                "\(table) is unlogged, so none of its changes is in the log; ALTER TABLE \(table.sql) SET LOGGED;")
        }
    }

    /// Reading the log needs no right on a table; asking for a row's values does.
    private func unreadable(_ way: EventDefinition.Way) -> [Diagnostic] {
        guard way.unknown == .reselect, let table = way.trigger.table, let facts = relations[table],
            facts.kind.isTable
        else { return [] }
        var told: [Diagnostic] = []
        if !facts.mayEnter {
            told.append(
                way.from.error(
                    "`unknown: reselect` reads \(table), and role \(role) may not enter its schema; "
                        + "GRANT USAGE ON SCHEMA \(table.sqlSchema) TO \(role);"))
        }
        if !facts.maySelect {
            told.append(
                way.from.error(
                    "`unknown: reselect` reads \(table), and role \(role) may not; "
                        + "GRANT SELECT ON \(table.sql) TO \(role);"))
        }
        if facts.hidesRows {
            told.append(
                way.from.warning(
                    "`unknown: reselect` reads \(table), whose policies can hide rows from role \(role), and then their "
                        + "values stay unknown; ALTER ROLE \(role) BYPASSRLS;"))
        }
        return told
    }
}

extension Catalog.RelationFacts.Kind {
    var isTable: Bool { self == .table || self == .partitionedTable }

    /// nil for what is a table.
    var whatItIs: String? {
        switch self {
        case .table, .partitionedTable: nil
        case .view: "a view"
        case .materialisedView: "a materialised view"
        case .foreignTable: "a foreign table"
        }
    }
}
