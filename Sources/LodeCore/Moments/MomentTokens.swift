/// A date's, time's or interval's text cut into pieces as `ParseDateTime` of datetime.c cuts it.
struct MomentToken: Hashable {
    enum Kind {
        /// Digits, perhaps with a point.
        case number
        /// Digits and `:`.
        case time
        /// Parts with `-`, `/` or `.` between.
        case date
        /// A sign and digits.
        case signed
        case word
        /// A sign and a word.
        case special
    }

    let kind: Kind
    /// Letters in lower case.
    let text: [UInt8]

    /// As many as PostgreSQL takes (`MAXDATEFIELDS`).
    private static let limit = 25

    /// Nil when there is a character that no date has, or too many pieces.
    static func all(in text: [UInt8]) -> [MomentToken]? {
        // A piece is no longer than its input, and longer ones than this are refused there too (`MAXDATELEN`).
        guard text.count <= 256 else { return nil }
        var tokens: [MomentToken] = []
        var cutter = Cutter(text: text)
        while true {
            switch cutter.next() {
            case .token(let token):
                guard tokens.count < limit else { return nil }
                tokens.append(token)
            case .end: return tokens
            case .fault: return nil
            }
        }
    }
}

private struct Cutter {
    enum Step {
        case token(MomentToken)
        case end, fault
    }

    let text: [UInt8]
    private var at = 0
    private var piece: [UInt8] = []

    init(text: [UInt8]) { self.text = text }

    private var current: UInt8 { at < text.count ? text[at] : 0 }

    mutating func next() -> Step {
        while at < text.count {
            piece = []
            let byte = current
            if byte.isBlank {
                at += 1
            } else if byte.isDigit {
                return .token(MomentToken(kind: digits(), text: piece))
            } else if byte == UInt8(ascii: ".") {
                takeOne()
                take { $0.isDigit }
                return .token(MomentToken(kind: .number, text: piece))
            } else if byte.isLetter {
                return .token(MomentToken(kind: word(), text: piece))
            } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
                return signed()
            } else if byte > 0x20, byte < 0x7F {
                // Other punctuation only separates.
                at += 1
            } else {
                return .fault
            }
        }
        return .end
    }

    private mutating func digits() -> MomentToken.Kind {
        take { $0.isDigit }
        let mark = current
        if mark == UInt8(ascii: ":") {
            take { $0.isDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
            return .time
        }
        guard mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/") || mark == UInt8(ascii: ".") else {
            return .number
        }
        takeOne()
        guard current.isDigit else {
            take { $0.isDigit || $0.isLetter || $0 == mark }
            return .date
        }
        take { $0.isDigit }
        if current == mark {
            take { $0.isDigit || $0 == mark }
            return .date
        }
        return mark == UInt8(ascii: ".") ? .number : .date
    }

    private mutating func word() -> MomentToken.Kind {
        take { $0.isLetter }
        let mark = current
        var isDate = mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/") || mark == UInt8(ascii: ".")
        if mark == UInt8(ascii: "+") || mark.isDigit { isDate = !isKnownBeforeDigits }
        guard isDate else { return .word }
        let marks = Array("+-/_.:".utf8)
        take { marks.contains($0) || $0.isDigit || $0.isLetter }
        return .date
    }

    /// Zones' names do not count, so that `GMT+3` stays one piece.
    private var isKnownBeforeDigits: Bool {
        guard let word = MomentWord(piece) else { return false }
        return word != .utc
    }

    private mutating func signed() -> Step {
        takeOne()
        while current.isBlank { at += 1 }
        if current.isDigit {
            take { $0.isDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
            return .token(MomentToken(kind: .signed, text: piece))
        }
        guard current.isLetter else { return .fault }
        take { $0.isLetter }
        return .token(MomentToken(kind: .special, text: piece))
    }

    private mutating func takeOne() {
        piece.append(current.lowercased)
        at += 1
    }

    private mutating func take(while belongs: (UInt8) -> Bool) {
        while at < text.count, belongs(text[at]) { takeOne() }
    }
}

extension UInt8 {
    /// Of ASCII.
    var isLetter: Bool { (self | 0x20) &- 97 < 26 }

    var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
}

/// Numbers at the start of a piece of text.
enum LeadingNumber {
    /// An integer with or without a sign, and what comes after it, as C's `strtol` reads it: 0 when there are no
    /// digits; nil when it does not fit.
    static func integer(_ text: ArraySlice<UInt8>) -> (value: Int64, rest: ArraySlice<UInt8>)? {
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let digits = rest.prefix { $0.isDigit }
        guard !digits.isEmpty else { return (0, text) }
        var value: Int64 = 0
        for digit in digits {
            let (shifted, isOver) = value.multipliedReportingOverflow(by: 10)
            let (next, isOverToo) = shifted.subtractingReportingOverflow(Int64(digit &- 48))
            guard !isOver, !isOverToo else { return nil }
            value = next
        }
        if !isNegative {
            guard value > .min else { return nil }
            value = -value
        }
        return (value, rest.dropFirst(digits.count))
    }

    /// The same for an `int`.
    static func short(_ text: ArraySlice<UInt8>) -> (value: Int, rest: ArraySlice<UInt8>)? {
        guard let (value, rest) = integer(text), Int32(exactly: value) != nil else { return nil }
        return (Int(value), rest)
    }

    /// `.789`, of which 0.789; nil when there is more than digits (`ParseFraction`).
    static func fraction(_ text: ArraySlice<UInt8>) -> Double? {
        let digits = text.dropFirst()
        guard text.first == UInt8(ascii: "."), digits.allSatisfy(\.isDigit) else { return nil }
        return digits.isEmpty ? 0 : Double("0." + String(decoding: digits, as: UTF8.self))
    }

    /// `.789` in microseconds, rounded.
    static func microseconds(_ text: ArraySlice<UInt8>) -> Int? {
        fraction(text).map { Int(($0 * 1_000_000).rounded(.toNearestOrEven)) }
    }
}
