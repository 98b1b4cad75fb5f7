/// Walks over JSON text (RFC 8259) and checks it as PostgreSQL's `json_in` does (jsonapi.c).
///
/// Nesting is bounded by ``deepest``; PostgreSQL's own bound is its stack's.
struct JSONScanner {
    /// What `\u` escapes may say.
    enum Strings: Hashable, Sendable {
        /// Four digits, whatever they mean: the type json.
        case asWritten
        /// A character: no `\u0000`, no half of a surrogate pair alone. The type jsonb, and text taken from json.
        case decodable
    }

    /// The most containers inside each other.
    static let deepest = 512

    let text: [UInt8]
    let strings: Strings
    private(set) var at: Int
    private let end: Int

    init(_ text: [UInt8], strings: Strings = .decodable) {
        self.init(text, 0..<text.count, strings: strings)
    }

    init(_ text: [UInt8], _ range: Range<Int>, strings: Strings = .decodable) {
        self.text = text
        self.strings = strings
        at = range.lowerBound
        end = range.upperBound
    }

    /// Checks a whole text.
    static func validate(_ text: [UInt8], strings: Strings = .asWritten) throws(EvaluationError) {
        _ = try wholeValue(text, strings: strings)
    }

    /// The place of the text's only value, without the blanks round it.
    static func wholeValue(_ text: [UInt8], strings: Strings) throws(EvaluationError) -> Range<Int> {
        var scanner = JSONScanner(text, strings: strings)
        let value = try scanner.skipValue()
        scanner.skipSpace()
        guard scanner.at == text.count else { throw scanner.expected("the end") }
        return value
    }

    // MARK: - Values

    /// Goes past one value of any kind.
    ///
    /// - Returns: Its place.
    mutating func skipValue() throws(EvaluationError) -> Range<Int> {
        skipSpace()
        let start = at
        // What closes each container that is open.
        var closers: [UInt8] = []
        while true {
            skipSpace()
            switch peek {
            case UInt8(ascii: "{"):
                at += 1
                skipSpace()
                if take(UInt8(ascii: "}")) { break }
                try open(UInt8(ascii: "}"), &closers)
                try skipName()
                continue
            case UInt8(ascii: "["):
                at += 1
                skipSpace()
                if take(UInt8(ascii: "]")) { break }
                try open(UInt8(ascii: "]"), &closers)
                continue
            default: try skipScalar()
            }
            // A value has ended, and perhaps the containers that it is the last of.
            while let closer = closers.last {
                skipSpace()
                if take(UInt8(ascii: ",")) {
                    if closer == UInt8(ascii: "}") { try skipName() }
                    break
                }
                guard take(closer) else { throw expected(closer == UInt8(ascii: "}") ? "“,” or “}”" : "“,” or “]”") }
                closers.removeLast()
            }
            if closers.isEmpty { return start..<at }
        }
    }

    private func open(_ closer: UInt8, _ closers: inout [UInt8]) throws(EvaluationError) {
        guard closers.count < Self.deepest else {
            throw EvaluationError("JSON is nested deeper than \(Self.deepest)")
        }
        closers.append(closer)
    }

    private mutating func skipName() throws(EvaluationError) { _ = try readName() }

    /// `"name":`
    ///
    /// - Returns: The place between the quotes.
    mutating func readName() throws(EvaluationError) -> Range<Int> {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw expected("a member's name") }
        let name = try readString()
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw expected("“:”") }
        return name
    }

    private mutating func skipScalar() throws(EvaluationError) {
        switch peek {
        case UInt8(ascii: "\""): _ = try readString()
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: _ = try readNumber()
        }
    }

    mutating func skipWord(_ word: StaticString) throws(EvaluationError) {
        let isThere = text.span.has(word, at: at) && at + word.utf8CodeUnitCount <= end
        guard isThere else { throw expected("a value") }
        at += word.utf8CodeUnitCount
    }

    /// Goes past a string that starts here.
    ///
    /// - Returns: The place between the quotes.
    mutating func readString() throws(EvaluationError) -> Range<Int> {
        at += 1
        let start = at
        while let byte = peek {
            if byte == UInt8(ascii: "\"") {
                at += 1
                return start..<(at - 1)
            }
            guard byte >= 0x20 else { throw expected("no control character; write \\n, \\t or \\u00..") }
            at += 1
            if byte == UInt8(ascii: "\\") { try skipEscape() }
        }
        throw expected("“\"” at a string's end")
    }

    private mutating func skipEscape() throws(EvaluationError) {
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            at += 1
            let unit = try readHex4()
            guard strings == .decodable else { return }
            guard unit != 0 else { throw EvaluationError("JSON has \\u0000, which cannot be text") }
            if unit & 0xFC00 == 0xD800 {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw loneSurrogate }
                guard try readHex4() & 0xFC00 == 0xDC00 else { throw loneSurrogate }
            } else if unit & 0xFC00 == 0xDC00 {
                throw loneSurrogate
            }
        default: throw expected("an escape as \\n or \\u00e9")
        }
    }

    private var loneSurrogate: EvaluationError {
        EvaluationError("JSON has half of a surrogate pair at byte \(at + 1); write both as \\ud83d\\ude00")
    }

    private mutating func readHex4() throws(EvaluationError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, byte.isHexDigit else { throw expected("four hexadecimal digits") }
            value = value << 4 | UInt32(byte.isDigit ? byte - 48 : (byte | 32) - 87)
            at += 1
        }
        return value
    }

    /// Goes past a number that starts here.
    mutating func readNumber() throws(EvaluationError) -> Range<Int> {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try skipDigits() }
        if take(UInt8(ascii: ".")) { try skipDigits() }
        if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
            at += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { at += 1 }
            try skipDigits()
        }
        return start..<at
    }

    private mutating func skipDigits() throws(EvaluationError) {
        guard let byte = peek, byte.isDigit else { throw expected("a value") }
        while let byte = peek, byte.isDigit { at += 1 }
    }

    // MARK: - Bytes

    var peek: UInt8? { at < end ? text[at] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        at += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    func expected(_ what: String) -> EvaluationError {
        EvaluationError("invalid JSON at byte \(at + 1): expected \(what)")
    }
}
