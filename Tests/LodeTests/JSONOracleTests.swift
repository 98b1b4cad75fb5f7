import TestSupport
import Testing

@testable import LodeCore

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// JSON is read, looked into and changed as a live server does.
struct JSONOracleTests {
    private static let strings = [
        "a", "b", "", "é", "0", "-1", "\\n", "\\u00e9", "\\ud83d\\ude00", "😀", "\\\"", "\\\\", "\\/", "'", "\\u001f",
        "bb", "1",
    ]
    private static let numbers = [
        "0", "-0", "1", "1.0", "1.00", "12", "-3.50", "1e2", "1E+2", "1.5e-3", "-0.0", "123456789012345678901234567890",
        "0e5", "2e0",
    ]

    private static func json(_ oracle: inout ServerOracle, depth: Int) -> String {
        func blank() -> String { oracle.pick(["", "", " ", "\n "]) }
        switch depth > 0 ? oracle.number(0...8) : oracle.number(0...4) {
        case 0: return oracle.pick(["true", "false"])
        case 1: return "null"
        case 2: return oracle.pick(numbers)
        case 3: return "\"" + oracle.pick(strings) + "\""
        case 4: return "\"" + oracle.text(of: strings, upTo: 2) + "\""
        case 5, 6:
            let elements = (0..<oracle.number(0...3)).map { _ in blank() + json(&oracle, depth: depth - 1) + blank() }
            return "[" + elements.joined(separator: ",") + "]"
        default:
            let members = (0..<oracle.number(0...3)).map { _ in
                "\(blank())\"\(oracle.pick(strings))\"\(blank()):" + json(&oracle, depth: depth - 1) + blank()
            }
            return "{" + members.joined(separator: ",") + "}"
        }
    }

    /// Mostly what a member of random JSON could be called.
    private static func key(_ oracle: inout ServerOracle) -> String {
        oracle.pick(["a", "b", "", "é", "0", "-1", "bb", "z"])
    }

    private static func literal(_ json: String, _ type: String) -> String {
        "'\(ServerOracle.quoted(json))'::\(type)"
    }

    @Test func lookupsFindWhatTheServerFinds() throws {
        var oracle = try ServerOracle(for: "JSON lookup oracle")
        for _ in 0..<ServerOracle.rounds(250) {
            let json = Self.json(&oracle, depth: 3)
            let key = Self.key(&oracle)
            let index = oracle.number(-3...3)
            let path = (0..<oracle.number(0...3)).map { _ in
                oracle.isChosen(one: 9)
                    ? nil
                    : oracle.isChosen(one: 6) ? oracle.pick([" 1", "+0", "1 ", "x", "99999999999"]) : Self.key(&oracle)
            }
            let steps = path.map { $0.map { bytes($0) } }
            let p = ServerOracle.literal(String(decoding: PostgresArray(steps).text(), as: UTF8.self)) + "::text[]"
            for (type, flavour) in [("json", JSONLookup.Flavour.json), ("jsonb", .jsonb)] {
                let text = flavour == .json ? bytes(json) : try JSONNormalForm.normalize(bytes(json))
                let (j, k) = (Self.literal(json, type), ServerOracle.literal(key))
                oracle.ask("\(j) -> \(k)") { try JSONLookup.field(bytes(key), of: text) }
                oracle.ask("\(j) ->> \(k)") { try JSONLookup.fieldText(bytes(key), of: text) }
                oracle.ask("\(j) -> (\(index))") { try JSONLookup.element(index, of: text, flavour) }
                oracle.ask("\(j) ->> (\(index))") { try JSONLookup.elementText(index, of: text, flavour) }
                // Inside a path json may take the first of equal names, and counts a number from the end by
                // the first array that it meets at that depth, wherever (get_array_start).
                let isOdd = path.contains("-1") || Self.hasEqualNames(bytes(json))
                let isExcused = { (_: ServerOracle.Answer) in flavour == .json && isOdd }
                oracle.ask("\(j) #> \(p)", isExcused: isExcused) { try JSONLookup.path(steps, of: text) }
                oracle.ask("\(j) #>> \(p)", isExcused: isExcused) { try JSONLookup.pathText(steps, of: text) }
                oracle.ask("\(type)_typeof(\(j))") { bytes("\(try JSONLookup.typeOf(text))") }
                oracle.ask("\(type)_array_length(\(j))", number: { try JSONLookup.arrayLength(text) })
            }
        }
        try oracle.compare()
    }

    private static func hasEqualNames(_ json: [UInt8]) -> Bool {
        guard let tree = try? JSONNormalForm.read(json) else { return false }
        func members(_ tree: JSONTree) -> Int {
            switch tree {
            case .array(let elements): elements.reduce(0) { $0 + members($1) }
            case .object(let all): all.reduce(all.count) { $0 + members($1.value) }
            default: 0
            }
        }
        // No string of ours has a colon.
        return json.count { $0 == UInt8(ascii: ":") } != members(tree)
    }

    @Test func jsonbIsPrintedAndChangedAsTheServerDoes() throws {
        var oracle = try ServerOracle(for: "jsonb oracle")
        for _ in 0..<ServerOracle.rounds(400) {
            let one = Self.json(&oracle, depth: 2)
            var two = Self.json(&oracle, depth: 2)
            // Half of the time a part or another writing of the first one, so that some are contained.
            if oracle.isChosen(one: 2), let tree = try? JSONNormalForm.read(bytes(one)) {
                two = String(decoding: try JSONNormalForm.print(Self.part(tree, &oracle)), as: UTF8.self)
            }
            let (a, b) = (Self.literal(one, "jsonb"), Self.literal(two, "jsonb"))
            let (x, y) = (bytes(one), bytes(two))
            let key = Self.key(&oracle)
            let k = ServerOracle.literal(key)
            let index = oracle.number(-3...3)
            oracle.ask(a) { try JSONNormalForm.normalize(x) }
            oracle.ask("\(a) = \(b)", isTrue: { try JSONBOperators.areEqual(x, y) })
            oracle.ask("\(a) @> \(b)", isTrue: { try JSONBOperators.contains(x, y) })
            oracle.ask("\(a) <@ \(b)", isTrue: { try JSONBOperators.contains(y, x) })
            oracle.ask("\(a) ? \(k)", isTrue: { try JSONBOperators.hasKey(bytes(key), in: x) })
            oracle.ask(
                "\(a) ?| ARRAY[\(k), NULL, 'a']",
                isTrue: {
                    try JSONBOperators.hasAnyKey([bytes(key), nil, bytes("a")], in: x)
                })
            oracle.ask(
                "\(a) ?& ARRAY[\(k), NULL, 'a']",
                isTrue: {
                    try JSONBOperators.hasAllKeys([bytes(key), nil, bytes("a")], in: x)
                })
            oracle.ask("\(a) || \(b)") { try JSONBOperators.concatenate(x, y) }
            oracle.ask("\(a) - \(k)") { try JSONBOperators.deleting(bytes(key), from: x) }
            oracle.ask("\(a) - ARRAY[\(k), NULL, 'a']") {
                try JSONBOperators.deleting([bytes(key), nil, bytes("a")], from: x)
            }
            oracle.ask("\(a) - (\(index))") { try JSONBOperators.deleting(at: index, from: x) }
            oracle.ask("(\(a))::numeric") { try JSONBOperators.asNumeric(x) }
            oracle.ask("(\(a))::boolean") { bytes(try JSONBOperators.asBoolean(x) ? "true" : "false") }
            let text = oracle.text(of: ["a", "é", "\"", "\\", "\n", "\u{1}", "\u{7F}", "😀", "/"], upTo: 5)
            oracle.ask("to_jsonb(\(ServerOracle.literal(text)))") { JSONNormalForm.string(bytes(text)) }
        }
        try oracle.compare()
    }

    /// Some of what is in a value.
    private static func part(_ tree: JSONTree, _ oracle: inout ServerOracle) -> JSONTree {
        switch tree {
        case .array(let elements):
            var kept: [JSONTree] = []
            for element in elements where !oracle.isChosen(one: 3) { kept.append(part(element, &oracle)) }
            return .array(kept.reversed())
        case .object(let members):
            var kept: [JSONTree.Member] = []
            for member in members where !oracle.isChosen(one: 3) {
                kept.append(.init(name: member.name, value: part(member.value, &oracle)))
            }
            return .object(kept)
        case .number(let digits)
        where digits.contains(UInt8(ascii: ".")) && !digits.contains { $0 | 0x20 == UInt8(ascii: "e") }:
            return .number(digits + [48])
        default: return tree
        }
    }

    @Test func whatIsNoJSONIsNoneForTheServer() throws {
        var oracle = try ServerOracle(for: "JSON syntax oracle")
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u12", "1", "0", "-", ".", "e", "E+", "null", "true", " ",
            "\"a\":", "\"b\"", "\t", "\u{1}",
            "é", "\\ud83d", "\\ude00", "\\u0000", "//", "'",
        ]
        for _ in 0..<ServerOracle.rounds(1500) {
            var json = oracle.text(of: pieces, upTo: 6)
            if oracle.isChosen(one: 2) {
                // One piece of valid JSON is made another.
                var characters = Array(Self.json(&oracle, depth: 2))
                characters[oracle.number(0...(characters.count - 1))] = Character(
                    oracle.pick(["\"", "1", ",", "}", "]", "\\", "x", "0"]))
                json = String(characters)
            }
            oracle.ask(
                "\(Self.literal(json, "json")) IS NOT NULL",
                isTrue: {
                    try JSONScanner.validate(bytes(json))
                    return true
                })
            oracle.ask(Self.literal(json, "jsonb")) { try JSONNormalForm.normalize(bytes(json)) }
        }
        for number in ["1e131071", "1e131072", "1e-16383", "1e-16384", "0.1e131072", "1e999999"] {
            oracle.ask(
                "length(\(Self.literal(number, "jsonb"))::text)",
                number: {
                    try JSONNormalForm.normalize(bytes(number)).count
                })
        }
        try oracle.compare()
    }
}
