import LodeCore
import LodeDelivery
import LodePostgres

/// A session with the target: its inbox, the statements prepared in it, and the answers it owes.
///
/// Not `Sendable`; every call may block its thread. Once a call throws, the session is of no more use.
final class PostgresSession {
    /// What was sent, in order.
    enum Step {
        case own(Inbox.Statement)
        /// One that is not prepared.
        case once
        case prepare(StatementName)
        case discard(StatementName)
        /// Of the event with this index in the batch.
        case run(StatementName, event: Int)
        /// The end of the event's transaction.
        case commit(event: Int)
    }

    /// A statement of the subscriber's SQL: which SQL, which statement of it.
    struct StatementName: Hashable {
        var sql: Int
        var statement: Int

        var text: String { "e\(sql)_\(statement)" }
    }

    /// The first failure up to a mark; what came after it was skipped.
    struct Failure {
        var step: Step
        var server: ServerFailure
    }

    struct Subscriber {
        var id: Int64
        var journal: String
        /// As far as this session knows: rows up to here are gone.
        var floor: Int64
    }

    private let connection: PostgresConnection
    private let limit: Duration
    private var sent: [Step] = []
    private(set) var subscriber: Subscriber?
    /// By the delivery in which each was prepared.
    private(set) var prepared: [StatementName: Int] = [:]
    /// What is prepared once the server has said so.
    private var preparing: Set<StatementName> = []
    /// Events of different causes must not share a transaction.
    var isMined = false

    /// Connects, and makes or migrates the inbox.
    ///
    /// - Throws: ``DeliveryFailure``, the peer's.
    init(_ settings: TargetSettings, isWanted: @escaping @Sendable () -> Bool) throws(DeliveryFailure) {
        var times = ConnectionTimes()
        // The server ends a statement first, with a word about it.
        limit = settings.timeout + .seconds(5)
        times.statement = limit
        do throws(PostgresError) {
            connection = try PostgresConnection(settings.connection, for: .statements, times: times, isWanted: isWanted)
            try Self.bound(connection, settings.timeout)
            try Self.migrate(connection)
            try connection.beginPipeline()
            for statement in Inbox.Statement.allCases {
                try connection.sendPrepare(statement.name, statement.sql)
                sent.append(.own(statement))
            }
        } catch {
            throw DeliveryFailure(.retry, .peer, error.message)
        }
        if let failure = try settle({ _ in }) { throw Self.inboxFailure(failure.server) }
        try send(.expire)
        if let failure = try settle({ _ in }) { throw Self.inboxFailure(failure.server) }
    }

    var isOpen: Bool { connection.isOpen }

    /// A session whose client is gone must not hold locks for long: the server looks for the client while
    /// a statement runs, where its system can, and ends a transaction that nobody goes on with.
    private static func bound(_ connection: PostgresConnection, _ timeout: Duration) throws(PostgresError) {
        let (seconds, attoseconds) = timeout.components
        let milliseconds = min(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000), Int64(Int32.max))
        _ = try connection.query(
            "SELECT pg_catalog.set_config('statement_timeout', '\(milliseconds)', false), "
                + "pg_catalog.set_config('idle_in_transaction_session_timeout', '60000', false)")
        do {
            _ = try connection.query("SET client_connection_check_interval = 1000")
        } catch  where error.sqlState != nil && connection.isOpen {}
    }

    private static func migrate(_ connection: PostgresConnection) throws(PostgresError) {
        let exists = try connection.query("SELECT pg_catalog.to_regclass('lode.migration') IS NOT NULL")
        var version = 0
        if exists.first?.first == "t" { version = try readVersion(connection) }
        guard version <= Inbox.version else {
            throw PostgresError(
                "the inbox in schema lode is of version \(version), which a newer Lode made, and this one knows "
                    + "\(Inbox.version); run the newer one", verdict: .stop)
        }
        guard version < Inbox.version else { return }
        do throws(PostgresError) {
            _ = try connection.query("BEGIN; " + Inbox.migrationLock)
            if version > 0 { version = try readVersion(connection) }
            for migration in Inbox.migrations[version...] {
                for statement in migration { _ = try connection.query(statement) }
            }
            _ = try connection.query("COMMIT")
        } catch  where error.sqlState == "42501" {
            throw PostgresError(
                sqlState: error.sqlState,
                "\(error.message); grant CREATE on the database, or have its owner make the inbox by the statements "
                    + "in Lode's documentation of postgres subscribers", verdict: .retry)
        }
    }

    private static func readVersion(_ connection: PostgresConnection) throws(PostgresError) -> Int {
        let rows = try connection.query("SELECT coalesce(max(version), 0) FROM lode.migration")
        return rows.first?.first.flatMap { $0 }.flatMap { Int($0) } ?? 0
    }

    // MARK: - The subscriber

    /// Finds the subscriber's row for a journal, or makes it.
    func find(_ name: String, journal: String, generation: Int64) throws(DeliveryFailure) -> Subscriber {
        if let subscriber, subscriber.journal == journal { return subscriber }
        let names = StatementParameters([name, journal])
        try sendOnce(Inbox.forgetJournals, names)
        try sendOnce(Inbox.add, StatementParameters([name, journal, "\(generation)"]))
        try sendOnce(Inbox.find, names)
        var found: [[String?]] = []
        if let failure = try settle({ found = $0 }) { throw Self.inboxFailure(failure.server) }
        guard let row = found.first, row.count == 2, let id = row[0].flatMap({ Int64($0) }) else {
            throw DeliveryFailure(.retry, .peer, "the inbox has no row of this subscriber")
        }
        let subscriber = Subscriber(id: id, journal: journal, floor: row[1].flatMap { Int64($0) } ?? 0)
        self.subscriber = subscriber
        return subscriber
    }

    func moved(floor: Int64) {
        let known = subscriber?.floor ?? 0
        subscriber?.floor = max(known, floor)
    }

    // MARK: - Out

    func send(_ statement: Inbox.Statement, _ values: [String?] = []) throws(DeliveryFailure) {
        try sending { () throws(PostgresError) in
            try connection.sendPrepared(statement.name, StatementParameters(values))
        }
        sent.append(.own(statement))
    }

    private func sendOnce(_ sql: String, _ parameters: StatementParameters) throws(DeliveryFailure) {
        try sending { () throws(PostgresError) in try connection.send(sql, parameters) }
        sent.append(.once)
    }

    func send(_ name: StatementName, _ sql: String, _ parameters: StatementParameters, event: Int)
        throws(DeliveryFailure)
    {
        if prepared[name] == nil, preparing.insert(name).inserted {
            try sending { () throws(PostgresError) in try connection.sendPrepare(name.text, sql) }
            sent.append(.prepare(name))
        }
        try sending { () throws(PostgresError) in try connection.sendPrepared(name.text, parameters) }
        sent.append(.run(name, event: event))
    }

    func sendCommit(of event: Int) throws(DeliveryFailure) {
        try sending { () throws(PostgresError) in
            try connection.sendPrepared(Inbox.Statement.commit.name, StatementParameters())
        }
        sent.append(.commit(event: event))
    }

    /// Has every statement of the subscriber's SQL prepared anew: the types of a table may have changed.
    func discardPrepared() throws(DeliveryFailure) {
        for name in prepared.keys {
            try sending { () throws(PostgresError) in try connection.send("DEALLOCATE \(name.text)") }
            sent.append(.discard(name))
        }
        prepared.removeAll()
    }

    private func sending(_ body: () throws(PostgresError) -> Void) throws(DeliveryFailure) {
        do { try body() } catch { throw DeliveryFailure(.retry, .peer, error.message) }
    }

    // MARK: - In

    /// Marks the end of what was sent, and reads all answers.
    ///
    /// - Parameters:
    ///   - delivery: The number under which statements count as prepared.
    ///   - done: Called with the rows of what succeeded of Lode's own.
    ///   - committed: Called with each event whose transaction ended.
    func settle(
        delivery: Int = 0, _ done: ([[String?]]) -> Void, committed: (Int) -> Void = { _ in }
    ) throws(DeliveryFailure) -> Failure? {
        try sending { () throws(PostgresError) in try connection.sendMark() }
        let steps = sent
        sent = []
        preparing.removeAll()
        var failure: Failure?
        for step in steps {
            let wantsRows =
                switch step {
                case .own(.look), .once: true
                default: false
                }
            switch try nextAnswer(wantsRows: wantsRows) {
            case .done(let rows):
                switch step {
                case .own, .once: if wantsRows { done(rows) }
                case .prepare(let name): prepared[name] = delivery
                case .commit(let event): committed(event)
                case .discard, .run: break
                }
            case .failed(let server):
                // The session ends, and what the server said last tells more than that it is gone.
                if server.sqlState.map({ $0.hasPrefix("57P") }) ?? true { throw Self.lost(server.message) }
                failure = failure ?? Failure(step: step, server: server)
            case .skipped: break
            case .synced: throw Self.lost("the server's answers are out of step")
            }
        }
        guard case .synced = try nextAnswer(wantsRows: false) else {
            throw Self.lost("the server's answers are out of step")
        }
        guard connection.isInFailedTransaction else { return failure }
        try send(.rollback)
        let first = failure
        if let failure = try settle({ _ in }) { throw Self.inboxFailure(failure.server) }
        return first
    }

    private func nextAnswer(wantsRows: Bool) throws(DeliveryFailure) -> PipelineAnswer {
        do {
            return try connection.nextAnswer(within: limit, wantsRows: wantsRows)
        } catch {
            throw Self.lost(error.message)
        }
    }

    private static func lost(_ message: String) -> DeliveryFailure { DeliveryFailure(.retry, .peer, message) }

    /// Of one of Lode's own statements.
    static func inboxFailure(_ failure: ServerFailure) -> DeliveryFailure {
        let state = failure.sqlState ?? ""
        if state == "57014" {
            return lost("the subscriber's row in lode.subscriber is locked; does another daemon deliver to it?")
        }
        return lost("the inbox in schema lode cannot be used: \(failure.message) (SQLSTATE \(state))")
    }
}

/// Where the SQL is run.
struct TargetSettings: Sendable {
    var connection: String
    var timeout: Duration
}
