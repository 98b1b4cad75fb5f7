import Foundation
import TestSupport
import Testing

struct CheckCommandTests {
    private let database: TestDatabase
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TABLE orders (id int PRIMARY KEY, status text NOT NULL, total numeric(9,2));
            CREATE TABLE orders_2024 (id int, status text) PARTITION BY RANGE (id);
            CREATE TABLE orders_2024_1 PARTITION OF orders_2024 FOR VALUES FROM (1) TO (9);
            """)
    }

    private func check(_ text: String, _ options: [String] = []) throws -> Shell.Output {
        let file = try folder.write(text.replacing("SHOP", with: database.connection), to: "lode.yaml")
        return try LodeProgram.run(["check", "--config", file] + options)
    }

    private static let source = "sources: { shop: { connection: \"SHOP\", slot: never_made } }\n"

    /// Of every kind: of the file, of names, of types, of the language, of tables.
    private static let tenMistakes = """
        sources:
          shop: { connection: "SHOP", slot: never_made }
        colour: blue
        events:
          A:
            from: insert into orders
            when: statsu = 'NEW'
            data: { total: totel }
          B:
            from: insert into order
          C:
            from: update orders
            when: old.total + 
          D:
            from: insert into orders_2024_1
            key: id
          E:
            from: insert into orders
            wehn: status = 'NEW'
          F:
            from: delete from orders
            when: status = 5
            key: new.id
        subscribers:
          screen: { stdout: {}, where: "data.total >" }
        """

    @Test func tenMistakesAreTenErrorsEachWithItsPlace() throws {
        let output = try check(Self.tenMistakes)
        #expect(output.status == 78)
        let file = folder.file("lode.yaml")
        let errors = output.error.split(separator: "\n").filter { $0.contains(": error: ") }
        let places = errors.map { line in
            line.dropFirst(file.count + 1).split(separator: ":").prefix(2).joined(separator: ":")
        }
        #expect(
            places == [
                "3:1", "7:11", "8:20", "10:11", "13:22", "15:11", "19:5", "22:18", "23:10", "25:45",
            ], "\(output.error)")
        // Each with the line and a caret under the place.
        let lines = output.error.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, line) in lines.enumerated() where line.contains(": error: ") && index + 2 < lines.count {
            let column = line.dropFirst(file.count + 1).split(separator: ":")[1]
            #expect(lines[index + 2] == String(repeating: " ", count: (Int(column) ?? 0) - 1) + "^", "\(line)")
        }
    }

    @Test func warningsAreNoFailureUnlessStrict() throws {
        let text = Self.source + "events: { A: { from: update orders, when: changed(status), data: id } }"
        let output = try check(text)
        #expect(output.status == 0, "\(output.error)")
        #expect(
            output.error.contains("lode.yaml:2:43: warning: the log does not carry the old status of public.orders"))
        #expect(output.error.contains("; ALTER TABLE public.orders REPLICA IDENTITY FULL;"))
        #expect(output.error.contains("lode.yaml: 1 event, 1 warning\n"))
        #expect(try check(text, ["--strict"]).status == 1)
        #expect(try check(text, ["--offline"]).status == 0)
        let fine = try check(Self.source + "events: { A: { from: insert into orders } }", ["--strict"])
        #expect(fine.status == 0, "\(fine.error)")
    }

    @Test func aServerThatCannotBeHadIsSomethingElse() throws {
        let text = "sources: { shop: { connection: 'host=/nowhere' } }\nevents: { A: { from: insert into orders } }"
        #expect(try check(text).status == 69)
        #expect(try check(text, ["--offline"]).status == 0)
        #expect(try check(text.replacing("orders }", with: "orders, when: a = }")).status == 78)
        #expect(try LodeProgram.run(["check", "--config", folder.file("none.yaml")]).status == 78)
        #expect(try LodeProgram.run(["check", "--colour"]).status == 64)
    }

    @Test func aRecordingStandsForTheDatabase() throws {
        let shop = try RecordedShop()
        let recording = shop.folder.file("shop.recording.jsonl")
        let right = try shop.lode(["check", "--offline", "--recording", recording])
        #expect(right.status == 0, "\(right.error)")
        try shop.map("events: { A: { from: insert into orders, when: statsu = 'NEW' } }")
        let wrong = try shop.lode(["check", "--offline", "--recording", recording])
        #expect(wrong.status == 78)
        #expect(wrong.error.contains("did you mean “status”?"))
        #expect(try shop.lode(["check", "--recording", shop.folder.file("none")]).status == 69)
    }
}
