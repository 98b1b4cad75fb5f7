import Foundation
import LodeCore
import LodeDelivery
import LodePostgres
import Synchronization
import TestSupport
import Testing

@testable import Lode

/// Exactly once, whatever breaks.
@Suite(.blocking) struct PostgresOnceTests {
    private static let sql = [
        ("*", "insert into public.effect values (:event.id, :event.key, :n); update public.total set n = n + 1")
    ]
    private static let schema = """
        CREATE TABLE effect (id text, key text, n int, at bigint GENERATED ALWAYS AS IDENTITY);
        CREATE TABLE total (n int); INSERT INTO total VALUES (0)
        """

    /// Delivers so many events in batches, each until it is done, while `harm` does its worst.
    private func deliver(
        _ count: Int, to target: Target, _ random: inout SeededGenerator,
        harm: (inout SeededGenerator) async throws -> Void
    ) async throws -> Int {
        var failures = 0
        var first = 1
        while first <= count {
            let size = min(Int.random(in: 1...120, using: &random), count - first + 1)
            let events = (first..<(first + size)).map { SampleEvent(key: "k\($0 % 7)", data: #"{"n":\#($0)}"#) }
            let floor = Int64(Int.random(in: max(0, first - 200)...(first - 1), using: &random))
            let position = Int64(first)
            while true {
                async let report = target.deliver(events, first: position, floor: floor)
                try await harm(&random)
                let got = try await report
                if got.done(of: size) == size { break }
                #expect(got.failure()?.fault == .peer, "\(got)")
                failures += 1
                if failures > 2000 { throw TestFailure("it does not get through: \(got)") }
            }
            first += size
        }
        return failures
    }

    private func check(_ target: Target, _ count: Int) throws {
        #expect(
            try target.rows("SELECT count(*), count(DISTINCT id), (SELECT n FROM public.total) FROM public.effect")
                == ["\(count)|\(count)|\(count)"])
        // One key's events in their order.
        #expect(
            try target.rows(
                """
                SELECT count(*) FROM (SELECT n - lag(n) OVER (PARTITION BY key ORDER BY at) AS step FROM public.effect) s
                 WHERE step <= 0
                """) == ["0"])
    }

    @Test(arguments: [false, true])
    func sessionsAreEndedAtRandom(isMined: Bool) async throws {
        var random = SeededGenerator(for: "sessions ended")
        let target = try Target(Self.schema, sql: Self.sql)
        let slot = TestDatabase.slotName()
        if isMined { try target.database.makeSlot(slot) }
        let killer = try target.database.session()
        let failures = try await deliver(4000, to: target, &random) { random in
            try await Task.sleep(for: .microseconds(Int.random(in: 0...12_000, using: &random)))
            _ = try killer.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'lode'
                """)
        }
        print("sessions ended: \(failures) deliveries failed")
        #expect(failures > 0)
        try check(target, 4000)
        if isMined { try target.database.run("SELECT pg_drop_replication_slot('\(slot)')") }
    }

    @Test(arguments: [false, true])
    func theWayIsCutAtRandom(isMined: Bool) async throws {
        var random = SeededGenerator(for: "way cut")
        let server = try TemporaryPostgres()
        let proxy = try FaultProxy(to: server)
        let target = try Target(Self.schema, sql: Self.sql, on: server, connection: { proxy.connection(to: $0) })
        if isMined { try target.database.makeSlot("mined") }
        let failures = try await deliver(3000, to: target, &random) { random in
            try await Task.sleep(for: .microseconds(Int.random(in: 0...25_000, using: &random)))
            proxy.cut()
        }
        print("way cut: \(failures) deliveries failed")
        #expect(failures > 0)
        try check(target, 3000)
    }

    /// Nobody knows whether a COMMIT came through whose answer did not.
    @Test(arguments: [false, true], [false, true])
    func theWayIsCutAtTheCommit(isMined: Bool, atItsAnswer: Bool) async throws {
        let server = try TemporaryPostgres()
        let proxy = try FaultProxy(to: server)
        let target = try Target(Self.schema, sql: Self.sql, on: server, connection: { proxy.connection(to: $0) })
        if isMined { try target.database.makeSlot("mined") }
        func events(_ first: Int) -> [SampleEvent] {
            (first..<(first + 10)).map { SampleEvent(key: "k", data: #"{"n":\#($0)}"#) }
        }
        #expect(try await target.deliver(events(1)).done(of: 10) == 10)
        for round in 1...20 {
            let first = round * 10 + 1
            proxy.cut(on: atItsAnswer ? "COMMIT" : "lode_commit", fromServer: atItsAnswer)
            let report = try await target.deliver(events(first), first: Int64(first))
            #expect(!proxy.willCut && report.failure()?.fault == .peer, "\(report)")
            #expect(try await target.deliver(events(first), first: Int64(first)).done(of: 10) == 10)
        }
        try check(target, 210)
    }

    @Test func theServerCrashesAtRandom() async throws {
        var random = SeededGenerator(for: "server crashes")
        // Durable, for what a crash leaves is what is on the disk.
        let server = try TemporaryPostgres(settings: [
            "fsync = on", "full_page_writes = on", "restart_after_crash = on",
        ])
        let target = try Target(Self.schema, sql: Self.sql, on: server)
        try target.database.makeSlot("mined")
        let crashes = Mutex(0)
        _ = try await deliver(800, to: target, &random) { random in
            try await Task.sleep(for: .microseconds(Int.random(in: 0...15_000, using: &random)))
            // A backend that dies so has the server start over from its log.
            guard crashes.withLock({ $0 < 4 }), let killer = try? target.database.session(),
                let pid = try? killer.query("SELECT pg_backend_pid()").first?.first?.flatMap({ Int32($0) })
            else { return }
            crashes.withLock { $0 += 1 }
            kill(pid, SIGKILL)
        }
        #expect(crashes.withLock { $0 } == 4)
        try check(target, 800)
    }
}
