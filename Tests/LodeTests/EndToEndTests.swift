import Foundation
import Lode
import LodeConfiguration
import LodeCore
import Logging
import Synchronization
import TestSupport
import Testing

/// The whole way, in this process: rows committed on a real server, events in a closure.
struct EndToEndTests {
    @Test func committedRowsReachTwoSubscribersInOrderAndRolledBackRowsDoNot() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE orders (id int PRIMARY KEY, status text, total numeric(10,2))")
        let daemon = try RunningDaemon(
            database,
            events: """
                  OrderPlaced:
                    from: insert into orders
                    when: status = 'NEW'
                    data: { orderId: id, total: total }
                  OrderOpened:
                    from: update orders
                    when: changed(status) and status = 'OPEN'
                """, schema: "ALTER TABLE orders REPLICA IDENTITY FULL")
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO orders VALUES (1, 'NEW', 10.50), (2, 'OLD', 1), (3, 'NEW', 0.30)")
        try database.run("BEGIN; INSERT INTO orders VALUES (4, 'NEW', 4); ROLLBACK")
        try database.run("UPDATE orders SET status = 'OPEN' WHERE id IN (1, 3)")
        try await eventually("four events") { daemon.events.count >= 4 }
        #expect(daemon.events.map(\.type) == ["OrderPlaced", "OrderPlaced", "OrderOpened", "OrderOpened"])
        #expect(daemon.events.map(\.key) == ["1", "3", "1", "3"])
        #expect(
            daemon.events.map { String(decoding: $0.data, as: UTF8.self) } == [
                #"{"orderId":1,"total":10.50}"#, #"{"orderId":3,"total":0.30}"#,
                #"{"id":1,"status":"OPEN","total":10.50}"#, #"{"id":3,"status":"OPEN","total":0.30}"#,
            ])
        #expect(daemon.events.map(\.position) == [1, 2, 3, 4])
        #expect(Set(daemon.events.map(\.id)).count == 4)
        try await daemon.stop()
        let lines = daemon.folder.text("events.jsonl").split(separator: "\n").map(String.init)
        #expect(lines == daemon.events.map { String(decoding: $0.json, as: UTF8.self) })
    }

    @Test func restartedDaemonGoesOnWhereItStopped() async throws {
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY)")
        let first = try RunningDaemon(database, events: "  Added: { from: insert into t }")
        try await first.ready()
        try database.run("INSERT INTO t VALUES (1)")
        try await eventually("first event") { first.events.count == 1 }
        try await first.stop()
        try database.run("INSERT INTO t VALUES (2)")
        let second = try first.again()
        try await second.ready()
        try database.run("INSERT INTO t VALUES (3)")
        try await eventually("two more") { second.events.count >= 2 }
        #expect(second.events.map(\.key) == ["2", "3"])
        try await second.stop()
    }

    @Test func largeTransactionIsStagedAndAppearsWholeAfterItsCommit() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE t (id int PRIMARY KEY, note text)")
        let daemon = try RunningDaemon(database, events: "  Added: { from: insert into t }")
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 30000) i")
        try database.run("INSERT INTO t VALUES (30001, 'last')")
        try await eventually("all events", within: .seconds(60)) { daemon.events.count >= 30001 }
        #expect(daemon.events.map(\.key) == (1...30001).map { "\($0)" })
        #expect(Set(daemon.events.map(\.id)).count == 30001)
        try await daemon.stop()
    }

    @Test func withoutAJournalTheSlotWaitsForTheSlowestSubscriber() async throws {
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY)")
        let gate = Mutex(false)
        let daemon = try RunningDaemon(
            database, events: "  Added: { from: insert into t }", journal: "none",
            handler: { _ in
                while !gate.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
            })
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (1)")
        let behind = try database.position()
        try await Task.sleep(for: .seconds(2))
        #expect(try daemon.confirmed() < behind)
        gate.withLock { $0 = true }
        try await eventually("the slot moves") { try daemon.confirmed() >= behind }
        try await daemon.stop()
    }
}
