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
        case .dynamic(let term): return DynamicValue.term(term, as: type)
        case .row, .gather: return notAValue(part, at: syntax)
        }
    }

    /// With its own type; a literal without one is text.
    mutating func typed(_ part: Part, at syntax: Syntax) -> Term.Typed? {
        let type = Self.type(part) ?? .text
        return term(part, as: type, at: syntax).map { Term.Typed(term: $0, type: type) }
    }

    /// As a value in the form that `type` has, which differs between integers, numeric and floating point.
    mutating func converted(
        _ term: Term, from own: ScalarType, to type: ScalarType, at syntax: Syntax
    ) -> Term? {
        if own.isSame(as: type) || own.family == type.family && own.family != .array && own.family != .json {
            return term
        }
        guard let body = Conversion.body(from: own, to: type) else {
            return error(syntax, "cannot cast type \(own.name) to \(type.name); correct one of the two")
        }
        return Self.call([term], isStrict: true, body)
    }

    /// A call, or at once its value when all arguments are constants. An error in that is left for the rows, which may
    /// not come to it.
    static func call(_ arguments: [Term], isStrict: Bool, _ body: @escaping Term.Body) -> Term {
        let call = Term.Call(arguments: arguments, isStrict: isStrict, body: body)
        let values = arguments.compactMap(constant)
        // As the server's planner does: the other arguments need not be worked out, unless they are constants that fail.
        if isStrict, values.contains(.null), !arguments.contains(where: \.isFailingConstant) { return .constant(.null) }
        guard values.count == arguments.count else { return .call(call) }
        guard let value = try? body(values) else { return .call(call) }
        if case .text(let text) = value, text.count > mostFolded { return .call(call) }
        return .constant(value)
    }

    /// The longest text that is kept in a checked expression for being constant, in bytes.
    private static let mostFolded = 10_000

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
        var types = parts.map(Self.type)
        // A member of an event's data may have decimals, whatever number it is reckoned with.
        if types.contains(where: { $0?.reach != nil }) {
            for (place, part) in parts.enumerated() {
                if case .dynamic = part { types[place] = .numeric }
            }
        }
        let choice: FunctionLibrary.Choice
        do {
            choice = try FunctionLibrary.choose(name, types)
        } catch {
            return report(offset, Self.noFunction(name, types, error))
        }
        var terms: [Term] = []
        for (place, part) in parts.enumerated() {
            guard let term = term(part, as: choice.types[place], at: syntaxes[place]) else { return nil }
            terms.append(choice.types[place].name == "jsonb" ? Self.normal(term) : term)
        }
        let site = Function.Site(types: choice.types, constants: terms.map(Self.constant))
        let body: Term.Body
        do {
            body = try choice.function.make(site)
        } catch {
            let place = error.argument < syntaxes.count ? syntaxes[error.argument].range.lowerBound : offset
            return report(place, error.message)
        }
        return .term(Self.call(terms, isStrict: choice.function.isStrict, body), choice.result)
    }

    /// A jsonb in the form in which the server prints it. That of a column and of a function's result is it already.
    private static func normal(_ term: Term) -> Term {
        switch term {
        case .column, .call, .constant, .messageContent: term
        default: call([term], isStrict: true, Function.body { .text(try JSONNormalForm.normalize($0.text(0))) })
        }
    }

    private static func noFunction(_ name: String, _ types: [ScalarType?], _ failure: FunctionLibrary.Failure) -> String
    {
        var words = types.map { $0?.name ?? "unknown" }
        // The word that the parser put before what was written.
        if name == "trim" { words.removeFirst() }
        let isOperator = name.utf8.first?.isOfBareName != true
        let written =
            isOperator
            ? (words.count == 2 ? "\(words[0]) \(name) \(words[1])" : "\(name) \(words.joined())")
            : "\(name)(\(words.joined(separator: ", ")))"
        switch failure {
        case .ambiguous: return "it is not clear which \(written) is meant; cast an argument, as in value::text"
        case .none:
            if isOperator {
                if name == "&&" || name == "||", types.contains(where: { $0?.family == .boolean }) {
                    return
                        "operator does not exist: \(written); write “\(name == "&&" ? "and" : "or")” between conditions"
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
        if case .constant(let value) = term { return .constant(Truth(value)) }
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
        if let fault = TypeModifier.fault(type, name.modifiers) {
            return report(name.range.lowerBound, fault)
        }
        let own = Self.type(part)
        guard let term = term(part, as: own ?? type, at: operand) else { return nil }
        guard let body = Conversion.body(from: own ?? type, to: type, modifiers: name.modifiers) else {
            return report(
                name.range.lowerBound, "cannot cast type \((own ?? type).name) to \(type.name); take another way round")
        }
        if case .constant = term, own == nil, name.modifiers.isEmpty { return .term(term, type) }
        return .term(Self.call([term], isStrict: true, body), type)
    }

    // MARK: - case, coalesce and the like

    mutating func choice(
        _ subject: Syntax?, _ branches: [Syntax.Branch], _ otherwise: Syntax?, at syntax: Syntax
    ) -> Part? {
        // A literal has nothing to take its type from but itself.
        let subjectPart = subject.map { syntax -> Part? in
            guard let part = part(syntax) else { return nil }
            guard case .untyped(let text) = part else { return part }
            return .term(.constant(text.map { .text($0) } ?? .null), .text)
        }
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
        var otherwise = terms.last ?? .constant(.null)
        var whole: [Term.Branch] = []
        // What a constant condition decides is decided now.
        for (condition, term) in zip(conditions.compactMap(\.self), terms) {
            if case .constant(let truth) = condition {
                guard truth == .true else { continue }
                otherwise = term
                break
            }
            whole.append(Term.Branch(condition: Program(condition, bytes: bytes), value: term))
        }
        return .term(whole.isEmpty ? otherwise : .choice(whole, otherwise: otherwise), type)
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
            if before.category == type.category, before.castsImplicitly(to: type),
                !before.isPreferred || !type.castsImplicitly(to: before)
            {
                common = type
            } else if before.category != type.category || !type.castsImplicitly(to: before) {
                return error(
                    syntax, "\(word) types \(before.name) and \(type.name) cannot be matched; cast one of them")
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
        guard type.family != .array else {
            return error(syntax, "arrays inside arrays are not built here; write '{{1,2},{3,4}}'::integer[]")
        }
        let body = Function.body { values in
            .text(PostgresArray(values.map { $0.output(as: type) }).text())
        }
        return .term(Self.call(terms, isStrict: false, body), type.array)
    }

    /// `tags[1]`, from 1; null outside of the array. Of jsonb, `details['name']` is `details -> 'name'`.
    mutating func element(_ array: Syntax, _ place: Syntax, at syntax: Syntax) -> Part? {
        guard let (list, index) = both(array, place) else { return nil }
        let type = Self.type(list) ?? .text
        if type.name == "jsonb" { return function("->", [list, index], [array, place], at: place.range.lowerBound) }
        guard let element = type.element else {
            return error(
                array, "cannot subscript type \(type.name) because it does not support subscripting; leave [] out")
        }
        guard let first = term(list, as: type, at: array), let second = term(index, as: .integer, at: place) else {
            return nil
        }
        let body = Function.body { values in
            guard let item = try values.array(0).element(at: [values.int(1)]) else { return .null }
            guard let value = Value(item, as: element) else {
                throw EvaluationFailure.failed("an array has an element of no type")
            }
            return value
        }
        return .term(Self.call([first, second], isStrict: true, body), element)
    }
}
