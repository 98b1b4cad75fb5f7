import CPQ

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connection to PostgreSQL through libpq.
///
/// Not `Sendable`: one thread makes it, uses it and ends it (`deinit` closes the session). Every call
/// may block that thread, so it must not be one of Swift's cooperative pool.
public final class PostgresConnection {
    public enum Purpose: Sendable {
        case queries
        /// `replication=database`: the replication commands, and simple queries.
        case replication
        /// Statements that somebody else wrote, who finds what psql gives him: the search path, time zone
        /// and formats of server, database and role. In any of the server's encodings.
        case statements
    }

    /// What makes the server print values the same on every machine (test_decoding prints them by
    /// the session's settings). `pg_catalog` alone on the search path has every other type's name
    /// come with its schema.
    static let outputSettings =
        "-c datestyle=ISO -c intervalstyle=iso_8601 -c timezone=UTC -c extra_float_digits=3 "
        + "-c bytea_output=hex -c search_path=pg_catalog -c lc_monetary=C"

    /// What a text in SQL means must not hang on a setting: a backslash is a character.
    static let statementSettings = "-c standard_conforming_strings=on"

    let handle: OpaquePointer
    let description: ConnectionDescription
    private let times: ConnectionTimes
    private let isWanted: @Sendable () -> Bool

    /// How often a wait looks whether it is still wanted.
    private static let slice = Duration.milliseconds(100)

    /// Connects, in at most ten seconds unless the connection string has a `connect_timeout`.
    ///
    /// - Parameters:
    ///   - string: What libpq takes: `key=value` pairs or a URI.
    ///   - isWanted: Asked during every wait; false ends it, and the connection is of no more use.
    /// - Throws: ``PostgresError``.
    public init(
        _ string: String, for purpose: Purpose, times: ConnectionTimes = ConnectionTimes(),
        isWanted: @escaping @Sendable () -> Bool = { true }
    ) throws(PostgresError) {
        self.times = times
        self.isWanted = isWanted
        try Self.checkPassword(of: string)
        let settings = try Self.settings(string, purpose)
        let timeout = settings["connect_timeout"].flatMap { Int($0) } ?? 10
        guard let handle = Self.begin(settings) else {
            throw PostgresError("out of memory for a connection", verdict: .retry)
        }
        self.handle = handle
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        description = ConnectionDescription(
            user: PQuser(handle).map { String(cString: $0) } ?? "",
            database: PQdb(handle).map { String(cString: $0) } ?? "",
            server: PQhost(handle).map { String(cString: $0) } ?? "")
        try finishConnecting(within: timeout <= 0 ? 3600 : timeout)
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        // A peer that takes nothing must not hold a call up; every wait is one of ours.
        PQsetnonblocking(handle, 1)
        let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? ""
        guard encoding == "UTF8" || purpose == .statements else {
            throw PostgresError(
                "database \(description.database) is encoded in \(encoding), and Lode reads UTF8 alone; "
                    + "move the data to a database made with ENCODING 'UTF8'", verdict: .stop)
        }
    }

    deinit { PQfinish(handle) }

    /// Whether the session is still there, as far as is known without asking.
    public var isOpen: Bool { PQstatus(handle) == CONNECTION_OK }

    /// The server's version as it says it, `15.18 (Debian ...)`.
    public var serverVersion: String {
        PQparameterStatus(handle, "server_version").map { String(cString: $0) } ?? ""
    }

    /// Runs one statement.
    ///
    /// - Parameters:
    ///   - parameters: For `$1`...; without any the simple protocol is used, which is all that a
    ///     replication session understands.
    ///   - limit: The longest wait for its answer; nil: that of the connection's times. A frozen server
    ///     keeps its sockets open, so without one the wait might never end.
    /// - Returns: The rows, every value as text; of several statements the last one's.
    public func query(
        _ sql: String, _ parameters: [String?] = [], within limit: Duration? = nil
    ) throws(PostgresError) -> [[String?]] {
        let sent: Int32
        if parameters.isEmpty {
            sent = PQsendQuery(handle, sql)
        } else {
            // SAFETY: strdup gives each value a life of its own until it is freed below; libpq reads
            // the pointers only during the call.
            var copies = parameters.map { $0.map { UnsafePointer(strdup($0)) } ?? nil }
            sent = PQsendQueryParams(handle, sql, Int32(copies.count), nil, &copies, nil, nil, 0)
            for copy in copies { free(UnsafeMutablePointer(mutating: copy)) }
        }
        guard sent == 1 else { throw lastError() }
        let limit = limit ?? times.statement
        let deadline = Monotonic.now() + limit
        var rows: [[String?]] = []
        var failure: PostgresError?
        while true {
            do throws(PostgresError) {
                try awaitResult(until: deadline, limit: limit)
            } catch {
                // Of a session that ended, what the server said counts, not that it is gone.
                throw failure ?? error
            }
            guard let result = PQgetResult(handle) else { break }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                rows = Self.rows(result)
            case PGRES_COPY_BOTH:
                // The stream has begun; what follows is not of this call.
                return []
            default:
                failure = failure ?? error(of: result)
            }
        }
        if let failure { throw failure }
        return rows
    }

    /// Sends what is unsent and waits until libpq has a whole result, or knows that none follows.
    func awaitResult(until deadline: ContinuousClock.Instant, limit: Duration) throws(PostgresError) {
        while true {
            let unsent = PQflush(handle)
            guard unsent >= 0 else { throw lastError() }
            if unsent == 0, PQisBusy(handle) == 0 { return }
            try waitForSocket(POLLIN | (unsent == 1 ? POLLOUT : 0), until: deadline) {
                "\(description.server) did not answer a statement within \(limit.components.seconds) s; "
                    + "is the server overloaded or frozen?"
            }
            guard PQconsumeInput(handle) == 1 else { throw lastError() }
        }
    }

    private func waitForSocket(
        _ events: Int32, until deadline: ContinuousClock.Instant, orSay message: () -> String
    ) throws(PostgresError) {
        while true {
            let left = deadline - Monotonic.now()
            guard left > .zero else { throw PostgresError(message(), verdict: .retry) }
            guard isWanted() else { throw PostgresError("stopped while waiting for the server", verdict: .retry) }
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
            if poll(&descriptor, 1, min(left, Self.slice).milliseconds) > 0 { return }
        }
    }

    /// The error that the session's last call left.
    func lastError() -> PostgresError {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let (state, message) = Self.parse(text)
        return PostgresError(
            sqlState: state, server: message.isEmpty ? "the connection was lost" : message,
            connection: description)
    }

    func error(of result: OpaquePointer?) -> PostgresError {
        guard let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))),
            let message = PQresultErrorField(result, Int32(UInt8(ascii: "M")))
        else { return lastError() }
        return PostgresError(
            sqlState: String(cString: state), server: String(cString: message), connection: description)
    }

    static func rows(_ result: OpaquePointer?) -> [[String?]] {
        (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) == 1
                    ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
    }

    // MARK: - Connecting

    /// The string's settings with ours added; what the user wrote as `options` stays before them.
    private static func settings(
        _ string: String, _ purpose: Purpose
    ) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let parsed = PQconninfoParse(string, &message) else {
            // libpq's message quotes the string, which may hold a password.
            PQfreemem(message)
            throw PostgresError(
                "the connection is neither key=value pairs nor a postgresql:// URI; correct `connection`",
                verdict: .stop)
        }
        defer { PQconninfoFree(parsed) }
        var settings: [String: String] = [:]
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { settings[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let own = settings["options"].map { $0 + " " } ?? ""
        settings["options"] = own + (purpose == .statements ? statementSettings : outputSettings)
        settings["client_encoding"] = "UTF8"
        if settings["fallback_application_name"] == nil { settings["fallback_application_name"] = "lode" }
        // A peer that vanished without a word is found out within about a minute.
        if settings["keepalives_idle"] == nil { settings["keepalives_idle"] = "20" }
        if settings["keepalives_interval"] == nil { settings["keepalives_interval"] = "10" }
        if settings["keepalives_count"] == nil { settings["keepalives_count"] = "3" }
        if settings["tcp_user_timeout"] == nil { settings["tcp_user_timeout"] = "60000" }
        if purpose == .replication { settings["replication"] = "database" }
        return settings
    }

    /// Refuses a URI whose password has a character that ends it: libpq would take the rest for a host,
    /// and say it in its messages.
    private static func checkPassword(of string: String) throws(PostgresError) {
        guard let scheme = ["postgresql://", "postgres://"].first(where: string.hasPrefix) else { return }
        let rest = string.dropFirst(scheme.count)
        guard let end = rest.prefix(while: { $0 != "?" }).lastIndex(of: "@") else { return }
        guard rest[..<end].contains(where: { "@/#[] ".contains($0) }) else { return }
        throw PostgresError(
            "the user or password in the connection has a character that a URI must escape; "
                + "write @ as %40, / as %2F, # as %23, or use PGPASSWORD or PGPASSFILE", verdict: .stop)
    }

    private static func begin(_ settings: [String: String]) -> OpaquePointer? {
        let pairs = Array(settings)
        // SAFETY: as in `query`: the copies live until they are freed, after libpq's call.
        var keys = pairs.map { UnsafePointer(strdup($0.key)) } + [nil]
        var values = pairs.map { UnsafePointer(strdup($0.value)) } + [nil]
        defer {
            for copy in keys + values { free(UnsafeMutablePointer(mutating: copy)) }
        }
        return PQconnectStartParams(&keys, &values, 0)
    }

    private func finishConnecting(within seconds: Int) throws(PostgresError) {
        guard PQstatus(handle) != CONNECTION_BAD else { throw connectError() }
        let deadline = Monotonic.now() + .seconds(seconds)
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw connectError() }
            try waitForSocket(Int32(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), until: deadline) {
                "\(description.server) did not answer within \(seconds) s; is the server up and reachable?"
            }
            state = PQconnectPoll(handle)
        }
    }

    private func connectError() -> PostgresError {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let (state, message) = Self.parse(text)
        return PostgresError(
            sqlState: state, server: message, connection: description)
    }

    /// Takes `FATAL:  28P01: password authentication failed` apart: libpq keeps no SQLSTATE of a
    /// failed connection, but prints it when asked to be verbose. The first word is in the server's
    /// language, so it is the two spaces and the state that are looked for.
    static func parse(_ text: String) -> (sqlState: String?, message: String) {
        let lines = text.split(separator: "\n")
        for line in lines.reversed() {
            let bytes = Array(line.utf8)
            for at in bytes.indices where bytes[at...].starts(with: ":  ".utf8) {
                let state = bytes[(at + 3)...].prefix(5)
                let isState = state.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
                guard state.count == 5, isState, bytes[(at + 8)...].starts(with: ": ".utf8) else { continue }
                return (String(decoding: state, as: UTF8.self), String(decoding: bytes[(at + 10)...], as: UTF8.self))
            }
        }
        return (nil, lines.first.map(String.init) ?? "")
    }
}
