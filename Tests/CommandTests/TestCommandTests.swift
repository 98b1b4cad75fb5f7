import Foundation
import TestSupport
import Testing

@Suite(.blocking, .serialized) struct TestCommandTests {
    @Test func expectedEventsAreWrittenOnceAndComparedFromThenOn() throws {
        let shop = try RecordedShop()
        let first = try shop.lode(["test"])
        #expect(first.status == 1)
        #expect(
            shop.shown(first.out).contains(
                "there is no shop.events.jsonl, and the recording gives 3 events; run lode test --update"))

        let update = try shop.lode(["test", "--update"])
        #expect(update.status == 0, "\(update.error)")
        #expect(shop.shown(update.out).hasPrefix("new      shop.events.jsonl  3 events\n"))
        let replay = try shop.lode(["replay", shop.folder.file("shop.recording.jsonl")])
        #expect(shop.folder.text("shop.events.jsonl") == replay.out)

        let again = try shop.lode(["test"])
        #expect(again.status == 0)
        #expect(
            shop.shown(again.out) == """
                ok       shop.recording.jsonl  3 events
                1 recording: 1 as expected

                """)
    }

    @Test func aDifferenceSaysWhichEventsAndWhichMembers() throws {
        let shop = try RecordedShop()
        _ = try shop.lode(["test", "--update"])
        try shop.map(
            """
            events:
              OrderPlaced: { from: insert into orders, when: total > 10, key: id, data: { orderId: id, total: status } }
              OrderPayed: { from: update orders, key: id, data: { orderId: id } }
            """)
        let report = shop.folder.file("report.xml")
        let output = try shop.lode(["test", "--junit", report])
        #expect(output.status == 1)
        let lines = shop.shown(output.out).split(separator: "\n").map(String.init)
        #expect(lines.first == "FAILED   shop.recording.jsonl  2 missing, 1 extra, 1 changed")
        #expect(lines.contains { $0.hasPrefix("  ~ OrderPlaced  1  ") })
        #expect(lines.contains("      data.total: 59.90 → \"NEW\""))
        #expect(lines.contains { $0.hasPrefix("  - OrderPlaced  2  ") })
        #expect(lines.contains("      {\"orderId\":2,\"total\":7.00}"))
        #expect(lines.contains { $0.hasPrefix("  - OrderPaid  1  ") })
        #expect(lines.contains { $0.hasPrefix("  + OrderPayed  1  ") })
        #expect(lines.last == "1 recording: 0 as expected, 1 failed")
        #expect(!output.out.contains("\u{1B}"), "a program gets no colours")
        #expect(shop.folder.text("report.xml").contains("message=\"2 missing, 1 extra, 1 changed\""))

        let update = try shop.lode(["test", "--update"])
        #expect(update.status == 0)
        #expect(shop.shown(update.out).hasPrefix("updated  shop.events.jsonl  2 missing, 1 extra, 1 changed\n"))
        #expect(try shop.lode(["test"]).status == 0)
    }

    @Test func everyFormatIsFoundByNameOrByContent() throws {
        let shop = try RecordedShop()
        let recorded = try shop.lode(["decode", shop.folder.file("shop.recording.jsonl")])
        #expect(recorded.status == 0)
        let plain = """
            BEGIN 7
            table public.orders: INSERT: id[integer]:1 status[text]:'NEW' total[numeric]:1.00
            COMMIT 7

            """
        for name in ["a.recvlogical", "b.txt", "c.txt", ".hidden/d.recvlogical", "sub/e.recvlogical"] {
            let path = shop.folder.file(name)
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try plain.write(toFile: path, atomically: false, encoding: .utf8)
        }
        // Beside expected events, but no recording.
        try shop.folder.write("BEGIN;\nINSERT INTO orders VALUES (1);\n", to: "b.sql")
        try shop.folder.write("", to: "b.events.jsonl")
        try shop.folder.write("", to: "gone.events.jsonl")
        let output = try shop.lode(["test", "--update"])
        #expect(output.status == 0, "\(output.error)")
        #expect(
            shop.shown(output.out).split(separator: "\n").filter { !$0.hasPrefix(" ") }
                .map { $0.split(separator: " ").dropFirst().first } == [
                    "a.events.jsonl", "b.events.jsonl", "shop.events.jsonl", "sub/e.events.jsonl", "recordings:",
                ])
        #expect(shop.shown(output.error).hasPrefix("gone.events.jsonl: warning: no recording goes with these events"))
        #expect(shop.folder.text("a.events.jsonl").contains("\"id\":\"t"), "without LSNs, transactions are counted")
    }

    @Test func whatCannotBeTranslatedFailsAloneAndWithTheRightCode() throws {
        let shop = try RecordedShop()
        _ = try shop.lode(["test", "--update"])
        let whole =
            "BEGIN 7\ntable public.orders: INSERT: id[integer]:1 status[text]:'NEW' total[numeric]:1\nCOMMIT 7\n"
        try shop.folder.write(whole + "BEGIN 8\ntable public.orders: INSERT: id[integer]", to: "cut.recvlogical")
        let cut = try shop.lode(["test"])
        #expect(cut.status == 1)
        #expect(shop.shown(cut.out).contains("FAILED   cut.recvlogical\n  cut.recvlogical:"))
        #expect(cut.out.contains("ok       "))

        try shop.map("events: { A: { from: insert into orders, when: nothing = 1 } }")
        let wrong = try shop.lode(["test", shop.folder.file("shop.recording.jsonl")])
        #expect(wrong.status == 78)
        #expect(wrong.out.contains("nothing"))

        #expect(try shop.lode(["test", shop.folder.file("absent")]).status == 69)
        #expect(try shop.lode(["test", shop.folder.file("shop.events.jsonl")]).status == 64)
        #expect(try shop.lode(["test", "--nonsense"]).status == 64)
        let empty = try TemporaryFolder()
        #expect(try shop.lode(["test", empty.path]).status == 1)
    }

    @Test func ofSeveralSourcesTheOneThatWasRecordedIsMeant() throws {
        let shop = try RecordedShop()
        _ = try shop.lode(["test", "--update"])
        try shop.folder.write(
            """
            sources: { stock: { connection: dbname=stock }, shop: { connection: dbname=shop } }
            events:
              Counted: { source: stock, from: insert into items, key: id }
            \(RecordedShop.events.replacing("{ from", with: "{ source: shop, from").split(separator: "\n")
                .dropFirst().joined(separator: "\n"))
            subscribers: { screen: { stdout: {} } }
            """, to: "lode.yaml")
        let output = try shop.lode(["test"])
        #expect(output.status == 0, "\(output.out)\(output.error)")
        #expect(try shop.lode(["test", "--source", "stock"]).status == 78)
        #expect(try shop.lode(["test", "--source", "none"]).status == 64)
    }

    @Test func linesThatAreNoEventsAreNamed() throws {
        let shop = try RecordedShop()
        _ = try shop.lode(["test", "--update"])
        try shop.folder.write("{\"id\":\"1\",\"type\":\"A\"}\nnonsense\n", to: "shop.events.jsonl")
        let output = try shop.lode(["test"])
        #expect(output.status == 1)
        #expect(shop.shown(output.out).contains("shop.events.jsonl:2:1: error: this is no event; mend it, or run"))
        #expect(try shop.lode(["test", "--update"]).status == 0)
        #expect(try shop.lode(["test"]).status == 0)
    }
}
