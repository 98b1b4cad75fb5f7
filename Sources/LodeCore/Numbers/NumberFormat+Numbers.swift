extension NumberFormat {
    // MARK: - Exact numbers

    /// `to_char(numeric, format)`.
    func text(_ value: Numeric) throws(ArithmeticError) -> [UInt8] {
        guard !items.isEmpty || isScientific else { return [] }
        if isScientific { return scientific(value) }
        var format = self
        format.whole += shift
        let shifted = try value.multiplied(
            by: Numeric(Magnitude.word(1).scaledUp(by: shift), scale: 0, isNegative: false))
        let rounded = try shifted.rounded(to: fraction)
        return try format.write(format.digits(rounded.absolute.text, isNegative: rounded.isNegative))
    }

    /// `to_char(integer, format)`, and that of a `bigint`; PostgreSQL has none for `smallint`, which
    /// becomes an `integer`.
    ///
    /// A number that `V` makes too large for its type is an error; PostgreSQL prints a wrong one when
    /// the type is `integer`.
    func text(_ value: Int64, as width: IntegerWidth) throws(ArithmeticError) -> [UInt8] {
        guard !items.isEmpty || isScientific else { return [] }
        // PostgreSQL rounds the one as a double, and the other as a numeric.
        if isScientific { return width == .bigint ? scientific(Numeric(value)) : scientific(Double(value)) }
        var format = self
        format.whole += shift
        let width = width == .smallint ? .integer : width
        guard shift < Magnitude.powersOfTen.count, let factor = Int64(exactly: Magnitude.powersOfTen[shift]) else {
            throw .outOfRange(width.name)
        }
        let shifted = try IntegerArithmetic.multiply(value, try width.check(factor), as: width)
        let digits = Numeric(.word(shifted.magnitude), scale: 0, isNegative: false)
        return try format.write(format.digits(try digits.rounded(to: fraction).text, isNegative: shifted < 0))
    }

    // MARK: - Floating point

    /// `to_char(double precision, format)`.
    func text(_ value: Double) throws(ArithmeticError) -> [UInt8] {
        try text(value, shifted: value * factor, mostDigits: 15)
    }

    /// `to_char(real, format)`.
    func text(_ value: Float) throws(ArithmeticError) -> [UInt8] {
        try text(Double(value), shifted: Double(value * Float(factor)), mostDigits: 6)
    }

    /// What `V` multiplies with.
    private var factor: Double { shift == 0 ? 1 : Double("1e\(shift)") ?? .infinity }

    /// The number keeps the digits that its type is sure of, and has no more decimals than that leaves.
    private func text(_ value: Double, shifted: Double, mostDigits: Int) throws(ArithmeticError) -> [UInt8] {
        guard !items.isEmpty || isScientific else { return [] }
        if isScientific { return scientific(value) }
        var format = self
        format.whole += shift
        let length = Self.plain(shifted, decimals: 0).count
        format.fraction = length >= mostDigits ? 0 : min(fraction, mostDigits - length)
        let text = Self.plain(shifted, decimals: format.fraction)
        return try format.write(format.digits(text, isNegative: !shifted.isNaN && shifted.sign == .minus))
    }

    /// As C's `%.*f` without the sign: the exact number, rounded to the nearest, of two the even one.
    private static func plain(_ value: Double, decimals: Int) -> [UInt8] {
        if value.isNaN { return Array("NaN".utf8) }
        if value.isInfinite { return Array("Infinity".utf8) }
        let (exact, scale) = FloatDecimal.exact(value)
        let rounded =
            scale > decimals
            ? exact.scaledDown(by: scale - decimals).roundedToEven : exact.scaledUp(by: decimals - scale)
        return Numeric(rounded, scale: decimals, isNegative: false).text
    }

    // MARK: - Places

    /// Digits for the places before the point, or `#` in all of them when they are too many.
    private func digits(_ text: [UInt8], isNegative: Bool) -> Digits {
        let length = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
        guard length > whole else { return Digits(text: text, isNegative: isNegative, padding: whole - length) }
        return Digits(text: overflow(whole), isNegative: isNegative, padding: 0)
    }

    private func overflow(_ places: Int) -> [UInt8] {
        let number = UInt8(ascii: "#")
        return Array(repeating: number, count: places) + [UInt8(ascii: ".")] + Array(repeating: number, count: fraction)
    }

    // MARK: - With an exponent

    private func scientific(_ value: Numeric) -> [UInt8] {
        guard value.isFinite else { return scientificOverflow }
        let count = value.magnitude.digitCount
        let exponent = value.isZero ? 0 : count - value.scale - 1
        let surplus = count - 1 - fraction
        let digits =
            surplus > 0
            ? value.magnitude.scaledDown(by: surplus).rounded : value.magnitude.scaledUp(by: -surplus)
        return scientific(digits, exponent, isNegative: value.isNegative)
    }

    private func scientific(_ value: Double) -> [UInt8] {
        guard value.isFinite else { return scientificOverflow }
        let (exact, scale) = FloatDecimal.exact(value)
        let count = exact.digitCount
        var exponent = value == 0 ? 0 : count - scale - 1
        let surplus = count - 1 - fraction
        var digits = surplus > 0 ? exact.scaledDown(by: surplus).roundedToEven : exact.scaledUp(by: -surplus)
        if digits.digitCount > fraction + 1 {
            digits = digits.scaledDown(by: 1).quotient
            exponent += 1
        }
        return scientific(digits, exponent, isNegative: value.sign == .minus)
    }

    private func scientific(_ digits: Magnitude, _ exponent: Int, isNegative: Bool) -> [UInt8] {
        var text = [UInt8(ascii: isNegative ? "-" : " ")]
        Numeric(digits, scale: fraction, isNegative: false).appendText(to: &text)
        FloatDecimal.appendExponent(exponent, to: &text)
        return text
    }

    /// Of NaN and the infinities: as wide as a number, which has `.`, `e+00` and a sign besides its digits.
    private var scientificOverflow: [UInt8] {
        let places = whole + fraction + 6
        var text = Array(repeating: UInt8(ascii: "#"), count: places)
        text[0] = 0x20
        if whole + 1 < places { text[whole + 1] = UInt8(ascii: ".") }
        return text
    }
}
