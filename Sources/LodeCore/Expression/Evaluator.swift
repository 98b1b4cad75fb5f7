/// Runs a program over the rows at hand. A column beyond a row is unknown.
extension Program {
    func truth(_ rows: inout RowSet) throws(EvaluationFailure) -> Truth {
        var at = 0
        return try truth(&at, &rows)
    }

    /// Runs the step at `at` and leaves `at` behind it and its operands.
    private func truth(_ at: inout Int, _ rows: inout RowSet) throws(EvaluationFailure) -> Truth {
        let step = steps[at]
        at += 1
        switch step {
        case .constant(let truth):
            return truth
        case .column(let column):
            return rows.frames.span[column.slot].boolean(column)
        case .not:
            return try truth(&at, &rows).negated
        case .test(let test):
            return try truth(&at, &rows).passes(test)
        case .all(let end):
            return try chain(.true, Int(end), &at, &rows)
        case .any(let end):
            return try chain(.false, Int(end), &at, &rows)
        case .isNull(let column):
            return Self.isNull(rows.frames[column.slot].cell(column), column.row)
        case .compare(let column, let comparator, let comparison, let constant):
            return try rows.frames.span[column.slot].truth(of: column, comparator, comparison, constant, bytes)
        case .compareColumns(let left, let comparator, let comparison, let right):
            return try Self.compareColumns(left, comparator, comparison, right, &rows)
        case .compareConditions(let comparator):
            let left = try truth(&at, &rows)
            let right = try truth(&at, &rows)
            if let outcome = comparator.outcome(left.presence, right.presence) { return outcome }
            return Truth(comparator.holds((left == .true ? 1 : 0) - (right == .true ? 1 : 0)))
        case .membership(let column, let comparison, let list, let hasNull):
            return try membership(column, comparison, list, hasNull, &rows)
        case .changed(let after, let before, let comparison):
            // The update left the value out because it had not touched it.
            if rows.frames.span[after.slot].cell(after).form == .unchanged { return .false }
            return try Self.compareColumns(after, .distinct, comparison, before, &rows)
        case .term(let place):
            return Truth(try terms[Int(place)].value(&rows))
        case .isNullTerm(let place):
            if case .column(let column, _) = terms[Int(place)] {
                return Self.isNull(rows.frames[column.slot].cell(column), column.row)
            }
            switch try terms[Int(place)].value(&rows) {
            case .null: return .true
            case .unknown: return .unknown
            default: return .false
            }
        case .compareTerms(let left, let comparator, let comparison, let right):
            let first = try terms[Int(left)].value(&rows)
            let second = try terms[Int(right)].value(&rows)
            return try ValueComparison.truth(first, comparator, comparison, second)
        }
    }

    private static func isNull(_ cell: Cell, _ row: RowSide) -> Truth {
        switch cell.presence(in: row) {
        case .null: .true
        case .value, .unchanged: .false
        case .unknown: .unknown
        }
    }

    /// `and` when `neutral` is true, else `or`.
    private func chain(
        _ neutral: Truth, _ end: Int, _ at: inout Int, _ rows: inout RowSet
    ) throws(EvaluationFailure) -> Truth {
        var outcome = neutral
        while at < end {
            let part = try truth(&at, &rows)
            outcome = neutral == .true ? outcome.and(part) : outcome.or(part)
            if outcome == neutral.negated {
                at = end
                return outcome
            }
        }
        return outcome
    }

    private static func compareColumns(
        _ left: ColumnOperand, _ comparator: ComparisonOperator, _ comparison: Comparison, _ right: ColumnOperand,
        _ rows: inout RowSet
    ) throws(EvaluationFailure) -> Truth {
        let cell = rows.frames.span[left.slot].cell(left)
        let other = rows.frames.span[right.slot].cell(right)
        let outcome = comparator.outcome(cell.presence(in: left.row), other.presence(in: right.row))
        if let outcome { return outcome }
        let record = rows.frames[left.slot].record
        let otherRecord = rows.frames[right.slot].record
        return try CellComparison.truth(
            comparator, comparison, cell, left, record.span, other, right, otherRecord.span)
    }

    private func membership(
        _ column: ColumnOperand, _ comparison: Comparison, _ list: ByteRange, _ hasNull: Bool, _ rows: inout RowSet
    ) throws(EvaluationFailure) -> Truth {
        let cell = rows.frames.span[column.slot].cell(column)
        if let outcome = ComparisonOperator.equal.outcome(cell.presence(in: column.row), .value) { return outcome }
        for index in list.range {
            let truth = try rows.frames.span[column.slot].truth(of: column, .equal, comparison, constants[index], bytes)
            if truth == .true { return .true }
        }
        return hasNull ? .null : .false
    }
}

extension Truth {
    /// Of a value of type boolean.
    init(_ value: Value) {
        switch value {
        case .boolean(let value): self.init(value)
        case .null: self = .null
        default: self = .unknown
        }
    }
}

extension Cell {
    /// Whether its bytes are the record's; those of another record are no value of any type.
    @inline(__always)
    func isInside(_ record: Span<UInt8>) -> Bool {
        bytes.start >= 0 && bytes.start <= bytes.end && Int(bytes.end) <= record.count
    }

    /// Only a new row leaves a value out for being unchanged. In an old row nothing says that a
    /// value that is not there is not null.
    @inline(__always)
    func presence(in row: RowSide) -> Presence {
        switch form {
        case .null: .null
        case .absent: .unknown
        case .unchanged: row == .new ? .unchanged : .unknown
        case .bare, .quoted, .doubled, .bits: .value
        }
    }
}
