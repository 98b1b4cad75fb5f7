/// Runs a program over the rows of one record.
///
/// Functions over borrowed spans rather than a value that holds them: nothing is copied or counted.
/// A column beyond the rows at hand is unknown.
extension Program {
    func truth(
        _ record: Span<UInt8>, _ new: Span<Cell>, _ old: Span<Cell>
    ) throws(EvaluationFailure) -> Truth {
        var at = 0
        return try Self.truth(steps.span, &at, constants.span, bytes.span, record, new, old)
    }

    /// Runs the step at `at` and leaves `at` behind it and its operands.
    private static func truth(
        _ steps: Span<Step>, _ at: inout Int, _ constants: Span<Constant>, _ bytes: Span<UInt8>,
        _ record: Span<UInt8>, _ new: Span<Cell>, _ old: Span<Cell>
    ) throws(EvaluationFailure) -> Truth {
        let step = steps[at]
        at += 1
        switch step {
        case .constant(let truth):
            return truth
        case .column(let column):
            return Self.boolean(column.cell(new, old), column, record)
        case .not:
            return try truth(steps, &at, constants, bytes, record, new, old).negated
        case .test(let test):
            return try truth(steps, &at, constants, bytes, record, new, old).passes(test)
        case .all(let end):
            return try chain(.true, Int(end), steps, &at, constants, bytes, record, new, old)
        case .any(let end):
            return try chain(.false, Int(end), steps, &at, constants, bytes, record, new, old)
        case .isNull(let column):
            switch column.cell(new, old).presence(in: column.row) {
            case .null: return .true
            case .value, .unchanged: return .false
            case .unknown: return .unknown
            }
        case .compare(let column, let comparator, let comparison, let constant):
            let cell = column.cell(new, old)
            if let outcome = comparator.outcome(cell.presence(in: column.row), .value) { return outcome }
            return try CellComparison.truth(comparator, comparison, cell, column, record, constant, bytes)
        case .compareColumns(let left, let comparator, let comparison, let right):
            return try compareColumns(left, comparator, comparison, right, record, new, old)
        case .compareConditions(let comparator):
            let left = try truth(steps, &at, constants, bytes, record, new, old)
            let right = try truth(steps, &at, constants, bytes, record, new, old)
            if let outcome = comparator.outcome(left.presence, right.presence) { return outcome }
            return Truth(comparator.holds((left == .true ? 1 : 0) - (right == .true ? 1 : 0)))
        case .membership(let column, let comparison, let list, let hasNull):
            return try membership(column, comparison, list, hasNull, constants, bytes, record, new, old)
        case .changed(let after, let before, let comparison):
            // The update left the value out because it had not touched it.
            if after.cell(new, old).form == .unchanged { return .false }
            return try compareColumns(after, .distinct, comparison, before, record, new, old)
        }
    }

    /// `and` when `neutral` is true, else `or`.
    private static func chain(
        _ neutral: Truth, _ end: Int, _ steps: Span<Step>, _ at: inout Int, _ constants: Span<Constant>,
        _ bytes: Span<UInt8>, _ record: Span<UInt8>, _ new: Span<Cell>, _ old: Span<Cell>
    ) throws(EvaluationFailure) -> Truth {
        var outcome = neutral
        while at < end {
            let part = try truth(steps, &at, constants, bytes, record, new, old)
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
        _ record: Span<UInt8>, _ new: Span<Cell>, _ old: Span<Cell>
    ) throws(EvaluationFailure) -> Truth {
        let cell = left.cell(new, old)
        let other = right.cell(new, old)
        let outcome = comparator.outcome(cell.presence(in: left.row), other.presence(in: right.row))
        if let outcome { return outcome }
        return try CellComparison.truth(comparator, comparison, cell, left, other, right, record)
    }

    private static func membership(
        _ column: ColumnOperand, _ comparison: Comparison, _ list: ByteRange, _ hasNull: Bool,
        _ constants: Span<Constant>, _ bytes: Span<UInt8>, _ record: Span<UInt8>, _ new: Span<Cell>, _ old: Span<Cell>
    ) throws(EvaluationFailure) -> Truth {
        let cell = column.cell(new, old)
        if let outcome = ComparisonOperator.equal.outcome(cell.presence(in: column.row), .value) { return outcome }
        for index in list.range {
            let truth = try CellComparison.truth(
                .equal, comparison, cell, column, record, constants[index], bytes)
            if truth == .true { return .true }
        }
        return hasNull ? .null : .false
    }

    /// The log has `true` or `false`, and `t` or `f` in quotes for a domain.
    private static func boolean(_ cell: Cell, _ column: ColumnOperand, _ record: Span<UInt8>) -> Truth {
        switch cell.presence(in: column.row) {
        case .value:
            guard cell.isInside(record), !cell.bytes.isEmpty else { return .unknown }
            return Truth(record[Int(cell.bytes.start)] == UInt8(ascii: "t"))
        case .null: return .null
        case .unknown, .unchanged: return .unknown
        }
    }
}

extension ColumnOperand {
    @inline(__always)
    func cell(_ new: Span<Cell>, _ old: Span<Cell>) -> Cell {
        switch row {
        case .new: column < new.count ? new[column] : Cell(.absent)
        case .old: column < old.count ? old[column] : Cell(.absent)
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
