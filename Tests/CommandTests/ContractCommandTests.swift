import Foundation
import TestSupport
import Testing

extension RecordedShop {
    /// Another schema and mapping, and a recording of what the statements do.
    fileprivate init(schema: String, events: String, statements: [String]) throws {
        folder = try TemporaryFolder()
        database = try TemporaryPostgres.shared.get().database(schema)
        try map(events)
        try record(statements, as: "log.jsonl")
    }
}

/// The contracts of events against the events themselves, judged by a validator that is not ours.
struct ContractCommandTests {
    private static let schema = """
        CREATE TYPE mood AS ENUM ('glad', 'sad');
        CREATE DOMAIN positive AS int CHECK (VALUE > 0);
        CREATE TABLE kinds (
            id int PRIMARY KEY, a smallint, b bigint, c numeric, d real, e double precision, f boolean, g text,
            h varchar(9), i char(3), j uuid, k bytea, l date, m timestamp, n timestamptz, o time, p interval, q json,
            r jsonb, s int[], t text[], u mood, v positive, w inet, x int4range, y bit(4), z oid, aa numeric[], bb jsonb[]);
        CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL, note text, total numeric(9,2) NOT NULL);
        ALTER TABLE orders ALTER note SET STORAGE EXTERNAL;
        CREATE TABLE lines (order_id bigint, sku text NOT NULL, quantity int, PRIMARY KEY (order_id, sku));
        CREATE TABLE outbox (id uuid PRIMARY KEY, aggregateid text, type text, payload jsonb);
        """

    private static let events = """
        type_prefix: com.shop.
        events:
          Kind: { from: insert into kinds }
          KindParts: { from: insert into kinds, data: { a: a, nested: { s: s, c: c }, none: null, sure: id > 0, known: "coalesce(h, '')" } }
          OrderPlaced:
            from: insert into orders
            gather: { lines: insert into lines where order_id = orders.id }
            data: { orderId: id, total: total, lines: { each: lines, as: { sku: sku, quantity: quantity } }, count: count(lines), all: new }
          OrderChanged: { from: update orders }
          OrderNote: { from: update orders, key: note, unknown: omit, data: { id: id, was: old.status, note: note, total: total } }
          OrderGone:
            - { from: delete from orders }
            - { from: truncate orders }
          Lines: { from: insert into lines }
          Said: { from: message 'said' }
          Sold: { from: transaction, gather: { lines: insert into lines }, when: count(lines) > 0 }
          Outbox: { from: insert into outbox, id: id, type: type, key: aggregateid, data: payload }
        """

    private static let statements = [
        "INSERT INTO kinds (id) VALUES (1)",
        """
        INSERT INTO kinds VALUES (2, -3, 9007199254740993, 'NaN', 'Infinity', 1.5, true, 'x', 'y', 'z',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\x00ff', '2024-02-29', '2024-02-29 12:00', '2024-02-29 12:00+02',
            '12:00', '1 day', '{"a": null}', '[1]', '{1,NULL,3}', '{{a,b},{c,d}}', 'sad', 5, '10.0.0.1', '[1,5)', B'0101',
            7, '{1.5,NaN}', '{}')
        """,
        "INSERT INTO kinds (id, c, e, r, s) VALUES (3, 12345678901234567890.5, '-Infinity', 'null', '[0:1]={1,2}')",
        """
        BEGIN; INSERT INTO orders VALUES (1, 'NEW', repeat('long ', 2000), 59.90);
        INSERT INTO lines VALUES (1, 'tea', 2), (1, 'cup', NULL); COMMIT
        """,
        "INSERT INTO orders VALUES (2, 'NEW', NULL, 1), (3, 'NEW', 'short', 2)",
        "UPDATE orders SET total = total + 1 WHERE id <> 1", "DELETE FROM orders WHERE id = 3", "TRUNCATE orders",
        "SELECT pg_logical_emit_message(true, 'said', '{\"a\": 1}')",
        "SELECT pg_logical_emit_message(true, 'said', 'hm')",
        "INSERT INTO outbox VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '7', 'Shipped', '{\"a\": [1, 2]}')",
    ]

    /// Prints each event's type and what its data and attributes break, and then what is wrong with the
    /// AsyncAPI document.
    private static let script = """
        import json, re, sys
        from jsonschema import Draft202012Validator, FormatChecker
        schemas, document, events = [open(name) for name in sys.argv[1:4]]
        schemas, document = json.load(schemas), json.load(document)
        Draft202012Validator.check_schema(schemas)
        for schema in schemas["$defs"].values(): Draft202012Validator.check_schema(schema)
        def find(reference):
            value = document
            for step in reference[2:].split("/"): value = value[step]
            return value
        headers = {}
        for message in document["components"]["messages"].values():
            headers[message["name"]] = message["headers"]
            Draft202012Validator.check_schema(message["headers"])
            assert find(message["payload"]["$ref"]) == schemas["$defs"][message["name"]]
        for line in events:
            event = json.loads(line)
            name = event["type"] if event["type"] in headers else "Outbox"
            told = []
            if "data" in event:
                checker = Draft202012Validator(schemas["$defs"][name], format_checker=FormatChecker())
                told += [e.json_path + ": " + e.message for e in checker.iter_errors(event["data"])]
            attributes = {k: v for k, v in event.items() if k != "data"}
            told += [e.json_path + ": " + e.message for e in Draft202012Validator(headers[name]).iter_errors(attributes)]
            unnamed = set(attributes) - set(headers[name]["properties"])
            print(name, "ok" if not told and not unnamed else (told, unnamed))
        assert re.fullmatch("3\\\\.[01]\\\\.0", document["asyncapi"])
        assert document["info"]["title"] == "Shop" and document["info"]["version"] == "2.1.0"
        for kind in document["components"].values():
            for name in kind: assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        for channel in document["channels"].values():
            assert channel["address"] is None or isinstance(channel["address"], str)
            for message in channel["messages"].values(): find(message["$ref"])
        for operation in document["operations"].values():
            assert operation["action"] == "send"
            channel = find(operation["channel"]["$ref"])
            for message in operation["messages"]:
                assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/")
                find(message["$ref"])
        assert set(document["channels"]) == set(document["components"]["messages"])
        print("document ok")
        """

    @Test func everyReplayedEventKeepsItsContract() throws {
        let shop = try RecordedShop(schema: Self.schema, events: Self.events, statements: Self.statements)
        let recording = shop.folder.file("log.jsonl")
        let replay = try shop.lode(["replay", recording])
        #expect(replay.status == 0, "\(replay.error)")
        try shop.folder.write(replay.out, to: "events.jsonl")
        // Offline and live are the same.
        for origin in [["--recording", recording], []] {
            let files = (shop.folder.file("schemas.json"), shop.folder.file("asyncapi.json"))
            let schemas = try shop.lode(["schema", "events", "--output", files.0] + origin)
            #expect(schemas.status == 0, "\(schemas.error)")
            let document = try shop.lode(
                ["schema", "asyncapi", "--title", "Shop", "--api-version", "2.1.0", "--output", files.1] + origin)
            #expect(document.status == 0, "\(document.error)")
            let told = try Shell.run(
                "python3", ["-W", "ignore", "-c", Self.script, files.0, files.1, shop.folder.file("events.jsonl")])
            let lines = told.split(separator: "\n").map(String.init)
            #expect(lines.allSatisfy { $0.hasSuffix(" ok") }, "\(lines.filter { !$0.hasSuffix(" ok") })")
            let types = Set(lines.compactMap { $0.split(separator: " ").first.map(String.init) })
            let expected = [
                "Kind", "KindParts", "OrderPlaced", "OrderChanged", "OrderNote", "OrderGone", "Lines", "Said", "Sold",
            ]
            #expect(types == Set(expected.map { "com.shop.\($0)" } + ["Outbox", "document"]))
        }
    }

    @Test func membersAreRequiredThatAreNeverLeftOut() throws {
        let shop = try RecordedShop(schema: Self.schema, events: Self.events, statements: [])
        let recording = shop.folder.file("log.jsonl")
        func schema(_ type: String) throws -> [String: Any] {
            let output = try shop.lode(["schema", "events", type, "--recording", recording])
            #expect(output.status == 0, "\(output.error)")
            return try #require(try JSONSerialization.jsonObject(with: Data(output.out.utf8)) as? [String: Any])
        }
        let changed = try schema("com.shop.OrderChanged")
        #expect(changed["required"] as? [String] == ["id", "total"])
        let note = try schema("OrderNote")
        #expect(note["required"] as? [String] == ["id", "total"])
        #expect(note["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let gone = try #require(try schema("OrderGone")["anyOf"] as? [[String: Any]])
        #expect(gone.map { $0["required"] as? [String] } == [["id"], ["table", "cascade", "restart_sequences"]])
        let parts = try #require(try schema("KindParts")["properties"] as? [String: [String: Any]])
        #expect(parts["sure"]?["type"] as? String == "boolean")
        #expect(parts["known"]?["type"] as? String == "string")
        #expect(parts["a"]?["type"] as? [String] == ["integer", "null"])
        #expect(try shop.lode(["schema", "events", "Nothing", "--recording", recording]).status == 64)
    }

    @Test func diffSaysWhatBreaksReaders() throws {
        let shop = try RecordedShop()
        let new = try shop.map(
            """
            events:
              OrderPlaced: { from: insert into orders, key: status, data: { orderId: id::text, total: total, extra: 1 } }
              OrderPaid: { from: update orders, when: changed(status) and status = 'PAID', key: id, data: { orderId: id } }
            """, as: "new.yaml")
        let arguments = ["diff", shop.folder.file("lode.yaml"), new, shop.folder.file("shop.recording.jsonl")]
        let output = try LodeProgram.run(arguments)
        #expect(output.status == 1)
        let lines = output.out.split(separator: "\n").map(String.init)
        #expect(lines.contains("contracts: 2 changes break readers"))
        #expect(lines.contains("  breaking  OrderPlaced may now have no key"))
        #expect(
            lines.contains { $0.hasPrefix("  breaking  OrderPlaced data.orderId was integer and may now be string") })
        #expect(lines.contains("            OrderPlaced data.extra is new"))
        struct Answer: Decodable {
            struct Change: Decodable {
                var type, path, message: String
                var breaking: Bool
            }
            var contracts: [Change]
        }
        let json = try LodeProgram.run(arguments + ["--json"])
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.out.utf8))
        #expect(answer.contracts.filter(\.breaking).map(\.path) == ["", "data.orderId"])
    }
}
