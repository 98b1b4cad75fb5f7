/// Works terms out. Null is null and unknown unknown, whatever is done with them, except where
/// PostgreSQL says otherwise.
extension Term {
    func value(_ rows: inout RowSet) throws(EvaluationFailure) -> Value {
        switch self {
        case .constant(let value): return value
        case .column(let column, let type): return try rows.frames.span[column.slot].value(of: column, type)
        case .condition(let program): return Value(try program.truth(&rows))
        case .call(let call): return try call.value(&rows)
        case .choice(let branches, let otherwise): return try Self.choose(branches, otherwise, &rows)
        case .coalesce(let terms):
            for term in terms {
                let value = try term.value(&rows)
                if value != .null { return value }
            }
            return .null
        case .extreme(let terms, let isGreatest, let comparison):
            return try Self.extreme(terms, isGreatest, comparison, &rows)
        case .nullIf(let left, let comparison, let right, let result):
            let first = try left.value(&rows)
            let second = try right.value(&rows)
            switch try ValueComparison.truth(first, .equal, comparison, second) {
            case .true: return .null
            case .unknown: return .unknown
            case .false, .null: return try result.value(&rows)
            }
        case .quantified(let left, let comparator, let comparison, let array, let element, let isAll):
            return try Self.quantified(left, comparator, comparison, array, element, isAll, &rows)
        case .row(let slot, let side, let columns): return RowJSON.object(slot: slot, side, columns, rows)
        case .changes(let slot): return try RowJSON.changes(slot: slot, &rows)
        case .object(let members): return try Self.object(members, &rows)
        case .jsonArray(let items): return try Self.jsonArray(items, &rows)
        case .aggregate(let aggregate): return try aggregate.value(&rows)
        case .only(let slot, let name, let term):
            let list = rows.lists[slot - 1]
            guard list.count <= 1 else {
                throw .failed("“\(name)” gathered \(list.count) rows where one was expected; write first(…) round it")
            }
            guard let place = list.first else { return .null }
            try rows.take(place, into: slot)
            return try term.value(&rows)
        case .messagePrefix: return .text(rows.frames.span[0].bytes(rows.details[0].change.prefix))
        case .messageContent:
            return .text(JSONOrText.json(of: rows.frames.span[0].bytes(rows.details[0].change.content)))
        case .eventData(let path):
            guard let json = try? JSONLookup.path(path, of: rows.document) else { return .null }
            return .text(json)
        case .eventAttribute(let attribute): return rows.attributes[attribute.place]
        case .truncatedTable:
            return .text(Array(rows.frames.span[0].tableName(rows.details[0].change.table).description.utf8))
        case .truncateFlag(let cascade):
            return .boolean(cascade ? rows.details[0].change.cascades : rows.details[0].change.restartsSequences)
        }
    }

    private static func choose(
        _ branches: [Branch], _ otherwise: Term, _ rows: inout RowSet
    ) throws(EvaluationFailure) -> Value {
        for branch in branches {
            switch try branch.condition.truth(&rows) {
            case .true: return try branch.value.value(&rows)
            case .unknown: return .unknown
            case .false, .null: continue
            }
        }
        return try otherwise.value(&rows)
    }

    /// Nulls do not count.
    private static func extreme(
        _ terms: [Term], _ isGreatest: Bool, _ comparison: Comparison, _ rows: inout RowSet
    ) throws(EvaluationFailure) -> Value {
        var best = Value.null
        for term in terms {
            let value = try term.value(&rows)
            if value == .unknown { return .unknown }
            guard value != .null else { continue }
            if best == .null {
                best = value
                continue
            }
            let order = try ValueComparison.order(value, comparison, best)
            if isGreatest ? order > 0 : order < 0 { best = value }
        }
        return best
    }

    private static func quantified(
        _ left: Term, _ comparator: ComparisonOperator, _ comparison: Comparison, _ array: Term,
        _ element: ScalarType, _ isAll: Bool, _ rows: inout RowSet
    ) throws(EvaluationFailure) -> Value {
        let value = try left.value(&rows)
        let list = try array.value(&rows)
        guard case .text(let text) = list else { return list == .null ? .null : .unknown }
        guard let elements = try? PostgresArray(parsing: text).elements else {
            throw .failed("a value of the log is no array")
        }
        var outcome: Truth = isAll ? .true : .false
        for item in elements {
            let other: Value
            if let item {
                guard let read = Value(item, as: element) else { throw .failed("an array has an element of no type") }
                other = read
            } else {
                other = .null
            }
            let truth = try ValueComparison.truth(value, comparator, comparison, other)
            outcome = isAll ? outcome.and(truth) : outcome.or(truth)
        }
        return Value(outcome)
    }

    private static func object(_ members: [Member], _ rows: inout RowSet) throws(EvaluationFailure) -> Value {
        var out = Array("{".utf8)
        for member in members {
            let name = try member.name.value(&rows)
            let value = try member.value.term.value(&rows)
            guard name != .unknown, value != .unknown else { return .unknown }
            guard case .text(let text) = name else { throw .failed("a member of object(…) has no name") }
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(text, to: &out)
            out.append(UInt8(ascii: ":"))
            value.appendJSON(as: member.value.type, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return .text(out)
    }

    private static func jsonArray(_ items: [Typed], _ rows: inout RowSet) throws(EvaluationFailure) -> Value {
        var out = Array("[".utf8)
        for item in items {
            let value = try item.term.value(&rows)
            if value == .unknown { return .unknown }
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            value.appendJSON(as: item.type, to: &out)
        }
        out.append(UInt8(ascii: "]"))
        return .text(out)
    }
}

extension Term.Call {
    func value(_ rows: inout RowSet) throws(EvaluationFailure) -> Value {
        var values: [Value] = []
        values.reserveCapacity(arguments.count)
        var isUnknown = false
        for argument in arguments {
            let value = try argument.value(&rows)
            // Null whatever the others are; those are still worked out, for their errors.
            if value == .unknown { isUnknown = true }
            values.append(value)
        }
        if isStrict, values.contains(.null) { return .null }
        if isUnknown { return .unknown }
        return try body(values)
    }
}

extension Value {
    init(_ truth: Truth) {
        switch truth {
        case .true: self = .boolean(true)
        case .false: self = .boolean(false)
        case .null: self = .null
        case .unknown: self = .unknown
        }
    }
}

extension RowSet {
    /// As ``load(_:into:)``, for expressions.
    mutating func take(_ place: RowPlace, into slot: Int) throws(EvaluationFailure) {
        do { try load(place, into: slot) } catch { throw .row(error) }
    }
}
