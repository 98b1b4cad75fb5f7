import Foundation
import Lode
import LodeCore
import TestSupport
import Testing

/// Rules that need more than a row, against a real server.
struct LiveRuleTests {
    private func data(_ daemon: RunningDaemon) -> [String] {
        daemon.events.map { "\($0.type) \($0.key ?? "-") " + String(decoding: $0.data, as: UTF8.self) }
    }

    @Test func anOrderAndItsLinesAreOneEvent() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TABLE orders (id int PRIMARY KEY, status text, total numeric(10,2));
            CREATE TABLE order_lines (
                id serial PRIMARY KEY, order_id int NOT NULL REFERENCES orders, sku varchar(10), quantity int);
            """)
        let daemon = try RunningDaemon(
            database,
            events: """
                  OrderPlaced:
                    from: insert into orders
                    gather: { lines: insert into order_lines where order_id = orders.id }
                    data:
                      id: id
                      total: total
                      lines: { each: lines, as: { sku: sku, quantity: quantity } }
                """)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run(
            """
            BEGIN;
            INSERT INTO orders VALUES (1, 'NEW', 10), (2, 'NEW', 20.5);
            INSERT INTO order_lines (order_id, sku, quantity) VALUES (1, 'A', 1), (2, 'B', 2), (1, 'C', 3);
            COMMIT;
            """)
        try await eventually("two events") { daemon.events.count == 2 }
        #expect(
            data(daemon) == [
                #"OrderPlaced 1 {"id":1,"total":10.00,"lines":[{"sku":"A","quantity":1},{"sku":"C","quantity":3}]}"#,
                #"OrderPlaced 2 {"id":2,"total":20.50,"lines":[{"sku":"B","quantity":2}]}"#,
            ])
        try await daemon.stop()
    }

    @Test func aValueThatTheLogLeftOutIsAskedForAndMarked() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE \"Odd docs\" (id int PRIMARY KEY, status text, body text);"
                + "ALTER TABLE \"Odd docs\" ALTER body SET STORAGE EXTERNAL")
        let daemon = try RunningDaemon(
            database,
            events: """
                  Reselected: { from: 'update "Odd docs"', unknown: reselect, data: { id: id, size: body } }
                  Omitted: { from: 'update "Odd docs"', data: { id: id, size: body } }
                """)
        defer { daemon.cancel() }
        try await daemon.ready()
        let body = String(repeating: "it's ", count: 2000)
        try database.run(
            "INSERT INTO \"Odd docs\" VALUES (1, 'a', repeat('it''s ', 2000)); UPDATE \"Odd docs\" SET status = 'b'")
        try await eventually("two events") { daemon.events.count == 2 }
        let isWhole = data(daemon).first == #"Reselected 1 {"id":1,"size":"\#(body)"}"#
        #expect(isWhole)
        #expect(data(daemon).last == #"Omitted 1 {"id":1}"#)
        let json = daemon.events.map { String(decoding: $0.json, as: UTF8.self) }
        #expect(json.map { $0.contains(#""reselected":"body""#) } == [true, false])
        try await daemon.stop()
    }

    /// 60,000 rows through a memory of 1 MB: they go to disk and come back, in order.
    @Test func aTransactionLargerThanItsMemoryGoesToDisk() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TABLE orders (id int PRIMARY KEY, note text);
            CREATE TABLE order_lines (id int PRIMARY KEY, order_id int, quantity int);
            """)
        let daemon = try RunningDaemon(
            database,
            events: """
                  OrderPlaced:
                    from: insert into orders
                    gather: { lines: insert into order_lines where order_id = orders.id }
                    data: { n: count(lines), ids: array(lines.id) }
                  Whole:
                    from: transaction
                    gather: { lines: insert into order_lines }
                    when: exists(lines)
                    data: { n: count(lines) }
                """, source: "transaction_memory: 1MB")
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run(
            """
            BEGIN;
            INSERT INTO order_lines SELECT i, i % 20000, 1 FROM generate_series(0, 39999) i;
            INSERT INTO orders SELECT i, repeat('x', 50) FROM generate_series(0, 19999) i;
            COMMIT;
            """)
        try await eventually("all events", within: .seconds(60)) { daemon.events.count >= 20_001 }
        let events = daemon.events
        #expect(events.count == 20_001)
        #expect(String(decoding: events[20_000].data, as: UTF8.self) == #"{"n":40000}"#)
        for number in stride(from: 0, to: 20_000, by: 997) {
            #expect(
                String(decoding: events[number].data, as: UTF8.self)
                    == #"{"n":2,"ids":[\#(number),\#(number + 20_000)]}"#)
        }
        try await daemon.stop()
    }

    @Test func partitionMovesAreUpdatesUnderNet() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TABLE p (id int, kind text, note text, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
            CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
            CREATE TABLE p_b PARTITION OF p FOR VALUES IN ('b');
            ALTER TABLE p_a REPLICA IDENTITY FULL;
            ALTER TABLE p_b REPLICA IDENTITY FULL;
            INSERT INTO p VALUES (1, 'a', 'x');
            """)
        let daemon = try RunningDaemon(
            database,
            events: """
                  Changed: { from: update p, net: true, key: id, data: { note: note, old: old.note } }
                  Deleted: { from: delete from p, net: true, key: id }
                  Created: { from: insert into p, net: true, key: id }
                """)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run(
            "BEGIN; UPDATE p SET note = 'y' WHERE id = 1; DELETE FROM p; INSERT INTO p VALUES (1, 'a', 'z'); COMMIT")
        try await eventually("an event") { daemon.events.count == 1 }
        #expect(data(daemon) == [#"Changed 1 {"note":"z","old":"x"}"#])
        try await daemon.stop()
    }

    /// A row that was put aside before the table was altered is read by the table as it is afterwards.
    @Test func aTableAlteredInTheMiddleOfATransactionIsReadRightly() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE t (id int PRIMARY KEY, a text, b text)")
        let daemon = try RunningDaemon(
            database,
            events: """
                  Whole:
                    from: transaction
                    gather: { made: insert into t }
                    when: exists(made)
                    data: { all: array(made.b) }
                  Made:
                    from: insert into t
                    data: { b: b }
                """)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO t VALUES (1, 'a1', 'b1')")
        try await eventually("the first") { daemon.events.count == 2 }
        try database.run(
            "BEGIN; INSERT INTO t VALUES (2, 'a2', 'b2'); ALTER TABLE t DROP a; INSERT INTO t VALUES (3, 'b3'); COMMIT")
        try await eventually("the rest") { daemon.events.count == 5 }
        #expect(
            data(daemon).suffix(3) == [
                #"Made 2 {"b":"b2"}"#, #"Made 3 {"b":"b3"}"#, #"Whole - {"all":["b2","b3"]}"#,
            ])
        try await daemon.stop()
    }
}
