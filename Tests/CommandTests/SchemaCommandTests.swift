import Foundation
import TestSupport
import Testing

/// lode.yaml's schema, judged by a validator that is not ours: Python's `jsonschema`.
@Suite(.blocking, .serialized) struct SchemaCommandTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Prints `ok` or the first mistake of each file. YAML is read as version 1.2 has it, where `on` is
    /// a word and a date is a text.
    static let script = """
        import json, sys, yaml
        from jsonschema import Draft202012Validator
        class Loader(yaml.SafeLoader): pass
        Loader.yaml_implicit_resolvers = {}
        for tag, words in [("bool", "true false"), ("null", "null ~")]:
            import re
            pattern = re.compile("^(" + "|".join(words.split()) + ("|)$" if tag == "null" else ")$"))
            Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, pattern, None)
        Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^-?[0-9]+$"), None)
        schema = json.load(open(sys.argv[1]))
        Draft202012Validator.check_schema(schema)
        for name in sys.argv[2:]:
            errors = list(Draft202012Validator(schema).iter_errors(yaml.load(open(name), Loader)))
            print("ok" if not errors else "/".join(map(str, errors[0].path)) + ": " + errors[0].message.split("\\n")[0])
        """

    static func judge(_ files: [String]) throws -> [String] {
        let folder = try TemporaryFolder()
        let schema = folder.file("lode.schema.json")
        let output = try LodeProgram.run(["schema", "config", "--output", schema])
        guard output.status == 0 else { throw TestFailure(output.error) }
        let told = try Shell.run("python3", ["-W", "ignore", "-c", script, schema] + files)
        return told.split(separator: "\n").map(String.init)
    }

    @Test func theShopAndTheExamplesOfTheDocumentationAreValid() throws {
        let folder = try TemporaryFolder()
        var files = [Self.root.appendingPathComponent("docker/shop/lode.yaml").path]
        let catalogue = Self.root.appendingPathComponent("Sources/Lode/Lode.docc")
        let pages = try FileManager.default.contentsOfDirectory(at: catalogue, includingPropertiesForKeys: nil)
        for page in [Self.root.appendingPathComponent("README.md")] + pages where page.pathExtension == "md" {
            let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
            for part in parts where part.hasPrefix("yaml\nsources:") {
                files.append(try folder.write(String(part.dropFirst(5)), to: "example-\(files.count).yaml"))
            }
        }
        #expect(files.count > 2)
        #expect(try Self.judge(files) == files.map { _ in "ok" })
    }

    @Test func everythingThatTheLanguageHasIsValid() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            # yaml-language-server: $schema=lode.schema.json
            sources:
              shop: { connection: "${SHOP_URL:-dbname=shop}", slot: lode_shop, heartbeat: none }
              stock: { connection: service=stock, heartbeat: "${BEAT:-5s}" }
            journal: { path: lode.journal, retain: { for: 7d, size: 10GB } }
            http: none
            type_prefix: com.example.
            on_error: skip
            events:
              OrderPlaced:
                source: shop
                from: insert into orders
                when: status = 'NEW'
                key: id
                net: true
                unknown: reselect
                gather: { lines: insert into order_lines where order_id = orders.id }
                data:
                  orderId: id
                  version: 1
                  nothing: null
                  lines: { each: lines, as: { sku: sku, quantity: quantity } }
              OrderCancelled:
                - { from: update orders, when: changed(status), source: shop }
                - { from: delete from orders }
              Outbox: { from: insert into outbox, preset: debezium-outbox, source: stock }
              Said: { from: message 'said', id: content.id, type: content.type, key: content.key, source: stock }
            subscribers:
              all: { on: "Order*", start: 2026-01-01, retry: { attempts: "${N:-3}", first: 1s }, then: stop, stdout: {} }
              file: { on: [OrderPlaced, Said], where: data.total > 0, file: { path: events.jsonl } }
              swift: { swift: {} }
              hook:
                webhook: { url: "https://a", secrets: [a, b], mode: batch, concurrency: 8, timeout: 10s, headers: { a: b } }
              sql: { postgres: { connection: dbname=b, sql: { OrderPlaced: "insert into t values (:orderId)" } } }
              kafka: { kafka: { brokers: "localhost:9092", topic: "shop.{type}", mode: binary, options: { acks: all } } }
              nats: { nats: { url: "nats://localhost:4222", subject: "shop.{type}" } }
              rabbit: { rabbitmq: { url: "amqp://localhost", exchange: shop, routing_key: "{type}" } }
              redis: { redis: { url: "redis://localhost:6379", stream: "shop.{type}", trim: 1000000 } }
              exec: { start: 17, exec: { command: ["./handler", "--flag"] } }
            """, to: "lode.yaml")
        #expect(try Self.judge([file]) == ["ok"])
    }

    @Test func mistakesAreFound() throws {
        let folder = try TemporaryFolder()
        let source = "sources: { shop: { connection: dbname=shop } }\n"
        let mistakes = [
            "events: {}",
            source + "evnets: {}",
            source + "events: { A: { from: insert into t, wehn: a } }",
            source + "events: { A: { when: a } }",
            source + "events: { A: { from: insert into t, gather: { 1a: insert into u } } }",
            source + "events: { A: { from: insert into t, unknown: guess } }",
            source + "events: { A: { from: insert into t, data: [a] } }",
            source + "events: { A: { from: insert into t, data: { l: { each: { a: b }, as: c } } } }",
            source + "subscribers: { a: { on: A } }",
            source + "subscribers: { a: { stdout: {}, swift: {} } }",
            source + "subscribers: { a: { stdout: {}, retry: { attempts: 0 } } }",
            source + "subscribers: { a: { stdout: {}, retry: { first: 10 } } }",
            source + "subscribers: { a: { file: {} } }",
            source + "journal: { retain: { size: 7d } }",
        ]
        let files = try mistakes.enumerated().map { try folder.write($0.element, to: "\($0.offset).yaml") }
        let told = try Self.judge(files)
        #expect(told.count == mistakes.count)
        for (mistake, answer) in zip(mistakes, told) { #expect(answer != "ok", "\(mistake)") }
    }
}
