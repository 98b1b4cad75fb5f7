/// Writes an event's key and what else stands in its rows as it is.
enum EventRendering {
    /// Appends the key's text. False: the key is null, and nothing was appended.
    @inline(__always)
    static func appendKey(
        _ rule: CompiledRule, _ rows: inout RowSet, to out: inout ByteText
    ) throws(EvaluationError) -> Bool {
        if let column = rule.plainKey {
            let cell = rows.frames[column.slot].cell(column)
            if cell.hasValue {
                rows.frames[column.slot].appendText(cell, to: &out)
                return true
            }
        }
        return try appendKey(rule.key, &rows, to: &out)
    }

    @inline(never)
    private static func appendKey(
        _ plan: KeyPlan, _ rows: inout RowSet, to out: inout ByteText
    ) throws(EvaluationError) -> Bool {
        switch plan {
        case .none: return false
        case .columns(let columns) where columns.count == 1:
            let cell = try keyCell(columns[0], rows)
            guard cell.hasValue else { return false }
            rows.frames[0].appendText(cell, to: &out)
        case .columns(let columns):
            out.append(UInt8(ascii: "["))
            for (place, column) in columns.enumerated() {
                if place > 0 { out.append(UInt8(ascii: ",")) }
                let cell = try keyCell(column, rows)
                rows.frames[0].appendJSON(cell, as: column.kind, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .expression(let expression):
            return try appendText(of: expression, "key", &rows, to: &out)
        }
        return true
    }

    /// Appends an expression's text. False: it is null.
    static func appendText<Sink: ByteSink & ~Copyable>(
        of expression: Expression, _ role: String, _ rows: inout RowSet, to out: inout Sink
    ) throws(EvaluationError) -> Bool {
        if let column = expression.column, expression.type?.family != .character {
            let cell = rows.frames[column.slot].cell(column)
            if cell.form == .null { return false }
            if cell.hasValue {
                rows.frames[column.slot].appendText(cell, to: &out)
                return true
            }
        }
        let value = try expression.value(&rows)
        if value == .unknown {
            throw EvaluationError("the \(role) is unknown, as the log does not carry it; \(Self.identityMend)")
        }
        return value.appendText(as: expression.type ?? .text, to: &out)
    }

    private static let identityMend = "give the table a replica identity that has its columns"

    private static func keyCell(
        _ column: KeyPlan.KeyColumn, _ rows: borrowing RowSet
    ) throws(EvaluationError) -> Cell {
        let cell = rows.frames[0].cell(column.operand)
        if cell.isUnknown {
            throw EvaluationError(
                "key column \(column.name) is unknown, as the log does not carry it; \(identityMend)")
        }
        return cell
    }

    // MARK: - Whole rows

    /// The record's own columns in its order, whatever the catalog says now; unknown ones are left out.
    static func appendNewRow(_ rows: borrowing RowSet, to out: inout ByteText) -> DataProgram.Outcome {
        let number = rows.frames[0].relation
        guard number >= 0 else { return .unknown }
        // Those of a record that fits are the definition's.
        if rows.frames[0].fits { return appendRow(.new, rows, number, to: &out) }
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        var hasUnknown = false
        for (place, index) in rows.details[0].newColumns.enumerated() {
            var cell = rows.details[0].change.new[place].cell
            // Where another value stood in for a TOAST value that was left out.
            if cell.form == .unchanged, let target = rows.relations[number].learned.columns[index].target {
                cell = rows.frames[0].cell(.new, target)
            }
            if cell.isUnknown {
                hasUnknown = true
                continue
            }
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            let name = rows.relations[number].learned.columns[index].jsonName
            out.append(name.span)
            rows.frames[0].appendJSON(cell, as: rows.relations[number].learned.columns[index].kind, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return DataProgram.Outcome(isKnown: true, hasUnknown: hasUnknown)
    }

    /// What is known of the old row, nulls too.
    static func appendOldRow(_ rows: borrowing RowSet, to out: inout ByteText) -> DataProgram.Outcome {
        let number = rows.frames[0].relation
        guard number >= 0 else { return .unknown }
        return appendRow(.old, rows, number, to: &out)
    }

    /// The columns of the definition, in its order; unknown ones are left out.
    private static func appendRow(
        _ side: RowSide, _ rows: borrowing RowSet, _ number: Int, to out: inout ByteText
    ) -> DataProgram.Outcome {
        let frame = rows.frames[0]
        let cells = side == .new ? frame.new : frame.old
        let names = rows.relations[number].rowNames
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        var hasUnknown = false
        for index in 0..<min(cells.count, rows.relations[number].rowMembers.count) {
            let cell = cells[index]
            if cell.isUnknown {
                hasUnknown = true
                continue
            }
            let member = rows.relations[number].rowMembers[index]
            // The first goes without the comma.
            let name = ByteRange(Int(member.name.start) + (isFirst ? 1 : 0), Int(member.name.end))
            isFirst = false
            out.append(names.span.extracting(name.range))
            if member.form == .array {
                frame.appendJSON(cell, as: rows.relations[number].kinds[index], to: &out)
            } else {
                frame.appendJSON(cell, as: member.form, to: &out)
            }
        }
        out.append(UInt8(ascii: "}"))
        return DataProgram.Outcome(isKnown: true, hasUnknown: hasUnknown)
    }
}
