import LodeCore
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// Slots that cannot be read: each one line, with what mends it.
struct SlotFaultTests {
    private let events = "  Added: { from: insert into t }"

    private func database() throws -> TestDatabase {
        try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY, note text)")
    }

    @Test func slotOfAnotherPluginIsRefusedWithTheMend() async throws {
        let database = try database()
        let slot = TestDatabase.slotName()
        try database.run("SELECT pg_create_logical_replication_slot('\(slot)', 'pgoutput')")
        let daemon = try RunningDaemon(database, events: events, slot: slot)
        defer { daemon.cancel() }
        let reason = try await daemon.stopped()
        #expect(reason.contains("pgoutput") && reason.contains("SELECT pg_drop_replication_slot('\(slot)');"))
        #expect(!reason.contains("\n"))
        try await daemon.stop()
        #expect(
            try database.run("SELECT plugin FROM pg_replication_slots WHERE slot_name = '\(slot)'") == [["pgoutput"]])
    }

    @Test func slotOfAnotherDatabaseIsRefusedWithTheMend() async throws {
        let (database, other) = (try database(), try database())
        let slot = TestDatabase.slotName()
        try other.makeSlot(slot)
        let daemon = try RunningDaemon(database, events: events, slot: slot)
        defer { daemon.cancel() }
        let reason = try await daemon.stopped()
        #expect(reason.contains("belongs to database \(other.name), not to \(database.name)"))
        #expect(reason.contains("SELECT pg_drop_replication_slot('\(slot)');") && !reason.contains("\n"))
        try await daemon.stop()
    }

    @Test func physicalAndTwoPhaseSlotsAreRefused() async throws {
        let database = try database()
        let (physical, twoPhase) = (TestDatabase.slotName(), TestDatabase.slotName())
        try database.run("SELECT pg_create_physical_replication_slot('\(physical)')")
        try database.run("SELECT pg_create_logical_replication_slot('\(twoPhase)', 'test_decoding', false, true)")
        for (slot, words) in [(physical, "physical replication"), (twoPhase, "two_phase")] {
            let daemon = try RunningDaemon(database, events: events, slot: slot)
            #expect(try await daemon.stopped().contains(words))
            try await daemon.stop()
        }
    }

    @Test func invalidatedSlotStopsTheSourceWithTheMissingRange() async throws {
        let server = try TemporaryPostgres(
            settings: ["max_slot_wal_keep_size = 1MB", "min_wal_size = 2MB", "max_wal_size = 4MB"],
            initdb: ["--wal-segsize=1"])
        let database = try server.database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        let first = try RunningDaemon(database, events: events)
        try await first.ready()
        try database.run("INSERT INTO t VALUES (1, 'taken')")
        try await eventually("the event") { first.events.count == 1 }
        try await first.stop()
        let known = try #require(first.daemon.status(of: "shop")?.position)
        let written = try database.session()
        for id in 2...9 {
            _ = try written.query(
                "INSERT INTO t SELECT \(id) * 10000 + i, repeat('x', 1000) FROM generate_series(1, 1000) i")
            _ = try written.query("CHECKPOINT")
        }
        #expect(try database.run("SELECT wal_status FROM pg_replication_slots") == [["lost"]])
        let before = try database.position()
        let second = try first.again()
        defer { second.cancel() }
        let reason = try await second.stopped()
        #expect(reason.contains("max_slot_wal_keep_size"))
        let after = try database.position()
        let range = try #require(Self.range(in: reason))
        #expect(range.from == known)
        #expect(range.to >= before && range.to <= after)
        #expect(reason.contains("SELECT pg_drop_replication_slot('\(second.slot)');") && !reason.contains("\n"))
        #expect(second.events.isEmpty)
        try await second.stop()
    }

    /// The positions of "changes from X to Y".
    private static func range(in text: String) -> (from: LSN, to: LSN)? {
        let words = text.split(separator: " ")
        guard let at = words.firstIndex(of: "from"), words.count > at + 3, words[at + 2] == "to",
            let from = LSN(String(words[at + 1])), let to = LSN(String(words[at + 3]))
        else { return nil }
        return (from, to)
    }

    @Test func slotThatIsLostWhileItIsReadStopsTheSource() async throws {
        let database = try database()
        let daemon = try RunningDaemon(database, events: events)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run(
            """
            SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '\(daemon.slot)'
            """)
        try await eventually("the slot can be dropped") {
            (try? database.run("SELECT pg_drop_replication_slot('\(daemon.slot)')")) != nil
        }
        #expect(try await daemon.stopped().contains("was dropped"))
        try await daemon.stop()
    }

    @Test func journalOfAnotherServerIsRefused() async throws {
        let database = try database()
        let first = try RunningDaemon(database, events: events)
        try await first.ready()
        try await first.stop()
        let other = try TemporaryPostgres().database("CREATE TABLE t (id int PRIMARY KEY)")
        let second = try RunningDaemon(other, events: events, slot: first.slot, folder: first.folder)
        defer { second.cancel() }
        #expect(try await second.stopped().contains("the journal is of another server"))
        #expect(try other.run("SELECT slot_name FROM pg_replication_slots").isEmpty)
        try await second.stop()
    }

    @Test func slotThatWaitsForAnOpenTransactionIsMadeOnceItEndsAndTheDaemonStopsMeanwhile() async throws {
        // An open transaction holds up every slot of its server.
        let database = try TemporaryPostgres().database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        let open = try database.session()
        _ = try open.query("BEGIN")
        _ = try open.query("INSERT INTO t VALUES (1, 'before the slot')")
        let stopped = try RunningDaemon(database, events: events)
        try await Task.sleep(for: .seconds(1))
        #expect(stopped.daemon.status(of: "shop")?.phase == .connecting)
        try await stopped.stop()
        let daemon = try RunningDaemon(database, events: events)
        defer { daemon.cancel() }
        _ = try open.query("COMMIT")
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (2, 'after')")
        try await eventually("the event after the slot") { daemon.events.last?.key == "2" }
        try await daemon.stop()
    }
}
