/// A row's values, read where they stand in its record.
extension RowFrame {
    /// A column's value against a literal.
    @inline(__always)
    func truth(
        of column: ColumnOperand, _ comparator: ComparisonOperator, _ comparison: Comparison, _ constant: Constant,
        _ bytes: [UInt8]
    ) throws(EvaluationFailure) -> Truth {
        let cell = cell(column)
        if let outcome = comparator.outcome(cell.presence(in: column.row), .value) { return outcome }
        return try CellComparison.truth(comparator, comparison, cell, column, record.span, constant, bytes.span)
    }

    /// The log has `true` or `false`, and `t` or `f` in quotes for a domain.
    func boolean(_ column: ColumnOperand) -> Truth {
        let cell = cell(column)
        switch cell.presence(in: column.row) {
        case .value:
            guard cell.isInside(record.span), !cell.bytes.isEmpty else { return .unknown }
            return Truth(record[Int(cell.bytes.start)] == UInt8(ascii: "t"))
        case .null: return .null
        case .unknown, .unchanged: return .unknown
        }
    }

    /// A column's value.
    func value(of column: ColumnOperand, _ type: ScalarType) throws(EvaluationFailure) -> Value {
        let cell = cell(column)
        switch cell.presence(in: column.row) {
        case .null: return .null
        case .unknown, .unchanged: return .unknown
        case .value: break
        }
        guard cell.isInside(record.span) else { throw .unreadable(column) }
        switch type.family {
        case .integer, .oid:
            guard let value = NumberLiteral.integer(record.span, cell.bytes.range) else { throw .unreadable(column) }
            return .integer(value)
        case .numeric:
            guard let value = Numeric(record.span, cell.bytes.range) else { throw .unreadable(column) }
            return .numeric(value)
        case .real, .double: return .float(try CellComparison.float(cell, column, record.span))
        case .boolean: return .boolean(!cell.bytes.isEmpty && record[Int(cell.bytes.start)] == UInt8(ascii: "t"))
        case .date: return .day(try CellComparison.integer(cell, column, record.span, as: .date))
        case .timestamp, .timestampWithTimeZone:
            return .moment(try CellComparison.integer(cell, column, record.span, as: .moment))
        case .time: return .time(try CellComparison.integer(cell, column, record.span, as: .time))
        case .interval:
            guard let interval = Interval.parse(text(cell)) else { throw .unreadable(column) }
            return .interval(interval)
        case .character:
            // What `character(n)` is padded with is no part of the text.
            let text = text(cell)
            return .text(Array(text[..<text.span.endWithoutSpaces(0..<text.count)]))
        case .text, .caseless, .uuid, .bytea, .json, .array, .other: return .text(text(cell))
        }
    }

    func text(_ cell: Cell) -> [UInt8] { record.span.text(cell) }

    func bytes(_ range: ByteRange) -> [UInt8] { record.span.bytes(range) }

    func tableName(_ range: ByteRange) -> TableName { record.span.tableName(range) }

    @inline(__always)
    func equals(_ range: ByteRange, _ other: [UInt8]) -> Bool { record.span.equals(range, other) }

    /// Appends the value's JSON; the cell is one of this row's.
    @inline(__always)
    func appendJSON<Sink: ByteSink & ~Copyable>(_ cell: Cell, as kind: ValueKind, to out: inout Sink) {
        CellJSON.append(cell, as: kind, in: record.span, to: &out)
    }

    /// Appends the value's JSON; the cell is one of this row's, and no array.
    @inline(__always)
    func appendJSON(_ cell: Cell, as form: JSONForm, to out: inout ByteText) {
        switch cell.form {
        case .bare, .quoted:
            guard cell.isInside(record.span) else { return }
            if form == .integer {
                out.append(UnsafeBufferPointer(rebasing: record[cell.bytes.range]))
            } else {
                CellJSON.append(text: record.span.extracting(cell.bytes.range), as: form, to: &out)
            }
        case .absent, .null, .unchanged: JSONText.append("null", to: &out)
        case .bits: JSONText.appendQuoted(record.span.extracting(cell.bytes.range), to: &out)
        case .doubled: CellJSON.append(text: text(cell).span, as: form, to: &out)
        }
    }

    /// Appends the value's text as it is.
    @inline(__always)
    func appendText<Sink: ByteSink & ~Copyable>(_ cell: Cell, to out: inout Sink) {
        guard cell.isInside(record.span) else { return }
        if cell.form == .doubled {
            out.append(text(cell).span)
        } else {
            out.append(record.span.extracting(cell.bytes.range))
        }
    }
}
