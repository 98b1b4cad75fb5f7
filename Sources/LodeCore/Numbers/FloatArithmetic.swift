/// The operators of `real` and `double precision` (float.c): IEEE 754, but a result that overflows or
/// vanishes is an error. A `real` with a `double precision` is a matter of doubles, as in PostgreSQL.
enum FloatArithmetic {
    static func add<F: BinaryFloatingPoint>(_ a: F, _ b: F) throws(ArithmeticError) -> F {
        try checked(a + b, a, b)
    }

    static func subtract<F: BinaryFloatingPoint>(_ a: F, _ b: F) throws(ArithmeticError) -> F {
        try checked(a - b, a, b)
    }

    static func multiply<F: BinaryFloatingPoint>(_ a: F, _ b: F) throws(ArithmeticError) -> F {
        let product = try checked(a * b, a, b)
        if product == 0, a != 0, b != 0 { throw .underflow }
        return product
    }

    static func divide<F: BinaryFloatingPoint>(_ a: F, _ b: F) throws(ArithmeticError) -> F {
        if b == 0, !a.isNaN { throw .divisionByZero }
        let quotient = a / b
        if quotient.isInfinite, !a.isInfinite { throw .overflow }
        if quotient == 0, a != 0, !b.isInfinite { throw .underflow }
        return quotient
    }

    private static func checked<F: BinaryFloatingPoint>(_ result: F, _ a: F, _ b: F) throws(ArithmeticError) -> F {
        if result.isInfinite, !a.isInfinite, !b.isInfinite { throw .overflow }
        return result
    }

    // MARK: - Functions

    /// To the nearest whole number, of two the even one (`rint`).
    static func round(_ value: Double) -> Double { value.rounded(.toNearestOrEven) }
    static func truncate(_ value: Double) -> Double { value.rounded(.towardZero) }
    static func ceiling(_ value: Double) -> Double { value.rounded(.up) }
    static func floor(_ value: Double) -> Double { value.rounded(.down) }

    /// -1, 0 or 1; 0 for NaN.
    static func sign(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }

    static func squareRoot(_ value: Double) throws(ArithmeticError) -> Double {
        if value < 0 { throw .squareRootOfNegative }
        return value.squareRoot()
    }

    // MARK: - Casts

    /// To an integer type: to the nearest, of two the even one.
    static func integer(_ value: Double, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        guard let exact = Int64(exactly: value.rounded(.toNearestOrEven)) else { throw .outOfRange(width.name) }
        return try width.check(exact)
    }

    /// `float8::float4`.
    static func real(_ value: Double) throws(ArithmeticError) -> Float {
        let real = Float(value)
        if real.isInfinite, !value.isInfinite { throw .overflow }
        if real == 0, value != 0 { throw .underflow }
        return real
    }

    // MARK: - Text

    /// As `float8out` prints it when `extra_float_digits` is above zero, its default: the shortest
    /// digits that read back as the same number.
    static func text(_ value: Double) -> [UInt8] {
        special(value) ?? FloatDecimal(shortest: value).text(isNegative: value.sign == .minus, plainDigits: 15)
    }

    /// As `float4out` prints it.
    static func text(_ value: Float) -> [UInt8] {
        special(Double(value))
            ?? FloatDecimal(shortest: value).text(isNegative: value.sign == .minus, plainDigits: 6)
    }

    private static func special(_ value: Double) -> [UInt8]? {
        if value.isFinite { return nil }
        return Array((value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8)
    }
}
