/// A literal in the form in which a column is compared with it.
enum Constant: Hashable, Sendable {
    /// Also a day, or microseconds.
    case integer(Int64)
    case float(Double)
    /// In the program's ``Program/bytes``: text, or the digits of a numeric.
    case bytes(ByteRange)
}

/// A literal read as a value of a type.
enum LiteralValue: Hashable, Sendable {
    /// Also a day, or microseconds.
    case integer(Int64)
    /// Digits in PostgreSQL's plain form, NaN, Infinity.
    case numeric([UInt8])
    case float(Double)
    case boolean(Bool)
    case interval(Interval)
    /// In the form in which the type's values compare byte by byte.
    case bytes([UInt8])

    /// The digits of a number.
    var digits: [UInt8]? {
        switch self {
        case .integer(let value): Array(String(value).utf8)
        case .numeric(let digits): digits
        case .float, .boolean, .interval, .bytes: nil
        }
    }
}

/// A literal that is no value of the type that it should have.
struct LiteralError: Error {
    /// In PostgreSQL's words, and what to write instead.
    var message: String
    /// PostgreSQL's words alone, without the text: for texts that are no literals but a row's.
    var words: String
}
