/// Parts as terms, and what is made of them: operators, casts, case, like, arrays.
extension Checker {
    /// The part as a term of `type`; nil, and an error, when it is none. A literal is read as one.
    mutating func term(_ part: Part, as type: ScalarType, at syntax: Syntax) -> Term? {
        switch part {
        case .untyped(nil): return .constant(.null)
        case .untyped(let text?):
            guard let literal = read(text, as: type, at: syntax) else { return nil }
            guard let value = Value(literal, of: text, as: type) else {
                return error(syntax, "invalid input syntax for type \(type.name); correct the text")
            }
            return .constant(value)
        case .number(let literal, let own):
            guard let value = Value(literal, of: literal.digits ?? [], as: own) else {
                return error(syntax, "value overflows numeric format; write fewer digits")
            }
            return converted(.constant(value), from: own, to: type, at: syntax)
        case .column(let column, let own): return converted(.column(column, own), from: own, to: type, at: syntax)
        case .condition(let condition):
            return converted(.condition(Program(condition, bytes: bytes)), from: .boolean, to: type, at: syntax)
        case .term(let term, let own): return converted(term, from: own, to: type, at: syntax)
        case .row, .gather: return notAValue(part, at: syntax)
        }
    }

    /// With its own type; a literal without one is text.
    mutating func typed(_ part: Part, at syntax: Syntax) -> Term.Typed? {
        let type = Self.type(part) ?? .text
        return term(part, as: type, at: syntax).map { Term.Typed(term: $0, type: type) }
    }

    /// Casts that are not asked for lose nothing, so values of comparable types are taken as they are.
    private mutating func converted(
        _ term: Term, from own: ScalarType, to type: ScalarType, at syntax: Syntax
    ) -> Term? {
        if own.isSame(as: type) || own.family == type.family && own.family != .array && own.family != .json { return term }
        guard let body = Conversion.body(from: own, to: type) else {
            return error(syntax, "cannot cast type \(own.name) to \(type.name); correct one of the two")
        }
        return .call(Term.Call(arguments: [term], isStrict: true, body: body))
    }

    private static func constant(_ term: Term) -> Value? {
        if case .constant(let value) = term { return value }
        return nil
    }

    // MARK: - Functions and operators

    mutating func operation(_ symbol: String, _ left: Syntax, _ right: Syntax, at offset: Int) -> Part? {
        guard let (first, second) = both(left, right) else { return nil }
        return function(symbol, [first, second], [left, right], at: offset)
    }

    /// Chooses between the functions of a name by the arguments' types.
    mutating func function(_ name: String, _ parts: [Part], _ syntaxes: [Syntax], at offset: Int) -> Part? {
        for (part, syntax) in zip(parts, syntaxes) {
            switch part {
            case .row, .gather: return notAValue(part, at: syntax)
            default: continue
            }
        }
        let types = parts.map(Self.type)
        let choice: FunctionLibrary.Choice
        do {
            choice = try FunctionLibrary.choose(name, types)
        } catch {
            return report(offset, Self.noFunction(name, types, error))
        }
        var terms: [Term] = []
        for (place, part) in parts.enumerated() {
            guard let term = term(part, as: choice.types[place], at: syntaxes[place]) else { return nil }
            terms.append(term)
        }
        let site = Function.Site(types: choice.types, constants: terms.map(Self.constant))
        let body: Term.Body
        do {
            body = try choice.function.make(site)
        } catch {
            let place = error.argument < syntaxes.count ? syntaxes[error.argument].range.lowerBound : offset
            return report(place, error.message)
        }
        let call = Term.Call(arguments: terms, isStrict: choice.function.isStrict, body: body)
        return .term(.call(call), choice.result)
    }

    private static func noFunction(_ name: String, _ types: [ScalarType?], _ failure: FunctionLibrary.Failure) -> String {
        let words = types.map { $0?.name ?? "unknown" }
        let isOperator = name.utf8.first?.isOfBareName != true
        let written = isOperator
            ? (words.count == 2 ? "\(words[0]) \(name) \(words[1])" : "\(name) \(words.joined())")
            : "\(name)(\(words.joined(separator: ", ")))"
        switch failure {
        case .ambiguous: return "it is not clear which \(written) is meant; cast an argument, as in value::text"
        case .none:
            if isOperator {
                if name == "&&" || name == "||", types.contains(where: { $0?.family == .boolean }) {
                    return "operator does not exist: \(written); write “\(name == "&&" ? "and" : "or")” between conditions"
                }
                return "operator does not exist: \(written); cast one side, as in value::numeric"
            }
            return "function \(written) does not exist; see which arguments it takes, or cast one"
        }
    }

    mutating func like(
        _ text: Syntax, _ pattern: Syntax, _ escape: Syntax?, isCaseless: Bool, at offset: Int
    ) -> Condition? {
        guard let (first, second) = both(text, pattern) else { return nil }
        var parts = [first, second]
        var syntaxes = [text, pattern]
        if let escape {
            guard let part = part(escape) else { return nil }
            parts.append(part)
            syntaxes.append(escape)
        }
        guard case .term(let term, _)? = function(isCaseless ? "~~*" : "~~", parts, syntaxes, at: offset) else {
            return nil
        }
        return .term(term)
    }

    mutating func quantified(
        _ left: Syntax, _ comparator: ComparisonOperator, _ array: Syntax, isAll: Bool, at offset: Int
    ) -> Part? {
        guard let (value, list) = both(left, array) else { return nil }
        let own = Self.type(value) ?? .text
        let type = Self.type(list) ?? own.array
        guard let element = type.element else {
            return error(array, "any(…) and all(…) take an array, not \(type.name); use = or in (…)")
        }
        let subject = Self.type(value) ?? element
        guard let comparison = Comparison(subject, element) else {
            return report(
                offset, "operator does not exist: \(subject.name) \(comparator.symbol) \(element.name); cast one side")
        }
        guard let first = term(value, as: subject, at: left), let second = term(list, as: type, at: array) else {
            return nil
        }
        let term = Term.quantified(first, comparator, comparison, array: second, element: element, isAll: isAll)
        return .term(term, .boolean)
    }

    // MARK: - Casts

    mutating func cast(_ operand: Syntax, _ name: Syntax.TypeName) -> Part? {
        guard let part = part(operand) else { return nil }
        let base = name.name.hasSuffix("[]") ? String(name.name.dropLast(2)) : name.name
        guard TypeNames.canonical(base) != nil else {
            let mend =
                nearestName(to: base, among: TypeNames.all).map { "did you mean “\($0)”?" }
                ?? "the types are " + TypeNames.all.joined(separator: ", ")
            return report(name.range.lowerBound, "type “\(name.name)” cannot be cast to; \(mend)")
        }
        let type = ScalarType(named: name.name)
        let own = Self.type(part)
        guard let term = term(part, as: own ?? type, at: operand) else { return nil }
        guard let body = Conversion.body(from: own ?? type, to: type, modifiers: name.modifiers) else {
            return report(
                name.range.lowerBound, "cannot cast type \((own ?? type).name) to \(type.name); take another way round")
        }
        if case .constant = term, own == nil, name.modifiers.isEmpty { return .term(term, type) }
        return .term(.call(Term.Call(arguments: [term], isStrict: true, body: body)), type)
    }

    // MARK: - case, coalesce and the like

    mutating func choice(
        _ subject: Syntax?, _ branches: [Syntax.Branch], _ otherwise: Syntax?, at syntax: Syntax
    ) -> Part? {
        let subjectPart = subject.map { part($0) }
        var conditions: [Condition?] = []
        var values: [Part?] = []
        for branch in branches {
            if let subject, let part = subjectPart {
                let other = self.part(branch.condition)
                if let part, let other {
                    conditions.append(
                        compare(part, .equal, other, at: branch.condition.range.lowerBound, subject, branch.condition))
                } else {
                    conditions.append(nil)
                }
            } else {
                conditions.append(condition(branch.condition, argumentOf: "CASE/WHEN"))
            }
            values.append(part(branch.value))
        }
        let last = otherwise.map { part($0) } ?? .untyped(nil)
        guard let last, !conditions.contains(where: { $0 == nil }), !values.contains(where: { $0 == nil }) else {
            return nil
        }
        let parts = values.compactMap(\.self) + [last]
        let syntaxes = branches.map(\.value) + [otherwise ?? syntax]
        guard let type = commonType(parts, syntaxes, of: "CASE") else { return nil }
        var terms: [Term] = []
        for (part, syntax) in zip(parts, syntaxes) {
            guard let term = term(part, as: type, at: syntax) else { return nil }
            terms.append(term)
        }
        let whole = zip(conditions.compactMap(\.self), terms).map { condition, term in
            Term.Branch(condition: Program(condition, bytes: bytes), value: term)
        }
        return .term(.choice(whole, otherwise: terms.last ?? .constant(.null)), type)
    }

    /// The type that several values have together (`select_common_type` in parse_coerce.c).
    mutating func commonType(_ parts: [Part], _ syntaxes: [Syntax], of word: String) -> ScalarType? {
        var common: ScalarType?
        for (part, syntax) in zip(parts, syntaxes) {
            guard let type = Self.type(part) else {
                switch part {
                case .row, .gather: return notAValue(part, at: syntax)
                default: continue
                }
            }
            guard let before = common else {
                common = type
                continue
            }
            if type.isSame(as: before) { continue }
            if before.castsImplicitly(to: type), !before.isPreferred || !type.castsImplicitly(to: before) {
                common = type
            } else if !type.castsImplicitly(to: before) {
                return error(syntax, "\(word) types \(before.name) and \(type.name) cannot be matched; cast one of them")
            }
        }
        return common ?? .text
    }

    mutating func terms(_ arguments: [Syntax], of word: String) -> (terms: [Term], type: ScalarType)? {
        let parts = arguments.map { part($0) }
        let known = parts.compactMap(\.self)
        guard known.count == parts.count, let type = commonType(known, arguments, of: word) else { return nil }
        var terms: [Term] = []
        for (part, syntax) in zip(known, arguments) {
            guard let term = term(part, as: type, at: syntax) else { return nil }
            terms.append(term)
        }
        return (terms, type)
    }

    // MARK: - Arrays

    /// `array['a', 'b']` as PostgreSQL prints it.
    mutating func array(_ items: [Syntax], at syntax: Syntax) -> Part? {
        guard !items.isEmpty else {
            return error(syntax, "cannot determine type of empty array; write '{}'::text[]")
        }
        guard let (terms, type) = terms(items, of: "ARRAY") else { return nil }
        let body: Term.Body = { values in
            .text(PostgresArray(values.map { $0.text(as: type) }).text())
        }
        return .term(.call(Term.Call(arguments: terms, isStrict: false, body: body)), type.array)
    }

    /// `tags[1]`, from 1; null outside of the array. Of jsonb, `details['name']` is `details -> 'name'`.
    mutating func element(_ array: Syntax, _ place: Syntax, at syntax: Syntax) -> Part? {
        guard let (list, index) = both(array, place) else { return nil }
        let type = Self.type(list) ?? .text
        if type.name == "jsonb" { return function("->", [list, index], [array, place], at: place.range.lowerBound) }
        guard let element = type.element else {
            return error(array, "cannot subscript type \(type.name) because it does not support subscripting; leave [] out")
        }
        guard let first = term(list, as: type, at: array), let second = term(index, as: .integer, at: place) else {
            return nil
        }
        let body: Term.Body = { values throws(EvaluationFailure) in
            guard case .text(let text) = values[0], let array = try? PostgresArray(parsing: text),
                case .integer(let place) = values[1]
            else { throw .failed("a value of the log is no array") }
            guard let item = array.element(at: [Int(place)]) else { return .null }
            guard let value = Value(item, as: element) else { throw .failed("an array has an element of no type") }
            return value
        }
        return .term(.call(Term.Call(arguments: [first, second], isStrict: true, body: body)), element)
    }
}
