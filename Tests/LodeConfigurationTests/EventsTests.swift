import LodeConfiguration
import LodeCore
import Testing

@Suite struct EventsTests {
    private func event(_ yaml: String) throws -> EventDefinition {
        try #require(try load(shop + "events:\n" + yaml).events.first)
    }

    @Test func aWayHasItsPartsWithTheirPlaces() throws {
        let marked = MarkedYAML(
            shop + """
                events:
                  ▸Placed:
                    from: ▸insert into Shop.Orders
                    when: "▸status = 'NEW'"
                    key: ▸id
                    data: { a: ▸x + 1 , b: { c: ▸true }, d: ▸7 }
                """)
        let event = try #require(try load(marked.text).events.first)
        let way = try #require(event.ways.first)
        #expect(way.trigger == .row(.insert, TableName(schema: "shop", name: "orders")))
        #expect(event.source == nil)
        guard case .object(let members) = way.data, case .object(let inner) = members[1].value else {
            Issue.record("data is \(String(describing: way.data))")
            return
        }
        #expect(members.map(\.name) == ["a", "b", "d"])
        let texts =
            [event.name, way.from, way.when, way.key].compactMap(\.self)
            + [members[0].value, inner[0].value, members[2].value].compactMap(Self.expression)
        #expect(
            texts.map(\.text) == [
                "Placed", "insert into Shop.Orders", "status = 'NEW'", "id", "x + 1", "true", "7",
            ])
        #expect(texts.compactMap(\.place).map { "\($0.line):\($0.column)" } == marked.places)
        #expect(texts.allSatisfy { $0.isVerbatim })
    }

    private static func expression(_ template: DataTemplate) -> SourceText? {
        if case .expression(let text) = template { text } else { nil }
    }

    @Test func dataMayBeOneExpression() throws {
        let way = try event("  A: { from: insert into a, data: payload }").ways.first
        #expect(way?.data.flatMap(Self.expression)?.text == "payload")
    }

    @Test func nullIsAnExpressionButNothingIsNot() throws {
        let way = try event("  A: { from: insert into a, data: { x: null } }").ways.first
        guard case .object(let members) = way?.data else { return #expect(Bool(false)) }
        #expect(members.first.map(\.value).flatMap(Self.expression)?.text == "null")
        expectErrors(
            shop + "events:\n  A: { from: insert into a, ▸when: , data: { ▸x: ~ } }\n",
            "“when” has no value", "“x” has no value")
    }

    @Test func waysAreTriedInTheFilesOrder() throws {
        let event = try event("  A:\n    - from: update a\n    - from: delete from a\n")
        let table = TableName(schema: "public", name: "a")
        #expect(event.ways.map(\.trigger) == [.row(.update, table), .row(.delete, table)])
    }

    @Test func aWayWithoutFromIsToldAtTheWay() {
        expectErrors(shop + "events:\n  A:\n    - ▸when: x\n    - from: update a\n", "has no “from”")
        expectErrors(shop + "events:\n  ▸A:\n    when: x\n", "has no “from”")
        expectErrors(shop + "events:\n  ▸A: []\n", "says nothing")
        expectErrors(shop + "events:\n  ▸A:\n", "says nothing")
        expectErrors(shop + "events:\n  A: ▸insert into a\n", "an event is a mapping, not a text")
    }

    @Test func withSeveralSourcesAnEventSaysWhich() throws {
        let sources = "sources: { a: { connection: a }, b: { connection: b } }\nevents:\n"
        expectErrors(sources + "  ▸E: { from: update t }\n", "add “source: a” or “source: b”")
        expectErrors(sources + "  E: { from: update t, source: ▸c }\n", "there is no source “c”")
        let ways = "  E:\n    - { from: update t, source: a }\n    - { from: delete from t }\n"
        #expect(try load(sources + ways).events.first?.source?.text == "a")
        expectErrors(
            sources + "  E:\n    - { from: update t, source: a }\n    - { from: delete from t, source: ▸b }\n",
            "one event is read from one source")
    }

    @Test func dataCannotBeAList() {
        expectErrors(shop + "events:\n  A: { from: update a, data: { x: ▸[1] } }\n", "cannot be a list")
    }

    @Test(arguments: ["a b", "Order*", "a,b"])
    func anEventNameThatNoTypeCanBeIsRefused(name: String) {
        expectErrors(shop + "events:\n  ▸\(name): { from: update a }\n", "cannot name an event")
    }

    @Test func anUnknownKeyOfAnEventIsNamed() {
        expectErrors(shop + "events:\n  A: { from: update a, ▸wehn: x }\n", "did you mean “when”?")
    }
}
