import Foundation
import LodeCore
import LodeDelivery
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// What failing SQL and failing servers mean.
@Suite(.blocking) struct PostgresFailureTests {
    @Test(arguments: [
        ("insert into public.t (i) values (:s::int)", "22P02", DeliveryFailure.Verdict.park),
        ("insert into public.t (i) values (:i::numeric * 1000000000000)", "22003", .park),
        ("insert into public.t (at) values (:s)", "22007", .park),
        ("insert into public.t (j) values (:s)", "22P02", .park),
        ("insert into public.t (short) values (:s)", "22001", .park),
        ("insert into public.t (needed) values (:none)", "23502", .park),
        ("insert into public.t (needed, i) values ('', -1)", "23514", .park),
        ("insert into public.u values (1)", "23505", .park),
        ("insert into public.t (needed, parent) values ('', 77)", "23503", .retry),
        ("insert into public.t (needed, later) values ('', 77)", "23503", .retry),
        ("insert into public.nowhere values (1)", "42P01", .retry),
        ("insert into public.t (nothing) values (1)", "42703", .retry),
        ("select public.f(1)", "42883", .retry),
        ("insrt into public.t values (1)", "42601", .park),
        ("select :i is null", "42P18", .park),
        ("select 1 / 0", "22012", .park),
        ("do $$ begin raise exception 'no'; end $$", "P0001", .retry),
        ("do $$ begin raise exception using errcode = '40001'; end $$", "40001", .retry),
        ("do $$ begin raise exception using errcode = '40P01'; end $$", "40P01", .retry),
        ("do $$ begin raise exception using errcode = '55P03'; end $$", "55P03", .retry),
        ("select pg_sleep(60)", "57014", .retry),
    ])
    func failingSQLHasAVerdict(sql: String, state: String, verdict: DeliveryFailure.Verdict) async throws {
        let target = try Target(
            """
            CREATE TABLE u (id int PRIMARY KEY);
            INSERT INTO u VALUES (1);
            CREATE TABLE t (i int CHECK (i > 0), at timestamptz, j jsonb, short varchar(3), needed text NOT NULL,
                            parent int REFERENCES u, later int REFERENCES u DEFERRABLE INITIALLY DEFERRED)
            """,
            sql: [("A", sql), ("B", "insert into public.u values (:n)")], timeout: .seconds(1))
        let report = try await target.deliver([
            SampleEvent("B", key: "b", data: #"{"n":2}"#),
            SampleEvent("A", key: "a", data: #"{"i":5,"s":"secret text","none":null}"#),
            SampleEvent("B", key: "b", data: #"{"n":3}"#), SampleEvent("A", key: "a"),
        ])
        let failure = try #require(report.failure(of: 1), "\(report)")
        #expect(failure.reason.hasSuffix("(SQLSTATE \(state))"), "\(failure)")
        #expect(failure.verdict == verdict && failure.fault == .event)
        #expect(!failure.reason.contains("secret") && !failure.reason.contains("\n"), "\(failure)")
        // The others' effects are there, and the key's later event waits.
        #expect(report.done(of: 4) == 2 && report.isUntried(3))
        #expect(try target.rows("SELECT id FROM public.u ORDER BY 1") == ["1", "2", "3"])
        #expect(try target.rows("SELECT position FROM lode.inbox ORDER BY 1") == ["1", "3"])
    }

    @Test func aReasonNamesTheParameterInTheValuesPlace() async throws {
        let target = try Target(
            "CREATE TABLE t (i int, e text)",
            sql: [
                ("A", "insert into public.t (i) values (:total)"),
                ("B", "insert into public.t (i) values (('x' || :total)::int)"),
                ("C", "do $$ begin raise exception 'order % is odd', 4711; end $$; select :total::text"),
            ])
        func reason(_ type: String, _ total: String) async throws -> String? {
            try await target.deliver([SampleEvent(type, data: #"{"total":\#(total)}"#)]).failure()?.reason
        }
        #expect(
            try await reason("A", #""a b \"c\"""#)
                == #"invalid input syntax for type integer: ":total" (SQLSTATE 22P02)"#)
        #expect(
            try await reason("A", "99999999999") == #"value ":total" is out of range for type integer (SQLSTATE 22003)"#
        )
        #expect(try await reason("B", #""abc""#) == #"invalid input syntax for type integer: "…" (SQLSTATE 22P02)"#)
        #expect(try await reason("C", "4711") == "order :total is odd (SQLSTATE P0001)")
        #expect(try await reason("C", "471") == "order 4711 is odd (SQLSTATE P0001)")
    }

    @Test func whatNoTextCanHoldIsParked() async throws {
        let target = try Target(
            "CREATE TABLE t (x text)",
            sql: [
                ("A", "insert into public.t values (:x)"),
                ("B", "insert into public.t values (:x); select :data::jsonb"),
            ])
        let report = try await target.deliver([
            SampleEvent("A", key: "1", data: #"{"x":"a\u0000b"}"#),
            SampleEvent("A", key: "2", data: #"{"x":"\ud800"}"#),
            SampleEvent("A", key: "3", data: #"{"x":"fine","y":"\u0000"}"#),
            SampleEvent("B", key: "4", data: #"{"x":"fine","y":"\u0000"}"#), SampleEvent("A", key: "1", data: "{}"),
        ])
        #expect(report.failure(of: 0)?.verdict == .park && report.failure(of: 1)?.verdict == .park)
        #expect(report.failure(of: 0)?.reason.contains(":x has a NUL") == true)
        #expect(report.failure(of: 3)?.reason.hasSuffix("(SQLSTATE 22P05)") == true)
        #expect(report.failure(of: 3)?.verdict == .park && report.isUntried(4))
        #expect(try target.rows("SELECT x FROM public.t") == ["fine"])
    }

    @Test func aColumnThatChangedItsTypeIsNoticed() async throws {
        let target = try Target(
            "CREATE TABLE t (i int)", sql: [("*", "insert into public.t values (:i); select * from public.t limit 1")])
        #expect(try await target.deliver([SampleEvent(data: #"{"i":1}"#)]).done(of: 1) == 1)
        try target.database.run("ALTER TABLE public.t ALTER i TYPE bigint")
        #expect(try await target.deliver([SampleEvent(data: #"{"i":99999999999}"#)], first: 2).done(of: 1) == 1)
        try target.database.run("ALTER TABLE public.t ALTER i TYPE text")
        #expect(try await target.deliver([SampleEvent(data: #"{"i":"abc"}"#)], first: 3).done(of: 1) == 1)
        #expect(try target.rows("SELECT i FROM public.t") == ["1", "99999999999", "abc"])
    }

    @Test func manyFailuresInABatchHoldUpNobody() async throws {
        let target = try Target(
            "CREATE TABLE t (k text, n int)",
            sql: [("*", "insert into public.t values (:event.key, :n::int + 0 / (:n::int % 10))")])
        // Each tenth fails, and all of its key.
        let events = (1...1000).map { SampleEvent(key: "k\($0 % 50)", data: #"{"n":\#($0)}"#) }
        let report = try await target.deliver(events)
        var blocked: Set<Int> = []
        for index in 0..<1000 {
            let number = index + 1
            if blocked.contains(number % 50) {
                #expect(report.isUntried(index), "\(number)")
            } else if number % 10 == 0 {
                #expect(report.failure(of: index)?.verdict == .park, "\(number)")
                blocked.insert(number % 50)
            }
        }
        #expect(report.done(of: 1000) == 900)
        #expect(try target.rows("SELECT count(*), count(DISTINCT n) FROM public.t") == ["900|900"])
    }

    // MARK: - The peer

    @Test func aServerThatIsAwayIsThePeersFault() async throws {
        let server = try TemporaryPostgres()
        let target = try Target("CREATE TABLE t (n int)", sql: [("*", "insert into public.t values (:n)")], on: server)
        #expect(try await target.deliver([SampleEvent(data: #"{"n":1}"#)]).done(of: 1) == 1)
        server.stop()
        for _ in 0..<2 {
            let failure = try await target.deliver([SampleEvent(data: #"{"n":2}"#)], first: 2).failure()
            #expect(failure?.verdict == .retry && failure?.fault == .peer, "\(String(describing: failure))")
        }
        try server.start()
        #expect(try await target.deliver([SampleEvent(data: #"{"n":2}"#)], first: 2).done(of: 1) == 1)
        // A restart between two deliveries is found out by the first of the next ones.
        try server.restart()
        var report = try await target.deliver([SampleEvent(data: #"{"n":3}"#)], first: 3)
        if report.done(of: 1) == 0 {
            #expect(report.failure()?.fault == .peer)
            report = try await target.deliver([SampleEvent(data: #"{"n":3}"#)], first: 3)
        }
        #expect(report.done(of: 1) == 1)
        #expect(try target.rows("SELECT n FROM public.t") == ["1", "2", "3"])
    }

    @Test func aSecretIsInNoReason() async throws {
        let connections = [
            "postgresql://me:hunter2@127.0.0.1:1/db", "host=127.0.0.1 port=1 password=hunter2 user=me dbname=db",
            "postgresql://me:hunter2@nowhere.invalid/db", "postgresql://me:hunter2/x@127.0.0.1/db",
            "password=hunter2 x",
        ]
        let database = try TemporaryPostgres.shared.get().database()
        for connection in connections {
            let target = try Target(database, sql: [("*", "select 1")], connection: connection)
            let failure = try #require(try await target.deliver([SampleEvent()]).failure())
            #expect(failure.fault == .peer && !failure.reason.contains("hunter2"), "\(failure)")
        }
    }

    @Test func aStandbyIsThePeersFault() async throws {
        let target = try Target("CREATE TABLE t (n int)", sql: [("*", "insert into public.t values (1)")])
        try target.database.run("ALTER DATABASE \(target.database.name) SET default_transaction_read_only = on")
        let failure = try await target.deliver([SampleEvent()]).failure()
        #expect(failure?.fault == .peer && failure?.verdict == .retry)
    }

    @Test func aServerThatFreezesIsGivenUp() async throws {
        let server = try TemporaryPostgres()
        let proxy = try FaultProxy(to: server)
        let target = try Target(
            "CREATE TABLE t (n int)", sql: [("*", "insert into public.t values (:n)")], on: server,
            connection: { proxy.connection(to: $0) }, timeout: .milliseconds(100))
        #expect(try await target.deliver([SampleEvent(data: #"{"n":1}"#)]).done(of: 1) == 1)
        proxy.set(.frozen)
        let failure = try await target.deliver([SampleEvent(data: #"{"n":2}"#)], first: 2).failure()
        #expect(failure?.fault == .peer)
        proxy.set(.forward)
        proxy.cut()
        #expect(try await target.deliver([SampleEvent(data: #"{"n":2}"#)], first: 2).done(of: 1) == 1)
        #expect(try target.rows("SELECT n FROM public.t") == ["1", "2"])
        await target.handler.close()
        try await eventually("the session is gone") {
            try target.rows(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lode' AND pid <> pg_backend_pid()")
                == ["0"]
        }
    }

    @Test func cancellationEndsAStatement() async throws {
        let target = try Target(
            "CREATE TABLE t (n int)", sql: [("*", "insert into public.t select 1 from pg_sleep(600)")],
            timeout: .seconds(900))
        let delivery = Task { try await target.deliver([SampleEvent()]) }
        let sleeping =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        try await eventually("it sleeps") { try target.rows(sleeping) == ["1"] }
        delivery.cancel()
        let report = try await delivery.value
        #expect(report.isUntried(0))
        try await eventually("the server has noticed") { try target.rows(sleeping) == ["0"] }
        #expect(try target.rows("SELECT count(*) FROM public.t") == ["0"])
    }

    // MARK: - Rights

    @Test func whoMayNotCreateIsToldWhatToDo() async throws {
        let server = try TemporaryPostgres.shared.get()
        let role = "role_\(UInt32.random(in: 0 ... .max))"
        let database = try server.database(
            "CREATE ROLE \(role) LOGIN; CREATE TABLE t (n int); GRANT INSERT ON t TO \(role)")
        let sql = [("*", "insert into public.t values (:n)")]
        let connection = server.connection(to: database.name, user: role)
        let target = try Target(database, sql: sql, connection: connection)
        let failure = try #require(try await target.deliver([SampleEvent(data: #"{"n":1}"#)]).failure())
        #expect(failure.fault == .peer && failure.reason.contains("grant CREATE on the database"), "\(failure)")
        // What the documentation says that the owner runs.
        let page = try String(contentsOfFile: "Sources/Lode/Lode.docc/PostgresSubscriber.md", encoding: .utf8)
        let blocks = page.components(separatedBy: "```").filter { $0.hasPrefix("sql\nCREATE SCHEMA") }
        let block = try #require(blocks.first)
        try database.run(String(block.dropFirst(4)).replacingOccurrences(of: "lode_subscriber", with: role))
        #expect(try await target.deliver([SampleEvent(data: #"{"n":1}"#)]).done(of: 1) == 1)
        _ = try await target.deliver([SampleEvent(data: #"{"n":2}"#)], first: 2, floor: 1)
        _ = try await target.deliver([SampleEvent(data: #"{"n":1}"#)], first: 1, floor: 1, wasSetAside: true)
        #expect(try target.rows("SELECT count(*) FROM public.t") == ["3"])
        // The same tables as Lode's own.
        let own = try Target("CREATE TABLE t (n int)", sql: sql)
        _ = try await own.deliver([SampleEvent(data: #"{"n":1}"#)])
        let columns = """
            SELECT table_name, column_name, data_type, is_nullable, column_default, identity_generation
              FROM information_schema.columns WHERE table_schema = 'lode' ORDER BY 1, 2
            """
        #expect(try target.rows(columns) == own.rows(columns))
        let indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'lode' ORDER BY 1"
        #expect(try target.rows(indexes) == own.rows(indexes))
    }

    @Test func anInboxThatIsGoneIsMadeAgain() async throws {
        let target = try Target("CREATE TABLE t (n int)", sql: [("*", "insert into public.t values (:n)")])
        #expect(try await target.deliver([SampleEvent(data: #"{"n":1}"#)]).done(of: 1) == 1)
        try target.database.run("DROP SCHEMA lode CASCADE")
        #expect(try await target.deliver([SampleEvent(data: #"{"n":2}"#)], first: 2).failure()?.fault == .peer)
        #expect(try await target.deliver([SampleEvent(data: #"{"n":2}"#)], first: 2).done(of: 1) == 1)
    }
}
