/// Casts between types, as `pg_cast` and the input and output functions have them.
enum Conversion {
    /// What turns a value of one type into one of another; nil when PostgreSQL has no such cast.
    ///
    /// - Parameter modifiers: Of `numeric(10, 2)` or `varchar(20)`.
    static func body(from: ScalarType, to: ScalarType, modifiers: [Int] = []) -> Term.Body? {
        guard let plain = plain(from: from, to: to) else { return nil }
        guard !modifiers.isEmpty, let fit = TypeModifier.body(to, modifiers) else { return plain }
        return { values throws(EvaluationFailure) in
            let value = try plain(values)
            return value == .null ? .null : try fit([value])
        }
    }

    private static func plain(from: ScalarType, to: ScalarType) -> Term.Body? {
        if from == to { return { values in values[0] } }
        if to.family.isText { return text(from: from, to: to) }
        if from.family.isText { return read(to) }
        switch (from.family, to.family) {
        case (.array, .array): return elements(from: from, to: to)
        case (.json, .json): return json(to: to)
        case (.json, _) where from.name == "jsonb": return scalar(to: to)
        case (.boolean, .integer) where to.name == "integer":
            return Function.body { .integer(try $0.boolean(0) ? 1 : 0) }
        case (.integer, .boolean) where from.name == "integer":
            return Function.body { .boolean(try $0.integer(0) != 0) }
        case (.oid, .integer) where to.name != "smallint", (.integer, .oid): return oid(to: to)
        default: break
        }
        if from.reach != nil, to.reach != nil { return number(from: from, to: to) }
        return moment(from: from, to: to)
    }

    // MARK: - Texts

    private static func text(from: ScalarType, to: ScalarType) -> Term.Body {
        Function.body {
            var text = $0[0].text(as: from) ?? []
            if from.name == "jsonb" { text = try JSONNormalForm.normalize(text) }
            switch to.name {
            case "character": text.removeSubrange(text.span.endWithoutSpaces(0..<text.count)...)
            // NAMEDATALEN, less the zero at the end; no character is cut in two.
            case "name" where text.count > 63:
                var end = 63
                while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
                text.removeSubrange(end...)
            default: break
            }
            return .text(text)
        }
    }

    /// As the type's input function reads a text.
    private static func read(_ type: ScalarType) -> Term.Body {
        Function.body {
            let text = try $0.text(0)
            guard let value = Value(try LiteralReader.value(of: text, as: type), of: text, as: type) else {
                throw EvaluationFailure.failed("invalid input syntax for type \(type.name)")
            }
            return value
        }
    }

    // MARK: - Numbers

    private static func number(from: ScalarType, to: ScalarType) -> Term.Body {
        switch to.family {
        case .numeric:
            let isReal = from.family == .real
            return Function.body {
                switch $0[0] {
                case .integer(let value): .numeric(Numeric(value))
                case .float(let value): .numeric(isReal ? Numeric(real: Float(value)) : Numeric(double: value))
                default: $0[0]
                }
            }
        case .double, .real:
            let isReal = to.family == .real
            return Function.body {
                switch $0[0] {
                case .integer(let value): .float(isReal ? Double(Float(value)) : Double(value))
                case .numeric(let value): .float(isReal ? Double(try value.real()) : try value.double())
                case .float(let value): .float(isReal ? Double(try FloatArithmetic.real(value)) : value)
                default: $0[0]
                }
            }
        default:
            let width = width(to)
            return Function.body {
                switch $0[0] {
                case .integer(let value): .integer(try width.check(value))
                case .numeric(let value): .integer(try value.integer(as: width))
                case .float(let value): .integer(try FloatArithmetic.integer(value, as: width))
                default: $0[0]
                }
            }
        }
    }

    private static func width(_ type: ScalarType) -> IntegerWidth {
        switch type.name {
        case "smallint": .smallint
        case "integer": .integer
        default: .bigint
        }
    }

    /// An integer's bits are an oid's, so that -1 is 4294967295.
    private static func oid(to: ScalarType) -> Term.Body {
        Function.body {
            let value = try $0.integer(0)
            switch to.name {
            case "integer": return .integer(Int64(Int32(truncatingIfNeeded: value)))
            case "oid":
                if value < 0, value >= Int64(Int32.min) { return .integer(Int64(UInt32(truncatingIfNeeded: value))) }
                guard (0...0xFFFF_FFFF).contains(value) else { throw ArithmeticError.outOfRange("OID") }
                return .integer(value)
            default: return .integer(value)
            }
        }
    }

    // MARK: - JSON and arrays

    private static func json(to: ScalarType) -> Term.Body {
        Function.body { .text(try JSONNormalForm.normalize($0.text(0))) }
    }

    /// Of a jsonb number or boolean.
    private static func scalar(to: ScalarType) -> Term.Body? {
        if to.family == .boolean { return Function.body { .boolean(try JSONBOperators.asBoolean($0.text(0))) } }
        guard to.reach != nil else { return nil }
        let convert = to.family == .numeric ? nil : number(from: .numeric, to: to)
        return Function.body {
            let digits = try JSONBOperators.asNumeric($0.text(0))
            let value = Value.numeric(try Numeric.read(digits.span, 0..<digits.count))
            return try convert?([value]) ?? value
        }
    }

    private static func elements(from: ScalarType, to: ScalarType) -> Term.Body? {
        guard let own = from.element, let other = to.element, let convert = body(from: own, to: other) else {
            return nil
        }
        return Function.body {
            var array = try $0.array(0)
            for case (let place, let item?) in array.elements.enumerated() {
                guard let value = Value(item, as: own) else {
                    throw EvaluationFailure.failed("an array has an element of no type")
                }
                array.elements[place] = try convert([value]).output(as: other)
            }
            return .text(array.text())
        }
    }

    // MARK: - Dates and times

    private static func moment(from: ScalarType, to: ScalarType) -> Term.Body? {
        switch (from.family, to.family) {
        case (.date, .timestamp), (.date, .timestampWithTimeZone):
            return Function.body { .moment(try Moment.moment(ofDay: $0.day(0))) }
        case (.timestamp, .date), (.timestampWithTimeZone, .date):
            return Function.body { .day(Moment.day(of: try $0.moment(0))) }
        case (.timestamp, .time), (.timestampWithTimeZone, .time):
            return Function.body { Moment.timeOfDay(of: try $0.moment(0)).map { .time($0) } ?? .null }
        // In UTC both are the same number.
        case (.timestamp, .timestampWithTimeZone), (.timestampWithTimeZone, .timestamp): return { values in values[0] }
        case (.time, .interval): return Function.body { .interval(Interval(microseconds: try $0.time(0))) }
        case (.interval, .time):
            return Function.body { .time(TimeOfDay.adding(try $0.interval(0), to: 0)) }
        default: return nil
        }
    }
}
