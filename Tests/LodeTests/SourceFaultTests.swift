import Lode
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// What a live server can do to a source, and what the source says and does then.
struct SourceFaultTests {
    private func database() throws -> TestDatabase {
        try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY, note text)")
    }

    private let events = "  Added: { from: insert into t }"

    @Test func slotOfAnIdleTableMovesThroughOtherTraffic() async throws {
        let database = try database()
        let daemon = try RunningDaemon(database, events: events, heartbeat: "none")
        defer { daemon.cancel() }
        try await daemon.ready()
        // WAL that decodes to nothing: another database's.
        let other = try TemporaryPostgres.shared.get().database("CREATE TABLE noise (id int)")
        try other.run("INSERT INTO noise SELECT generate_series(1, 1000)")
        let position = try database.position()
        try await eventually("the slot moves", within: .seconds(40)) { try daemon.confirmed() >= position }
        try await daemon.stop()
    }

    @Test func slotAheadOfTheJournalStopsTheSourceWithTheMissingRange() async throws {
        let database = try database()
        let first = try RunningDaemon(database, events: events)
        try await first.ready()
        try await first.stop()
        try database.run("INSERT INTO t VALUES (1, 'lost')")
        try database.run(
            "SELECT pg_replication_slot_advance('\(first.slot)', pg_current_wal_insert_lsn())")
        let second = try first.again()
        defer { second.cancel() }
        let reason = try await second.stopped()
        #expect(reason.contains("is ahead of the journal: changes from "))
        #expect(reason.contains("\(try second.confirmed())"))
        #expect(second.daemon.health.ready.isGood == false)
        #expect(second.daemon.health.live.isGood)
        try await second.stop()
    }

    @Test func droppedSlotIsNotMadeAgainInSilence() async throws {
        let database = try database()
        let first = try RunningDaemon(database, events: events)
        try await first.ready()
        try await first.stop()
        try database.run("SELECT pg_drop_replication_slot('\(first.slot)')")
        let second = try first.again()
        defer { second.cancel() }
        #expect(try await second.stopped().contains("was dropped: changes from "))
        #expect(try database.run("SELECT 1 FROM pg_replication_slots WHERE slot_name = '\(first.slot)'").isEmpty)
        try await second.stop()
    }

    @Test func slotInUseIsWaitedForAndTakenOver() async throws {
        let database = try database()
        let first = try RunningDaemon(database, events: events)
        try await first.ready()
        let second = try first.beside()
        defer { second.cancel() }
        try await second.waiting(for: "another process reads this slot")
        try await first.stop()
        try await second.ready()
        try database.run("INSERT INTO t VALUES (1, 'x')")
        try await eventually("the event") { second.events.count == 1 }
        try await second.stop()
    }

    @Test func serverRestartIsSurvived() async throws {
        let server = try TemporaryPostgres()
        let database = try server.database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        let daemon = try RunningDaemon(database, events: events)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (1, 'before')")
        try await eventually("the first event") { daemon.events.count == 1 }
        try server.restart()
        try database.run("INSERT INTO t VALUES (2, 'after')")
        try await eventually("the second event", within: .seconds(60)) { daemon.events.count == 2 }
        #expect(daemon.events.map(\.key) == ["1", "2"])
        try await daemon.stop()
    }

    @Test func addedAndDroppedColumnsAreFollowed() async throws {
        let database = try database()
        let daemon = try RunningDaemon(database, events: events)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (1, 'x')")
        try database.run("ALTER TABLE t ADD more numeric DEFAULT 1.50")
        try database.run("INSERT INTO t VALUES (2, 'y')")
        try database.run("ALTER TABLE t DROP note")
        try database.run("INSERT INTO t VALUES (3, 7)")
        try await eventually("three events") { daemon.events.count == 3 }
        #expect(
            daemon.events.map { String(decoding: $0.data, as: UTF8.self) } == [
                #"{"id":1,"note":"x"}"#, #"{"id":2,"note":"y","more":1.50}"#, #"{"id":3,"more":7}"#,
            ])
        try await daemon.stop()
    }

    @Test func partitionsSpeakForTheirRootAlsoNewOnes() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TABLE p (id int, kind text, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
            CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
            """)
        let daemon = try RunningDaemon(database, events: "  Added: { from: insert into p }")
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO p VALUES (1, 'a')")
        try database.run("CREATE TABLE p_b PARTITION OF p FOR VALUES IN ('b')")
        try database.run("INSERT INTO p VALUES (2, 'b')")
        try await eventually("two events") { daemon.events.count == 2 }
        #expect(daemon.events.map(\.key) == [#"[1,"a"]"#, #"[2,"b"]"#])
        try await daemon.stop()
    }

    @Test func columnThatTheMappingNamesAndTheTableLostStopsTheSource() async throws {
        let database = try database()
        let daemon = try RunningDaemon(database, events: "  Added: { from: insert into t, data: { note: note } }")
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("ALTER TABLE t DROP note")
        try database.run("INSERT INTO t VALUES (1)")
        #expect(try await daemon.stopped().contains("note"))
        try await daemon.stop()
    }

    @Test func roleWithoutTheRightToReplicateIsToldTheSQL() throws {
        let database = try database()
        try database.run("CREATE ROLE plain_\(database.name) LOGIN")
        let connection = database.server.connection(to: database.name, user: "plain_\(database.name)")
        #expect {
            let session = try PostgresConnection(connection, for: .replication)
            _ = try Slot.identify(session)
        } throws: {
            "\($0)".contains("REPLICATION;")
        }
    }

    @Test func walLevelThatIsNotLogicalIsToldTheSQL() async throws {
        let server = try TemporaryPostgres(settings: ["wal_level = replica"])
        let daemon = try RunningDaemon(server.database("CREATE TABLE t (id int PRIMARY KEY)"), events: events)
        defer { daemon.cancel() }
        try await daemon.waiting(for: "ALTER SYSTEM SET wal_level = 'logical'")
        try await daemon.stop()
    }
}
