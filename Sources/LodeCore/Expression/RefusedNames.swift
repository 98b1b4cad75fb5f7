/// Functions of PostgreSQL that expressions must not have, since a replay must give the same events.
enum RefusedNames {
    /// Why a name is none, and what to do; nil: it is not one of those.
    static func reason(for name: String) -> String? {
        if ofClock.contains(name) {
            return "depends on the clock, and a replay must give the same events; read a column of the row, "
                + "or the time of the commit, which every event has"
        }
        if ofChance.contains(name) {
            return "is something else at every call, and a replay must give the same events; read a column of the row, "
                + "or derive it, as in md5(id::text)"
        }
        if ofServer.contains(name) {
            return "depends on the server's state, which the log does not have; read a column of the row"
        }
        return nil
    }

    private static let ofClock: Set<String> = [
        "now", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "clock_timestamp",
        "statement_timestamp", "transaction_timestamp", "timeofday",
    ]

    private static let ofChance: Set<String> = [
        "random", "random_normal", "setseed", "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc",
        "uuid_generate_v4", "uuidv4", "uuidv7", "gen_random_bytes",
    ]

    private static let ofServer: Set<String> = [
        "nextval", "currval", "lastval", "setval", "current_user", "session_user", "user", "current_role",
        "current_schema",
        "current_catalog", "current_database", "current_setting", "set_config", "version", "pg_backend_pid",
        "txid_current", "pg_current_xact_id", "inet_client_addr",
    ]
}
