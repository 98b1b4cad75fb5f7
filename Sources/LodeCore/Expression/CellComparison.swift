/// Compares the values of cells where they stand in the record.
enum CellComparison {
    /// A column's value against a literal.
    static func truth(
        _ comparator: ComparisonOperator, _ comparison: Comparison, _ cell: Cell, _ column: ColumnOperand,
        _ record: Span<UInt8>, _ constant: Constant, _ bytes: Span<UInt8>
    ) throws(EvaluationFailure) -> Truth {
        switch constant {
        case .integer(let value):
            let own = try integer(cell, column, record, as: comparison)
            return Truth(comparator.holds(own < value ? -1 : own > value ? 1 : 0))
        case .float(let value):
            return Truth(comparator.holds(FloatText.order(try float(cell, column, record), value)))
        case .bytes(let range):
            if comparison == .numeric {
                guard let decimal = DecimalText(bytes, range.range) else { throw .unreadable(column) }
                let order = DecimalText.order(try self.decimal(cell, column, record), in: record, decimal, in: bytes)
                return Truth(comparator.holds(order))
            }
            let piece = TextPiece(range: range, isDoubled: false)
            return compareText(comparator, comparison, text(cell, column, record), record, piece, bytes)
        }
    }

    /// Two columns' values.
    static func truth(
        _ comparator: ComparisonOperator, _ comparison: Comparison, _ left: Cell, _ leftColumn: ColumnOperand,
        _ leftRecord: Span<UInt8>, _ right: Cell, _ rightColumn: ColumnOperand, _ rightRecord: Span<UInt8>
    ) throws(EvaluationFailure) -> Truth {
        switch comparison {
        case .integer, .date, .moment, .time:
            let first = try integer(left, leftColumn, leftRecord, as: comparison)
            let second = try integer(right, rightColumn, rightRecord, as: comparison)
            return Truth(comparator.holds(first < second ? -1 : first > second ? 1 : 0))
        case .float:
            let first = try float(left, leftColumn, leftRecord)
            let second = try float(right, rightColumn, rightRecord)
            return Truth(comparator.holds(FloatText.order(first, second)))
        case .numeric:
            let first = try decimal(left, leftColumn, leftRecord)
            let second = try decimal(right, rightColumn, rightRecord)
            return Truth(comparator.holds(DecimalText.order(first, in: leftRecord, second, in: rightRecord)))
        case .interval:
            guard let first = Interval.parse(leftRecord.text(left)) else { throw .unreadable(leftColumn) }
            guard let second = Interval.parse(rightRecord.text(right)) else { throw .unreadable(rightColumn) }
            return Truth(comparator.holds(first.compare(second)))
        case .json, .array:
            // The checker compares these as terms.
            throw .unreadable(leftColumn)
        case .bytes, .caseless, .boolean:
            let first = text(left, leftColumn, leftRecord)
            let second = text(right, rightColumn, rightRecord)
            return compareText(comparator, comparison, first, leftRecord, second, rightRecord)
        }
    }

    private static func compareText(
        _ comparator: ComparisonOperator, _ comparison: Comparison, _ left: TextPiece, _ leftBytes: Span<UInt8>,
        _ right: TextPiece, _ rightBytes: Span<UInt8>
    ) -> Truth {
        if comparison == .caseless {
            return Truth(comparator.holds(TextOrder.caselessOrder(left, in: leftBytes, right, in: rightBytes)))
        }
        if comparator.isEquality {
            return Truth(comparator.holds(TextOrder.areEqual(left, in: leftBytes, right, in: rightBytes) ? 0 : 1))
        }
        return Truth(comparator.holds(TextOrder.order(left, in: leftBytes, right, in: rightBytes)))
    }

    // MARK: - Values of cells

    /// An integer, a day or a moment.
    static func integer(
        _ cell: Cell, _ column: ColumnOperand, _ record: Span<UInt8>, as comparison: Comparison
    ) throws(EvaluationFailure) -> Int64 {
        let range = try place(cell, column, record)
        do {
            switch column.family {
            case .date:
                let days = try MomentText.days(record, range)
                return comparison == .moment ? MomentText.midnight(of: days) : days
            case .timestamp, .timestampWithTimeZone:
                return try MomentText.microseconds(
                    record, range, appliesZone: column.family == .timestampWithTimeZone)
            case .time:
                return try MomentText.timeOfDay(record, range)
            default:
                guard let value = NumberLiteral.integer(record, range) else { throw MomentText.Failure.syntax }
                return value
            }
        } catch {
            throw .unreadable(column)
        }
    }

    static func float(
        _ cell: Cell, _ column: ColumnOperand, _ record: Span<UInt8>
    ) throws(EvaluationFailure) -> Double {
        let range = try place(cell, column, record)
        do {
            return try FloatText.value(record, range, isReal: column.family == .real)
        } catch {
            switch error {
            case .syntax: throw .unreadable(column)
            case .range: throw .outOfRange(column)
            }
        }
    }

    private static func decimal(
        _ cell: Cell, _ column: ColumnOperand, _ record: Span<UInt8>
    ) throws(EvaluationFailure) -> DecimalText {
        guard let decimal = DecimalText(record, try place(cell, column, record)) else { throw .unreadable(column) }
        return decimal
    }

    private static func text(_ cell: Cell, _ column: ColumnOperand, _ record: Span<UInt8>) -> TextPiece {
        var range = cell.isInside(record) ? cell.bytes : .empty
        if column.family == .character {
            range = ByteRange(Int(range.start), record.endWithoutSpaces(range.range))
        }
        return TextPiece(range: range, isDoubled: cell.form == .doubled)
    }

    private static func place(
        _ cell: Cell, _ column: ColumnOperand, _ record: Span<UInt8>
    ) throws(EvaluationFailure) -> Range<Int> {
        guard cell.isInside(record) else { throw .unreadable(column) }
        return cell.bytes.range
    }
}

/// A value of the log that an expression cannot work with.
enum EvaluationFailure: Error, Hashable {
    /// Its text is none of its column's type.
    case unreadable(ColumnOperand)
    /// It does not fit the double precision that it is compared in.
    case outOfRange(ColumnOperand)
    /// Whatever else went wrong, in words without values.
    case failed(String)
    /// A row that was put aside cannot be had again.
    case row(RowError)
}
