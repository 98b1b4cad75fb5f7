/// JSON as PostgreSQL's jsonb prints it (jsonb.c): members sorted by their names' length and then bytes, of
/// equal names the last one, one blank after `:` and `,`, numbers as numeric prints them.
enum JSONNormalForm {
    /// The most bytes of a normal form: those that a jsonb container can hold (JENTRY_OFFLENMASK).
    static let longest = 0x0FFF_FFFF

    /// `text::jsonb::text`
    static func normalize(_ text: [UInt8]) throws(EvaluationError) -> [UInt8] { try print(read(text)) }

    /// A JSON string of a text: `to_jsonb(text)`.
    static func string(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        JSONText.appendQuoted(text.span, to: &out)
        return out
    }

    // MARK: - Reading

    /// Reads a text; numbers stay as written.
    static func read(_ text: [UInt8]) throws(EvaluationError) -> JSONTree {
        var scanner = JSONScanner(text)
        let tree = try read(&scanner, depth: 0)
        scanner.skipSpace()
        guard scanner.at == text.count else { throw scanner.expected("the end") }
        return tree
    }

    private static func read(_ scanner: inout JSONScanner, depth: Int) throws(EvaluationError) -> JSONTree {
        scanner.skipSpace()
        switch scanner.peek {
        case UInt8(ascii: "{"): return try readObject(&scanner, depth: depth)
        case UInt8(ascii: "["): return try readArray(&scanner, depth: depth)
        case UInt8(ascii: "\""):
            let place = try scanner.readString()
            return .string(decoded(scanner.text, place))
        case UInt8(ascii: "t"):
            try scanner.skipWord("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanner.skipWord("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanner.skipWord("null")
            return .null
        default:
            let place = try scanner.readNumber()
            let digits = Array(scanner.text[place])
            _ = try plain(digits)
            return .number(digits)
        }
    }

    private static func readArray(_ scanner: inout JSONScanner, depth: Int) throws(EvaluationError) -> JSONTree {
        _ = scanner.take(UInt8(ascii: "["))
        scanner.skipSpace()
        if scanner.take(UInt8(ascii: "]")) { return .array([]) }
        try check(depth)
        var elements: [JSONTree] = []
        repeat {
            elements.append(try read(&scanner, depth: depth + 1))
            scanner.skipSpace()
        } while scanner.take(UInt8(ascii: ","))
        guard scanner.take(UInt8(ascii: "]")) else { throw scanner.expected("“,” or “]”") }
        return .array(elements)
    }

    private static func readObject(_ scanner: inout JSONScanner, depth: Int) throws(EvaluationError) -> JSONTree {
        _ = scanner.take(UInt8(ascii: "{"))
        scanner.skipSpace()
        if scanner.take(UInt8(ascii: "}")) { return .object([]) }
        try check(depth)
        var members: [JSONTree.Member] = []
        repeat {
            let place = try scanner.readName()
            let name = decoded(scanner.text, place)
            members.append(.init(name: name, value: try read(&scanner, depth: depth + 1)))
            scanner.skipSpace()
        } while scanner.take(UInt8(ascii: ","))
        guard scanner.take(UInt8(ascii: "}")) else { throw scanner.expected("“,” or “}”") }
        return .object(sorted(members))
    }

    private static func check(_ depth: Int) throws(EvaluationError) {
        guard depth < JSONScanner.deepest else {
            throw EvaluationError("JSON is nested deeper than \(JSONScanner.deepest)")
        }
    }

    private static func decoded(_ text: [UInt8], _ place: Range<Int>) -> [UInt8] {
        var string: [UInt8] = []
        // The scanner has checked the escapes.
        _ = JSONEscapes.append(text.span.extracting(place), to: &string)
        return string
    }

    /// In jsonb's order, of equal names the last one.
    static func sorted(_ members: [JSONTree.Member]) -> [JSONTree.Member] {
        // Those of a jsonb's text are.
        let isSorted = members.indices.dropFirst().allSatisfy { nameOrder(members[$0 - 1].name, members[$0].name) < 0 }
        if isSorted { return members }
        let order = members.indices.sorted { one, other in
            let difference = nameOrder(members[one].name, members[other].name)
            return difference == 0 ? one < other : difference < 0
        }
        var unique: [JSONTree.Member] = []
        for index in order {
            if unique.last?.name == members[index].name { unique.removeLast() }
            unique.append(members[index])
        }
        return unique
    }

    /// `lengthCompareJsonbStringValue`: negative when `one` comes first.
    static func nameOrder(_ one: [UInt8], _ other: [UInt8]) -> Int {
        if one.count != other.count { return one.count - other.count }
        for index in one.indices where one[index] != other[index] { return Int(one[index]) - Int(other[index]) }
        return 0
    }

    // MARK: - Printing

    static func print(_ tree: JSONTree) throws(EvaluationError) -> [UInt8] {
        var out: [UInt8] = []
        try append(tree, to: &out)
        return out
    }

    private static func append(_ tree: JSONTree, to out: inout [UInt8]) throws(EvaluationError) {
        switch tree {
        case .null: JSONText.append("null", to: &out)
        case .bool(let value): JSONText.append(value ? "true" : "false", to: &out)
        case .number(let digits): out += try plain(digits)
        case .string(let text): JSONText.appendQuoted(text.span, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { JSONText.append(", ", to: &out) }
                try append(element, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { JSONText.append(", ", to: &out) }
                JSONText.appendQuoted(member.name.span, to: &out)
                JSONText.append(": ", to: &out)
                try append(member.value, to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
        // A number of eight bytes can say 131,072 digits.
        guard out.count <= longest else { throw EvaluationError("JSON is longer than \(longest) bytes as jsonb") }
    }

    /// The number as numeric prints it: `1e2` is 100, `1.50` stays, `-0` is 0.
    static func plain(_ digits: [UInt8]) throws(EvaluationError) -> [UInt8] {
        do {
            return try NumberLiteral.plain(digits)
        } catch {
            throw EvaluationError("a JSON number has more digits than a numeric can have")
        }
    }
}
