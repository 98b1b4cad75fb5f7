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
        let role = Self.quoted(connection.user)
        switch sqlState {
        case "28P01":
            return (
                "correct the password in the connection, PGPASSWORD or PGPASSFILE, "
                    + "or ALTER ROLE \(role) PASSWORD '...';", .retry
            )
        case "28000" where what.contains("pg_hba.conf"):
            return ("allow the connection in the server's pg_hba.conf and run SELECT pg_reload_conf();", .retry)
        case "28000" where what.contains("log in"):
            return ("ALTER ROLE \(role) LOGIN;", .retry)
        case "28000":
            return ("CREATE ROLE \(role) LOGIN REPLICATION; or name another user", .retry)
        case "3D000":
            return ("name a database that exists in the connection", .retry)
        case "42501" where ["replication", "walsender", "WAL sender"].contains { what.contains($0) }:
            return ("ALTER ROLE \(role) REPLICATION;", .retry)
        case "42501" where what.contains("database"):
            return ("GRANT CONNECT ON DATABASE \(Self.quoted(connection.database)) TO \(role);", .retry)
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
        case "53300" where what.contains("max_wal_senders"):
            return ("ALTER SYSTEM SET max_wal_senders = 20; and restart the server", .retry)
        case "58P01" where what.contains("test_decoding"), "42883" where what.contains("test_decoding"):
            return ("install the server's contrib modules, which hold test_decoding", .retry)
        case nil where what.contains("no password supplied"):
            return ("set the password in the connection, PGPASSWORD or PGPASSFILE", .retry)
        case nil:
            return (nil, .retry)
        case .some(let state):
            // 08 connection, 53 resources, 57 operator intervention, 58 system: they pass.
            let passes = ["08", "53", "57", "58", "40", "XX"].contains { state.hasPrefix($0) }
            return (nil, passes ? .retry : .stop)
        }
    }
}

extension PostgresError {
    /// As SQL writes a name: `quote_identifier` without its list of keywords.
    private static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        if isPlain, let first = name.utf8.first, !(48...57).contains(first) { return name }
        var out = "\""
        for character in name {
            if character == "\"" { out.append("\"") }
            out.append(character)
        }
        return out + "\""
    }
}

/// What may be said of a connection: no password.
struct ConnectionDescription: Sendable {
    var user: String
    var database: String
    var server: String
}
