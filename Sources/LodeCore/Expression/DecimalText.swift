/// A decimal number where it stands: its digits are compared in place, so no number has too many.
///
///     -0012.3400
///       ^^ whole
///          ^^ fraction
struct DecimalText {
    private enum Size: Int { case finite, infinite, notANumber }

    private let size: Size
    private let isNegative: Bool
    /// Without zeros in front.
    private let whole: Range<Int>
    /// Without zeros at the end.
    private let fraction: Range<Int>

    /// Reads what PostgreSQL prints for a numeric or an integer; nil for anything else.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var start = range.lowerBound
        let end = range.upperBound
        guard start < end else { return nil }
        let sign = bytes[start]
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { start += 1 }
        isNegative = sign == UInt8(ascii: "-")
        if end - start == 3, bytes.has("NaN", at: start), start == range.lowerBound {
            (size, whole, fraction) = (.notANumber, 0..<0, 0..<0)
            return
        }
        if end - start == 8, bytes.has("Infinity", at: start) {
            (size, whole, fraction) = (.infinite, 0..<0, 0..<0)
            return
        }
        var point = end
        for index in start..<end where !bytes[index].isDigit {
            guard bytes[index] == UInt8(ascii: "."), point == end else { return nil }
            point = index
        }
        var first = start
        while first < point, bytes[first] == UInt8(ascii: "0") { first += 1 }
        let fractionStart = min(point + 1, end)
        var last = end
        while last > fractionStart, bytes[last - 1] == UInt8(ascii: "0") { last -= 1 }
        guard point - start + end - fractionStart > 0 else { return nil }
        (size, whole, fraction) = (.finite, first..<point, fractionStart..<last)
    }

    private var isZero: Bool { size == .finite && whole.isEmpty && fraction.isEmpty }

    /// Negative when `a` comes first. NaN equals itself and comes after all others, as in PostgreSQL.
    static func order(_ a: DecimalText, in left: Span<UInt8>, _ b: DecimalText, in right: Span<UInt8>) -> Int {
        let aSign = a.sign
        let bSign = b.sign
        if aSign != bSign { return aSign < bSign ? -1 : 1 }
        let magnitude = a.magnitudeOrder(left, b, right)
        return aSign < 0 ? -magnitude : magnitude
    }

    private var sign: Int {
        if size == .notANumber { return 1 }
        return isZero ? 0 : isNegative ? -1 : 1
    }

    private func magnitudeOrder(_ bytes: Span<UInt8>, _ other: DecimalText, _ otherBytes: Span<UInt8>) -> Int {
        if size != other.size || size != .finite { return size.rawValue - other.size.rawValue }
        if whole.count != other.whole.count { return whole.count - other.whole.count }
        for index in 0..<whole.count {
            let order = Int(bytes[whole.lowerBound + index]) - Int(otherBytes[other.whole.lowerBound + index])
            if order != 0 { return order }
        }
        for index in 0..<min(fraction.count, other.fraction.count) {
            let order = Int(bytes[fraction.lowerBound + index]) - Int(otherBytes[other.fraction.lowerBound + index])
            if order != 0 { return order }
        }
        return fraction.count - other.fraction.count
    }
}

/// Numbers as a person writes them, brought to the form that PostgreSQL prints.
enum NumberLiteral {
    enum Failure: Error {
        case syntax
        /// More digits than a numeric can have.
        case range
    }

    /// `+1.5e3` as `1500`, `-.50` as `-0.50`: without an exponent, its decimals kept.
    static func plain(_ text: some Collection<UInt8>) throws(Failure) -> [UInt8] {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var whole = Array(rest.prefix { $0.isDigit })
        rest = rest.dropFirst(whole.count)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            fraction = Array(rest.dropFirst().prefix { $0.isDigit })
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard !(whole.isEmpty && fraction.isEmpty) else { throw .syntax }
        let exponent = try exponent(rest)
        if exponent > 0 {
            let moved = min(exponent, fraction.count)
            whole += fraction.prefix(moved) + Array(repeating: 48, count: exponent - moved)
            fraction.removeFirst(moved)
        } else if exponent < 0 {
            let moved = min(-exponent, whole.count)
            fraction = Array(repeating: 48, count: -exponent - moved) + whole.suffix(moved) + fraction
            whole.removeLast(moved)
        }
        whole = Array(whole.drop { $0 == 48 })
        guard whole.count <= 131_072, fraction.count <= 16_383 else { throw .range }
        let isZero = whole.isEmpty && fraction.allSatisfy { $0 == 48 }
        var plain: [UInt8] = isNegative && !isZero ? [UInt8(ascii: "-")] : []
        plain += whole.isEmpty ? [48] : whole
        if !fraction.isEmpty { plain += [UInt8(ascii: ".")] + fraction }
        return plain
    }

    private static func exponent(_ text: some Collection<UInt8>) throws(Failure) -> Int {
        guard let first = text.first else { return 0 }
        guard first | 0x20 == UInt8(ascii: "e") else { throw .syntax }
        var digits = text.dropFirst()
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { throw .syntax }
        digits = digits.drop { $0 == 48 }
        // Past any numeric's reach, and far from an overflow of ours.
        guard digits.count <= 6 else { throw .range }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        guard value <= 150_000 else { throw .range }
        return isNegative ? -value : value
    }

    /// The digits of a 64-bit integer; nil when there is anything else, or too much of it.
    static func integer(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        var index = range.lowerBound
        guard index < range.upperBound else { return nil }
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
        guard index < range.upperBound else { return nil }
        var value: Int64 = 0
        // Downwards, where there is one more.
        while index < range.upperBound {
            guard bytes[index].isDigit else { return nil }
            let (shifted, tooBig) = value.multipliedReportingOverflow(by: 10)
            let (next, tooBigger) = shifted.subtractingReportingOverflow(Int64(bytes[index] &- 48))
            guard !tooBig, !tooBigger else { return nil }
            value = next
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
