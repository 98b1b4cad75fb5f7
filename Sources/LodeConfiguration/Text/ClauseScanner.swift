/// Cuts what `from` and `gather` say into words, names and texts, one at a time, as PostgreSQL's
/// scanner (`scan.l`) does; whatever stands behind the part that a reader wants is not looked at.
struct ClauseScanner {
    struct Token: Hashable {
        enum Kind: Hashable {
            /// An identifier or keyword without quotes, folded to lower case.
            case word(String)
            /// In double quotes.
            case name(String)
            /// In single quotes.
            case text(String)
            case dot
            /// A name in double quotes that is empty or does not end.
            case brokenName
            /// A text in single quotes that does not end.
            case brokenText
            case other
            case end
        }

        var kind: Kind
        /// In UTF-8 bytes of the text.
        var range: Range<Int>
    }

    private let bytes: [UInt8]
    /// The next one.
    private(set) var token = Token(kind: .end, range: 0..<0)

    init(_ text: String) {
        bytes = Array(text.utf8)
        advance()
    }

    /// To the next token; the end, and what cannot be read, are never passed.
    mutating func advance() {
        switch token.kind {
        case .brokenName, .brokenText, .other: return
        case .word, .name, .text, .dot, .end: token = token(from: token.range.upperBound)
        }
    }

    /// What stands behind `offset`, without the blanks around it; nil when that is nothing.
    func rest(from offset: Int) -> Range<Int>? {
        guard let first = bytes[offset...].firstIndex(where: { !$0.isBlank }),
            let last = bytes[offset...].lastIndex(where: { !$0.isBlank })
        else { return nil }
        return first..<(last + 1)
    }

    private func token(from offset: Int) -> Token {
        let start = bytes[offset...].firstIndex { !$0.isBlank } ?? bytes.count
        guard start < bytes.count else { return Token(kind: .end, range: start..<start) }
        switch bytes[start] {
        case UInt8(ascii: "."):
            return Token(kind: .dot, range: start..<(start + 1))
        case UInt8(ascii: "\""):
            guard let (name, end) = quoted(from: start), !name.isEmpty else {
                return Token(kind: .brokenName, range: start..<bytes.count)
            }
            return Token(kind: .name(name), range: start..<end)
        case UInt8(ascii: "'"):
            guard let (text, end) = quoted(from: start) else {
                return Token(kind: .brokenText, range: start..<bytes.count)
            }
            return Token(kind: .text(text), range: start..<end)
        case let byte where byte.startsIdentifier:
            let end = bytes[start...].firstIndex { !$0.continuesIdentifier } ?? bytes.count
            return Token(kind: .word(Identifier.folded(bytes[start..<end])), range: start..<end)
        default:
            return Token(kind: .other, range: start..<(start + 1))
        }
    }

    /// What stands in quotes, a quote written twice for one, and where it ends; nil when it does not.
    private func quoted(from start: Int) -> (text: String, end: Int)? {
        let quote = bytes[start]
        var text: [UInt8] = []
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == quote {
                index += 1
                guard index < bytes.count, bytes[index] == quote else {
                    return (String(decoding: text, as: UTF8.self), index)
                }
            }
            text.append(bytes[index])
            index += 1
        }
        return nil
    }
}

/// A name as it may stand without quotes in an expression.
enum Identifier {
    /// Only ASCII letters, as PostgreSQL folds in a UTF-8 database.
    static func folded(_ word: some Sequence<UInt8>) -> String {
        let isCapital: (UInt8) -> Bool = { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        return String(decoding: word.map { isCapital($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    static func isOne(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.startsIdentifier else { return false }
        return text.utf8.allSatisfy(\.continuesIdentifier)
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { isSpaceOrTab || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }

    /// As PostgreSQL's scanner: letters, `_` and everything that is not ASCII.
    fileprivate var startsIdentifier: Bool { isLetterOrUnderscore || self >= 0x80 }

    fileprivate var continuesIdentifier: Bool { startsIdentifier || isDigit || self == UInt8(ascii: "$") }
}
