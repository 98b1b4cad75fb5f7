/// Calls: functions of the library, and those that see more than values: rows, gathers, changes.
extension Checker {
    /// The functions that are not in the library.
    static let specialNames =
        [
            "changed", "pick", "omit", "object", "jsonb_build_object", "json_build_object", "jsonb_build_array",
            "json_build_array", "coalesce", "nullif", "greatest", "least",
        ] + Term.Aggregate.Kind.allCases.map(\.rawValue)

    mutating func call(_ name: Syntax.Name, _ arguments: [Syntax], at syntax: Syntax) -> Part? {
        switch name.text {
        case "changed": return changed(name, arguments)
        case "pick", "omit": return columns(name, arguments)
        case "object", "jsonb_build_object", "json_build_object": return object(name, arguments)
        case "jsonb_build_array", "json_build_array":
            return jsonArray(arguments)
        case "coalesce":
            guard let (terms, type) = terms(arguments, of: "COALESCE") else { return nil }
            return .term(Self.coalesce(terms), type)
        case "greatest", "least": return extreme(name, arguments)
        case "nullif": return nullIf(name, arguments)
        default: break
        }
        if let kind = Term.Aggregate.Kind(rawValue: name.text), !FunctionLibrary.isKnown(name.text) {
            return aggregate(kind, name, arguments)
        }
        let parts = arguments.map { part($0) }
        if name.text == "age", arguments.count == 1 {
            return report(
                name.range.lowerBound,
                "age(x) depends on today's date, and a replay must give the same events; "
                    + "write both moments: age(a, b)")
        }
        guard FunctionLibrary.isKnown(name.text) else {
            if let reason = RefusedNames.reason(for: name.text) {
                return report(name.range.lowerBound, "\(name.text)() \(reason)")
            }
            let names = FunctionLibrary.names + Self.specialNames
            let mend = nearestName(to: name.text, among: names).map { "did you mean “\($0)”?" }
            return report(
                name.range.lowerBound,
                "there is no function “\(name.text)”; " + (mend ?? "the page on expressions lists those there are"))
        }
        let known = parts.compactMap(\.self)
        guard known.count == parts.count else { return nil }
        return function(name.text, known, arguments, at: name.range.lowerBound)
    }

    // MARK: - Rows

    /// `changed(status)`
    private mutating func changed(_ name: Syntax.Name, _ arguments: [Syntax]) -> Part? {
        guard scope.row(scope.current)?.operation == .update else {
            let table = scope.row(scope.current)?.table.name.name ?? "orders"
            return report(
                name.range.lowerBound,
                "changed() needs a row before and after; use it in a rule `from: update \(table)`")
        }
        guard arguments.count == 1, case .path(let names) = arguments[0].node else {
            return report(
                arguments.first?.range.lowerBound ?? name.range.lowerBound,
                "changed() takes the name of one column; write changed(status)")
        }
        guard case .column(let operand, let type)? = part(arguments[0]) else {
            if diagnostics.isEmpty {
                return report(
                    names[0].range.lowerBound, "changed() takes the name of one column; write changed(status)")
            }
            return nil
        }
        let new = ColumnRead(slot: operand.slot, row: .new, column: operand.column)
        let old = ColumnRead(slot: operand.slot, row: .old, column: operand.column)
        note(new)
        note(old)
        return .condition(
            .changed(new: ColumnOperand(new, type), old: ColumnOperand(old, type), Comparison(inPlace: type)))
    }

    /// `pick(new, id, status)`, `omit(old, note)`: a row as an object, some columns of it.
    private mutating func columns(_ name: Syntax.Name, _ arguments: [Syntax]) -> Part? {
        guard let first = arguments.first else {
            return report(
                name.range.lowerBound, "\(name.text)() takes a row and columns; write \(name.text)(new, id, status)")
        }
        guard let row = part(first) else { return nil }
        guard case .row(let slot, let side) = row, let table = scope.row(slot)?.table else {
            return error(first, "\(name.text)() takes a row first; write \(name.text)(new, id, status)")
        }
        var named: [Int] = []
        for argument in arguments.dropFirst() {
            guard case .path(let names) = argument.node, let last = names.last, names.count == 1 else {
                return error(
                    argument, "\(name.text)() takes names of columns; write them alone, as in \(name.text)(new, id)")
            }
            guard let column = table.columns.firstIndex(where: { $0.name.utf8.elementsEqual(last.text.utf8) }) else {
                let near = nearestName(to: last.text, among: table.columns.map(\.name)).map { "did you mean “\($0)”?" }
                return error(
                    argument,
                    "table \(table.name) has no column “\(last.text)”; "
                        + (near ?? "it has " + table.columns.prefix(10).map(\.name).joined(separator: ", ")))
            }
            named.append(column)
        }
        let columns = name.text == "pick" ? named : table.columns.indices.filter { !named.contains($0) }
        for column in columns { note(ColumnRead(slot: slot, row: side, column: column)) }
        return rowTerm(slot, side, columns)
    }

    /// A row as a value: all its columns.
    mutating func rowTerm(_ slot: Int, _ side: RowSide, _ columns: [Int]) -> Part? {
        let term = Term.row(slot: slot, side, columns: columns)
        guard slot > 0, slot != scope.current, let name = scope.row(slot)?.name else { return .term(term, .jsonb) }
        readSlots.insert(slot)
        switch aggregate {
        case .open: aggregate = .slot(slot)
        case .slot(slot): break
        default: return .term(.only(slot: slot, name: name, term), .jsonb)
        }
        return .term(term, .jsonb)
    }

    // MARK: - Objects

    /// `object('id', id, 'total', total)`
    private mutating func object(_ name: Syntax.Name, _ arguments: [Syntax]) -> Part? {
        guard arguments.count.isMultiple(of: 2) else {
            return report(name.range.lowerBound, "object(…) takes names and values in turn; write object('id', id)")
        }
        var members: [Term.Member] = []
        for place in stride(from: 0, to: arguments.count, by: 2) {
            guard let key = part(arguments[place]), let value = value(arguments[place + 1]) else { return nil }
            guard let keyTerm = term(key, as: .text, at: arguments[place]) else { return nil }
            if case .constant(.text(let name)) = keyTerm {
                let isTwice = members.contains { if case .constant(.text(name)) = $0.name { true } else { false } }
                if isTwice {
                    let name = String(decoding: name, as: UTF8.self)
                    return error(arguments[place], "object(…) has “\(name)” twice; leave one of them out")
                }
            }
            members.append(Term.Member(name: keyTerm, value: value))
        }
        return .term(.object(members), .jsonb)
    }

    private mutating func jsonArray(_ arguments: [Syntax]) -> Part? {
        let values = arguments.map { value($0) }
        let known = values.compactMap(\.self)
        return known.count == values.count ? .term(.jsonArray(known), .jsonb) : nil
    }

    /// A value of any type; a row is its object.
    mutating func value(_ syntax: Syntax) -> Term.Typed? {
        guard var part = part(syntax) else { return nil }
        if case .row(let slot, let side) = part, let table = scope.row(slot)?.table {
            for column in table.columns.indices { note(ColumnRead(slot: slot, row: side, column: column)) }
            guard let row = rowTerm(slot, side, Array(table.columns.indices)) else { return nil }
            part = row
        }
        return typed(part, at: syntax)
    }

    /// Without constant nulls, and without what comes after another constant.
    private static func coalesce(_ terms: [Term]) -> Term {
        var kept: [Term] = []
        for term in terms {
            if case .constant(let value) = term {
                if value == .null { continue }
                kept.append(term)
                break
            }
            kept.append(term)
        }
        if kept.isEmpty { return .constant(.null) }
        if kept.count == 1, case .constant = kept[0] { return kept[0] }
        return .coalesce(kept)
    }

    // MARK: - greatest, least, nullif

    private mutating func extreme(_ name: Syntax.Name, _ arguments: [Syntax]) -> Part? {
        guard !arguments.isEmpty else {
            return report(name.range.lowerBound, "\(name.text)(…) takes at least one value")
        }
        guard let (terms, type) = terms(arguments, of: name.text.uppercased()) else { return nil }
        guard let comparison = Comparison(type, type), type.family != .json, type.family != .array else {
            return report(name.range.lowerBound, "values of type \(type.name) have no order; compare them with = only")
        }
        return .term(.extreme(terms, isGreatest: name.text == "greatest", comparison), type)
    }

    private mutating func nullIf(_ name: Syntax.Name, _ arguments: [Syntax]) -> Part? {
        guard arguments.count == 2 else {
            return report(name.range.lowerBound, "nullif(a, b) takes two values; it is null when they are equal")
        }
        guard let (left, right) = both(arguments[0], arguments[1]) else { return nil }
        let type = Self.type(left) ?? Self.type(right) ?? .text
        let other = Self.type(right) ?? type
        guard let comparison = Comparison(type, other) else {
            return report(
                name.range.lowerBound, "operator does not exist: \(type.name) = \(other.name); cast one side")
        }
        if comparison == .array || comparison == .json {
            guard let equal = compare(left, .equal, right, at: name.range.lowerBound, arguments[0], arguments[1]),
                let first = term(left, as: type, at: arguments[0])
            else { return nil }
            let branch = Term.Branch(condition: Program(equal, bytes: bytes), value: .constant(.null))
            return .term(.choice([branch], otherwise: first), type)
        }
        guard let first = term(left, as: type, at: arguments[0]), let second = term(right, as: other, at: arguments[1])
        else { return nil }
        // What comes back is the left side as it was compared: nullif(1, 2.2) is numeric.
        let result = Self.comparedType(type, with: other)
        guard let value = converted(first, from: type, to: result, at: arguments[0]) else { return nil }
        // Nothing equals null.
        for side in [first, second] {
            if case .constant(.null) = side { return .term(value, result) }
        }
        return .term(.nullIf(first, comparison, second, of: value), result)
    }

    /// What a number is cast to when it is compared with one of another type.
    private static func comparedType(_ type: ScalarType, with other: ScalarType) -> ScalarType {
        if type.family == .time, other.family == .interval { return .interval }
        guard let own = type.reach, let theirs = other.reach, theirs > own, theirs >= 3 else { return type }
        if type.family.isFloat { return type }
        return other.family.isFloat ? .double : .numeric
    }

    // MARK: - Aggregates

    private mutating func aggregate(
        _ kind: Term.Aggregate.Kind, _ name: Syntax.Name, _ arguments: [Syntax]
    ) -> Part? {
        guard arguments.count == 1 else {
            let example = scope.gathers.first?.name ?? "lines"
            return report(
                name.range.lowerBound,
                "\(name.text)(…) takes one thing to run over; write "
                    + (kind == .count || kind == .exists
                        ? "\(name.text)(\(example))" : "\(name.text)(\(example).column)"))
        }
        if aggregate != nil {
            return report(name.range.lowerBound, "an aggregate cannot stand inside another; take them apart")
        }
        aggregate = .open
        defer { aggregate = nil }
        guard let part = part(arguments[0]) else { return nil }
        if case .gather(let slot) = part {
            readSlots.insert(slot)
            return rows(kind, slot, name)
        }
        if case .row(let slot, let side) = part, slot > 0, let table = scope.row(slot)?.table {
            for column in table.columns.indices { note(ColumnRead(slot: slot, row: side, column: column)) }
            guard let row = rowTerm(slot, side, Array(table.columns.indices)), case .term(let term, let type) = row
            else { return nil }
            return fold(kind, slot, Term.Typed(term: term, type: type), name)
        }
        guard case .slot(let slot)? = aggregate else {
            let example = scope.gathers.first?.name ?? "lines"
            return error(
                arguments[0],
                "\(name.text)(…) runs over gathered rows; name one of their columns, as in \(example).quantity")
        }
        guard let value = typed(part, at: arguments[0]) else { return nil }
        return fold(kind, slot, value, name)
    }

    /// Over the rows themselves.
    private mutating func rows(_ kind: Term.Aggregate.Kind, _ slot: Int, _ name: Syntax.Name) -> Part? {
        switch kind {
        case .count: return .term(.aggregate(Term.Aggregate(kind: .count, slot: slot)), .bigint)
        case .exists: return .term(.aggregate(Term.Aggregate(kind: .exists, slot: slot)), .boolean)
        case .array, .first, .last:
            guard let row = scope.row(slot) else { return nil }
            for column in row.table.columns.indices {
                note(ColumnRead(slot: slot, row: row.defaultSide, column: column))
            }
            let term = Term.row(slot: slot, row.defaultSide, columns: Array(row.table.columns.indices))
            return fold(kind, slot, Term.Typed(term: term, type: .jsonb), name)
        case .sum, .min, .max, .avg:
            let example = scope.row(slot)?.name ?? "lines"
            return report(
                name.range.lowerBound, "\(name.text)(…) takes a column; write \(name.text)(\(example).quantity)")
        }
    }

    private mutating func fold(
        _ kind: Term.Aggregate.Kind, _ slot: Int, _ argument: Term.Typed, _ name: Syntax.Name
    ) -> Part? {
        var aggregate = Term.Aggregate(kind: kind, slot: slot, argument: argument)
        switch kind {
        case .count: return .term(.aggregate(aggregate), .bigint)
        case .exists: return .term(.aggregate(Term.Aggregate(kind: .exists, slot: slot)), .boolean)
        case .array: return .term(.aggregate(aggregate), .jsonb)
        case .first, .last: return .term(.aggregate(aggregate), argument.type)
        case .min, .max:
            guard let comparison = Comparison(argument.type, argument.type), comparison != .json, comparison != .array,
                argument.type.family != .boolean
            else { return noAggregate(name, argument.type) }
            aggregate.comparison = comparison
            return .term(.aggregate(aggregate), argument.type)
        case .sum, .avg:
            guard let type = Self.resultType(kind, argument.type),
                let convert = Conversion.body(from: argument.type, to: type),
                let add = try? FunctionLibrary.choose("+", [type, type]),
                let addition = try? add.function.make(
                    Function.Site(types: [type, type], constants: [nil, nil]))
            else { return noAggregate(name, argument.type) }
            aggregate.argument = Term.Typed(
                term: .call(Term.Call(arguments: [argument.term], isStrict: true, body: convert)), type: type)
            aggregate.add = addition
            if kind == .avg { aggregate.divide = Self.division(type) }
            return .term(.aggregate(aggregate), type)
        }
    }

    private mutating func noAggregate(_ name: Syntax.Name, _ type: ScalarType) -> Part? {
        report(
            name.range.lowerBound,
            "function \(name.text)(\(type.name)) does not exist; "
                + "it takes numbers" + (name.text == "min" || name.text == "max" ? ", texts and times" : ""))
    }

    /// As PostgreSQL's `sum` and `avg` are declared in pg_aggregate.
    private static func resultType(_ kind: Term.Aggregate.Kind, _ type: ScalarType) -> ScalarType? {
        switch type.family {
        case .integer where kind == .sum && type.name != "bigint": .bigint
        case .integer, .numeric: .numeric
        case .real: kind == .sum ? .real : .double
        case .double: .double
        case .interval: .interval
        default: nil
        }
    }

    /// Of a sum by a count, which is an integer.
    private static func division(_ type: ScalarType) -> Term.Body? {
        let divisor: ScalarType = type.family == .numeric ? .numeric : .double
        guard let choice = try? FunctionLibrary.choose("/", [type, divisor]),
            let convert = Conversion.body(from: .bigint, to: divisor),
            let divide = try? choice.function.make(Function.Site(types: [type, divisor], constants: [nil, nil]))
        else { return nil }
        return { values throws(EvaluationFailure) in try divide([values[0], try convert([values[1]])]) }
    }
}

extension Comparison {
    /// For values of one type where they stand in the record; those that cannot be compared there by
    /// their text, which is the same for equal values of a table.
    init(inPlace type: ScalarType) {
        let own = Comparison(same: type)
        self = [.json, .array].contains(own) ? .bytes : own
    }
}
