import TestSupport
import Testing

@testable import LodeCore

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

struct RegularExpressionTests {
    /// PostgreSQL's manual, 9.7.3.
    @Test(arguments: [
        ("foobarbaz", "o(.)b", "o"), ("foobar", "o.b", "oob"), ("XY1234Z", "Y*([0-9]{1,3})", "123"),
        ("XY1234Z", "Y*?([0-9]{1,3})", "1"), ("abc01234xyz", "(?:(.*?)(\\d+)(.*)){1,1}", "abc"),
        ("foobar", "foo|foobar", "foobar"),
        ("ab", "a*(?:ab)?", "ab"), ("foobarbequebaz", "ba.$", "baz"), ("one two", "\\mt\\w+\\M", "two"),
    ])
    func substringIsTheLongestOrShortestAsPostgreSQLSays(source: String, pattern: String, part: String) throws {
        #expect(text(try RegularExpression(bytes(pattern)).substring(of: bytes(source))) == part)
    }

    @Test(arguments: [
        ("a\nb", "a.b", true), ("a\nb", "^b", false), ("a\nb", "(?n)^b", true), ("a\nb", "(?p)a.b", false),
        ("a\n", "a$", false), ("\u{8}", "\\b", true), ("\\", "\\B", true), ("é", "^\\w$", true), ("É", "(?i)é", true),
        ("\u{A0}", "\\s", false), ("٣", "\\d", false), ("]", "[]a]", true), ("a-", "^[a-]+$", true),
        ("a b", "(?x)a b", false),
        ("a{", "a{", true), ("ab", "***=a.", false), ("a+", "***=a+", true), ("x", "[[:alpha:][:digit:]]", true),
        ("aa", "(a)\\1", true), ("word", "[[:<:]]word[[:>:]]", true), ("a#b", "a(?#no)#b", true),
        ("\u{1F600}", "^.$", true),
    ])
    func syntaxIsReadAsPostgreSQLReadsIt(source: String, pattern: String, matches: Bool) throws {
        #expect(try RegularExpression(bytes(pattern)).matches(bytes(source)) == matches, "\(source) ~ \(pattern)")
    }

    @Test(arguments: [
        "*a", "a**", "a*+", "(a", "a)", "[a", "[b-a]", "a{2,1}", "a{256}", "\\", "(?z)a", "(?P<n>a)", "a(?i)b", "^*",
        "[[:foo:]]",
        "\\q", "\\1", "[a-c-e]", "(?=a)*", "[[.hyphen.]]", "***a", "(?#a", "\\u12", "(?>a)", "\\k<a>", "(*ACCEPT)",
        "\\Q*\\E",
    ])
    func whatPostgreSQLDoesNotReadIsAnErrorWithItsPlace(pattern: String) {
        do {
            _ = try RegularExpression(bytes(pattern))
            Issue.record("\(pattern) was taken")
        } catch {
            #expect(error.message.hasPrefix("invalid regular expression at byte "), "\(error)")
        }
    }

    @Test func replacementsNameGroups() throws {
        func replace(_ source: String, _ pattern: String, _ replacement: String, all: Bool = false) throws -> String? {
            text(
                try RegularExpression(bytes(pattern)).replacing(
                    in: bytes(source), with: RegularExpressionReplacement(bytes(replacement)), all: all))
        }
        #expect(try replace("foobarbaz", "b..", "X") == "fooXbaz")
        #expect(try replace("foobarbaz", "b..", "X", all: true) == "fooXX")
        #expect(try replace("foobarbaz", "b(..)", "X\\1Y", all: true) == "fooXarYXazY")
        #expect(try replace("añb", "", "-", all: true) == "-a-ñ-b-")
        #expect(try replace("ab", "a", "\\&\\\\\\x\\2", all: true) == "a\\\\xb")
    }

    @Test func groupsThatTakeNoPartAreNull() throws {
        let expression = try RegularExpression(bytes("(a)|(b)|(c)"))
        #expect(try expression.groups(of: bytes("b")) == [nil, bytes("b"), nil])
        #expect(try expression.substring(of: bytes("b")) == nil)
        let replacement = RegularExpressionReplacement(bytes("<\\1\\2\\3\\9>"))
        #expect(try expression.replacing(in: bytes("cab"), with: replacement, all: true) == bytes("<c><a><b>"))
        #expect(try expression.groups(of: bytes("x")) == nil)
    }

    @Test func sizesAreBounded() throws {
        let many = try RegularExpression(bytes(String(repeating: "(a)", count: 99)))
        #expect(try many.groups(of: bytes(String(repeating: "a", count: 99)))?.count == 99)
        for pattern in [
            String(repeating: "(a)", count: 100),
            String(repeating: "(?:", count: 300) + String(repeating: ")", count: 300),
            "(?:(?:(?:a{255}){255}){255}){255}", String(repeating: "a", count: 40_000),
        ] {
            #expect(throws: EvaluationError.self) { try RegularExpression(bytes(pattern)) }
        }
    }

    /// Each would take longer than the universe lasts by trying all ways.
    @Test(arguments: [("(a+)+$", 40), ("(a|aa)+$", 60), ("(a*)*b", 40), ("(x+x+)+y", 40), ("a.*b.*c.*d.*e.*f", 20_000)])
    func manyWaysBackAreAnErrorOrAnAnswerSoon(pattern: String, length: Int) throws {
        let source = Array(repeating: UInt8(ascii: pattern.contains("x") ? "x" : "a"), count: length) + bytes("!")
        let expression = try RegularExpression(bytes(pattern))
        _ = try? expression.matches(source)
        _ = try? expression.firstMatch(in: source)
    }

    @Test func bytesThatAreNoTextAreAnError() throws {
        #expect(throws: EvaluationError.self) { try RegularExpression([0xFF]) }
        let expression = try RegularExpression(bytes("a"))
        #expect(throws: EvaluationError.self) { try expression.matches([0xFF, 0x61]) }
        #expect(throws: EvaluationError.self) { try expression.firstMatch(in: [0x61, 0xC3]) }
    }

    @Test func randomPatternsNeverTrap() throws {
        var random = SeededGenerator(for: "random regular expressions")
        let alphabet = [
            "a", "b", "(", ")", "[", "]", "*", "+", "?", "{", "1", ",", "}", "|", "^", "$", ".", "\\", "w", "d", "-",
            ":", "é", "(?:", "(?=", "(?<!", "\\y", "\\1", "[[:alpha:]]",
        ]
        for _ in 0..<3000 {
            let pattern = (0..<Int.random(in: 1..<10, using: &random)).map { _ in
                alphabet.randomElement(using: &random)!
            }
            guard let expression = try? RegularExpression(bytes(pattern.joined())) else { continue }
            for source in ["", "abba", "é1-a"] {
                let isMatch = try expression.matches(bytes(source))
                #expect(try (expression.groups(of: bytes(source)) != nil) == isMatch, "\(pattern.joined())")
                _ = try expression.replacing(
                    in: bytes(source), with: RegularExpressionReplacement(bytes("\\1\\2")), all: true)
            }
        }
    }
}
