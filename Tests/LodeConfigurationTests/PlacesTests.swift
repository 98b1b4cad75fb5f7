import LodeConfiguration
import LodeCore
import Testing

@Suite struct PlacesTests {
    /// The `when` of an event, with a mark where its text is expected to start.
    private func when(_ marked: String) throws -> (source: SourceText, expected: String?) {
        let yaml = MarkedYAML(shop + "events:\n  A:\n    from: update a\n    \(marked)\n")
        let event = try #require(try load(yaml.text).events.first)
        return (try #require(event.ways.first?.when), yaml.places.first)
    }

    @Test(arguments: [
        ("when: ▸a = 'b'", "a = 'b'"),
        ("when:    ▸a   # a comment", "a"),
        ("when: \"▸a = 'b'\"", "a = 'b'"),
        ("when: '▸a = 1'", "a = 1"),
        ("when: &anchor ▸a = 1", "a = 1"),
        ("when: !!str ▸a = 1", "a = 1"),
        ("when: &anchor '▸a = 1'", "a = 1"),
        ("when:\n      ▸a = 1", "a = 1"),
        ("when: &anchor   # here\n\n      ▸a = 1", "a = 1"),
        ("when: |\n      ▸a = 1", "a = 1"),
        ("when: >-   # folded\n\n        ▸a = 1", "a = 1"),
        ("when: ▸\u{1F600} = 'ä'", "\u{1F600} = 'ä'"),
        ("\"when\": ▸a", "a"),
        ("? when\n    : ▸a", "a"),
        ("when: |\n      ▸a\n      = 1", "a\n= 1"),
    ])
    func textIsVerbatimWhereItStands(yaml: String, text: String) throws {
        let (source, expected) = try when(yaml)
        #expect(source.text == text)
        #expect(source.place.map { "\($0.line):\($0.column)" } == expected)
        #expect(source.isVerbatim)
        #expect(source.place(atByte: 0)?.column == source.place?.column)
    }

    @Test(arguments: [
        ("when: '▸a = ''b'''", "a = 'b'"),
        ("when: \"▸a = \\\"B\\\"\"", "a = \"B\""),
        ("when: \"▸\\u0061\"", "a"),
        ("when: ▸a\n      = 1", "a = 1"),
        ("when: \"▸a\n      = 1\"", "a = 1"),
        ("when: >\n      ▸a\n      = 1", "a = 1"),
    ])
    func textThatIsWrittenOtherwiseIsNotVerbatim(yaml: String, text: String) throws {
        let (source, expected) = try when(yaml)
        #expect(source.text == text)
        #expect(source.place.map { "\($0.line):\($0.column)" } == expected)
        #expect(!source.isVerbatim)
    }

    @Test(arguments: [
        ("lines: insert into l where ▸a = 'b'", "a = 'b'", true),
        ("lines: insert into l\twhere   ▸a = 1   # a comment", "a = 1", true),
        ("lines: 'insert into l where ▸a = 1  '", "a = 1", true),
        ("\"lines\": \"UPDATE \u{1F600}.größe WHERE ▸ä = 1\"", "ä = 1", true),
        ("lines: 'delete from \"where\" where ▸a = 1 -- where'", "a = 1 -- where", true),
        ("lines: insert into l where ▸(note = 'where')", "(note = 'where')", true),
        ("lines: |\n        insert into l where ▸a = 1", "a = 1", true),
        ("lines: '▸insert into l where a = ''b'''", "a = 'b'", false),
        ("lines: |\n        insert into l\n        where ▸a = 1", "a = 1", true),
        ("lines: |\n        insert into l where ▸a\n        = 1", "a\n= 1", false),
        ("lines: ▸insert into l\n        where a = 1", "a = 1", false),
        ("lines: ▸insert into ${T} where a = ${V}", "a = 1", false),
    ])
    func aGathersConditionKnowsWhereItStands(yaml: String, text: String, isVerbatim: Bool) throws {
        let marked = MarkedYAML(shop + "events:\n  A:\n    from: update a\n    gather:\n      \(yaml)\n")
        let configuration = try load(marked.text, ["T": "l", "V": "1"])
        let gather = try #require(configuration.events.first?.ways.first?.gather.first)
        let condition = try #require(gather.condition)
        #expect(condition.text == text)
        #expect(condition.place.map { "\($0.line):\($0.column)" } == marked.places.first)
        #expect(condition.isVerbatim == isVerbatim)
        #expect(gather.name.text == "lines")
    }

    @Test func caretsFallUnderTheirCharacterInAGathersCondition() throws {
        let text = shop + "events:\n  A:\n    from: update a\n    gather: { l: 'insert into ä where b = c' }\n"
        let condition = try #require(try load(text).events.first?.ways.first?.gather.first?.condition)
        #expect(
            condition.error(atByte: "b = ".utf8.count, "no such column; look").description == """
                lode.yaml:5:43: error: no such column; look
                    gather: { l: 'insert into ä where b = c' }
                                                          ^
                """)
    }

    @Test func caretsFallUnderTheirCharacter() throws {
        let (source, _) = try when("when: 'äé = statsu'")
        #expect(
            source.error(atByte: "äé = ".utf8.count, "no such column; look").description == """
                lode.yaml:5:17: error: no such column; look
                    when: 'äé = statsu'
                                ^
                """)
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func linesAreCountedWhateverEndsThem(lineBreak: String) {
        let text = (shop + "events:\n  A: { from: update a }\nhtpp: none\n").replacing("\n", with: lineBreak)
        let found = diagnostics(text)
        #expect(found.first?.place?.line == 4)
        #expect(found.first?.place?.lineText == "htpp: none")
    }

    @Test func aVeryLongLineIsNotQuoted() {
        let found = diagnostics(shop + "htpp: \(String(repeating: "x", count: 1000))\n")
        #expect(found.first?.place != nil)
        #expect(found.first?.place?.lineText == nil)
    }

    @Test func diagnosticsComeInTheFilesOrderAndOnce() {
        let text =
            shop + """
                journal: &bad { pth: x }
                http: { lsten: 1 }
                events: { A: *bad, B: *bad }
                """
        #expect(diagnostics(text).compactMap(\.place?.line) == [2, 2, 3, 4, 4])
    }
}
