/// Numbers and booleans out of text, as PostgreSQL's input functions read them: blanks around them do
/// not count.
enum NumberText {
    /// As `int2in`, `int4in` and `int8in` of PostgreSQL 15: decimal digits with a sign.
    static func integer(
        _ text: Span<UInt8>, _ range: Range<Int>, as width: IntegerWidth
    ) throws(ArithmeticError) -> Int64 {
        let range = text.trimmed(range)
        guard var at = range.first else { throw .invalidText(width.name) }
        let isNegative = text[at] == UInt8(ascii: "-")
        if isNegative || text[at] == UInt8(ascii: "+") { at += 1 }
        guard at < range.upperBound, text[at].isDigit else { throw .invalidText(width.name) }
        // Downwards, where there is one more. Too many digits are told before what comes behind them.
        var value: Int64 = 0
        while at < range.upperBound, text[at].isDigit {
            let (shifted, isTooLow) = value.multipliedReportingOverflow(by: 10)
            let (next, isLower) = shifted.subtractingReportingOverflow(Int64(text[at] &- 48))
            guard !isTooLow, !isLower, width.range.contains(next) else { throw .textOutOfRange(width.name) }
            value = next
            at += 1
        }
        guard at == range.upperBound else { throw .invalidText(width.name) }
        if isNegative { return value }
        guard value > width.range.lowerBound else { throw .textOutOfRange(width.name) }
        return -value
    }

    /// As `boolin`: any beginning of true, false, yes, no, on and off that can be only one of them,
    /// 1 and 0, in any capitals.
    static func boolean(_ text: Span<UInt8>, _ range: Range<Int>) throws(ArithmeticError) -> Bool {
        let range = text.trimmed(range)
        if range.count == 1, text[range.lowerBound] == UInt8(ascii: "1") { return true }
        if range.count == 1, text[range.lowerBound] == UInt8(ascii: "0") { return false }
        if text.begins("true", range, least: 1) || text.begins("yes", range, least: 1)
            || text.begins("on", range, least: 2)
        {
            return true
        }
        if text.begins("false", range, least: 1) || text.begins("no", range, least: 1)
            || text.begins("off", range, least: 2)
        {
            return false
        }
        throw .invalidText("boolean")
    }

    /// As `float8in`, without hexadecimal digits.
    static func double(_ text: Span<UInt8>, _ range: Range<Int>) throws(ArithmeticError) -> Double {
        try float(text, range, isReal: false, "double precision")
    }

    /// As `float4in`, without hexadecimal digits.
    static func real(_ text: Span<UInt8>, _ range: Range<Int>) throws(ArithmeticError) -> Float {
        Float(try float(text, range, isReal: true, "real"))
    }

    private static func float(
        _ text: Span<UInt8>, _ range: Range<Int>, isReal: Bool, _ type: String
    ) throws(ArithmeticError) -> Double {
        do {
            return try FloatText.value(text, text.trimmed(range), isReal: isReal)
        } catch {
            switch error {
            case .syntax: throw .invalidText(type)
            case .range: throw .textOutOfRange(type)
            }
        }
    }
}

extension Span<UInt8> {
    /// Whether `range` is the lower-case `word`, or at least so many of its first letters, in any capitals.
    fileprivate func begins(_ word: StaticString, _ range: Range<Int>, least: Int) -> Bool {
        guard range.count >= least, range.count <= word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            for (index, letter) in zip(range, letters) where self[index] | 0x20 != letter { return false }
            return true
        }
    }
}
