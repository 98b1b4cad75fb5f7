import Foundation
import LodePostgres
import TestSupport
import Testing

/// Servers that do not let Lode in: one line that says what and what mends it, and it is tried again.
struct ConnectErrorTests {
    private static let server: Result<TestDatabase, any Error> = Result {
        // Read by the server's own user, which may be another than the test's.
        let rules = NSTemporaryDirectory() + "lode-hba-\(UUID().uuidString.prefix(8))"
        try "local all postgres trust\nlocal all stranger reject\nlocal all all scram-sha-256\n".write(
            toFile: rules, atomically: false, encoding: .utf8)
        let server = try TemporaryPostgres(settings: ["hba_file = '\(rules)'"])
        try FileManager.default.removeItem(atPath: rules)
        return try server.database(
            "CREATE ROLE right_one LOGIN REPLICATION PASSWORD 'pa55word';"
                + "CREATE ROLE \"Odd \"\"role\"\"\" LOGIN PASSWORD 'pa55word';"
                + "CREATE ROLE nobody NOLOGIN PASSWORD 'pa55word';")
    }

    private func refusal(_ rest: String, _ database: TestDatabase) throws -> PostgresError {
        do {
            let session = try PostgresConnection(
                "host='\(database.server.folder)' port=\(database.server.port) \(rest)", for: .replication)
            _ = try Slot.identify(session)
            _ = try Slot.state(of: "none", session)
            _ = try session.query("CREATE_REPLICATION_SLOT \"x\" TEMPORARY LOGICAL test_decoding NOEXPORT_SNAPSHOT")
        } catch {
            return error
        }
        throw TestFailure("the server let us in")
    }

    @Test(arguments: [
        ("user=right_one password=wr0ngword", "ALTER ROLE right_one PASSWORD '...';"),
        ("user=right_one", "PGPASSWORD or PGPASSFILE"),
        ("user=nobody password=pa55word", "ALTER ROLE nobody LOGIN;"),
        ("user=stranger", "SELECT pg_reload_conf();"),
        ("user='Odd \"role\"' password=pa55word", "ALTER ROLE \"Odd \"\"role\"\"\" REPLICATION;"),
    ])
    func refusedConnectionIsToldItsMend(rest: String, mend: String) throws {
        let database = try Self.server.get()
        let error = try refusal("dbname=\(database.name) \(rest)", database)
        #expect(error.message.contains(mend), "\(error.message)")
        #expect(error.verdict == .retry)
        #expect(!error.message.contains("\n") && !error.message.contains("word="))
        #expect(!error.message.contains("pa55word") && !error.message.contains("wr0ngword"))
    }

    @Test func rightRoleComesIn() throws {
        let database = try Self.server.get()
        #expect(throws: TestFailure.self) {
            try refusal("dbname=\(database.name) user=right_one password=pa55word", database)
        }
    }

    @Test func databaseAndRoleThatAreNotThereAreNamed() throws {
        let shared = try TemporaryPostgres.shared.get()
        let database = try shared.database()
        let missing = try refusal("dbname=no_such_database user=postgres", database)
        #expect(missing.message.contains("no_such_database") && missing.verdict == .retry)
        let role = try refusal("dbname=\(database.name) user=no_such_role", database)
        #expect(role.message.contains("CREATE ROLE no_such_role LOGIN REPLICATION;") && role.verdict == .retry)
    }

    @Test func serverWithoutWalSendersOrSlotsLeftIsToldTheSetting() async throws {
        let server = try TemporaryPostgres(settings: ["max_wal_senders = 1", "max_replication_slots = 1"])
        let database = try server.database()
        try database.makeSlot("only")
        let full = try refusal("dbname=\(database.name) user=postgres", database)
        #expect(full.message.contains("max_replication_slots") && full.verdict == .retry)
        // The session before ends in its own time.
        var first: PostgresConnection?
        for _ in 1...100 where first == nil {
            first = try? PostgresConnection(database.connection, for: .replication)
            try await Task.sleep(for: .milliseconds(50))
        }
        let second = try refusal("dbname=\(database.name) user=postgres", database)
        #expect(second.message.contains("ALTER SYSTEM SET max_wal_senders"), "\(second.message)")
        #expect(second.verdict == .retry)
        #expect(first?.isOpen == true)
    }

    @Test(arguments: [
        "postgresql://lode:top@s3cret@127.0.0.1:1/shop", "postgresql://lode:s3cret/x@127.0.0.1:1/shop",
        "postgres://lode:a#s3cret@127.0.0.1/shop", "postgresql://lode:s3cret@127.0.0.1:port/shop",
        "host=localhost password=s3cret x", "postgresql://lode:s3cret?a=b@127.0.0.1/shop", "s3cret",
        "postgresql://lode:s3cret@127.0.0.1:1/shop?connect_timeout=1&nonsense=s3cret",
    ])
    func connectionThatIsWrittenWronglyShowsNoSecret(connection: String) {
        do {
            _ = try PostgresConnection(connection, for: .queries)
            Issue.record("connected")
        } catch {
            #expect(!error.message.contains("s3cret"), "\(error.message)")
        }
    }

    @Test func stringThatNeedsNoEscapeIsNotRefused() throws {
        let database = try TemporaryPostgres.shared.get().database()
        let folder = database.server.folder.replacingOccurrences(of: "/", with: "%2F")
        _ = try PostgresConnection(
            "postgresql://postgres:p%40ss@\(folder):\(database.server.port)/\(database.name)?application_name=a@b",
            for: .queries)
    }
}
