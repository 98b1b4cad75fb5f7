import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// What a network can do to a source: every event still comes, once, in order.
struct NetworkFaultTests {
    private let events = "  Added: { from: insert into t }"

    private func database() throws -> TestDatabase {
        try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY, note text)")
    }

    private func expectWhole(_ daemon: RunningDaemon, _ count: Int) {
        #expect(daemon.events.map(\.key) == (1...count).map { "\($0)" })
        #expect(Set(daemon.events.map(\.id)).count == count)
        #expect(daemon.events.map(\.position) == (1...count).map { Int64($0) })
    }

    /// Over TLS, bytes that came may sit decrypted in libpq while the socket shows nothing.
    @Test func backlogOverTLSStreamsWholeWithoutFurtherTraffic() async throws {
        let server = try TemporaryPostgres(tcp: true, tls: true)
        let database = try server.database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        let slot = TestDatabase.slotName()
        try database.makeSlot(slot)
        try database.run("INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 12000) i")
        let session = try database.session()
        for id in 12001...12200 { _ = try session.query("INSERT INTO t VALUES (\(id), repeat('y', \(id)))") }
        let daemon = try RunningDaemon(
            database, events: events, heartbeat: "none",
            connection: "host=127.0.0.1 port=\(server.port) dbname=\(database.name) user=postgres sslmode=require",
            slot: slot)
        defer { daemon.cancel() }
        try await daemon.ready()
        let encrypted = try database.run(
            """
            SELECT ssl FROM pg_stat_ssl s JOIN pg_replication_slots r ON r.active_pid = s.pid
             WHERE r.slot_name = '\(slot)'
            """)
        #expect(encrypted == [["t"]])
        try await eventually("the backlog", within: .seconds(60)) { daemon.events.count >= 12200 }
        expectWhole(daemon, 12200)
        try await daemon.stop()
    }

    @Test(.timeLimit(.minutes(2))) func frozenConnectionIsToldByHealthAndReplaced() async throws {
        let database = try database()
        let proxy = try FaultProxy(to: database.server)
        defer { proxy.end() }
        var times = ConnectionTimes()
        times.silenceBeforeAsking = .seconds(2)
        times.silenceBeforeGivingUp = .seconds(5)
        times.statement = .seconds(5)
        let daemon = try RunningDaemon(
            database, events: events, connection: proxy.connection(to: database) + " connect_timeout=2", times: times)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (1, 'before')")
        try await eventually("the first event") { daemon.events.count == 1 }

        // Heartbeats come every second, so within half a minute's grace all is well...
        #expect(Self.ready(daemon, in: .seconds(25)).isGood)
        proxy.set(.frozen)
        let before = proxy.accepted
        try database.run("INSERT INTO t VALUES (2, 'while frozen')")
        try await Task.sleep(for: .seconds(3))
        // ...but not when none came for as long as it took to freeze besides.
        let verdict = Self.ready(daemon, in: .seconds(28))
        #expect(!verdict.isGood)
        #expect(verdict.reasons.first?.text.hasPrefix("no bytes for ") == true)
        #expect(daemon.daemon.health.live.isGood)

        try await eventually("it connects again") { proxy.accepted > before }
        proxy.set(.forward)
        try await eventually("the event of the time between", within: .seconds(40)) { daemon.events.count >= 2 }
        try database.run("INSERT INTO t VALUES (3, 'after')")
        try await eventually("the event after") { daemon.events.count >= 3 }
        expectWhole(daemon, 3)
        try await daemon.stop()
    }

    private static func ready(_ daemon: RunningDaemon, in later: Duration) -> Health.Verdict {
        var health = daemon.daemon.health
        health.now += later
        return health.ready
    }

    @Test(.timeLimit(.minutes(1))) func daemonWithAFrozenServerStillStops() async throws {
        let database = try database()
        let proxy = try FaultProxy(to: database.server)
        defer { proxy.end() }
        let daemon = try RunningDaemon(database, events: events, connection: proxy.connection(to: database))
        try await daemon.ready()
        proxy.set(.frozen)
        // Long enough for a heartbeat to be on its way, whose answer will not come.
        try await Task.sleep(for: .seconds(2))
        try await daemon.stop()
        #expect(daemon.daemon.status(of: "shop")?.phase == .ended)
    }

    @Test(.timeLimit(.minutes(2))) func cutsAndDelaysLoseNothingAndKeepTheOrder() async throws {
        var random = SeededGenerator(for: "cuts and delays")
        let database = try database()
        let proxy = try FaultProxy(to: database.server)
        defer { proxy.end() }
        let daemon = try RunningDaemon(database, events: events, connection: proxy.connection(to: database))
        defer { daemon.cancel() }
        try await daemon.ready()
        // On a thread of its own: what blocks must not stand on the daemon's pool.
        let seed = random.next()
        async let writer = BlockingThread.run(named: "writer") {
            var random = SeededGenerator(seed: seed)
            let session = try database.session()
            var last = 0
            while last < 3000 {
                let count = Int.random(in: 1...20, using: &random)
                _ = try session.query(
                    "INSERT INTO t SELECT i, repeat('z', 300) FROM generate_series(\(last + 1), \(last + count)) i")
                last += count
                usleep(10_000)
            }
            return last
        }
        for turn in 1...6 {
            try await daemon.ready()
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...300, using: &random)))
            proxy.set(turn % 3 == 0 ? .delayed(milliseconds: 15) : .forward)
            let before = proxy.accepted
            proxy.cut()
            try await eventually("it connects again") { proxy.accepted > before }
        }
        proxy.set(.forward)
        let count = try await writer
        try await eventually("every event", within: .seconds(60)) { daemon.events.count >= count }
        expectWhole(daemon, count)
        try await daemon.stop()
    }

    @Test func serverThatIsNotThereYetIsWaitedForAndTheOtherSourceGoesOn() async throws {
        let (database, late) = (try database(), try database())
        let proxy = try FaultProxy(to: late.server)
        defer { proxy.end() }
        proxy.set(.refusing)
        let daemon = try RunningDaemon(
            database,
            events: "  Added: { from: insert into t, source: shop }\n"
                + "  Late: { from: insert into t, source: late, data: { nothing: no_such_column } }",
            others: "  late: { connection: \"\(proxy.connection(to: late))\", slot: \(TestDatabase.slotName()) }")
        defer { daemon.cancel() }
        try await daemon.ready()
        try await daemon.waiting(source: "late", for: "connection")
        #expect(daemon.daemon.health.ready.isGood == false)
        try database.run("INSERT INTO t VALUES (1, 'x')")
        try await eventually("the other source's event") { daemon.events.count == 1 }
        // The mapping does not fit what is found in the end: that source's trouble alone.
        proxy.set(.forward)
        #expect(try await daemon.stopped(source: "late").contains("no_such_column"))
        try database.run("INSERT INTO t VALUES (2, 'y')")
        try await eventually("the other source goes on") { daemon.events.count == 2 }
        try await daemon.stop()
    }

    @Test func recordThatCannotBeReadStopsItsSourceBeforeItAndNoOther() async throws {
        let (database, other) = (try database(), try database())
        let proxy = try FaultProxy(to: database.server)
        defer { proxy.end() }
        // The closing bracket of a type is what the reader needs and nobody else looks at.
        proxy.replace("id[integer]:2 ", with: "id[integer}:2 ")
        let daemon = try RunningDaemon(
            database,
            events: "  Added: { from: insert into t, source: shop }\n"
                + "  Other: { from: insert into t, source: other }",
            connection: proxy.connection(to: database),
            others: "  other: { connection: \"\(other.connection)\", slot: \(TestDatabase.slotName()) }")
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (1, 'whole')")
        try await eventually("the event before") { daemon.events.count == 1 }
        try database.run("INSERT INTO t VALUES (2, 'rowsecret')")
        let behind = try database.position()
        try database.run("INSERT INTO t VALUES (3, 'rowsecret')")
        let reason = try await daemon.stopped()
        #expect(reason.hasPrefix("at 0/"))
        #expect(reason.contains("table public.t: INSERT:"))
        #expect(!reason.contains("rowsecret") && !reason.contains("\n"))
        try other.run("INSERT INTO t VALUES (9, 'fine')")
        try await eventually("the other source's event") { daemon.events.last?.key == "9" }
        #expect(try daemon.confirmed() < behind)
        try await daemon.stop()
        #expect(try daemon.confirmed() < behind)

        proxy.replace("", with: nil)
        let again = try daemon.again()
        defer { again.cancel() }
        try await eventually("what was held back") { again.events.count >= 2 }
        #expect(again.events.map(\.key) == ["2", "3"])
        try await again.stop()
    }
}
