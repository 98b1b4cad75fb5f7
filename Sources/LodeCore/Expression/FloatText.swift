/// Floating-point numbers out of their text.
enum FloatText {
    enum Failure: Error {
        case syntax
        /// Too large, or so small that it would become zero: PostgreSQL refuses both.
        case range
    }

    /// Reads a number as PostgreSQL's `float8in` does, or, for a float4, as `float4in` does, widened.
    ///
    /// Short numbers are made of exact integers and powers of ten; longer ones go through a String,
    /// which allocates.
    static func value(
        _ bytes: Span<UInt8>, _ range: Range<Int>, isReal: Bool
    ) throws(Failure) -> Double {
        if let special = special(bytes, range) { return special }
        let parts = try Parts(bytes, range)
        if let exact = parts.exact(isReal: isReal) { return exact }
        let text = String(decoding: bytes.bytes(ByteRange(range.lowerBound, range.upperBound)), as: UTF8.self)
        guard let value = isReal ? Float(text).map(Double.init) : Double(text) else { throw .syntax }
        if value.isInfinite || value == 0 && parts.hasDigits { throw .range }
        return value
    }

    /// The order of PostgreSQL: NaN equals itself and comes after all others.
    static func order(_ a: Double, _ b: Double) -> Int {
        if a < b { return -1 }
        if a > b { return 1 }
        if a == b { return 0 }
        return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0)
    }

    private static func special(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
        guard var start = range.first else { return nil }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        if isNegative || bytes[start] == UInt8(ascii: "+") { start += 1 }
        if bytes.hasWord("infinity", start..<range.upperBound) || bytes.hasWord("inf", start..<range.upperBound) {
            return isNegative ? -.infinity : .infinity
        }
        return bytes.hasWord("nan", start..<range.upperBound) ? .nan : nil
    }

    /// `digits * 10^exponent`.
    private struct Parts {
        var digits: UInt64 = 0
        var exponent = 0
        var isNegative = false
        /// Whether `digits` are all there are.
        var isWhole = true
        /// Whether any digit is not zero.
        var hasDigits = false

        init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Failure) {
            var index = range.lowerBound
            let end = range.upperBound
            guard index < end else { throw .syntax }
            isNegative = bytes[index] == UInt8(ascii: "-")
            if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
            let start = index
            var points = 0
            while index < end, bytes[index].isDigit || bytes[index] == UInt8(ascii: ".") && points == 0 {
                if bytes[index] == UInt8(ascii: ".") {
                    points = 1
                } else {
                    append(bytes[index] &- 48, isDecimal: points > 0)
                }
                index += 1
            }
            guard index - start > points else { throw .syntax }
            guard index < end else { return }
            guard bytes[index] | 0x20 == UInt8(ascii: "e"),
                let written = NumberLiteral.integer(bytes, index + 1..<end)
            else { throw .syntax }
            exponent += Int(max(-100_000, min(100_000, written)))
        }

        private mutating func append(_ digit: UInt8, isDecimal: Bool) {
            if digit != 0 { hasDigits = true }
            guard digits < 100_000_000_000_000_000 else {
                isWhole = false
                return
            }
            digits = digits * 10 + UInt64(digit)
            if isDecimal { exponent -= 1 }
        }

        /// Right to the last bit when both factors are exact (Clinger, 1990).
        func exact(isReal: Bool) -> Double? {
            guard isWhole, abs(exponent) <= (isReal ? 10 : 22), digits < (isReal ? 1 << 24 : 1 << 53) else {
                return nil
            }
            let power = FloatText.powers[abs(exponent)]
            let magnitude: Double
            if isReal {
                let single = exponent < 0 ? Float(digits) / Float(power) : Float(digits) * Float(power)
                magnitude = Double(single)
            } else {
                magnitude = exponent < 0 ? Double(digits) / power : Double(digits) * power
            }
            return isNegative ? -magnitude : magnitude
        }
    }

    /// 10^0 to 10^22, all of them exact.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19, 1e20, 1e21, 1e22,
    ]
}

extension Span<UInt8> {
    /// Whether `range` is the lower-case ASCII `word` in any mix of capitals.
    func hasWord(_ word: StaticString, _ range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            for (index, letter) in zip(range, letters) where self[index] | 0x20 != letter { return false }
            return true
        }
    }
}
