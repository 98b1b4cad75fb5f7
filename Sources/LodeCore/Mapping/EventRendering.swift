/// Writes an event's key and data from the row that triggered it.
///
/// Functions over borrowed parts rather than a value with them: nothing is copied or retained for
/// an event.
enum EventRendering {
    /// Appends the key's text. False: the key is null, and nothing was appended.
    static func appendKey(
        _ plan: KeyPlan, _ record: Span<UInt8>, _ rows: RowResolver, _ relation: Relation, to out: inout [UInt8]
    ) throws(EvaluationError) -> Bool {
        switch plan {
        case .columns(let side, let columns) where columns.count == 1:
            let cell = try keyCell(side, columns[0], rows, relation)
            guard cell.hasValue else { return false }
            if cell.form == .doubled {
                out.append(contentsOf: record.text(cell))
            } else {
                for index in cell.bytes.range { out.append(record[index]) }
            }
        case .columns(let side, let columns):
            out.append(UInt8(ascii: "["))
            for (place, column) in columns.enumerated() {
                if place > 0 { out.append(UInt8(ascii: ",")) }
                let cell = try keyCell(side, column, rows, relation)
                CellJSON.append(cell, as: relation.kinds[column], in: record, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .expression(let expression):
            let value = try expression.value(record, new: rows.new, old: rows.old)
            if case .unknown = value {
                throw EvaluationError("the key is unknown, as the log does not carry it; \(Self.identityMend)")
            }
            return value.appendText(to: &out)
        }
        return true
    }

    private static let identityMend = "give the table a replica identity that has its columns"

    private static func keyCell(
        _ side: RowSide, _ column: Int, _ rows: RowResolver, _ relation: Relation
    ) throws(EvaluationError) -> Cell {
        let cell = side == .new ? rows.new[column] : rows.old[column]
        if cell.isUnknown {
            let name = relation.definition.columns[column].name
            throw EvaluationError(
                "key column \(name) is unknown, as the log does not carry it; \(identityMend)")
        }
        return cell
    }

    /// Appends the JSON. False: it is unknown, and what was appended does not count.
    static func append(
        _ plan: DataPlan, _ record: Span<UInt8>, _ rows: RowResolver, _ relation: Relation, _ change: Change,
        to out: inout [UInt8]
    ) throws(EvaluationError) -> Bool {
        switch plan {
        case .column(let side, let index):
            let cell = side == .new ? rows.new[index] : rows.old[index]
            guard !cell.isUnknown else { return false }
            CellJSON.append(cell, as: relation.kinds[index], in: record, to: &out)
        case .expression(let expression):
            let value = try expression.value(record, new: rows.new, old: rows.old)
            if case .unknown = value { return false }
            value.appendJSON(to: &out)
        case .wholeRow(.new):
            appendNewRow(record, rows, relation, change, to: &out)
        case .wholeRow(.old):
            appendOldRow(record, rows, relation, to: &out)
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            var isFirst = true
            for member in members {
                let start = out.count
                if !isFirst { out.append(UInt8(ascii: ",")) }
                out.append(contentsOf: member.name)
                if try append(member.plan, record, rows, relation, change, to: &out) {
                    isFirst = false
                } else {
                    out.removeSubrange(start...)
                }
            }
            out.append(UInt8(ascii: "}"))
        }
        return true
    }

    /// The record's own columns in its order, whatever the catalog says now; unknown ones are left out.
    private static func appendNewRow(
        _ record: Span<UInt8>, _ rows: RowResolver, _ relation: Relation, _ change: Change, to out: inout [UInt8]
    ) {
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        for place in change.new.indices {
            let learned = relation.learned.columns[rows.newColumns[place]]
            var cell = change.new[place].cell
            // Where the old row stood in for a TOAST value that was left out.
            if cell.form == .unchanged, let target = learned.target { cell = rows.new[target] }
            if cell.isUnknown { continue }
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            out.append(contentsOf: learned.jsonName)
            CellJSON.append(cell, as: learned.kind, in: record, to: &out)
        }
        out.append(UInt8(ascii: "}"))
    }

    /// What is known of the old row, nulls too, in the definition's order.
    private static func appendOldRow(
        _ record: Span<UInt8>, _ rows: RowResolver, _ relation: Relation, to out: inout [UInt8]
    ) {
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        for index in rows.old.indices where !rows.old[index].isUnknown {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            out.append(contentsOf: relation.jsonNames[index])
            CellJSON.append(rows.old[index], as: relation.kinds[index], in: record, to: &out)
        }
        out.append(UInt8(ascii: "}"))
    }
}
