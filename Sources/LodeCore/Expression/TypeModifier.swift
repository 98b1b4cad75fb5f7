/// What the numbers behind a type ask for: `numeric(10, 2)`, `varchar(20)`, `timestamp(3)`.
enum TypeModifier {
    /// What makes an explicit cast's value fit; nil: the type has no modifiers.
    static func body(_ type: ScalarType, _ modifiers: [Int]) -> Term.Body? {
        guard let first = modifiers.first else { return nil }
        switch type.family {
        case .numeric:
            let scale = modifiers.count > 1 ? modifiers[1] : 0
            return Function.body { .numeric(try $0.numeric(0).fitting(precision: first, scale: scale)) }
        case .text, .character:
            return Function.body {
                var text = TextFunctions.left(try $0.text(0), first)
                if type.family == .character { text.removeSubrange(text.span.endWithoutSpaces(0..<text.count)...) }
                return .text(text)
            }
        case .timestamp, .timestampWithTimeZone:
            return Function.body {
                let moment = try $0.moment(0)
                return .moment(Moment.isFinite(moment) ? try Moment.checked(rounded(moment, to: first)) : moment)
            }
        case .time: return Function.body { .time(rounded(try $0.time(0), to: first)) }
        case .interval:
            return Function.body {
                var interval = try $0.interval(0)
                interval.microseconds = rounded(interval.microseconds, to: first)
                return .interval(interval)
            }
        default: return nil
        }
    }

    /// What is wrong with a type's modifiers; nil: nothing.
    static func fault(_ type: ScalarType, _ modifiers: [Int]) -> String? {
        guard let first = modifiers.first else { return nil }
        switch type.family {
        case .numeric:
            guard modifiers.count <= 2, (1...1000).contains(first), (0...1000).contains(modifiers.last ?? 0) else {
                return "a numeric has a precision of 1 to 1000 digits, and a scale of 0 to 1000; write numeric(10, 2)"
            }
        case .text where type.name == "character varying", .character:
            guard modifiers.count == 1, (1...10_485_760).contains(first) else {
                return "a length is one number from 1 to 10485760; write varchar(20)"
            }
        case .timestamp, .timestampWithTimeZone, .time, .interval:
            guard modifiers.count == 1, (0...6).contains(first) else {
                return "the decimals of a second are 0 to 6; write timestamp(3)"
            }
        default: return "type \(type.name) takes no modifiers; leave (…) out"
        }
        return nil
    }

    /// To so many decimals of a second, half away from zero (`AdjustTimestampForTypmod`).
    private static func rounded(_ microseconds: Int64, to decimals: Int) -> Int64 {
        guard (0..<6).contains(decimals) else { return microseconds }
        let unit = (decimals..<6).reduce(1 as Int64) { unit, _ in unit * 10 }
        let half = unit / 2
        if microseconds >= 0 {
            let (sum, isOver) = microseconds.addingReportingOverflow(half)
            return isOver ? microseconds : sum / unit * unit
        }
        let (sum, isOver) = microseconds.subtractingReportingOverflow(half)
        return isOver ? microseconds : sum / unit * unit
    }
}

extension Numeric {
    /// Rounded to a column's scale (`apply_typmod`); an error when it has more digits than the precision.
    func fitting(precision: Int, scale: Int) throws(ArithmeticError) -> Numeric {
        if isNaN { return self }
        guard isFinite else { throw .fieldOverflow }
        let rounded = try rounded(to: scale)
        guard rounded.isZero || rounded.magnitude.digitCount <= precision else { throw .fieldOverflow }
        return rounded
    }
}
