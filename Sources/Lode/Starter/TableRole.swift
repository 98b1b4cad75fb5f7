import LodeCore
import LodePostgres

/// What a table is to a mapping.
enum TableRole: Equatable {
    case entity
    /// Its rows are pairs of other tables' keys and nothing more.
    case link
    /// A table of ready-made events, with the columns for the parts of an event.
    case outbox(type: String, key: String, data: String, isDebezium: Bool)
    /// Not for events, and why.
    case skipped(String)

    init(_ table: SurveyedTable) {
        let definition = table.definition
        let name = definition.name.name.lowercased()
        if Self.migrations.contains(name) || definition.name.schema == "sqitch" {
            self = .skipped("it keeps track of migrations")
        } else if table.isOfExtension {
            self = .skipped("it belongs to an extension")
        } else if let outbox = Self.outbox(definition) {
            self = outbox
        } else if definition.primaryKey.isEmpty {
            self = .skipped("it has no primary key; a rule for it needs `key:`")
        } else if Self.isLink(table) {
            self = .link
        } else {
            self = .entity
        }
    }

    /// By the names of Debezium's outbox event router, or the like with underscores.
    private static func outbox(_ table: TableDefinition) -> TableRole? {
        let columns = Set(table.columns.map(\.name))
        guard columns.contains("id") else { return nil }
        let first: ([String]) -> String? = { $0.first(where: columns.contains) }
        guard let type = first(["type", "event_type", "eventtype"]),
            let key = first(["aggregateid", "aggregate_id"]),
            let data = first(["payload", "data", "event_data", "body"])
        else { return nil }
        let isDebezium = columns.isSuperset(of: ["id", "aggregatetype", "aggregateid", "type", "payload"])
        return .outbox(type: type, key: key, data: data, isDebezium: isDebezium)
    }

    private static func isLink(_ table: SurveyedTable) -> Bool {
        let key = Set(table.definition.primaryKey)
        let targets = Set(table.foreignKeys.filter { key.isSuperset(of: $0.columns) }.map(\.target))
        let foreign = Set(table.foreignKeys.flatMap(\.columns))
        return targets.count > 1 && key == Set(table.definition.columns.map(\.name)) && key.isSubset(of: foreign)
    }

    private static let migrations: Set<String> = [
        "schema_migrations", "ar_internal_metadata", "flyway_schema_history", "schema_version", "databasechangelog",
        "databasechangeloglock", "__efmigrationshistory", "django_migrations", "alembic_version", "knex_migrations",
        "knex_migrations_lock", "_prisma_migrations", "goose_db_version", "migrations", "pgmigrations",
        "_sqlx_migrations", "__diesel_schema_migrations", "gorp_migrations", "sequelizemeta",
        "doctrine_migration_versions", "phinxlog", "atlas_schema_revisions", "schemaversions", "mikro_orm_migrations",
        "typeorm_metadata", "drizzle_migrations", "__drizzle_migrations", "fluent_migrations", "_fluent_migrations",
    ]
}

extension TableDefinition {
    /// Whether a deleted row's key is in the log.
    var logsDeletedKey: Bool { !primaryKey.isEmpty && Set(primaryKey).isSubset(of: identityColumns) }
}

extension SurveyedTable {
    /// The foreign key by which this table's rows are parts of `parent`'s, inserted together with it.
    ///
    /// Such a key is never null and refers to the parent's primary key; and the table has the parent's
    /// name in its own (`order_lines`), or the key in its own primary key, or its rows go with the
    /// parent's and have no life of their own, told by a status.
    func containment(in parent: SurveyedTable) -> ForeignKey? {
        let name = definition.name
        guard parent.definition.name != name, parent.definition.name.schema == name.schema else { return nil }
        let candidates = foreignKeys.filter { key in
            key.target == parent.definition.name && Set(key.targetColumns) == Set(parent.definition.primaryKey)
                && key.columns.allSatisfy { definition.column(named: $0)?.notNull == true }
        }
        guard !candidates.isEmpty else { return nil }
        let own = EnglishNames.words(of: name.name).map { $0.lowercased() }
        let parents = EnglishNames.entity(of: parent.definition.name.name).map { $0.lowercased() }
        let plural = EnglishNames.words(of: parent.definition.name.name).map { $0.lowercased() }
        let isNamedAfter = own.count > parents.count && (own.starts(with: parents) || own.starts(with: plural))
        let hasLife = words.keys.contains(where: StatusNames.isLifecycle)
        return candidates.first { key in
            isNamedAfter
                || Set(definition.primaryKey).isSuperset(of: key.columns)
                    && definition.primaryKey.count > key.columns.count
                || key.cascades && !hasLife
        }
    }

    /// Columns that an event had better not carry: secrets, and bytes that nobody reads as JSON.
    func isLeftOut(_ column: ColumnDefinition) -> Bool {
        if column.baseType == "bytea" { return true }
        let words = Set(EnglishNames.words(of: column.name).map { $0.lowercased() })
        let secrets: Set = ["password", "passwd", "passphrase", "secret", "token", "salt", "pin", "cvv", "otp"]
        return !words.isDisjoint(with: secrets) || words.isSuperset(of: ["api", "key"])
            || words.isSuperset(of: ["private", "key"])
    }
}
