public import LodeCore

extension Catalog {
    /// What decides whether the server can be read.
    public struct ServerFacts: Sendable {
        /// As SQL writes it, quoted where it must be.
        public var role: String
        public var database: String
        /// `server_version_num`.
        public var version: Int
        /// Up to where there is WAL.
        public var position: LSN
        /// Whether it is a standby.
        public var isStandby: Bool
        public var walLevel: String
        public var mayReplicate: Bool
        public var freeSlots: Int
        public var freeSenders: Int
        /// nil: a silent session is never ended.
        public var senderTimeout: Duration?
        /// Whether the role may write logical messages, as a heartbeat is one.
        public var mayEmitMessages: Bool
    }

    public func serverFacts() throws(PostgresError) -> ServerFacts {
        let rows = try connection.query(
            """
            SELECT quote_ident(current_user), current_database(), current_setting('server_version_num'),
                   pg_is_in_recovery(), current_setting('wal_level'), r.rolreplication OR r.rolsuper,
                   current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots),
                   current_setting('max_wal_senders')::int - (SELECT count(*) FROM pg_stat_replication),
                   (SELECT setting FROM pg_settings WHERE name = 'wal_sender_timeout'),
                   (SELECT bool_or(has_function_privilege(p.oid, 'EXECUTE')) FROM pg_proc p
                     WHERE p.proname = 'pg_logical_emit_message' AND p.proargtypes[2] = 'text'::regtype),
                   CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END
              FROM pg_roles r WHERE r.rolname = current_user
            """)
        guard let row = rows.first, row.count == 11 else {
            throw PostgresError("the server did not say who we are", verdict: .retry)
        }
        func number(_ place: Int) -> Int { row[place].flatMap { Int($0) } ?? 0 }
        return ServerFacts(
            role: row[0] ?? "", database: row[1] ?? "", version: number(2),
            position: row[10].flatMap { LSN($0) } ?? .zero, isStandby: row[3] == "t",
            walLevel: row[4] ?? "", mayReplicate: row[5] == "t", freeSlots: number(6), freeSenders: number(7),
            senderTimeout: number(8) > 0 ? .milliseconds(number(8)) : nil,
            mayEmitMessages: row[9] == "t")
    }

    /// What a name in the mapping is, and what the role may do with it.
    public struct RelationFacts: Sendable {
        public var name: TableName
        public var kind: Kind
        /// Whether its changes are in the log; not so of an unlogged or temporary table.
        public var isLogged: Bool
        /// Whether the role may use the schema.
        public var mayEnter: Bool
        /// Whether the role may read every column.
        public var maySelect: Bool
        /// Whether policies can hide rows from the role.
        public var hidesRows: Bool

        public enum Kind: String, Sendable {
            case table = "r"
            case partitionedTable = "p"
            case view = "v"
            case materialisedView = "m"
            case foreignTable = "f"
        }
    }

    /// Of the names that there are.
    public func relations(_ names: some Collection<TableName>) throws(PostgresError) -> [RelationFacts] {
        guard !names.isEmpty else { return [] }
        let rows = try connection.query(
            """
            SELECT n.nspname, c.relname, c.relkind, c.relpersistence = 'p', has_schema_privilege(n.oid, 'USAGE'),
                   has_table_privilege(c.oid, 'SELECT')
                   OR NOT EXISTS (SELECT FROM pg_attribute a
                                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                     AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')),
                   row_security_active(c.oid)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))
             ORDER BY 1, 2
            """, [Self.array(names.map(\.schema)), Self.array(names.map(\.name))])
        return rows.compactMap { row in
            guard row.count == 7, let schema = row[0], let name = row[1],
                let kind = row[2].flatMap({ RelationFacts.Kind(rawValue: $0) })
            else { return nil }
            return RelationFacts(
                name: TableName(schema: schema, name: name), kind: kind, isLogged: row[3] == "t",
                mayEnter: row[4] == "t", maySelect: row[5] == "t", hidesRows: row[6] == "t")
        }
    }
}
