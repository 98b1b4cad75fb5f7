public import LodeCore

/// Reads what the log does not say from the system catalogs, over an ordinary session.
///
/// Every call blocks its thread.
public final class Catalog {
    public let connection: PostgresConnection

    /// - Parameter isWanted: Asked during every wait; false ends it with an error.
    public init(
        _ string: String, times: ConnectionTimes = ConnectionTimes(),
        isWanted: @escaping @Sendable () -> Bool = { true }
    ) throws(PostgresError) {
        connection = try PostgresConnection(string, for: .queries, times: times, isWanted: isWanted)
    }

    /// The definition of a table, partition or partitioned table; nil when there is none of the name.
    public func table(_ name: TableName) throws(PostgresError) -> TableDefinition? {
        let rows = try connection.query(Self.tableSQL, [name.schema, name.name])
        guard let row = rows.first, row.count == 5, let oid = row[0], let identity = row[1] else { return nil }
        var root: TableName?
        if let schema = row[2], let table = row[3] { root = TableName(schema: schema, name: table) }
        let columns = try connection.query(Self.columnsSQL, [oid]).compactMap { row -> ColumnDefinition? in
            guard let name = row[0], let type = row[1] else { return nil }
            return ColumnDefinition(
                name: name, type: type, baseType: row[2], notNull: row[3] == "t", canToast: row[4] == "t")
        }
        let keys = try connection.query(Self.keysSQL, [oid])
        let primary = keys.filter { $0[1] == "t" }.compactMap { $0[0] }
        let replicaIdentity = ReplicaIdentity(rawValue: identity) ?? .default
        let identityColumns: [String] =
            switch replicaIdentity {
            case .full: columns.map(\.name)
            case .nothing: []
            case .default: primary
            case .index: keys.filter { $0[2] == "t" }.compactMap { $0[0] }
            }
        return TableDefinition(
            name: name, root: root, columns: columns, primaryKey: primary, replicaIdentity: replicaIdentity,
            identityColumns: identityColumns)
    }

    /// What a row has now in some of its columns; nil: there is no such row.
    ///
    /// - Parameter key: The primary key's columns and their values' texts.
    public func values(
        of columns: [String], in table: TableName, key: [String: [UInt8]]
    ) throws(PostgresError) -> [String: [UInt8]?]? {
        func quoted(_ name: String) -> String {
            "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }
        let names = key.keys.sorted()
        let conditions = names.enumerated().map { "\(quoted($1))::text = $\($0 + 1)" }.joined(separator: " AND ")
        let sql = "SELECT \(columns.map { quoted($0) + "::text" }.joined(separator: ", ")) "
            + "FROM \(quoted(table.schema)).\(quoted(table.name)) WHERE \(conditions)"
        let parameters = names.map { key[$0].map { String(decoding: $0, as: UTF8.self) } }
        guard let row = try connection.query(sql, parameters).first, row.count == columns.count else { return nil }
        var values: [String: [UInt8]?] = [:]
        for (column, value) in zip(columns, row) { values[column] = .some(value.map { Array($0.utf8) }) }
        return values
    }

    /// Sends a word through the log that comes back when the way is open. False on a standby, which
    /// cannot write.
    public func sendHeartbeat() throws(PostgresError) -> Bool {
        // Transactional: a server on which nothing ever committed would not decode the other kind.
        let rows = try connection.query(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL "
                + "ELSE pg_catalog.pg_logical_emit_message(true, '\(Heartbeat.prefixText)', '') END")
        return rows.first?.first.flatMap { $0 } != nil
    }

    /// The partitions below every partitioned table that `tables` name: what has changed means that
    /// a table was attached or detached.
    public func partitions(of tables: [TableName]) throws(PostgresError) -> [String] {
        var leaves: [String] = []
        for table in tables {
            leaves += try connection.query(Self.partitionsSQL, [table.schema, table.name]).compactMap { $0[0] }
        }
        return leaves
    }

    /// What decides whether the server can be read.
    public struct ServerFacts: Sendable {
        public var walLevel: String
        public var role: String
        public var mayReplicate: Bool
        public var database: String
        public var freeSlots: Int
    }

    public func serverFacts() throws(PostgresError) -> ServerFacts {
        let rows = try connection.query(
            """
            SELECT current_setting('wal_level'), current_user, r.rolreplication OR r.rolsuper, current_database(),
                   current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots)
              FROM pg_roles r WHERE r.rolname = current_user
            """)
        guard let row = rows.first, row.count == 5 else {
            throw PostgresError("the server did not say who we are", verdict: .retry)
        }
        return ServerFacts(
            walLevel: row[0] ?? "", role: row[1] ?? "", mayReplicate: row[2] == "t", database: row[3] ?? "",
            freeSlots: row[4].flatMap { Int($0) } ?? 0)
    }

    public struct SlotLag: Sendable {
        public var isActive: Bool
        public var confirmed: String?
        public var lagBytes: Int?
        public var retainedBytes: Int?
        public var walStatus: String?
    }

    /// How far a slot is behind its server; nil when there is no such slot.
    public func slotLag(_ slot: String) throws(PostgresError) -> SlotLag? {
        let rows = try connection.query(
            """
            SELECT s.active, s.confirmed_flush_lsn, pg_wal_lsn_diff(w.lsn, s.confirmed_flush_lsn)::bigint,
                   pg_wal_lsn_diff(w.lsn, s.restart_lsn)::bigint, s.wal_status
              FROM pg_replication_slots s,
                   (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_lsn() END) AS w(lsn)
             WHERE s.slot_name = $1
            """, [slot])
        return rows.first.map { row in
            SlotLag(
                isActive: row[0] == "t", confirmed: row[1], lagBytes: row[2].flatMap { Int($0) },
                retainedBytes: row[3].flatMap { Int($0) }, walStatus: row[4])
        }
    }

    /// The definitions of all tables of the database that are not the system's own, and of their
    /// partitions.
    public func allTables() throws(PostgresError) -> [TableDefinition] {
        let names = try connection.query(
            """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
               AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
             ORDER BY 1, 2
            """)
        var tables: [TableDefinition] = []
        for row in names {
            if let schema = row[0], let name = row[1], let table = try table(TableName(schema: schema, name: name)) {
                tables.append(table)
            }
        }
        return tables
    }

    private static let partitionsSQL = """
        SELECT t.relid::oid || ':' || t.relid::text
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
               LATERAL pg_partition_tree(c.oid) t
         WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'p'
         ORDER BY 1
        """

    private static let tableSQL = """
        SELECT c.oid, c.relreplident, rn.nspname, r.relname, c.relkind
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_class r ON c.relispartition AND r.oid = pg_partition_root(c.oid)
          LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
         WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')
        """

    /// `base` walks down from a domain to what is under it, and an array of a domain likewise.
    private static let columnsSQL = """
        SELECT a.attname, format_type(a.atttypid, NULL),
               (WITH RECURSIVE base(oid, typtype, typbasetype, is_array) AS (
                    SELECT coalesce(e.oid, t.oid), coalesce(e.typtype, t.typtype),
                           coalesce(e.typbasetype, t.typbasetype), e.oid IS NOT NULL
                      FROM pg_type t
                      LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND e.typtype = 'd'
                     WHERE t.oid = a.atttypid
                    UNION ALL
                    SELECT t.oid, t.typtype, t.typbasetype, base.is_array
                      FROM base JOIN pg_type t ON t.oid = base.typbasetype
                     WHERE base.typtype = 'd')
                SELECT format_type(oid, NULL) || CASE WHEN is_array THEN '[]' ELSE '' END
                  FROM base WHERE typtype <> 'd'),
               a.attnotnull, a.attstorage <> 'p'
          FROM pg_attribute a
         WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
         ORDER BY a.attnum
        """

    private static let keysSQL = """
        SELECT a.attname, i.indisprimary, i.indisreplident
          FROM pg_index i
         CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
         WHERE i.indrelid = $1::oid AND (i.indisprimary OR i.indisreplident)
           AND k.place <= i.indnkeyatts
         ORDER BY i.indexrelid, k.place
        """
}
