import Foundation
import TestSupport
import Testing

@Suite(.blocking, .serialized) struct DiffCommandTests {
    private func diff(_ shop: RecordedShop, _ new: String, _ options: [String] = []) throws -> Shell.Output {
        try LodeProgram.run(
            ["diff", shop.folder.file("lode.yaml"), new, shop.folder.file("shop.recording.jsonl")] + options)
    }

    @Test func equalMappingsHaveNoDifference() throws {
        let shop = try RecordedShop()
        let output = try diff(shop, shop.folder.file("lode.yaml"))
        #expect(output.status == 0, "\(output.error)")
        #expect(output.out == "no difference in 3 events\n")
        let json = try diff(shop, shop.folder.file("lode.yaml"), ["--json"])
        #expect(json.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
        #expect(object?["equal"] as? Bool == true)
    }

    @Test func differencesAreCountedByTypeAndTheFirstShown() throws {
        let shop = try RecordedShop()
        let new = try shop.map(
            """
            events:
              OrderPlaced: { from: insert into orders, key: id, data: { orderId: id, total: status } }
              OrderTouched: { from: update orders, key: id, data: { orderId: id } }
            """, as: "new.yaml")
        let output = try diff(shop, new, ["--show", "1"])
        #expect(output.status == 1)
        let lines = output.out.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(4) == [
                "type          before  after  added  dropped  changed",
                "OrderPaid          1      0      0        1        0",
                "OrderPlaced        2      2      0        0        2",
                "OrderTouched       0      1      1        0        0",
            ])
        #expect(lines.contains("      data.total: 59.90 → \"NEW\""))
        #expect(!lines.contains("      data.total: 7.00 → \"NEW\""))
        #expect(lines.contains("  … and 1 more"))
        #expect(lines.last == "1 dropped, 1 added, 2 changed")
    }

    @Test func aProgramGetsOneObject() throws {
        struct Answer: Decodable {
            struct Row: Decodable, Equatable {
                var type: String
                var before, after, added, dropped, changed: Int
            }
            struct Member: Decodable, Equatable {
                var path: String
                var before, after: Double
            }
            struct Difference: Decodable {
                var kind: String
                var members: [Member]?
            }
            var equal: Bool
            var types: [Row]
            var differences: [Difference]
        }
        let shop = try RecordedShop()
        let new = try shop.map(
            "events: { OrderPlaced: { from: insert into orders, key: id, data: { orderId: id, total: id } } }",
            as: "new.yaml")
        let output = try diff(shop, new, ["--json"])
        #expect(output.status == 1)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(output.out.utf8))
        #expect(!answer.equal)
        #expect(
            answer.types == [
                .init(type: "OrderPaid", before: 1, after: 0, added: 0, dropped: 1, changed: 0),
                .init(type: "OrderPlaced", before: 2, after: 2, added: 0, dropped: 0, changed: 2),
            ])
        #expect(answer.differences.map(\.kind) == ["changed", "changed", "dropped"])
        #expect(answer.differences.first?.members == [.init(path: "data.total", before: 59.9, after: 1)])
    }

    /// A log is compared part by part; nothing may depend on where the parts end.
    @Test func aLongLogIsComparedToItsEnd() throws {
        let folder = try TemporaryFolder()
        let filler = String(repeating: "x", count: 200)
        let log = (1...5000).map { number in
            """
            BEGIN \(number)
            table public.t: INSERT: id[integer]:\(number) note[text]:'\(filler)'
            COMMIT \(number)

            """
        }.joined()
        let recording = try folder.write(log, to: "log.recvlogical")
        let mapping = { (condition: String) in
            "sources: { shop: { connection: dbname=shop } }\n"
                + "events: { Added: { from: insert into t, when: \(condition), key: id, data: { id: id } } }\n"
        }
        let old = try folder.write(mapping("id > 10"), to: "old.yaml")
        let new = try folder.write(mapping("id <= 4000"), to: "new.yaml")
        let same = try LodeProgram.run(["diff", old, old, recording])
        #expect(same.out == "no difference in 4990 events\n")
        let output = try LodeProgram.run(["diff", old, new, recording, "--show", "0"])
        #expect(output.status == 1)
        let lines = output.out.split(separator: "\n").map(String.init)
        #expect(lines.contains("Added    4990   4000     10     1000        0"))
    }

    @Test func mistakesHaveTheCodesOfTheirKind() throws {
        let shop = try RecordedShop()
        let wrong = try shop.map("events: { A: { from: insert into orders, when: nothing = 1 } }", as: "wrong.yaml")
        #expect(try diff(shop, wrong).status == 78)
        #expect(try diff(shop, shop.folder.file("absent.yaml")).status == 78)
        #expect(try LodeProgram.run(["diff", wrong]).status == 64)
        let absent = try LodeProgram.run(
            ["diff", shop.folder.file("lode.yaml"), shop.folder.file("lode.yaml"), shop.folder.file("absent")])
        #expect(absent.status == 69)
    }
}
