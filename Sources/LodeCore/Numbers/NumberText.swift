/// Numbers and booleans out of text, as PostgreSQL's input functions read them: blanks around them do
/// not count.
enum NumberText {
    /// As `int2in`, `int4in` and `int8in` of PostgreSQL 15: decimal digits with a sign.
    static func integer(
        _ text: Span<UInt8>, _ range: Range<Int>, as width: IntegerWidth
    ) throws(ArithmeticError) -> Int64 {
        let range = text.trimmed(range)
        guard let first = range.first else { throw .invalidText(width.name) }
        let isSigned = text[first] == UInt8(ascii: "-") || text[first] == UInt8(ascii: "+")
        let start = first + (isSigned ? 1 : 0)
        var end = start
        while end < range.upperBound, text[end].isDigit { end += 1 }
        guard end > start else { throw .invalidText(width.name) }
        // Digits too many are told before anything behind them is looked at.
        guard let value = NumberLiteral.integer(text, first..<end), width.range.contains(value) else {
            throw .textOutOfRange(width.name)
        }
        guard end == range.upperBound else { throw .invalidText(width.name) }
        return value
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
