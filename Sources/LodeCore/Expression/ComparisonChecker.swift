/// Comparisons: which two types can be compared, and how (PostgreSQL's `parse_oper.c`).
extension Checker {
    /// Both sides, or nil when one is wrong.
    mutating func both(_ left: Syntax, _ right: Syntax) -> (Part, Part)? {
        let first = part(left)
        let second = part(right)
        guard let first, let second else { return nil }
        return (first, second)
    }

    mutating func compare(
        _ left: Part, _ comparator: ComparisonOperator, _ right: Part, at offset: Int,
        _ leftSyntax: Syntax, _ rightSyntax: Syntax
    ) -> Condition? {
        if case .row = left { return notAValue(left, at: leftSyntax) }
        if case .gather = left { return notAValue(left, at: leftSyntax) }
        if case .row = right { return notAValue(right, at: rightSyntax) }
        if case .gather = right { return notAValue(right, at: rightSyntax) }
        let (leftType, rightType) = Self.types(left, right)
        guard let comparison = Comparison(leftType, rightType) else {
            return report(offset, Self.noOperator(left, leftType, comparator, right, rightType))
        }
        if comparison == .array {
            return compareArrays(left, comparator, right, leftType, rightType, at: offset, leftSyntax, rightSyntax)
        }
        if !comparator.isEquality, comparison == .json || leftType.family == .other {
            return report(
                offset, "values of type \(leftType.name) have no order here; compare them with = or <> only")
        }
        if comparison == .boolean {
            let first = condition(left, at: leftSyntax) { $0 }
            let second = condition(right, at: rightSyntax) { $0 }
            guard let first, let second else { return nil }
            return .compareConditions(first, comparator, second)
        }
        if Self.needsTerms(left) || Self.needsTerms(right) || comparison == .json || comparison == .interval {
            let first = term(left, as: leftType, at: leftSyntax)
            let second = term(right, as: rightType, at: rightSyntax)
            guard let first, let second else { return nil }
            if comparator != .distinct, comparator != .notDistinct {
                for (side, other) in [(first, second), (second, first)] where !other.isFailingConstant {
                    if case .constant(.null) = side { return .constant(.null) }
                }
            }
            return .compareTerms(first, comparator, comparison, second)
        }
        let first = value(left, as: leftType, at: leftSyntax)
        let second = value(right, as: rightType, at: rightSyntax)
        guard let first, let second else { return nil }
        return compare(first, comparator, second, comparison, at: rightSyntax)
    }

    /// Element by element, as the elements' type has it.
    private mutating func compareArrays(
        _ left: Part, _ comparator: ComparisonOperator, _ right: Part, _ leftType: ScalarType, _ rightType: ScalarType,
        at offset: Int, _ leftSyntax: Syntax, _ rightSyntax: Syntax
    ) -> Condition? {
        guard leftType == rightType, let elements = try? ArrayElements(of: leftType) else {
            return report(
                offset,
                "operator does not exist: \(leftType.name) \(comparator.symbol) \(rightType.name); "
                    + "cast one side to the other's type")
        }
        if !comparator.isEquality, elements.type.family == .json || elements.type.family == .other {
            return report(
                offset, "values of type \(leftType.name) have no order here; compare them with = or <> only")
        }
        let first = term(left, as: leftType, at: leftSyntax)
        let second = term(right, as: rightType, at: rightSyntax)
        guard let first, let second else { return nil }
        // Null and unknown are as everywhere; of two values `distinct` is `<>`.
        let isDistinct = comparator == .distinct || comparator == .notDistinct
        let body = Function.body { values in
            if values[0] == .null || values[1] == .null {
                return .boolean((values[0] == values[1]) == (comparator == .notDistinct))
            }
            let (one, other) = (try values.array(0), try values.array(1))
            if comparator.isEquality {
                let areEqual = try one.isEqual(to: other, by: elements.areEqual)
                return .boolean(comparator.holds(areEqual ? 0 : 1))
            }
            return .boolean(comparator.holds(try elements.order(one, other)))
        }
        let term = Self.call([first, second], isStrict: !isDistinct, body)
        if case .constant(let value) = term { return .constant(Truth(value)) }
        return .term(term)
    }

    /// The types that two sides have; a literal takes the other's, two literals are text.
    private static func types(_ left: Part, _ right: Part) -> (ScalarType, ScalarType) {
        var (leftType, rightType) = (type(left), type(right))
        // A member of an event's data may have decimals, whatever number it is compared with.
        if case .dynamic = left, rightType?.reach != nil { leftType = .numeric }
        if case .dynamic = right, leftType?.reach != nil { rightType = .numeric }
        return (leftType ?? rightType ?? .text, rightType ?? leftType ?? .text)
    }

    /// nil for an untyped literal.
    static func type(_ part: Part) -> ScalarType? {
        switch part {
        case .untyped: nil
        case .number(_, let type), .column(_, let type), .term(_, let type): type
        case .condition: .boolean
        case .row, .gather, .dynamic: nil
        }
    }

    private static func needsTerms(_ part: Part) -> Bool {
        switch part {
        case .term, .dynamic: true
        default: false
        }
    }

    // MARK: - Sides

    /// A side of a comparison that is not of booleans.
    private enum Side {
        case null
        case value(LiteralValue)
        case column(ColumnOperand)
    }

    private mutating func value(_ part: Part, as type: ScalarType, at syntax: Syntax) -> Side? {
        switch part {
        case .untyped(nil): .null
        case .untyped(let text?): read(text, as: type, at: syntax).map(Side.value)
        case .number(let value, _): .value(value)
        case .column(let column, _): .column(column)
        case .condition, .term, .row, .gather, .dynamic: nil
        }
    }

    private mutating func compare(
        _ left: Side, _ comparator: ComparisonOperator, _ right: Side, _ comparison: Comparison, at syntax: Syntax
    ) -> Condition? {
        switch (left, right) {
        case (.column(let column), .column(let other)):
            return .compareColumns(column, comparator, comparison, other)
        case (.column(let column), .value(let value)):
            return compare(column, comparator, value, comparison, at: syntax)
        case (.value(let value), .column(let column)):
            return compare(column, comparator.mirrored, value, comparison, at: syntax)
        case (.value(let value), .value(let other)):
            return .constant(Truth(comparator.holds(Self.order(value, other))))
        case (.null, .column(let column)), (.column(let column), .null):
            switch comparator {
            case .distinct: return .not(.isNull(column))
            case .notDistinct: return .isNull(column)
            default: return .constant(.null)
            }
        case (.null, let other), (let other, .null):
            let presence: Presence = if case .null = other { .null } else { .value }
            return comparator.outcome(.null, presence).map { .constant($0) }
        }
    }

    private mutating func compare(
        _ column: ColumnOperand, _ comparator: ComparisonOperator, _ value: LiteralValue,
        _ comparison: Comparison, at syntax: Syntax
    ) -> Condition? {
        switch (comparison, value) {
        case (.float, _):
            guard let number = double(value, at: syntax) else { return nil }
            return .compare(column, comparator, .float, .float(number))
        case (.numeric, _):
            // A whole number can be compared with an integer column as one.
            if column.family == .integer, let whole = Self.whole(value) {
                return .compare(column, comparator, .integer, .integer(whole))
            }
            return .compare(column, comparator, .numeric, constant(value.digits ?? []))
        case (_, .integer(let number)):
            return .compare(column, comparator, comparison, .integer(number))
        case (_, .bytes(let bytes)), (_, .numeric(let bytes)):
            return .compare(column, comparator, comparison, constant(bytes))
        case (_, .float(let number)):
            return .compare(column, comparator, comparison, .float(number))
        case (_, .boolean(let value)):
            return .compareConditions(.column(column), comparator, .constant(Truth(value)))
        // Compared as terms.
        case (_, .interval): return nil
        }
    }

    private mutating func constant(_ text: [UInt8]) -> Constant {
        let start = bytes.count
        bytes += text
        return .bytes(ByteRange(start, bytes.count))
    }

    private static func whole(_ value: LiteralValue) -> Int64? {
        guard let digits = value.digits else { return nil }
        let whole = digits.prefix { $0 != UInt8(ascii: ".") }
        guard digits.dropFirst(whole.count + 1).allSatisfy({ $0 == 48 }) else { return nil }
        return NumberLiteral.integer(digits.span, 0..<whole.count)
    }

    /// A number cast to double precision, as PostgreSQL does to compare it with one.
    private mutating func double(_ value: LiteralValue, at syntax: Syntax) -> Double? {
        switch value {
        case .float(let number): return number
        case .integer(let number): return Double(number)
        case .numeric(let digits):
            if let number = try? FloatText.value(digits.span, 0..<digits.count, isReal: false) { return number }
            return report(
                syntax.range.lowerBound, LiteralReader.outOfRange(digits, "double precision").message)
        case .boolean, .interval, .bytes: return nil
        }
    }

    /// Of two literals of one type.
    private static func order(_ a: LiteralValue, _ b: LiteralValue) -> Int {
        switch (a, b) {
        case (.integer(let a), .integer(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.float(let a), .float(let b)): return FloatText.order(a, b)
        case (.bytes(let a), .bytes(let b)):
            return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        default:
            guard let a = a.digits, let b = b.digits,
                let left = DecimalText(a.span, 0..<a.count), let right = DecimalText(b.span, 0..<b.count)
            else { return 0 }
            return DecimalText.order(left, in: a.span, right, in: b.span)
        }
    }

    // MARK: - in, between

    mutating func membership(_ operand: Syntax, _ items: [Syntax], isNegated: Bool, at offset: Int) -> Condition? {
        let subject = part(operand)
        var parts: [Part?] = []
        for item in items {
            parts.append(part(item))
            if isNegated, case .literal(.null) = item.node {
                warn(item.range.lowerBound, "“not in” a list with null is never true; leave null out")
            }
        }
        guard var subject else { return nil }
        let common = commonNumber(subject, parts)
        if let common, case .untyped = subject {
            guard let number = coerced(subject, to: common, at: operand) else { return nil }
            subject = number
        }
        var conditions: [Condition] = []
        for (part, item) in zip(parts, items) {
            guard var part else { continue }
            if let common {
                guard let number = coerced(part, to: common, at: item) else { continue }
                part = number
            }
            if let condition = compare(subject, .equal, part, at: item.range.lowerBound, operand, item) {
                conditions.append(condition)
            }
        }
        guard conditions.count == items.count else { return nil }
        return Condition.membership(of: conditions) ?? .any(conditions)
    }

    /// The type that PostgreSQL gives a list of several numbers (`select_common_type`): the largest
    /// of the subject's and theirs. It matters for real, to which `in (0.1, 0.2)` rounds the list
    /// while `= 0.1` compares in double precision.
    private func commonNumber(_ subject: Part, _ parts: [Part?]) -> ScalarType? {
        var constants: [Part] = []
        for case let part? in parts {
            switch part {
            case .untyped, .number: constants.append(part)
            case .column, .condition, .term, .row, .gather, .dynamic: continue
            }
        }
        guard constants.count > 1 else { return nil }
        var common: ScalarType?
        for case let type? in ([subject] + constants).map(Self.type) {
            guard let reach = type.reach else { return nil }
            if reach > common?.reach ?? -1 { common = type }
        }
        return common
    }

    /// A literal as a number of `type`; all else as it is.
    private mutating func coerced(_ part: Part, to type: ScalarType, at syntax: Syntax) -> Part? {
        switch part {
        case .untyped(let text?):
            return read(text, as: type, at: syntax).map { .number($0, type) }
        case .number(let value, _) where type.family == .real:
            guard let digits = value.digits else { return part }
            return read(digits, as: type, at: syntax).map { .number($0, type) }
        default:
            return part
        }
    }

    mutating func between(
        _ operand: Syntax, _ low: Syntax, _ high: Syntax, isSymmetric: Bool, at offset: Int
    ) -> Condition? {
        let subject = part(operand)
        let bounds = both(low, high)
        guard let subject, let (lower, upper) = bounds else { return nil }
        let above = compare(subject, .greaterOrEqual, lower, at: offset, operand, low)
        let below = compare(subject, .lessOrEqual, upper, at: offset, operand, high)
        guard let above, let below else { return nil }
        guard isSymmetric else { return .all([above, below]) }
        let aboveUpper = compare(subject, .greaterOrEqual, upper, at: offset, operand, high)
        let belowLower = compare(subject, .lessOrEqual, lower, at: offset, operand, low)
        guard let aboveUpper, let belowLower else { return nil }
        return .any([.all([above, below]), .all([aboveUpper, belowLower])])
    }

    // MARK: - Words

    /// The most common slip of all.
    mutating func warnOfNull(_ comparator: ComparisonOperator, _ right: Syntax, at offset: Int) {
        guard case .literal(.null) = right.node else { return }
        switch comparator {
        case .equal: warn(offset, "“= null” is never true; write “is null”")
        case .notEqual: warn(offset, "“<> null” is never true; write “is not null”")
        default: return
        }
    }

    private static func noOperator(
        _ left: Part, _ leftType: ScalarType, _ comparator: ComparisonOperator, _ right: Part, _ rightType: ScalarType
    ) -> String {
        let mend: String
        switch (left, right) {
        case (_, .number(let value, _)) where leftType.family.isText,
            (.number(let value, _), _) where rightType.family.isText:
            let digits = String(decoding: (value.digits ?? []).prefix(40), as: UTF8.self)
            mend = "text is compared with text: '\(digits)'"
        default:
            if let family = [leftType, rightType].first(where: { $0.family == .json || $0.family == .array }) {
                mend = "take a value out of the \(family.name) first, as in details->>'name' or tags[1]"
            } else if leftType.family == .boolean || rightType.family == .boolean {
                mend = "a boolean is compared with true or false"
            } else {
                mend = "compare values of one kind"
            }
        }
        return "operator does not exist: \(leftType.name) \(comparator.symbol) \(rightType.name); \(mend)"
    }
}
