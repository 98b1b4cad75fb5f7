import Lode
import LodeCore
import Testing

/// Events that the service wrote itself, messages, truncates, context, and what cannot be made.
struct ReadyMadeEventTests {
    private typealias Log = OfflineMapping

    private let row =
        "table public.outbox: INSERT: id[uuid]:'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' "
        + "aggregatetype[text]:'order' aggregateid[text]:'42' type[text]:'com.shop.Order.Placed' payload[jsonb]:'{\"a\": \"it''s\"}'"

    @Test(arguments: [
        "id: id, type: type, key: aggregateid, data: payload", "preset: debezium-outbox",
    ])
    func outboxRowsAreEventsAsTheServiceWroteThem(keys: String) throws {
        let mapping = try OfflineMapping("type_prefix: x.\nevents: { Outbox: { from: insert into outbox, \(keys) } }")
        let events = try mapping.replay(Log.transaction(row))
        #expect(events.count == 1)
        #expect(events[0]["id"] as? String == "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
        #expect(events[0]["type"] as? String == "com.shop.Order.Placed")
        #expect(events[0]["subject"] as? String == "42")
        #expect((events[0]["data"] as? [String: String]) == ["a": "it's"])
    }

    @Test func messagesAreEvents() throws {
        let mapping = try OfflineMapping(
            """
            events:
              Said: { from: message 'shop.order', key: "content->>'id'", data: { text: content, prefix: prefix } }
            """)
        let log = Log.transaction(
            #"message: transactional: 1 prefix: shop.order, sz: 8 content:{"id":7}"#,
            "message: transactional: 1 prefix: other, sz: 1 content:x")
        #expect(try mapping.short(log) == [#"Said 7 {"text":{"id": 7},"prefix":"shop.order"}"#])
    }

    @Test func aMessageThatIsNoJSONIsText() throws {
        let mapping = try OfflineMapping("events: { Said: { from: message 'p' } }")
        let log = Log.transaction("message: transactional: 1 prefix: p, sz: 5 content:hello")
        #expect(try mapping.short(log) == [#"Said - "hello""#])
    }

    @Test func truncatesAreEvents() throws {
        let mapping = try OfflineMapping("events: { Emptied: { from: truncate orders } }")
        let log = Log.transaction("table public.slim, public.orders: TRUNCATE: cascade")
        #expect(
            try mapping.short(log) == [#"Emptied - {"table":"public.orders","cascade":true,"restart_sequences":false}"#]
        )
        #expect(try mapping.short(Log.transaction("table public.slim: TRUNCATE: (no-flags)")) == [])
    }

    @Test func contextIsOfAllEventsOfItsTransactionAndOfNoOther() throws {
        let mapping = try OfflineMapping("events: { Line: { from: insert into slim, data: { id: id } } }")
        func row(_ id: Int) -> String {
            "table public.slim: INSERT: id[integer]:\(id) status[text]:'a' note[text]:null"
        }
        func context(_ json: String) -> String {
            "message: transactional: 1 prefix: lode.context, sz: \(json.utf8.count) content:\(json)"
        }
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let log =
            Log.transaction(
                row(1), context(#"{"traceparent":"\#(trace)","actor":"ann","correlationid":"c1","other":1}"#), row(2),
                context(#"{"actor":"bob","correlationid":null}"#)) + "\n" + Log.transaction(row(3), xid: 2)
        let events = try mapping.replay(log)
        #expect(events.map { $0["actor"] as? String } == ["bob", "bob", nil])
        #expect(events.map { $0["traceparent"] as? String } == [trace, trace, nil])
        #expect(events.allSatisfy { $0["correlationid"] == nil && $0["other"] == nil })
    }

    // MARK: - Unknown

    private let toasted = "table public.slim: UPDATE: id[integer]:1 status[text]:'b' note[text]:unchanged-toast-datum"

    @Test func unknownDataIsLeftOutOrStopsAsTheRuleSays() throws {
        let omit = try OfflineMapping("events: { C: { from: update slim, data: { s: status, n: note } } }")
        #expect(try omit.short(Log.transaction(toasted)) == [#"C 1 {"s":"b"}"#])
        let fail = try OfflineMapping(
            "events: { C: { from: update slim, unknown: fail, data: { s: status, n: note } } }")
        #expect(throws: TranslationError.self) { try fail.short(Log.transaction(toasted)) }
        let reselect = try OfflineMapping(
            "events: { C: { from: update slim, unknown: reselect, data: { s: status, n: note } } }")
        #expect(try reselect.short(Log.transaction(toasted)) == [#"C 1 {"s":"b"}"#])
    }

    @Test func anEventThatCannotBeMadeStopsOrIsToldAsOne() throws {
        let division = "data: { x: 1 / (id - 1) }"
        let row = "table public.slim: INSERT: id[integer]:1 status[text]:'secret' note[text]:null"
        let next = "table public.slim: INSERT: id[integer]:3 status[text]:'a' note[text]:null"
        let stop = try OfflineMapping("events: { D: { from: insert into slim, \(division) } }")
        #expect { try stop.short(Log.transaction(row)) } throws: { error in
            let text = "\(error)"
            return text.contains("event D") && text.contains("public.slim") && text.contains("division by zero")
                && !text.contains("secret")
        }
        let skip = try OfflineMapping("events: { D: { from: insert into slim, on_error: skip, \(division) } }")
        let events = try skip.replay(Log.transaction(row, next))
        #expect(events.map { $0["type"] as? String } == ["lode.untranslatable", "D"])
        let data = events[0]["data"] as? [String: Any]
        #expect(data?["event"] as? String == "D")
        #expect(data?["table"] as? String == "public.slim")
        #expect(data?["key"] as? String == "1")
        #expect((data?["error"] as? String)?.contains("division by zero") == true)
        #expect(events[0]["subject"] as? String == "1")
    }
}
