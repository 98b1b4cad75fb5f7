import LodeConfiguration
import LodeCore
import Testing

/// What a way says beside `from`, `when`, `key` and `gather`.
@Suite struct WayTests {
    private func way(_ yaml: String) throws -> EventDefinition.Way {
        try #require(try load(shop + "events:\n  A: { \(yaml) }\n").events.first?.ways.first)
    }

    // MARK: - net

    @Test(arguments: [
        ("from: update a", false), ("from: update a, net: true", true), ("from: update a, net: false", false),
        ("from: transaction, net: true", true), ("from: truncate a, net: false", false),
    ])
    func aWayMayBeOfNetChanges(yaml: String, isNet: Bool) throws {
        #expect(try way(yaml).isNet == isNet)
    }

    @Test(arguments: ["truncate a", "message 'a'"])
    func whatIsNoRowHasNoNetChange(from: String) {
        expectErrors(shop + "events:\n  A: { from: \(from), ▸net: true }\n", "there is none here; remove it")
    }

    @Test(arguments: ["yes", "True", "1", "on"])
    func netIsTrueOrFalse(text: String) {
        expectErrors(shop + "events:\n  A: { from: update a, net: ▸\(text) }\n", "write true or false")
    }

    // MARK: - id, type, preset

    @Test func aReadyMadeEventBringsItsIdAndType() throws {
        let way = try way("from: insert into outbox, id: event_id, type: kind")
        #expect(way.id?.text == "event_id")
        #expect(way.type?.text == "kind")
        expectErrors(
            shop + "events:\n  A: { from: update a, ▸id: , type: ▸[a] }\n", "“id” has no value", "“type” is a text")
    }

    @Test func aPresetStandsForFourExpressions() throws {
        let marked = MarkedYAML(shop + "events:\n  A: { from: insert into shop.outbox, preset: ▸debezium-outbox }\n")
        let way = try #require(try load(marked.text).events.first?.ways.first)
        #expect(way.id?.text == "id")
        #expect(way.type?.text == "type")
        #expect(way.key?.text == "aggregateid")
        #expect(way.dataText?.text == "json_or_text(payload)")
        for text in [way.id, way.type, way.key, way.dataText].compactMap(\.self) {
            #expect(text.place(atByte: 2).map { "\($0.line):\($0.column)" } == marked.places.first)
        }
    }

    @Test func aWaysOwnKeysWinOverItsPreset() throws {
        let way = try way("from: insert into outbox, preset: debezium-outbox, key: a, data: { b: payload }, type: c")
        #expect(way.id?.text == "id")
        #expect(way.type?.text == "c")
        #expect(way.key?.text == "a")
        #expect(way.data != nil && way.dataText == nil)
    }

    @Test func aPresetThatCannotBeIsRefused() {
        expectErrors(
            shop + "events:\n  A: { from: insert into a, preset: ▸debezium-outbx }\n", "did you mean “debezium-outbox”?"
        )
        expectErrors(
            shop + "events:\n  A: { from: insert into a, preset: ▸mine }\n",
            "“mine” is nothing that “preset” can be; write debezium-outbox")
        expectErrors(
            shop + "events:\n  A: { from: ▸update outbox, preset: debezium-outbox }\n",
            "write “from: insert into outbox”")
        expectErrors(shop + "events:\n  A: { ▸preset: debezium-outbox }\n", "add “from: insert into outbox”")
    }

    // MARK: - unknown, on_error

    @Test func whatIsDoneAboutMistakesIsOneOfAFewWords() throws {
        #expect(try way("from: update a, unknown: reselect").unknown == .reselect)
        #expect(try load(shop + "events: { A: { from: update a, on_error: skip } }\n").events.first?.onError == .skip)
        expectErrors(
            shop + """
                on_error: ▸go
                ▸unknown: null
                events:
                  A: { from: update a, unknown: ▸drop, on_error: ▸skp }
                """, "write stop or skip", "“unknown” has no value", "write omit, fail or reselect",
            "did you mean “skip”?")
    }

    @Test func theWaysOfAnEventAgreeAboutErrors() {
        expectErrors(
            shop + "events:\n  A: [{ from: update a, on_error: stop }, { from: delete from a, on_error: ▸skip }]\n",
            "another way says stop; say it once")
    }

    // MARK: - each

    @Test func aListHasAMemberAGatheredRow() throws {
        let marked = MarkedYAML(
            shop + """
                events:
                  A:
                    from: update a
                    gather: { lines: insert into l, notes: insert into n }
                    data:
                      top: { each: ▸Lines, as: ▸sku }
                      deep: { lines: { "each": "▸lines", "as": { n: { each: ▸notes, as: { x: ▸note } } } } }
                """)
        let way = try #require(try load(marked.text).events.first?.ways.first)
        guard case .object(let members) = way.data,
            case .each(let first, .expression(let sku)) = members[0].value,
            case .object(let deep) = members[1].value,
            case .each(let second, .object(let inner)) = deep[0].value,
            case .each(let third, .object(let last)) = inner[0].value,
            case .expression(let note) = last[0].value
        else {
            Issue.record("data is \(String(describing: way.data))")
            return
        }
        let texts = [first, sku, second, third, note]
        #expect(texts.map(\.text) == ["lines", "sku", "lines", "notes", "note"])
        #expect(texts.compactMap(\.place).map { "\($0.line):\($0.column)" } == marked.places)
    }

    @Test func allOfTheDataMayBeAList() throws {
        let way = try way("from: transaction, gather: { lines: insert into l }, data: { each: lines, as: sku }")
        guard case .each(let list, _) = way.data else { return #expect(Bool(false)) }
        #expect(list.text == "lines")
    }

    @Test(arguments: [
        ("{ ▸each: lines }", ["“each” has no “as”; add “as: ...”"]),
        ("{ ▸as: sku }", ["“as” has no “each”; add “each: ...”"]),
        ("{ ▸each: lines, total: a }", ["“each” has no “as”"]),
        ("{ each: lines, as: sku, ▸total: a }", ["“total” cannot stand beside “each” and “as”"]),
        ("{ each: ▸linse, as: sku }", ["did you mean “lines”?"]),
        ("{ each: ▸other, as: sku }", ["nothing is gathered as “other”; this way gathers lines"]),
        ("{ ▸each: , as: ▸[sku] }", ["“each” has no value", "“as” cannot be a list"]),
        ("{ each: ▸{ a: b }, as: sku }", ["“each” is a text, not a mapping"]),
    ])
    func aListThatCannotBeReadIsToldWhere(data: String, words: [String]) {
        let way = MarkedYAML("{ from: update a, gather: { lines: insert into l }, data: { x: \(data) } }")
        let found = diagnostics(shop + "events:\n  A:\n    - \(way.text)\n")
        #expect(found.compactMap(\.place).map { "\($0.line - 3):\($0.column - 6)" } == way.places)
        #expect(found.count == words.count)
        for (diagnostic, word) in zip(found, words) { #expect(diagnostic.message.contains(word), "\(diagnostic)") }
    }

    @Test func aListWithoutAGatherSaysHowToGather() {
        expectErrors(
            shop + "events:\n  A: { from: update a, data: { each: ▸lines, as: sku } }\n", "add “gather: { lines: insert"
        )
        // What is wrong with the gather was told, and is not told again of its name.
        expectErrors(
            shop + "events:\n  A: { from: update a, gather: { lines: ▸upsert b }, data: { each: lines, as: sku } }\n",
            "does not begin with what happened")
        expectErrors(
            shop + "events:\n  A: { from: update a, gather: ▸lines, data: { each: lines, as: sku } }\n", "is a mapping")
    }

    @Test func aMemberMayHaveSuchANameInQuotes() throws {
        let way = try way("from: update a, data: { \"each\": a, total: b, 'as': { 'each': c } }")
        guard case .object(let members) = way.data, case .object(let inner) = members[2].value else {
            return #expect(Bool(false))
        }
        #expect(members.map(\.name) == ["each", "total", "as"])
        #expect(inner.map(\.name) == ["each"])
    }
}

extension EventDefinition.Way {
    /// The data, when it is one expression.
    fileprivate var dataText: SourceText? {
        if case .expression(let text) = data { text } else { nil }
    }
}
