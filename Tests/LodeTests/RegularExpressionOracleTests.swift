import TestSupport
import Testing

@testable import LodeCore

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Regular expressions match where and as far as a live server's do.
struct RegularExpressionOracleTests {
    private static let texts = ["a", "b", "c", "ab", "é", "É", "1", " ", "\n", "😀", "-", "A"]

    /// An expression of random parts; groups capture when asked for.
    private static func expression(_ oracle: inout ServerOracle, depth: Int, groups: Bool) -> String {
        let branches = oracle.isChosen(one: 4) && depth > 0 ? 2 : 1
        return (0..<branches).map { _ in
            (0..<oracle.number(1...3)).map { _ in atom(&oracle, depth: depth, groups: groups) }.joined()
        }.joined(separator: "|")
    }

    private static func atom(_ oracle: inout ServerOracle, depth: Int, groups: Bool) -> String {
        if oracle.isChosen(one: 9) { return oracle.pick(["^", "$", "\\y", "\\m", "\\M", "\\A", "\\Z", "\\Y"]) }
        var atom = oracle.pick([
            "a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\d", "\\s", "\\S", "\\W", "é", "[[:alpha:]]", "[[:space:]b]",
            "[a-c]",
            "[^\\w]", "[[:punct:]]", "[[:upper:]]", "\\u00e9", "\\n",
        ])
        if depth > 0, oracle.isChosen(one: 3) {
            atom = (groups ? "(" : "(?:") + expression(&oracle, depth: depth - 1, groups: groups) + ")"
        }
        guard oracle.isChosen(one: 2) else { return atom }
        return atom + oracle.pick(["*", "+", "?", "{2}", "{1,2}", "*", "+", "*?", "+?", "??", "{1,2}?"])
    }

    @Test func whetherAndHowFarTheyMatch() throws {
        var oracle = try ServerOracle(for: "regular expression oracle")
        for _ in 0..<ServerOracle.rounds(600) {
            let options = oracle.pick(["", "", "", "(?n)", "(?i)", "(?p)", "(?w)"])
            let pattern = options + Self.expression(&oracle, depth: 2, groups: false)
            let text = oracle.text(of: Self.texts, upTo: 6)
            let (t, p) = (ServerOracle.literal(text), ServerOracle.literal(pattern))
            let compiled = Result { () throws -> RegularExpression in try RegularExpression(bytes(pattern)) }
            let replacement = RegularExpressionReplacement(bytes("<\\&>"))
            oracle.ask("\(t) ~ \(p)", isTrue: { try compiled.get().matches(bytes(text)) })
            oracle.ask(
                "\(t) ~* \(p)",
                isTrue: {
                    try RegularExpression(bytes(pattern), ignoringCase: true).matches(bytes(text))
                })
            oracle.ask("substring(\(t) from \(p))") { try compiled.get().substring(of: bytes(text)) }
            oracle.ask("regexp_replace(\(t), \(p), '<\\&>')") {
                try compiled.get().replacing(in: bytes(text), with: replacement)
            }
            oracle.ask("regexp_replace(\(t), \(p), '<\\&>', 'g')") {
                try compiled.get().replacing(in: bytes(text), with: replacement, all: true)
            }
        }
        try oracle.compare()
    }

    @Test func whatTheGroupsTake() throws {
        var oracle = try ServerOracle(for: "groups oracle")
        // One group between plain parts: what it takes follows from the whole.
        let parts = ["a", "b", "[ab]", "\\w", ".", "\\d", "é"]
        for _ in 0..<ServerOracle.rounds(600) {
            func part(_ oracle: inout ServerOracle) -> String {
                oracle.pick(parts) + oracle.pick(["", "", "*", "+", "?"])
            }
            let pattern = part(&oracle) + "(" + part(&oracle) + part(&oracle) + ")" + part(&oracle)
            let text = oracle.text(of: Self.texts, upTo: 6)
            let (t, p) = (ServerOracle.literal(text), ServerOracle.literal(pattern))
            let compiled = try RegularExpression(bytes(pattern))
            oracle.ask("substring(\(t) from \(p))") { try compiled.substring(of: bytes(text)) }
            oracle.ask("regexp_match(\(t), \(p))") {
                try compiled.groups(of: bytes(text)).map { PostgresArray($0).text() }
            }
            oracle.ask("regexp_replace(\(t), \(p), '<\\1|\\2\\x\\\\>', 'g')") {
                try compiled.replacing(
                    in: bytes(text), with: RegularExpressionReplacement(bytes("<\\1|\\2\\x\\\\>")), all: true)
            }
        }
        try oracle.compare()
    }

    @Test func whatIsNoExpression() throws {
        var oracle = try ServerOracle(for: "regular expression syntax oracle")
        let pieces = [
            "a", "b", "(", ")", "[", "]", "[^", "*", "+", "?", "{", "{1", "{1}", "{2,1}", "}", ",", "|", "^", "$", ".",
            "-", "\\d", "\\b",
            "\\B", "\\e", "\\x61", "\\\\", "\\.", "(?:", "(?=", "(?!", "\\m", "[:alpha:]", "[[:digit:]", "1", "é",
            "\\0", "\\61", "\\cA",
        ]
        for _ in 0..<ServerOracle.rounds(2500) {
            let pattern = oracle.text(of: pieces, upTo: 6)
            let text = oracle.text(of: ["a", "b", "1", "{", "}", "-", "\\", ",", "]", "é"], upTo: 4)
            oracle.ask(
                "\(ServerOracle.literal(text)) ~ \(ServerOracle.literal(pattern))",
                isTrue: {
                    try RegularExpression(bytes(pattern)).matches(bytes(text))
                })
        }
        try oracle.compare()
    }
}
