import LodeCore
import LodeDelivery
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// Who reads the target's log finds the cause of every transaction in it.
@Suite(.blocking) struct PostgresContextTests {
    /// What the log has, without what is in the schema lode.
    private static func changes(_ target: Target, _ slot: String) throws -> [String] {
        let all = try target.rows(
            """
            SELECT data FROM pg_logical_slot_get_changes('\(slot)', NULL, NULL, 'include-xids', '0')
             WHERE data NOT LIKE 'table lode.%'
            """)
        return all.reduce(into: []) { kept, change in
            if change == "COMMIT", kept.last == "BEGIN" { kept.removeLast() } else { kept.append(change) }
        }
    }

    @Test func everyEventsTransactionTellsItsCause() async throws {
        let target = try Target(
            "CREATE TABLE t (n int)",
            sql: [("*", "insert into public.t values (:n); insert into public.t values (-:n::int)")])
        let slot = TestDatabase.slotName()
        try target.database.makeSlot(slot)
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let report = try await target.deliver([
            SampleEvent("A", data: #"{"n":1}"#),
            SampleEvent(
                "A", data: #"{"n":2}"#,
                context:
                    #","correlationid":"c\"1","causationid":"x","actor":"me","traceparent":"\#(trace)","tracestate":"a=b""#
            ),
            SampleEvent("A", data: #"{"n":3}"#),
        ])
        #expect(report.done(of: 3) == 3)
        let contexts = [
            #"{"causationid":"00000000000003E8-1-A","correlationid":"00000000000003E8-1-A"}"#,
            #"{"causationid":"00000000000003E9-1-A","correlationid":"c\"1","traceparent":"\#(trace)","tracestate":"a=b"}"#,
            #"{"causationid":"00000000000003EA-1-A","correlationid":"00000000000003EA-1-A"}"#,
        ]
        var expected: [String] = []
        for (index, context) in contexts.enumerated() {
            expected += [
                "BEGIN", "message: transactional: 1 prefix: lode.context, sz: \(context.utf8.count) content:\(context)",
                "table public.t: INSERT: n[integer]:\(index + 1)", "table public.t: INSERT: n[integer]:-\(index + 1)",
                "COMMIT",
            ]
        }
        #expect(try Self.changes(target, slot) == expected)
        try target.database.run("SELECT pg_drop_replication_slot('\(slot)')")
    }

    @Test func aSlotThatIsMadeWhileLodeRunsMissesNoCause() async throws {
        let target = try Target("CREATE TABLE t (n int)", sql: [("*", "insert into public.t values (:n)")])
        let slot = TestDatabase.slotName()
        let events = (1...20).map { SampleEvent("A", data: #"{"n":\#($0)}"#) }
        #expect(try await target.deliver(events).done(of: 20) == 20)
        // One transaction for all: nobody looks.
        #expect(try target.rows("SELECT count(DISTINCT xmin::text) FROM public.t") == ["1"])
        try target.database.makeSlot(slot)
        #expect(try await target.deliver(events, first: 21).done(of: 20) == 20)
        let changes = try Self.changes(target, slot)
        #expect(changes.count { $0.hasPrefix("message: transactional: 1 prefix: lode.context") } == 20)
        #expect(try target.rows("SELECT count(DISTINCT xmin::text) FROM public.t") == ["21"])
        try target.database.run("SELECT pg_drop_replication_slot('\(slot)')")
    }

    @Test func slotsOfOtherDatabasesDoNotCount() async throws {
        let target = try Target("CREATE TABLE t (n int)", sql: [("*", "insert into public.t values (1)")])
        let other = try target.database.server.database()
        let slot = TestDatabase.slotName()
        try other.makeSlot(slot)
        #expect(try await target.deliver([SampleEvent(), SampleEvent()]).done(of: 2) == 2)
        #expect(try target.rows("SELECT count(DISTINCT xmin::text) FROM public.t") == ["1"])
        try other.run("SELECT pg_drop_replication_slot('\(slot)')")
    }
}
