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
        let sql =
            "SELECT \(columns.map { quoted($0) + "::text" }.joined(separator: ", ")) "
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
        guard !tables.isEmpty else { return [] }
        return try connection.query(
            Self.partitionsSQL, [Self.array(tables.map(\.schema)), Self.array(tables.map(\.name))]
        ).compactMap { $0[0] }
    }

    public struct SlotLag: Sendable {
        public var isActive: Bool
        public var confirmed: String?
        public var lagBytes: Int?
        public var retainedBytes: Int?
        public var walStatus: String?
        /// How much more WAL may be written before the slot may lose what it needs; nil: any amount.
        public var safeBytes: Int?
    }

    /// How far a slot is behind its server; nil when there is no such slot.
    public func slotLag(_ slot: String) throws(PostgresError) -> SlotLag? {
        let rows = try connection.query(
            """
            SELECT s.active, s.confirmed_flush_lsn, pg_wal_lsn_diff(w.lsn, s.confirmed_flush_lsn)::bigint,
                   pg_wal_lsn_diff(w.lsn, s.restart_lsn)::bigint, s.wal_status, s.safe_wal_size
              FROM pg_replication_slots s,
                   (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_lsn() END) AS w(lsn)
             WHERE s.slot_name = $1
            """, [slot])
        return rows.first.map { row in
            SlotLag(
                isActive: row[0] == "t", confirmed: row[1], lagBytes: row[2].flatMap { Int($0) },
                retainedBytes: row[3].flatMap { Int($0) }, walStatus: row[4], safeBytes: row[5].flatMap { Int($0) })
        }
    }

    private static let partitionsSQL = """
        SELECT t.relid::oid || ':' || t.relid::text
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
               LATERAL pg_partition_tree(c.oid) t
         WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND c.relkind = 'p'
         ORDER BY 1
        """
}
