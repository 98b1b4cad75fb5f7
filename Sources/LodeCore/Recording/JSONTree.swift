/// A JSON text (RFC 8259), read whole. Not for records: those are read in place.
public enum JSONTree: Equatable, Sendable {
    case null
    case bool(Bool)
    /// As written.
    case number([UInt8])
    case string([UInt8])
    case array([JSONTree])
    /// In the file's order; of equal names the last one counts.
    case object([Member])

    public struct Member: Equatable, Sendable {
        public var name: [UInt8]
        public var value: JSONTree

        public init(name: [UInt8], value: JSONTree) {
            self.name = name
            self.value = value
        }
    }

    /// Reads a text; nil when it is no JSON, or nested deeper than `deepest`, which keeps the stack bounded.
    public init?(json text: [UInt8], deepest: Int = 128) {
        var reader = JSONTreeReader(text, deepest: deepest)
        guard let tree = try? reader.readAll() else { return nil }
        self = tree
    }

    public subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name.elementsEqual(name.utf8) }?.value
    }

    public var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    public var elements: [JSONTree]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The number, when it is a whole one.
    public var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}

/// Reads one JSON text from left to right.
struct JSONTreeReader {
    /// What was expected where.
    struct Failure: Error, Equatable {
        var expected: String
        var offset: Int
    }

    private let text: [UInt8]
    private var at = 0

    /// Deep enough for a header, not deep enough to exhaust the stack.
    private let deepest: Int

    init(_ text: [UInt8], deepest: Int = 32) {
        self.text = text
        self.deepest = deepest
    }

    mutating func readAll() throws(Failure) -> JSONTree {
        let tree = try readValue(depth: 0)
        skipSpace()
        guard at == text.count else { throw failure("the line's end") }
        return tree
    }

    private mutating func readValue(depth: Int) throws(Failure) -> JSONTree {
        skipSpace()
        guard at < text.count, depth < deepest else { throw failure("a JSON value") }
        switch text[at] {
        case UInt8(ascii: "{"): return try readObject(depth: depth)
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return try readNumber()
        }
    }

    private mutating func readObject(depth: Int) throws(Failure) -> JSONTree {
        at += 1
        var members: [JSONTree.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw failure("a member's name") }
            let name = try readString()
            skipSpace()
            guard take(":") else { throw failure("“:”") }
            members.append(JSONTree.Member(name: name, value: try readValue(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw failure("“,” or “}”") }
        return .object(members)
    }

    private mutating func readArray(depth: Int) throws(Failure) -> JSONTree {
        at += 1
        var elements: [JSONTree] = []
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try readValue(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw failure("“,” or “]”") }
        return .array(elements)
    }

    private mutating func readString() throws(Failure) -> [UInt8] {
        let start = at + 1
        var end = start
        while end < text.count, text[end] != UInt8(ascii: "\"") { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
        guard end < text.count else { throw failure("“\"” at the end of a string") }
        var string: [UInt8] = []
        let isString = JSONEscapes.append(text.span.extracting(start..<end), to: &string)
        guard isString else { throw failure("a JSON string") }
        at = end + 1
        return string
    }

    private mutating func readNumber() throws(Failure) -> JSONTree {
        let start = at
        while at < text.count, text[at].isOfBareValue { at += 1 }
        guard at > start, text[start].isDigit || text[start] == UInt8(ascii: "-") else {
            at = start
            throw failure("a JSON value")
        }
        return .number(Array(text[start..<at]))
    }

    private mutating func readWord(_ word: StaticString, _ value: JSONTree) throws(Failure) -> JSONTree {
        let isThere = text.span.has(word, at: at)
        guard isThere else { throw failure("a JSON value") }
        at += word.utf8CodeUnitCount
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < text.count, UInt32(text[at]) == character.value else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while at < text.count, text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0A || text[at] == 0x0D { at += 1 }
    }

    private func failure(_ expected: String) -> Failure { Failure(expected: expected, offset: at) }
}
