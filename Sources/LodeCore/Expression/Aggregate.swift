/// Aggregates over the rows that a gather found, in the order of the log.
///
/// As in PostgreSQL nulls do not count, and over no row `count` is 0 and the others are null. One
/// unknown value makes the whole unknown.
extension Term.Aggregate {
    func value(_ rows: inout RowSet) throws(EvaluationFailure) -> Value {
        let list = rows.lists[slot - 1]
        switch (kind, argument) {
        case (.exists, _): return .boolean(!list.isEmpty)
        case (.count, nil): return .integer(Int64(list.count))
        default: break
        }
        // An aggregate may stand inside an `each` over the same rows, which goes on with its own.
        let before = rows.frames[slot].place
        var fold = Fold(self)
        for place in kind == .last ? list.suffix(1) : kind == .first ? list.prefix(1) : list[...] {
            try rows.take(place, into: slot)
            guard let argument else { continue }
            try fold.take(try argument.term.value(&rows))
        }
        if let before { try rows.take(before, into: slot) }
        return try fold.result()
    }

    private struct Fold {
        let aggregate: Term.Aggregate
        var count: Int64 = 0
        var best = Value.null
        var isUnknown = false
        var json = Array("[".utf8)

        init(_ aggregate: Term.Aggregate) { self.aggregate = aggregate }

        mutating func take(_ value: Value) throws(EvaluationFailure) {
            if value == .unknown {
                isUnknown = true
                return
            }
            if aggregate.kind == .array, let type = aggregate.argument?.type {
                // Unlike the others, array_agg keeps nulls.
                if count > 0 { json.append(UInt8(ascii: ",")) }
                count += 1
                value.appendJSON(as: type, to: &json)
                return
            }
            guard value != .null else { return }
            count += 1
            switch aggregate.kind {
            case .first, .last: best = value
            case .min, .max:
                if best == .null {
                    best = value
                } else if let comparison = aggregate.comparison {
                    let order = try ValueComparison.order(value, comparison, best)
                    if aggregate.kind == .max ? order > 0 : order < 0 { best = value }
                }
            case .sum, .avg:
                best = best == .null ? value : try aggregate.add?([best, value]) ?? value
            case .count, .exists, .array: break
            }
        }

        func result() throws(EvaluationFailure) -> Value {
            if isUnknown { return .unknown }
            switch aggregate.kind {
            case .count: return .integer(count)
            case .exists: return .boolean(count > 0)
            case .array: return count == 0 ? .null : .text(json + [UInt8(ascii: "]")])
            case .avg where best != .null: return try aggregate.divide?([best, .integer(count)]) ?? .null
            default: return best
            }
        }
    }
}
