/// PostgreSQL's integer types.
enum IntegerWidth: UInt8, Hashable, Sendable, CaseIterable {
    case smallint, integer, bigint

    /// As PostgreSQL calls it.
    var name: String {
        switch self {
        case .smallint: "smallint"
        case .integer: "integer"
        case .bigint: "bigint"
        }
    }

    var range: ClosedRange<Int64> {
        switch self {
        case .smallint: Int64(Int16.min)...Int64(Int16.max)
        case .integer: Int64(Int32.min)...Int64(Int32.max)
        case .bigint: .min ... .max
        }
    }

    /// The value, if the type has it.
    func check(_ value: Int64) throws(ArithmeticError) -> Int64 {
        guard range.contains(value) else { throw .outOfRange(name) }
        return value
    }
}

/// The operators of PostgreSQL's integers (int.c, int8.c): exact, or an error.
enum IntegerArithmetic {
    static func add(_ a: Int64, _ b: Int64, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        try checked(a.addingReportingOverflow(b), width)
    }

    static func subtract(_ a: Int64, _ b: Int64, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        try checked(a.subtractingReportingOverflow(b), width)
    }

    static func multiply(_ a: Int64, _ b: Int64, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        try checked(a.multipliedReportingOverflow(by: b), width)
    }

    /// Rounded towards zero.
    static func divide(_ a: Int64, _ b: Int64, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        guard b != 0 else { throw .divisionByZero }
        return try checked(a.dividedReportingOverflow(by: b), width)
    }

    /// With the dividend's sign.
    static func remainder(_ a: Int64, _ b: Int64, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        guard b != 0 else { throw .divisionByZero }
        // The one quotient that overflows leaves nothing.
        return b == -1 ? 0 : a % b
    }

    static func negate(_ a: Int64, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        try subtract(0, a, as: width)
    }

    static func absolute(_ a: Int64, as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        a < 0 ? try negate(a, as: width) : a
    }

    private static func checked(
        _ result: (partialValue: Int64, overflow: Bool), _ width: IntegerWidth
    ) throws(ArithmeticError) -> Int64 {
        guard !result.overflow else { throw .outOfRange(width.name) }
        return try width.check(result.partialValue)
    }
}
