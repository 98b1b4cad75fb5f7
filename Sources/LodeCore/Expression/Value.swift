/// What an expression comes to: a value, null, or unknown, which is what the log did not say.
///
/// Only together with its ``ScalarType`` does it say what it is: a `.text` is also an enum's, a uuid's,
/// an array's or a JSON document's text as PostgreSQL prints it.
enum Value: Hashable, Sendable {
    case unknown
    case null
    case boolean(Bool)
    /// smallint, integer, bigint, oid.
    case integer(Int64)
    case numeric(Numeric)
    /// double precision, and real, whose values are all of them doubles.
    case float(Double)
    case text([UInt8])
    /// A date: days from 2000-01-01, infinities as in ``MomentText``.
    case day(Int64)
    /// A timestamp, with time zone or not: microseconds from 2000-01-01, UTC.
    case moment(Int64)
    /// A time of day: microseconds from midnight.
    case time(Int64)
    case interval(Interval)

    var isKnown: Bool {
        switch self {
        case .unknown, .null: false
        default: true
        }
    }
}

extension Value {
    /// The value's text as PostgreSQL's cast to text prints it; nil for null and unknown.
    func text(as type: ScalarType) -> [UInt8]? {
        switch self {
        case .unknown, .null: nil
        case .boolean(let value): Array((value ? "true" : "false").utf8)
        case .integer(let value): Array(String(value).utf8)
        case .numeric(let value): value.text
        case .float(let value): type.family == .real ? FloatArithmetic.text(Float(value)) : FloatArithmetic.text(value)
        case .text(let text): text
        case .day(let days): CalendarDay.text(days)
        case .moment(let microseconds): Moment.text(microseconds, withZone: type.family == .timestampWithTimeZone)
        case .time(let microseconds): TimeOfDay.text(microseconds)
        case .interval(let interval): interval.text
        }
    }

    /// As the type's output function prints it, which is what `concat` and arrays show: of a boolean `t` and `f`.
    func output(as type: ScalarType) -> [UInt8]? {
        if case .boolean(let value) = self { return [UInt8(ascii: value ? "t" : "f")] }
        return text(as: type)
    }

    /// Appends the value's text. False: it is null or unknown, and nothing was appended.
    func appendText<Sink: ByteSink & ~Copyable>(as type: ScalarType, to out: inout Sink) -> Bool {
        switch self {
        case .text(let text): out.append(text.span)
        case .integer(let value): JSONText.append(value, width: 1, to: &out)
        default:
            guard let text = text(as: type) else { return false }
            out.append(text.span)
        }
        return true
    }

    /// Appends the value's JSON; null for one that is unknown, which the caller should have left out.
    func appendJSON<Sink: ByteSink & ~Copyable>(as type: ScalarType, to out: inout Sink) {
        switch self {
        case .unknown, .null: JSONText.append("null", to: &out)
        case .boolean(let value): JSONText.append(value ? "true" : "false", to: &out)
        case .integer(let value): JSONText.append(value, width: 1, to: &out)
        case .numeric(let value): CellJSON.append(text: value.text, as: .numeric, to: &out)
        // As the log has it, so that a computed interval looks like a column's.
        case .interval(let interval):
            let text = interval.iso8601
            JSONText.appendQuoted(text.span, to: &out)
        case .time:
            let text = text(as: type) ?? []
            JSONText.appendQuoted(text.span, to: &out)
        default: CellJSON.append(text: text(as: type) ?? [], as: type.kind, to: &out)
        }
    }

    /// A value out of its text, as PostgreSQL's cast from text reads it; nil when the text is none.
    init?(_ text: [UInt8], as type: ScalarType) {
        guard let literal = try? LiteralReader.value(of: text, as: type) else { return nil }
        self.init(literal, of: text, as: type)
    }

    /// - Parameter text: What the literal was read from.
    init?(_ literal: LiteralValue, of text: [UInt8], as type: ScalarType) {
        switch literal {
        case .integer(let value):
            switch type.family {
            case .date: self = .day(value)
            case .timestamp, .timestampWithTimeZone: self = .moment(value)
            case .time: self = .time(value)
            default: self = .integer(value)
            }
        case .numeric(let digits):
            guard let number = Numeric(digits.span, 0..<digits.count) else { return nil }
            self = .numeric(number)
        case .float(let value): self = .float(value)
        case .boolean(let value): self = .boolean(value)
        case .interval(let value): self = .interval(value)
        case .bytes(let bytes): self = .text(bytes)
        }
    }
}
