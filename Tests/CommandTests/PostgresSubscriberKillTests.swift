import Foundation
import LodePostgres
import TestSupport
import Testing

/// The built program with a postgres subscriber, killed in the middle of its work.
struct PostgresSubscriberKillTests {
    /// Every committed row has its effect once, in the order of its key, whatever was set aside meanwhile.
    @Test(.timeLimit(.minutes(5)), arguments: [false, true])
    func everyEventIsAppliedOnceOverTwelveKills(isMined: Bool) async throws {
        var random = SeededGenerator(for: "twelve kills")
        let server = try TemporaryPostgres.shared.get()
        let source = try server.database("CREATE TABLE t (id bigserial PRIMARY KEY, k int)")
        // One call in twenty fails, and passes the next time.
        let target = try server.database(
            """
            CREATE TABLE effect (event text, id bigint, k int, at bigint GENERATED ALWAYS AS IDENTITY);
            CREATE TABLE total (n int); INSERT INTO total VALUES (0);
            CREATE FUNCTION hiccup() RETURNS void LANGUAGE plpgsql AS $$
              BEGIN IF random() < 0.05 THEN RAISE EXCEPTION 'hiccup' USING ERRCODE = '40001'; END IF; END $$
            """)
        let (slot, other) = (TestDatabase.slotName(), TestDatabase.slotName())
        if isMined { try target.makeSlot(other) }
        let folder = try TemporaryFolder()
        let yaml = try folder.write(
            """
            sources: { shop: { connection: "\(source.connection)", slot: \(slot), heartbeat: 1s } }
            journal: { path: lode.journal }
            http: none
            events:
              Added: { from: insert into t, key: k, data: { id: id, k: k } }
            subscribers:
              view:
                retry: { attempts: 1000, first: 20ms, most: 100ms }
                batch: { events: 100 }
                postgres:
                  connection: "\(target.connection)"
                  sql:
                    Added: |
                      insert into public.effect values (:event.id, :id, :k);
                      update public.total set n = n + 1;
                      select public.hiccup();
            """, to: "lode.yaml")
        try source.makeSlot(slot)
        let seed = random.next()
        async let writer = BlockingThread.run(named: "writer") { try Self.write(source, seed: seed) }
        for _ in 1...12 {
            let daemon = try LodeProgram.start(["run", "--config", yaml], log: folder.file("log"))
            try await Task.sleep(for: .milliseconds(Int.random(in: 200...900, using: &random)))
            kill(daemon.processIdentifier, SIGKILL)
            daemon.waitUntilExit()
        }
        let expected = try await writer
        let daemon = try LodeProgram.start(["run", "--config", yaml], log: folder.file("last log"))
        try await eventually("every row's effect", within: .seconds(120)) {
            try target.run("SELECT count(DISTINCT id) FROM public.effect")[0][0] == "\(expected)"
        }
        try await eventually("it runs") { folder.text("last log").contains("source streams") }
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0, "\(folder.text("last log").suffix(2000))")
        let counts = try target.run(
            "SELECT count(*), count(DISTINCT event), (SELECT n FROM public.total) FROM public.effect")
        #expect(counts[0] == ["\(expected)", "\(expected)", "\(expected)"])
        let disorder = try target.run(
            """
            SELECT count(*) FROM (SELECT id - lag(id) OVER (PARTITION BY k ORDER BY at) AS step FROM public.effect) s
             WHERE step <= 0
            """)
        #expect(disorder[0] == ["0"])
        if isMined { try target.run("SELECT pg_drop_replication_slot('\(other)')") }
    }

    /// Rows of two hundred keys for about eight seconds; how many were committed.
    private static func write(_ database: TestDatabase, seed: UInt64) throws -> Int {
        var random = SeededGenerator(seed: seed)
        let session = try database.session()
        var count = 0
        let end = ContinuousClock.now + .seconds(8)
        while ContinuousClock.now < end {
            let rows = Int.random(in: 1...40, using: &random)
            _ = try session.query("INSERT INTO t (k) SELECT (random() * 200)::int FROM generate_series(1, \(rows))")
            count += rows
            usleep(5000)
        }
        return count
    }
}
