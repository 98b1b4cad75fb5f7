/// What PostgreSQL refuses to calculate, convert or read. It names types, and never the value.
enum ArithmeticError: Error, Hashable, Sendable {
    case divisionByZero
    /// The result has no place in the type, which is named as PostgreSQL names it.
    case outOfRange(String)
    /// A number with more digits than its `numeric(precision, scale)`.
    case fieldOverflow
    /// A floating-point result too large for its type.
    case overflow
    /// A floating-point result that would become zero, though no operand is.
    case underflow
    case squareRootOfNegative
    case zeroToNegativePower
    /// Of a negative number to a power that is not whole.
    case complexPower
    /// NaN or an infinity, to be made an integer of the named type.
    case notFinite(String, type: String)
    /// A text that is no value of the named type.
    case invalidText(String)
    /// A text, or a numeric, whose number is outside of what the named type can have.
    case textOutOfRange(String)
    /// A format of `to_char` that PostgreSQL refuses, in its words.
    case invalidFormat(String)
    /// A part of a format of `to_char` that is not done here.
    case unsupportedFormat(String)

    /// In PostgreSQL's words where it has some.
    var message: String {
        switch self {
        case .divisionByZero: "division by zero"
        case .outOfRange("numeric"): "value overflows numeric format"
        case .outOfRange(let type): "\(type) out of range"
        case .fieldOverflow: "numeric field overflow"
        case .overflow: "value out of range: overflow"
        case .underflow: "value out of range: underflow"
        case .squareRootOfNegative: "cannot take square root of a negative number"
        case .zeroToNegativePower: "zero raised to a negative power is undefined"
        case .complexPower: "a negative number raised to a non-integer power yields a complex result"
        case .notFinite(let value, let type): "cannot convert \(value) to \(type)"
        case .invalidText(let type): "invalid input syntax for type \(type)"
        case .textOutOfRange("numeric"): "value overflows numeric format"
        case .textOutOfRange(let type): "value is out of range for type \(type)"
        case .invalidFormat(let words): words
        case .unsupportedFormat(let part): "\(part) in a format of to_char is not supported"
        }
    }

    /// PostgreSQL's code for it (Appendix A of its documentation).
    var sqlState: String {
        switch self {
        case .divisionByZero: "22012"
        case .outOfRange, .fieldOverflow, .overflow, .underflow, .textOutOfRange: "22003"
        case .squareRootOfNegative, .zeroToNegativePower, .complexPower: "2201F"
        case .notFinite, .unsupportedFormat: "0A000"
        case .invalidText: "22P02"
        case .invalidFormat: "42601"
        }
    }
}
