/// What a server or the way to it answered instead of doing its work.
public struct PostgresError: Error, Hashable, Sendable {
    /// What the one who asked should do.
    public enum Verdict: Hashable, Sendable {
        /// It may pass: try again later.
        case retry
        /// It will not pass until somebody mends it.
        case stop
    }

    /// Five characters (PostgreSQL, Appendix A); nil when no server answered.
    public var sqlState: String?
    /// One line: what is wrong; what to do.
    public var message: String
    public var verdict: Verdict

    public init(sqlState: String? = nil, _ message: String, verdict: Verdict) {
        self.sqlState = sqlState
        self.message = message
        self.verdict = verdict
    }
}

extension PostgresError: CustomStringConvertible {
    public var description: String { message }
}

extension PostgresError {
    /// From a server's error, with the remedy where there is a known one.
    init(sqlState: String?, server message: String, connection: ConnectionDescription) {
        let what = message.split(separator: "\n").first.map(String.init) ?? "no answer"
        let (mend, verdict) = Self.remedy(sqlState, what, connection)
        self.init(sqlState: sqlState, mend.map { "\(what); \($0)" } ?? what, verdict: verdict)
    }

    private static func remedy(
        _ sqlState: String?, _ what: String, _ connection: ConnectionDescription
    ) -> (String?, Verdict) {
        switch sqlState {
        case "28P01":
            return ("correct the password in the connection, PGPASSWORD or PGPASSFILE", .retry)
        case "28000" where what.contains("pg_hba.conf"):
            return ("allow the connection in the server's pg_hba.conf and run SELECT pg_reload_conf();", .retry)
        case "28000":
            return ("CREATE ROLE \(connection.user) LOGIN REPLICATION; or name another user", .retry)
        case "3D000":
            return ("name a database that exists in the connection", .retry)
        case "42501" where what.contains("replication") || what.contains("walsender"):
            return ("ALTER ROLE \(connection.user) REPLICATION;", .retry)
        case "42501" where what.contains("for database"):
            return ("GRANT CONNECT ON DATABASE \(connection.database) TO \(connection.user);", .retry)
        case "55006":
            return ("another process reads this slot; Lode takes over when it ends", .retry)
        case "42704" where what.contains("replication slot"):
            return ("the slot was dropped while it was in use", .stop)
        case "55000" where what.contains("wal_level"):
            return ("ALTER SYSTEM SET wal_level = 'logical'; and restart the server", .retry)
        case "53400" where what.contains("slots"):
            return (
                "ALTER SYSTEM SET max_replication_slots = 20; and restart the server, or drop an unused slot",
                .retry
            )
        case "58P01" where what.contains("test_decoding"), "42883" where what.contains("test_decoding"):
            return ("install the server's contrib modules, which hold test_decoding", .retry)
        case nil:
            return (nil, .retry)
        case .some(let state):
            // 08 connection, 53 resources, 57 operator intervention, 58 system: they pass.
            let passes = ["08", "53", "57", "58", "40", "XX"].contains { state.hasPrefix($0) }
            return (nil, passes ? .retry : .stop)
        }
    }
}

/// What may be said of a connection: no password.
struct ConnectionDescription: Sendable {
    var user: String
    var database: String
    var server: String
}
