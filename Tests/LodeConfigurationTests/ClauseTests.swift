import LodeConfiguration
import LodeCore
import Testing

@Suite struct FromClauseTests {
    private func trigger(_ text: String) throws -> EventDefinition.Trigger {
        let yaml = shop + "events:\n  A:\n    from: |\n      \(text)\n"
        return try #require(try load(yaml).events.first?.ways.first?.trigger)
    }

    @Test(arguments: [
        ("insert into orders", RowOperation.insert, "public", "orders"),
        ("UPDATE Shop.Orders", .update, "shop", "orders"),
        ("delete  from\t\"Odd \"\"name\"\"\"", .delete, "public", "Odd \"name\""),
        ("update \"A.b\" . \"C\"", .update, "A.b", "C"),
        ("insert into Größe$1", .insert, "public", "größe$1"),
        ("update \"where\"", .update, "public", "where"),
        ("update transaction", .update, "public", "transaction"),
    ])
    func namesAreReadAsPostgreSQLReadsThem(
        text: String, operation: RowOperation, schema: String, table: String
    ) throws {
        #expect(try trigger(text) == .row(operation, TableName(schema: schema, name: table)))
    }

    @Test(arguments: [
        ("truncate orders", EventDefinition.Trigger.truncate(TableName(schema: "public", name: "orders"))),
        ("TRUNCATE TABLE Shop.Orders", .truncate(TableName(schema: "shop", name: "orders"))),
        ("truncate \"table\"", .truncate(TableName(schema: "public", name: "table"))),
        ("transaction", .transaction), ("Transaction ", .transaction),
        ("message 'order.placed'", .message(prefix: "order.placed")),
        ("MESSAGE 'It''s \"odd\" é'", .message(prefix: "It's \"odd\" é")),
        ("message'Lode.Context'", .message(prefix: "Lode.Context")),
        ("message ''", .message(prefix: "")),
    ])
    func whatIsNoRowCanSetAnEventOffToo(text: String, expected: EventDefinition.Trigger) throws {
        #expect(try trigger(text) == expected)
    }

    @Test(arguments: [
        ("▸upsert orders", "write “insert into orders”, “update orders” or “delete from orders”"),
        ("insert ▸orders", "“into” is missing after “insert”"),
        ("delete ▸orders", "“from” is missing after “delete”"),
        ("▸insert", "“into” is missing"),
        ("▸update", "the table's name is missing"),
        ("update a▸; drop", "something stands after"), ("update ▸7", "cannot stand here"),
        ("update ▸\"\"", "empty or has no end"),
        ("update ▸\"abc", "empty or has no end"),
        ("update ▸'abc'", "cannot stand in single quotes"),
        ("update a.b▸.c", "something stands after the table's name"),
        ("update orders ▸where id = 1", "put the condition under when"),
        ("update ▸where id = 1", "the table's name is missing"),
        ("'▸\"update\" orders'", "does not begin with what happened"),
        ("▸orders", "does not begin with what happened"),
        ("▸truncate", "the table's name is missing"),
        ("▸truncate table", "the table's name is missing"),
        ("truncate a▸, b", "something stands after the table's name"),
        ("transaction ▸orders", "“from” is complete here"),
        ("▸message", "the message's prefix is missing"),
        ("message ▸orders", "stands in single quotes; write “message 'prefix'”"),
        ("message ▸\"orders\"", "stands in single quotes"),
        ("message ▸'orders", "the prefix has no end"),
        ("message 'a' ▸'b'", "“from” is complete here"),
        ("message ▸'lode.heartbeat'", "makes no event: Lode writes it itself, to see the log move"),
        ("message ▸'lode.context'", "makes no event: it says what the events of its transaction have in common"),
    ])
    func aFromThatCannotBeReadIsToldWhere(text: String, words: String) {
        expectErrors(shop + "events:\n  A:\n    from: \(text)\n", words)
    }
}

@Suite struct GatherTests {
    private func gathers(_ yaml: String) throws -> [EventDefinition.Gather] {
        try load(shop + "events:\n  A:\n    from: insert into orders\n    gather: { \(yaml) }\n").events[0].ways[0]
            .gather
    }

    @Test func changesOfOtherTablesAreGatheredUnderNames() throws {
        let found = try gathers(
            "Lines: insert into shop.Order_Lines where order_id = orders.id, paid: delete from \"Debts\", größe: update b"
        )
        #expect(found.map(\.name.text) == ["lines", "paid", "größe"])
        #expect(found.map(\.operation) == [.insert, .delete, .update])
        #expect(
            found.map(\.table) == [
                TableName(schema: "shop", name: "order_lines"), TableName(schema: "public", name: "Debts"),
                TableName(schema: "public", name: "b"),
            ])
        #expect(found.map(\.condition?.text) == ["order_id = orders.id", nil, nil])
        #expect(found.first?.from.text == "insert into shop.Order_Lines where order_id = orders.id")
    }

    @Test(arguments: ["update a", "transaction", "truncate a", "message 'a'"])
    func whateverSetsAnEventOffCanGather(from: String) throws {
        let way = "{ from: \(from), gather: { lines: insert into l } }"
        #expect(try load(shop + "events: { A: \(way) }\n").events.first?.ways.first?.gather.count == 1)
    }

    @Test(arguments: [
        ("old", "it means something else"), ("New", "it means something else"), ("trigger", "it means something else"),
        ("prefix", "it means something else"), ("content", "it means something else"),
        ("event", "it means something else"), ("Orders", "it is the trigger's table"),
        ("a-b", "use letters, digits and _"), ("1a", "use letters, digits and _"), ("a b", "use letters, digits and _"),
        ("and", "it is a word of the language"), ("Null", "it is a word of the language"),
    ])
    func aNameThatAnExpressionCannotUseIsRefused(name: String, words: String) {
        expectErrors(
            shop + "events:\n  A:\n    from: insert into orders\n    gather: { ▸\(name): insert into l }\n", words)
    }

    @Test func namesThatDifferInCapitalsAloneAreOne() {
        expectErrors(
            shop + "events:\n  A: { from: update a, gather: { lines: update b, ▸Lines: update c } }\n",
            "“Lines” is gathered already, in line 3")
        expectErrors(
            shop + "events:\n  A: { from: update a, gather: { lines: update b, ▸lines: update c } }\n",
            "“lines” stands here twice")
    }

    @Test(arguments: [
        ("l: ▸upsert l", "does not begin with what happened; write “insert into order_lines where"),
        ("l: ▸transaction", "only changes of rows can be gathered, not “transaction”"),
        ("l: ▸message 'a'", "only changes of rows can be gathered, not “message”"),
        ("l: ▸truncate a", "only changes of rows can be gathered, not “truncate”"),
        ("l: insert ▸l", "“into” is missing"), ("l: update l ▸a = 1", "put “where” before a condition"),
        ("l: update l ▸where", "no condition stands after “where”"), ("l: update ▸where a", "name is missing"),
        ("▸l: ", "“l” has no value"), ("l: ▸[a]", "“l” is a text, not a list"),
    ])
    func aGatherThatCannotBeReadIsToldWhere(text: String, words: String) {
        expectErrors(shop + "events:\n  A:\n    from: update a\n    gather:\n      \(text)\n", words)
    }

    @Test func aGatherNamesSomething() {
        expectErrors(shop + "events:\n  A: { from: update a, gather: ▸{} }\n", "“gather” names nothing")
        expectErrors(shop + "events:\n  A: { from: update a, ▸gather: }\n", "“gather” names nothing")
        expectErrors(shop + "events:\n  A: { from: update a, gather: ▸[a] }\n", "is a mapping, not a list")
        expectErrors(shop + "events:\n  A: { from: update a, gather: ▸insert into l }\n", "is a mapping, not a text")
    }
}
