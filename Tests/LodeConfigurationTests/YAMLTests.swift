import LodeConfiguration
import LodeCore
import Testing

@Suite struct YAMLTests {
    @Test func keysThatStandTwiceAreToldAtTheSecondWithAllOtherMistakes() {
        expectErrors(
            """
            sources:
              shop: { connection: dbname=shop }
              "▸shop": { connection: dbname=shop }
            events:
              A:
                from: insert into a
                ▸from: insert into b
                'when': x
                "▸when": y
                ▸from: insert into c
                ▸kez: id
              B: { from: update b, data: { 1: a, '▸1': b } }
              ▸A: { from: update b }
            """,
            "“shop” stands here twice, first in line 2", "“from” stands here twice, first in line 6",
            "“when” stands here twice, first in line 8", "“from” stands here twice", "did you mean “key”?",
            "“1” stands here twice", "“A” stands here twice, first in line 5")
    }

    @Test func keysThatCannotBeToldApartAreStillAnError() {
        let found = diagnostics(shop + "events: { \"\\x41\": {}, A: {} }\n? [a]\n: 1\n? [a]\n: 2\n")
        #expect(found.count == 1)
        #expect(found.first?.message.contains("more than once") == true)
    }

    @Test(arguments: [
        ("events:\n▸\tA: x\n", "indent with spaces, not with tabs"),
        ("a: b▸: c\n", "in quotes, or indent the key"),
        ("subscribers: { a: { on: ▸*Placed } }\n", "put a value that starts with * in quotes"),
        ("a: *▸ \n", "put a value that starts with * in quotes"),
        ("a: { b: $▸{X}, c: d }\n", "put “${NAME}” in double quotes"),
        ("a: ▸@b\n", "put a value that starts with @ in quotes"),
        ("a: 1\n▸---\nb: 1\n", "keep one document"),
        ("a: \"b\n", "look at the indentation, quotes and brackets"),
        ("a: [b\n", "look at the indentation, quotes and brackets"),
        ("a:\n  b: 1\n ▸c: 1\n", "look at the indentation, quotes and brackets"),
        ("a: \"▸\\q\"\n", "look at the indentation, quotes and brackets"),
    ])
    func textThatIsNotYAMLIsToldWhereAndWhatToDo(marked: String, words: String) {
        let yaml = MarkedYAML(marked)
        let found = diagnostics(yaml.text)
        let report = Comment(rawValue: found.map(\.description).joined(separator: "\n"))
        #expect(found.count == 1, report)
        #expect(found.first?.message.hasPrefix("not valid YAML: ") == true, report)
        #expect(found.first?.message.contains(words) == true, report)
        #expect(found.first?.place != nil)
        if let expected = yaml.places.first {
            #expect(found.first?.place.map { "\($0.line):\($0.column)" } == expected, report)
        }
    }

    @Test func charactersThatYAMLForbidsAreToldWithTheirPlace() {
        expectErrors("a: b\n c▸\u{7}: d\n▸\u{0}\n", "U+0007 cannot stand in YAML", "U+0000")
        #expect(diagnostics(String(repeating: "\u{1}\n", count: 1000)).count == 10)
    }

    @Test func aValueWithAZeroCharacterIsRefused() {
        expectErrors(shop + "journal: { path: \"▸a\\0b\" }\n", "zero character")
        expectErrors(shop + "journal: { path: \"▸${Z}\" }\n", "zero character", environment: ["Z": "a\0b"])
    }

    @Test func keysThatAreNotNamesAreRefused() {
        expectErrors(shop + "? ▸[a, b]\n: c\n", "a key cannot be a list or mapping")
        expectErrors(shop + "events: { ? ▸{ a: b } : c }\n", "a key cannot be a list or mapping")
        let keys = "data: { \"▸\": a, \"▸a\\nb\": c }"
        expectErrors(shop + "events: { A: { from: update a, \(keys) } }\n", "a key is empty", "a key is empty")
    }

    @Test func aliasesAreValuesButNotMerged() throws {
        let text = """
            sources: { shop: { connection: dbname=shop } }
            subscribers:
              a: { stdout: {}, retry: &often { attempts: 99 } }
              b: { swift: {}, retry: *often }
            """
        #expect(try load(text).subscribers.map(\.retry.attempts) == [99, 99])
        let merged = "subscribers:\n  a: &a { stdout: {} }\n  b: { ▸<<: *a, swift: {} }\n"
        expectErrors(shop + merged, "merge keys (<<) are not supported")
    }

    @Test func aTagIsRefused() {
        expectErrors(shop + "type_prefix: ▸!env X\n", "tags are not supported")
        expectErrors(shop + "journal: ▸!a { path: x }\n", "tags are not supported")
    }

    @Test(arguments: ["[", "{ a: ", "{ ? "])
    func deepNestingIsAnErrorAndNoCrash(open: String) {
        for depth in [63, 70, 500, 900, 5000, 50_000] {
            let close = open == "[" ? "]" : "}"
            let text = "data: " + String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
            #expect(!diagnostics(text).isEmpty)
        }
        let blocks = (0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(!diagnostics(blocks).isEmpty)
        #expect(!diagnostics(String(repeating: "- ", count: 5000) + "x").isEmpty)
    }

    @Test func aliasesOfAliasesDoNotFillTheMemory() {
        var text = shop + "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...20 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(diagnostics(text).contains { $0.message.contains("too many values") })
    }
}
