import TestSupport
import Testing

@testable import LodeCore

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Functions on text, patterns and arrays answer as a live server does.
struct TextOracleTests {
    private static let letters = [
        "a", "b", "B", "z", "0", "7", " ", "é", "É", "ß", "İ", "ı", "Σ", "ς", "ᾳ", "ŉ", "ǆ", "\u{301}", "中", "😀", "'",
        "\\", "%", "_",
        "-", ",", "\n", "\u{A0}", "ﬁ", "Ж", "ж",
    ]
    /// Few, so that searches find something.
    private static let few = ["a", "b", "é", ",", "ab"]

    @Test func functionsOnTextAnswerAsTheServerDoes() throws {
        var oracle = try ServerOracle(for: "text oracle")
        for _ in 0..<ServerOracle.rounds(150) {
            let isFew = oracle.isChosen(one: 2)
            let alphabet = isFew ? Self.few : Self.letters
            let (one, two, three) = (
                oracle.text(of: alphabet, upTo: 8), oracle.text(of: alphabet, upTo: 2),
                oracle.text(of: alphabet, upTo: 3)
            )
            let (t, u, v) = (ServerOracle.literal(one), ServerOracle.literal(two), ServerOracle.literal(three))
            let (a, b, c) = (bytes(one), bytes(two), bytes(three))
            let n = oracle.number(-9...9)
            let m = oracle.number(-1...9)
            Self.askPlain(&oracle, t, a, n, m)
            Self.askSearches(&oracle, (t, u, v), (a, b, c), n)
            oracle.ask("lpad(\(t), \(m), \(u))") { try TextFunctions.pad(a, to: m, with: b, at: .start) }
            oracle.ask("rpad(\(t), \(m), \(u))") { try TextFunctions.pad(a, to: m, with: b, at: .end) }
            oracle.ask("translate(\(t), \(u), \(v))") { try TextFunctions.translate(a, from: b, to: c) }
            oracle.ask("ltrim(\(t), \(v))") { TextFunctions.trim(a, of: c, at: .start) }
            oracle.ask("rtrim(\(t), \(v))") { TextFunctions.trim(a, of: c, at: .end) }
            oracle.ask("btrim(\(t), \(v))") { TextFunctions.trim(a, of: c) }
            oracle.ask("concat_ws(\(u), \(t), NULL, \(v))") { try TextFunctions.concat([a, nil, c], separator: b) }
            oracle.ask("concat(\(t), NULL, \(v))") { try TextFunctions.concat([a, nil, c]) }
            oracle.ask("quote_literal(\(t))") { TextFunctions.quoteLiteral(a) }
            oracle.ask("md5(\(t))") { TextDigest.md5(a) }
            oracle.ask("encode(sha256(convert_to(\(t), 'UTF8')), 'hex')") { TextDigest.sha256(a) }
        }
        for number in [-1, 0, 1, 65, 233, 0xD800, 0xDFFF, 0xFFFF, 0x10FFFF, 0x110000, 2_147_483_647] {
            oracle.ask("chr(\(number))") { try TextFunctions.chr(number) }
        }
        try oracle.compare()
    }

    private static func askPlain(_ oracle: inout ServerOracle, _ t: String, _ a: [UInt8], _ n: Int, _ m: Int) {
        oracle.ask("lower(\(t))") { TextFunctions.lower(a) }
        oracle.ask("upper(\(t))") { TextFunctions.upper(a) }
        oracle.ask("initcap(\(t))") { TextFunctions.initcap(a) }
        oracle.ask("length(\(t))", number: { TextFunctions.length(a) })
        oracle.ask("octet_length(\(t))", number: { TextFunctions.octetLength(a) })
        oracle.ask("reverse(\(t))") { TextFunctions.reverse(a) }
        oracle.ask("ascii(\(t))", number: { TextFunctions.ascii(a) })
        oracle.ask("substring(\(t) from \(n))") { try TextFunctions.substring(a, from: n) }
        oracle.ask("substring(\(t) from \(n) for \(m))") { try TextFunctions.substring(a, from: n, count: m) }
        oracle.ask("left(\(t), \(n))") { TextFunctions.left(a, n) }
        oracle.ask("right(\(t), \(n))") { TextFunctions.right(a, n) }
        oracle.ask("repeat(\(t), \(m))") { try TextFunctions.repeat(a, m) }
    }

    private static func askSearches(
        _ oracle: inout ServerOracle, _ sql: (String, String, String), _ texts: ([UInt8], [UInt8], [UInt8]), _ n: Int
    ) {
        let ((t, u, v), (a, b, c)) = (sql, texts)
        oracle.ask("strpos(\(t), \(u))", number: { TextFunctions.position(of: b, in: a) })
        oracle.ask("starts_with(\(t), \(u))", isTrue: { TextFunctions.startsWith(a, b) })
        oracle.ask("replace(\(t), \(u), \(v))") { try TextFunctions.replace(a, b, with: c) }
        oracle.ask("split_part(\(t), \(u), \(n / 2))") { try TextFunctions.splitPart(a, b, n / 2) }
        oracle.ask("string_to_array(\(t), \(u))") { TextFunctions.stringToArray(a, delimiter: b).text() }
        oracle.ask("string_to_array(\(t), NULL, \(u))") {
            TextFunctions.stringToArray(a, delimiter: nil, null: b).text()
        }
        oracle.ask("string_to_array(\(t), ',', \(u))") {
            TextFunctions.stringToArray(a, delimiter: bytes(","), null: b).text()
        }
    }

    @Test func likeMatchesAsTheServerDoes() throws {
        var oracle = try ServerOracle(for: "like oracle")
        let alphabet = ["a", "b", "é", "É", "A", "%", "_", "\\", "#", "İ", "i"]
        for _ in 0..<ServerOracle.rounds(1500) {
            let text = oracle.text(of: ["a", "b", "ab", "é", "É", "A", "%", "\\", "İ"], upTo: 7)
            let pattern = oracle.text(of: alphabet + ["%", "_", "%"], upTo: 6)
            let (t, p) = (ServerOracle.literal(text), ServerOracle.literal(pattern))
            let escape = oracle.pick([nil, nil, "", "#", "é", "##"])
            for operation in ["LIKE", "ILIKE"] {
                let sql = "\(t) \(operation) \(p)" + (escape.map { " ESCAPE \(ServerOracle.literal($0))" } ?? "")
                // A pattern that ends in its escape is an error at once; the server says so only when it gets there.
                let isDangling = { (theirs: ServerOracle.Answer) in theirs == .value(bytes("false")) }
                oracle.ask(sql, isExcused: isDanglingPattern(pattern, escape) ? isDangling : { _ in false }) {
                    let compiled = try LikePattern(
                        bytes(pattern), escape: bytes(escape ?? "\\"), ignoringCase: operation == "ILIKE")
                    return bytes(compiled.matches(bytes(text)) ? "true" : "false")
                }
            }
        }
        try oracle.compare()
    }

    private func isDanglingPattern(_ pattern: String, _ escape: String?) -> Bool {
        (try? LikePattern(bytes(pattern), escape: bytes(escape ?? "\\"))) == nil && escape != "##"
    }

    @Test func arraysAnswerAsTheServerDoes() throws {
        var oracle = try ServerOracle(for: "array oracle")
        for _ in 0..<ServerOracle.rounds(200) {
            let (one, two) = (try Self.array(&oracle), try Self.array(&oracle))
            let (a, b) = ("'\(Self.quoted(one))'::text[]", "'\(Self.quoted(two))'::text[]")
            let element = oracle.pick(["a", "b", "NULL", "", "é", nil])
            let (e, value) = (ServerOracle.literal(element), element.map { bytes($0) })
            let n = oracle.number(-3...5)
            oracle.ask(a) { one.text() }
            oracle.ask("array_length(\(a), \(n))", number: { one.length(n) })
            oracle.ask("array_lower(\(a), \(n))", number: { one.lower(n) })
            oracle.ask("array_upper(\(a), \(n))", number: { one.upper(n) })
            oracle.ask("cardinality(\(a))", number: { one.cardinality })
            oracle.ask("(\(a))[\(n)]") { one[n] }
            oracle.ask("(\(a))[\(n)][1]") { one[n, 1] }
            oracle.ask("array_position(\(a), \(e))", number: { try one.position(of: value, by: ==) })
            oracle.ask("array_append(\(a), \(e))") { try one.appending(value).text() }
            oracle.ask("array_prepend(\(e), \(a))") { try one.prepending(value).text() }
            oracle.ask("\(a) || \(b)") { try one.joined(with: two).text() }
            oracle.ask("\(a) @> \(b)", isTrue: { one.containsAll(of: two, by: ==) })
            oracle.ask("\(a) && \(b)", isTrue: { one.overlaps(two, by: ==) })
            oracle.ask("\(a) = \(b)", isTrue: { one.isEqual(to: two, by: ==) })
            oracle.ask("array_to_string(\(a), ',')") { try TextFunctions.arrayToString(one, delimiter: bytes(",")) }
            oracle.ask("array_to_string(\(a), '-', '*')") {
                try TextFunctions.arrayToString(one, delimiter: bytes("-"), null: bytes("*"))
            }
            if let value { oracle.ask("\(e) = ANY (\(a))", isTrue: { one.contains(value, by: ==) }) }
        }
        try oracle.compare()
    }

    private static func quoted(_ array: PostgresArray) -> String {
        ServerOracle.quoted(String(decoding: array.text(), as: UTF8.self))
    }

    private static func array(_ oracle: inout ServerOracle) throws -> PostgresArray {
        let dimensions = (0..<oracle.pick([0, 1, 1, 1, 2, 2, 3])).map { _ in
            PostgresArray.Dimension(lower: oracle.pick([1, 1, 1, 0, -2]), count: oracle.number(1...2))
        }
        guard !dimensions.isEmpty else { return PostgresArray() }
        let elements = (0..<dimensions.reduce(1) { $0 * $1.count }).map { _ in
            oracle.isChosen(one: 5)
                ? nil : bytes(oracle.text(of: ["a", "b", "NULL", " ", "\"", "\\", "{", ",", "é", "'"], upTo: 2))
        }
        return PostgresArray(elements, dimensions: dimensions)
    }
}
