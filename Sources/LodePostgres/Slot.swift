import LodeCore

/// The replication commands about a slot. Each blocks on the connection's thread.
public enum Slot {
    /// Over a replication session.
    public static func identify(_ connection: PostgresConnection) throws(PostgresError) -> SystemIdentity {
        guard let row = try connection.query("IDENTIFY_SYSTEM").first, row.count >= 4,
            let system = row[0], let timeline = row[1], let position = row[2].flatMap({ LSN($0) })
        else { throw PostgresError("IDENTIFY_SYSTEM gave no answer", verdict: .retry) }
        return SystemIdentity(
            systemIdentifier: system, timeline: timeline, position: position, database: row[3] ?? "")
    }

    /// nil: there is no slot of that name. Over any session.
    public static func state(of name: String, _ connection: PostgresConnection) throws(PostgresError) -> SlotState? {
        let rows = try connection.query(
            "SELECT plugin, database, active, active_pid, confirmed_flush_lsn, restart_lsn, wal_status, two_phase, "
                // Through JSON, for it is a column from PostgreSQL 17 on.
                + "pg_catalog.to_jsonb(s) ->> 'invalidation_reason' "
                + "FROM pg_catalog.pg_replication_slots s WHERE slot_name = '\(name)'")
        guard let row = rows.first, row.count == 9 else { return nil }
        return SlotState(
            name: name, plugin: row[0], database: row[1], isActive: row[2] == "t", activePID: row[3],
            confirmedFlush: row[4].flatMap { LSN($0) }, restart: row[5].flatMap { LSN($0) }, walStatus: row[6],
            isTwoPhase: row[7] == "t", invalidationReason: row[8])
    }

    /// After how long a silence the server ends a session; zero: never. Over any session.
    static func walSenderTimeout(_ connection: PostgresConnection) throws(PostgresError) -> Duration {
        let rows = try connection.query(
            "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'")
        return .milliseconds((rows.first?.first ?? nil).flatMap { Int64($0) } ?? 0)
    }

    /// Over a replication session.
    ///
    /// - Returns: The first position that can be read.
    static func create(
        _ name: String, _ connection: PostgresConnection, isTemporary: Bool
    ) throws(PostgresError) -> LSN {
        let rows = try connection.query(
            "CREATE_REPLICATION_SLOT \(quoted(name)) \(isTemporary ? "TEMPORARY " : "")LOGICAL test_decoding "
                + "NOEXPORT_SNAPSHOT", within: ConnectionTimes.endless)
        guard let row = rows.first, row.count >= 2, let point = row[1].flatMap({ LSN($0) }) else {
            throw PostgresError("CREATE_REPLICATION_SLOT gave no position", verdict: .retry)
        }
        return point
    }

    public static func drop(_ name: String, _ connection: PostgresConnection) throws(PostgresError) {
        _ = try connection.query("DROP_REPLICATION_SLOT \(quoted(name))")
    }

    /// A slot's name has letters, digits and underscores alone; the quotes keep words apart.
    static func quoted(_ name: String) -> String { "\"\(name)\"" }
}
