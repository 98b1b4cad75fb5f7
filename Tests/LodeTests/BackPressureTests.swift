import Foundation
import GRDB
import LodeCore
import TestSupport
import Testing

@testable import Lode

/// A pipeline that cannot go on: the server is still answered, and hears of nothing that is not safe.
struct BackPressureTests {
    private let events = "  Added: { from: insert into t }"

    /// Locks the journal's file for writing, as another program could, until told to let go.
    private func locking<Result>(_ daemon: RunningDaemon, _ body: () async throws -> Result) async throws -> Result {
        var settings = GRDB.Configuration()
        settings.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: daemon.folder.file("lode.journal"), configuration: settings)
        try await queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let result: Result
        do {
            result = try await body()
        } catch {
            try await queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            throw error
        }
        try await queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        return result
    }

    @Test func serverDoesNotEndTheSessionWhileTheJournalIsBlocked() async throws {
        let server = try TemporaryPostgres(settings: ["wal_sender_timeout = 2s"])
        let database = try server.database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        let daemon = try RunningDaemon(database, events: events, heartbeat: "none")
        defer { daemon.cancel() }
        try await daemon.ready()
        func session() throws -> String? {
            try database.run("SELECT active_pid FROM pg_replication_slots").first?.first ?? nil
        }
        let before = try #require(try session())
        let (confirmed, during) = try await locking(daemon) {
            // Some ten megabytes: more than the batches between the threads and the sockets hold.
            try database.run("INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 10000) i")
            let behind = try database.position()
            try await Task.sleep(for: .seconds(6))
            let confirmed = try daemon.confirmed()
            #expect(confirmed < behind)
            return (confirmed, try session())
        }
        #expect(during == before, "the session is the same")
        try await eventually("every event", within: .seconds(60)) { daemon.events.count >= 10000 }
        #expect(daemon.events.map(\.key) == (1...10000).map { "\($0)" })
        #expect(try session() == before)
        try await eventually("the slot moves") { try daemon.confirmed() > confirmed }
        try await daemon.stop()
    }

    @Test func withoutAJournalNothingIsConfirmedThatAFailingSubscriberHasNotTaken() async throws {
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY)")
        let gate = Gate()
        let daemon = try RunningDaemon(
            database, events: events, journal: "none",
            handler: { event in
                if event.key == "2", !gate.isOpen { throw TestFailure("not now") }
            })
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (1)")
        try await eventually("the first event") { daemon.events.count == 1 }
        try database.run("INSERT INTO t VALUES (2)")
        let behind = try database.position()
        try database.run("INSERT INTO t VALUES (3)")
        try await eventually("the other subscriber has all") {
            daemon.folder.text("events.jsonl").split(separator: "\n").count == 3
        }
        // Heartbeats go on and may not move it either.
        for _ in 1...10 {
            try await Task.sleep(for: .milliseconds(200))
            #expect(try daemon.confirmed() < behind)
        }
        gate.open()
        try await eventually("the slot moves") { try daemon.confirmed() >= behind }
        // Other keys went on meanwhile.
        #expect(daemon.events.map(\.key) == ["1", "3", "2"])
        try await daemon.stop()
    }
}
