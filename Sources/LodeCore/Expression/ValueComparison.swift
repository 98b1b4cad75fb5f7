/// Compares values that expressions came to.
enum ValueComparison {
    static func truth(
        _ left: Value, _ comparator: ComparisonOperator, _ comparison: Comparison, _ right: Value
    ) throws(EvaluationFailure) -> Truth {
        if let outcome = comparator.outcome(presence(left), presence(right)) { return outcome }
        if comparison == .json {
            guard case .text(let a) = left, case .text(let b) = right else { return .unknown }
            guard let areEqual = try? JSONBOperators.areEqual(a, b) else { throw .failed("a value is no JSON") }
            return Truth(comparator.holds(areEqual ? 0 : 1))
        }
        return Truth(comparator.holds(try order(left, comparison, right)))
    }

    private static func presence(_ value: Value) -> Presence {
        switch value {
        case .unknown: .unknown
        case .null: .null
        default: .value
        }
    }

    /// Negative when the left one comes first. Both are values.
    static func order(_ left: Value, _ comparison: Comparison, _ right: Value) throws(EvaluationFailure) -> Int {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.boolean(let a), .boolean(let b)): return (a ? 1 : 0) - (b ? 1 : 0)
        case (.text(let a), .text(let b)):
            let first = TextPiece(range: ByteRange(0, a.count), isDoubled: false)
            let second = TextPiece(range: ByteRange(0, b.count), isDoubled: false)
            if comparison == .caseless { return TextOrder.caselessOrder(first, in: a.span, second, in: b.span) }
            return TextOrder.order(first, in: a.span, second, in: b.span)
        case (.interval, _), (_, .interval):
            guard let a = interval(left), let b = interval(right) else { break }
            return a.compare(b)
        case (.day(let a), .day(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.time(let a), .time(let b)): return a < b ? -1 : a > b ? 1 : 0
        default: break
        }
        if let a = moment(left), let b = moment(right) { return a < b ? -1 : a > b ? 1 : 0 }
        if comparison == .float, let a = double(left), let b = double(right) { return FloatText.order(a, b) }
        if let a = numeric(left), let b = numeric(right) { return a.compare(b) }
        throw .failed("two values cannot be compared")
    }

    private static func moment(_ value: Value) -> Int64? {
        switch value {
        case .moment(let microseconds): microseconds
        case .day(let days): MomentText.midnight(of: days)
        default: nil
        }
    }

    private static func interval(_ value: Value) -> Interval? {
        switch value {
        case .interval(let interval): interval
        case .time(let microseconds): Interval(months: 0, days: 0, microseconds: microseconds)
        default: nil
        }
    }

    static func numeric(_ value: Value) -> Numeric? {
        switch value {
        case .numeric(let number): number
        case .integer(let number): Numeric(number)
        default: nil
        }
    }

    static func double(_ value: Value) -> Double? {
        switch value {
        case .float(let number): number
        case .integer(let number): Double(number)
        case .numeric(let number): try? number.double()
        default: nil
        }
    }
}
