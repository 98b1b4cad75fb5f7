/// Cuts an expression into tokens, as PostgreSQL's scanner (`scan.l`) does.
///
/// All that is wrong is collected; the text is read to its end whatever it holds.
struct Lexer {
    private let source: SourceText
    private let bytes: [UInt8]
    private var at = 0
    private var tokens: [Token] = []
    private var errors: [Diagnostic] = []

    /// The tokens, closed by one of kind `end`.
    static func tokens(of source: SourceText) throws(Diagnostics) -> [Token] {
        var lexer = Lexer(source)
        lexer.readAll()
        guard lexer.errors.isEmpty else { throw Diagnostics(lexer.errors) }
        return lexer.tokens
    }

    private init(_ source: SourceText) {
        self.source = source
        bytes = Array(source.text.utf8)
    }

    private mutating func readAll() {
        while true {
            skipBlanks()
            guard at < bytes.count else { break }
            readToken()
        }
        append(.end, from: at)
    }

    private mutating func readToken() {
        let start = at
        let byte = bytes[at]
        if byte == UInt8(ascii: "'") {
            readText()
        } else if byte == UInt8(ascii: "\"") {
            readQuotedName()
        } else if byte.isDigit || byte == UInt8(ascii: ".") && peek(1).isDigit {
            readNumber()
        } else if byte.startsName {
            readName()
        } else if Self.punctuation.contains(byte) {
            at += byte == UInt8(ascii: ":") && peek(1) == byte ? 2 : 1
            append(.symbol(string(start..<at)), from: start)
        } else if Self.operatorBytes.contains(byte) {
            readOperator()
        } else {
            at += 1
            error(start, "unexpected \(Self.describe(byte)); remove it, or put text in single quotes")
        }
    }

    // MARK: - Blanks and comments

    private mutating func skipBlanks() {
        while at < bytes.count {
            if bytes[at].isBlank {
                at += 1
            } else if has("--") {
                while at < bytes.count, bytes[at] != 0x0A { at += 1 }
            } else if has("/*") {
                skipBlockComment()
            } else {
                return
            }
        }
    }

    /// Block comments nest, as in PostgreSQL.
    private mutating func skipBlockComment() {
        let start = at
        var depth = 0
        repeat {
            if has("/*") {
                depth += 1
                at += 2
            } else if has("*/") {
                depth -= 1
                at += 2
            } else {
                at += 1
            }
        } while depth > 0 && at < bytes.count
        if depth > 0 { error(start, "the comment does not end; close it with */") }
    }

    // MARK: - Literals

    private mutating func readText() {
        let start = at
        var text: [UInt8] = []
        at += 1
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "'") {
                guard peek(1) == UInt8(ascii: "'") else {
                    at += 1
                    append(.text(text), from: start)
                    return
                }
                at += 1
            }
            text.append(bytes[at])
            at += 1
        }
        error(start, "the text does not end; close it with ' (a quote inside is written twice: '')")
    }

    private mutating func readNumber() {
        let start = at
        skipDigits()
        if peek(0) == UInt8(ascii: ".") {
            at += 1
            skipDigits()
        }
        if (peek(0) | 0x20) == UInt8(ascii: "e") {
            let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
            if peek(1 + sign).isDigit {
                at += 1 + sign
                skipDigits()
            }
        }
        guard !peek(0).startsName else {
            while peek(0).continuesName { at += 1 }
            error(start, "“\(string(start..<at))” is no number; put text in single quotes")
            return
        }
        append(.number, from: start)
    }

    private mutating func skipDigits() {
        while at < bytes.count, bytes[at].isDigit { at += 1 }
    }

    // MARK: - Names and operators

    private mutating func readName() {
        let start = at
        while at < bytes.count, bytes[at].continuesName { at += 1 }
        if at - start == 1, peek(0) == UInt8(ascii: "'"), "eEbBxXnN".utf8.contains(bytes[start]) {
            let prefix = string(start..<at)
            readText()
            error(start, "texts like \(prefix)'…' are not known; write '…' alone, where a backslash is itself")
            return
        }
        // Only ASCII, as PostgreSQL does with a multi-byte encoding.
        let folded = String(
            decoding: bytes[start..<at].map { $0 &- 65 < 26 ? $0 + 32 : $0 }, as: UTF8.self)
        if let keyword = Keyword(rawValue: folded) {
            append(.keyword(keyword), from: start)
        } else if folded.unicodeScalars.contains(where: { "‘’‚“”„".unicodeScalars.contains($0) }) {
            error(start, "“\(folded)” has typographic quotes; write text in straight ones: 'text'")
        } else {
            append(.name(folded, isQuoted: false), from: start)
        }
    }

    private mutating func readQuotedName() {
        let start = at
        var name: [UInt8] = []
        at += 1
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") {
                guard peek(1) == UInt8(ascii: "\"") else {
                    at += 1
                    if name.isEmpty {
                        error(start, "an empty name; empty text is written in single quotes: ''")
                    } else {
                        append(.name(String(decoding: name, as: UTF8.self), isQuoted: true), from: start)
                    }
                    return
                }
                at += 1
            }
            name.append(bytes[at])
            at += 1
        }
        error(start, "the name does not end; close it with \"")
    }

    /// The longest run of operator characters, less what PostgreSQL would not take as one: a
    /// comment's start, and a sign at the end, so that `a=-1` is `a = -1`.
    private mutating func readOperator() {
        let start = at
        while at < bytes.count, Self.operatorBytes.contains(bytes[at]) {
            if at > start, has("--") || has("/*") { break }
            at += 1
        }
        let mayEndInSign = bytes[start..<at].contains { "~!@#%^&|`?".utf8.contains($0) }
        while !mayEndInSign, at - start > 1, "+-".utf8.contains(bytes[at - 1]) { at -= 1 }
        append(.symbol(string(start..<at)), from: start)
    }

    private static let operatorBytes = Set("+-*/<>=~!@#%^&|`?".utf8)
    private static let punctuation = Set("()[],.;:".utf8)

    // MARK: - Bytes

    /// Zero past the end, which no token holds.
    private func peek(_ distance: Int) -> UInt8 {
        at + distance < bytes.count ? bytes[at + distance] : 0
    }

    private func has(_ pair: StaticString) -> Bool { bytes.span.has(pair, at: at) }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func append(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, range: start..<at))
    }

    private mutating func error(_ offset: Int, _ message: String) {
        errors.append(source.error(atByte: offset, message))
    }

    private static func describe(_ byte: UInt8) -> String {
        0x21...0x7E ~= byte ? "character “\(Character(Unicode.Scalar(byte)))”" : "control character \(byte)"
    }
}

extension UInt8 {
    /// What separates tokens and may stand round a value.
    var isBlank: Bool { self == 0x20 || self &- 9 < 5 }
    fileprivate var startsName: Bool { (self | 0x20) &- 97 < 26 || self == 95 || self >= 0x80 }
    fileprivate var continuesName: Bool { startsName || isDigit || self == UInt8(ascii: "$") }
}
