import LodeCore
import TestSupport
import Testing

@testable import Lode

@Suite struct EventSQLTests {
    private func read(_ text: String) throws -> EventSQL {
        try EventSQL(SourceText(text, at: Place(file: "lode.yaml", line: 7, column: 1, lineText: text)))
    }

    @Test(arguments: [
        ("select :a", "select $1", ["a"]),
        (
            "insert into t values (:orderId, :total, :orderId)", "insert into t values ($1, $2, $1)",
            ["orderId", "total"]
        ),
        ("select :a::int, :b :: text", "select $1::int, $2 :: text", ["a", "b"]),
        ("select x::int", "select x::int", []),
        ("select ':a', 'it''s :a', E'\\':a', e'\\\\', :b", "select ':a', 'it''s :a', E'\\':a', e'\\\\', $1", ["b"]),
        ("select 'back\\', :a, ''", "select 'back\\', $1, ''", ["a"]),
        ("select E'a'\n  '\\':x', :a", "select E'a'\n  '\\':x', $1", ["a"]),
        ("select E'a' -- it's\n'\\':x', :a", "select E'a' -- it's\n'\\':x', $1", ["a"]),
        ("select $$ :a ; ' $$, $x$ $$ :b $x$, :c", "select $$ :a ; ' $$, $x$ $$ :b $x$, $1", ["c"]),
        ("select a$b$c, :d", "select a$b$c, $1", ["d"]),
        ("select \":a\", \"x\"\":b\", :c", "select \":a\", \"x\"\":b\", $1", ["c"]),
        (
            "select 1 -- :a\n, :b /* :c /* :d */ :e */ , :f", "select 1 -- :a\n, $1 /* :c /* :d */ :e */ , $2",
            ["b", "f"]
        ),
        ("select f(x := :a, y => :b)", "select f(x := $1, y => $2)", ["a", "b"]),
        (
            "select list[1:n], list[:n], list[:a:b], (list)[a(1):n]",
            "select list[1:n], list[$1], list[$2:b], (list)[a(1):n]", ["n", "a"]
        ),
        ("select :größe, :_a1", "select $1, $2", ["größe", "_a1"]),
        ("select :\"order id\", :\"a\"\"b\", :\"data\"", "select $1, $2, $3", ["order id", "a\"b", "data"]),
        ("select :a$", "select $1 $", ["a"]),
        ("select :a/:b*:c-:d", "select $1/$2*$3-$4", ["a", "b", "c", "d"]),
        ("select '{\"a\":1}'::jsonb ? :a", "select '{\"a\":1}'::jsonb ? $1", ["a"]),
        ("select : a", "select : a", []),
    ])
    func namesBecomeNumbers(text: String, sql: String, members: [String]) throws {
        let read = try read(text)
        #expect(read.statements.map(\.sql) == [sql])
        #expect(read.members == members)
    }

    @Test func theEventHasNamesOfItsOwn() throws {
        let sql = try read("select :event.id, :event.type, :event.key, :event.time, :event.source, :data, :event, :id")
        #expect(
            sql.fields == [
                .id, .type, .key, .time, .source, .data, .member(Array("event".utf8)), .member(Array("id".utf8)),
            ])
        #expect(sql.statements[0].parameters == Array(0..<8))
    }

    @Test func statementsEndAtSemicolonsThatAreTheirs() throws {
        let sql = try read(
            """
            insert into a values (:x);
            -- nothing; here
            ; ;
            create rule r as on insert to t do (delete from u where id = :y; delete from v);
            select ';' ; update b set x = :y, z = :x
            """)
        #expect(
            sql.statements.map { $0.sql.split(separator: "\n").last.map { $0.trimmingPrefix { $0 == " " } } }
                == [
                    "insert into a values ($1)",
                    "create rule r as on insert to t do (delete from u where id = $1; delete from v)",
                    "select ';' ", "update b set x = $1, z = $2",
                ])
        // Fields are the event's, numbers are the statement's.
        #expect(sql.members == ["x", "y"])
        #expect(sql.statements.map(\.parameters) == [[0], [1], [], [1, 0]])
    }

    @Test(arguments: [
        ("select 🚩'it", "close it with “'”"),
        ("select E🚩'it\\'", "close it with “'”"),
        ("select 🚩\"it", "a quoted name does not end"),
        ("select 🚩$a$ it $b$", "close it with “$a$”"),
        ("select 1 🚩/* /* */", "close it with “*/”"),
        ("select 🚩:event.tpye", "did you mean “:event.type”?"),
        ("select 🚩:event.zebra", ":event.id, :event.type, :event.key, :event.time, :event.source"),
        ("select 🚩:data.total", "write :total"),
        ("select 🚩:customer.name", "(:customer::jsonb ->> 'name')"),
        ("select 🚩$1", "write :name"),
        ("select 1; 🚩commit", "COMMIT is not for here"),
        ("🚩Begin; select 1", "BEGIN is not for here"),
        ("🚩start transaction", "START TRANSACTION is not for here"),
        ("select 1; 🚩rollback to x; select 2", "ROLLBACK is not for here"),
        ("🚩copy t from stdin", "write INSERT"),
        ("🚩", "there is no statement"),
        ("🚩 -- nothing\n ;", "there is no statement"),
        ("select 'ä', 🚩:event.x, 🚩:event.y", "an event has no"),
        ("select :🚩\"a", "a member's name does not end"),
    ])
    func mistakesAreToldWithTheirPlaces(marked: String, message: String) throws {
        var text = ""
        var columns: [Int] = []
        for scalar in marked.unicodeScalars {
            if scalar == "🚩" {
                columns.append(text.unicodeScalars.count + 1)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        do {
            _ = try read(text)
            Issue.record("was read")
        } catch let error as Diagnostics {
            #expect(error.all.map { $0.place?.column } == columns)
            #expect(error.all.allSatisfy { $0.place?.line == 7 && $0.message.contains(message) }, "\(error)")
        }
    }

    @Test func anythingIsReadOrRefused() {
        var random = SeededGenerator(for: "event SQL")
        let tokens = [
            "'", "''", "E'", "\\", "\"", "$$", "$a$", "$", "--", "\n", "/*", "*/", ":", "::", ":=", ":a", ":event.id",
            ":event.", ".", ";", "(", ")", "[", "]", " ", "é", "x", "1", "\u{0}", ":\"b\"", "select", "commit",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...14, using: &random)
            let text = (0..<count).map { _ in tokens.randomElement(using: &random) ?? "" }.joined()
            guard let sql = try? EventSQL(SourceText(text)) else { continue }
            for statement in sql.statements {
                #expect(statement.parameters.allSatisfy { $0 < sql.fields.count })
                #expect(Set(statement.parameters).count == statement.parameters.count)
            }
        }
    }
}
