import Foundation
import TestSupport
import Testing

@Suite(.blocking, .serialized) struct InitCommandTests {
    private func initialize(_ database: TestDatabase, _ folder: TemporaryFolder) throws -> Shell.Output {
        let file = folder.file("lode.yaml")
        return try LodeProgram.run(["init", "--connection", database.connection, "--output", file])
    }

    /// What a suggested event says, its lines without their indent.
    private func event(_ name: String, in yaml: String) -> [String] {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let start = lines.firstIndex(where: { $0 == "  \(name):" || $0.hasPrefix("  \(name):  #") }) else {
            return []
        }
        return lines[(start + 1)...].prefix { $0.hasPrefix("    ") }.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test func aSchemaBecomesAMappingThatIsCheckedAndRuns() throws {
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TYPE state AS ENUM ('waiting', 'delivered');
            CREATE TABLE orders (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric(9,2), date date, "order" text,
                status text NOT NULL DEFAULT 'NEW' CHECK (status IN ('NEW', 'SHIPPED', 'it''s odd')));
            CREATE TABLE shipments (id uuid PRIMARY KEY, state state);
            CREATE TABLE tags (order_id bigint REFERENCES orders, shipment uuid REFERENCES shipments,
                               PRIMARY KEY (order_id, shipment));
            CREATE TABLE readings (id int, at date, status text CHECK (status IN ('RAW', 'VERIFIED')),
                                   PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE "Odd ""Name" ("Key" int PRIMARY KEY, "select" text, "true" boolean, "a: b #c" text, "${X}" int)
            """)
        let folder = try TemporaryFolder()
        let output = try initialize(database, folder)
        #expect(output.status == 0, "\(output.error)")
        #expect(output.error.contains("Next:\n  1. "))
        let yaml = folder.text("lode.yaml")
        #expect(try SchemaCommandTests.judge([folder.file("lode.yaml")]) == ["ok"])
        #expect(!yaml.contains("into readings_2026"), "rows of partitions are their root's")

        // Every warning is one that the file speaks of, and its statements are the mend.
        let config = ["--config", folder.file("lode.yaml")]
        let check = try LodeProgram.run(["check"] + config)
        #expect(check.status == 0, "\(check.error)")
        let warnings = check.error.split(separator: "\n").filter { $0.contains("warning:") }
        #expect(!warnings.isEmpty)
        #expect(warnings.allSatisfy { $0.contains("REPLICA IDENTITY FULL") }, "\(warnings)")
        let statements = yaml.split(separator: "\n").filter { $0.hasPrefix("#     ALTER TABLE") }.map {
            $0.dropFirst(6)
        }
        #expect(statements.count == 4, "two tables, a partitioned one and its partition")
        for statement in statements { try database.run(String(statement)) }
        let strict = try LodeProgram.run(["check", "--strict"] + config)
        #expect(strict.status == 0, "\(strict.error)")

        let slot = TestDatabase.slotName()
        try database.makeSlot(slot)
        try database.run("INSERT INTO orders (total) VALUES (1.50)")
        try database.run("UPDATE orders SET total = 2")
        try database.run("UPDATE orders SET status = 'SHIPPED'")
        try database.run("UPDATE orders SET status = 'it''s odd'")
        try database.run("INSERT INTO readings VALUES (1, '2026-02-03', 'RAW')")
        try database.run("UPDATE readings SET status = 'VERIFIED'")
        try database.run("INSERT INTO \"Odd \"\"Name\" VALUES (1, 's', true, 'c', 7)")
        try database.run("DELETE FROM orders")
        let recorded = try LodeProgram.run(
            [
                "record", "--slot", slot, "--output", folder.file("r"), "--until", "\(try database.position())",
                "--for", "20s",
            ]
                + config)
        #expect(recorded.status == 0, "\(recorded.error)")
        let replay = try LodeProgram.run(["replay", folder.file("r")] + config)
        #expect(replay.status == 0, "\(replay.error)")
        struct Event: Decodable { var type: String }
        let types = try replay.out.split(separator: "\n").map {
            try JSONDecoder().decode(Event.self, from: Data($0.utf8)).type
        }
        #expect(
            types == [
                "OrderCreated", "OrderShipped", "OrderStatusItsOdd", "ReadingCreated", "ReadingVerified",
                "OddNameCreated", "OrderDeleted",
            ])
        #expect(replay.out.contains(#""data":{"key":1,"select":"s","true":true,"aBC":"c","x":7}"#))
    }

    @Test func rowsThatBelongTogetherAndOutboxesAreSuggested() throws {
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TABLE orders (id int PRIMARY KEY, password_hash text, photo bytea, payment_status text
                CHECK (payment_status IN ('PAID', 'PENDING')));
            CREATE TABLE order_lines (order_id int NOT NULL REFERENCES orders, line int, sku text,
                                      PRIMARY KEY (order_id, line));
            CREATE TABLE payments (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders ON DELETE CASCADE,
                                   status text CHECK (status IN ('TAKEN')));
            CREATE TABLE notes (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders ON DELETE CASCADE, text text);
            CREATE TABLE reviews (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE);
            CREATE TABLE outbox (id uuid PRIMARY KEY, aggregatetype text, aggregateid text, type text, payload jsonb);
            CREATE TABLE other_outbox (id uuid PRIMARY KEY, aggregate_id text, event_type text, payload jsonb);
            CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY);
            CREATE TABLE log (at timestamptz, what text);
            CREATE TABLE quiet (id int PRIMARY KEY);
            ALTER TABLE quiet REPLICA IDENTITY NOTHING;
            CREATE SCHEMA stock;
            CREATE TABLE stock.orders (id int PRIMARY KEY)
            """)
        let folder = try TemporaryFolder()
        let output = try initialize(database, folder)
        #expect(output.status == 0, "\(output.error)")
        #expect(output.error.contains("public.log: it has no primary key"))
        #expect(output.error.contains("public.flyway_schema_history: it keeps track of migrations"))
        let yaml = folder.text("lode.yaml")
        #expect(try SchemaCommandTests.judge([folder.file("lode.yaml")]) == ["ok"])

        #expect(
            event("OrderCreated", in: yaml) == [
                "from: insert into orders", "key: id", "gather:", "notes: insert into notes where order_id = orders.id",
                "lines: insert into order_lines where order_id = orders.id", "data:", "orderId: id",
                "paymentStatus: payment_status", "notes:", "each: notes", "as:", "id: id", "text: text", "lines:",
                "each: lines", "as:", "line: line", "sku: sku", "# left out: password_hash, photo",
            ])
        #expect(
            event("OrderPaymentPaid", in: yaml).prefix(2) == [
                "from: update orders", "when: changed(payment_status) and payment_status = 'PAID'",
            ])
        #expect(
            event("OrderLineDeleted", in: yaml) == [
                "from: delete from order_lines", "key: order_id", "data:", "orderId: order_id", "line: line",
            ])
        #expect(event("Outbox", in: yaml) == ["from: insert into outbox", "preset: debezium-outbox"])
        #expect(
            event("OtherOutbox", in: yaml) == [
                "from: insert into other_outbox", "id: id", "type: event_type", "key: aggregate_id", "data: payload",
            ])
        #expect(event("StockOrderCreated", in: yaml).first == "from: insert into stock.orders")
        #expect(!event("QuietCreated", in: yaml).isEmpty)
        #expect(event("QuietDeleted", in: yaml).isEmpty)
        #expect(yaml.contains("ALTER TABLE quiet REPLICA IDENTITY DEFAULT;"))

        // What the checker does not know yet is no fault of the file.
        let check = try LodeProgram.run(["check", "--config", folder.file("lode.yaml")])
        let errors = check.error.split(separator: "\n").filter { $0.contains("error:") }
        #expect(errors.allSatisfy { $0.contains("not supported yet") || $0.contains("json_or_text") }, "\(errors)")
    }

    @Test func aFileIsNotOverwrittenAndAPasswordNotWritten() throws {
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY)")
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "lode.yaml")
        let refused = try initialize(database, folder)
        #expect(refused.status == 1)
        #expect(refused.error.contains("is there already"))
        #expect(folder.text("lode.yaml") == "mine")

        let file = folder.file("lode.yaml")
        let secret = database.connection + " password=geheim"
        let forced = try LodeProgram.run(["init", "--connection", secret, "--config", file, "--force"])
        #expect(forced.status == 0, "\(forced.error)")
        #expect(!folder.text("lode.yaml").contains("geheim"))
        let variable = "\(database.name.uppercased())_URL"
        #expect(folder.text("lode.yaml").contains("connection: \"${\(variable)}\""))
        #expect(forced.error.contains("export \(variable)="))
        let check = try LodeProgram.run(["check", "--config", file], environment: [variable: secret])
        #expect(check.status == 0, "\(check.error)")

        let printed = try LodeProgram.run(["init", "--connection", database.connection, "--output", "-"])
        #expect(printed.status == 0)
        #expect(printed.out.contains("from: insert into t\n"))
        #expect(printed.error.isEmpty)
        #expect(try LodeProgram.run(["init"]).status == 64)
        let nobody = "host=/nonexistent dbname=a"
        #expect(try LodeProgram.run(["init", "--connection", nobody, "--output", folder.file("b")]).status == 69)
        #expect(!FileManager.default.fileExists(atPath: folder.file("b")))
    }
}
