/// Writes an event's key and data from the rows at hand.
enum EventRendering {
    /// Appends the key's text. False: the key is null, and nothing was appended.
    static func appendKey(
        _ plan: KeyPlan, _ rows: inout RowSet, to out: inout [UInt8]
    ) throws(EvaluationError) -> Bool {
        switch plan {
        case .none: return false
        case .columns(let columns) where columns.count == 1:
            let cell = try keyCell(columns[0], &rows)
            guard cell.hasValue else { return false }
            rows.frames.span[0].appendText(cell, to: &out)
        case .columns(let columns):
            out.append(UInt8(ascii: "["))
            for (place, column) in columns.enumerated() {
                if place > 0 { out.append(UInt8(ascii: ",")) }
                let cell = try keyCell(column, &rows)
                rows.frames.span[0].appendJSON(cell, as: column.kind, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .expression(let expression):
            return try appendText(of: expression, "key", &rows, to: &out)
        }
        return true
    }

    /// Appends an expression's text. False: it is null.
    static func appendText(
        of expression: Expression, _ role: String, _ rows: inout RowSet, to out: inout [UInt8]
    ) throws(EvaluationError) -> Bool {
        if let column = expression.column, expression.type?.family != .character {
            let cell = rows.frames.span[column.slot].cell(column)
            if cell.form == .null { return false }
            if cell.hasValue {
                rows.frames.span[column.slot].appendText(cell, to: &out)
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
        _ column: KeyPlan.KeyColumn, _ rows: inout RowSet
    ) throws(EvaluationError) -> Cell {
        let cell = rows.frames.span[0].cell(column.operand)
        if cell.isUnknown {
            throw EvaluationError(
                "key column \(column.name) is unknown, as the log does not carry it; \(identityMend)")
        }
        return cell
    }

    /// What became of a part of the data.
    struct Outcome {
        /// Whether anything was appended.
        var isKnown: Bool
        /// Whether something inside was left out for being unknown.
        var hasUnknown: Bool
    }

    /// Appends the JSON. When it is unknown, what was appended does not count.
    static func append(
        _ plan: DataPlan, _ rows: inout RowSet, to out: inout [UInt8]
    ) throws(EvaluationError) -> Outcome {
        switch plan {
        case .column(let column, let kind):
            let cell = rows.frames.span[column.slot].cell(column)
            guard !cell.isUnknown else { return Outcome(isKnown: false, hasUnknown: true) }
            rows.frames.span[column.slot].appendJSON(cell, as: kind, to: &out)
            return Outcome(isKnown: true, hasUnknown: false)
        case .expression(let expression):
            let value = try expression.value(&rows)
            if value == .unknown { return Outcome(isKnown: false, hasUnknown: true) }
            value.appendJSON(as: expression.type ?? .text, to: &out)
            return Outcome(isKnown: true, hasUnknown: false)
        case .wholeRow(.new): return appendNewRow(&rows, to: &out)
        case .wholeRow(.old): return appendOldRow(&rows, to: &out)
        case .object(let members): return try append(members, &rows, to: &out)
        case .each(let slot, let element): return try appendList(slot, element, &rows, to: &out)
        }
    }

    private static func append(
        _ members: [DataPlan.Member], _ rows: inout RowSet, to out: inout [UInt8]
    ) throws(EvaluationError) -> Outcome {
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        var hasUnknown = false
        for member in members {
            let start = out.count
            if !isFirst { out.append(UInt8(ascii: ",")) }
            out.append(contentsOf: member.quotedName)
            let outcome = try append(member.plan, &rows, to: &out)
            if outcome.isKnown { isFirst = false } else { out.removeSubrange(start...) }
            if outcome.hasUnknown { hasUnknown = true }
        }
        out.append(UInt8(ascii: "}"))
        return Outcome(isKnown: true, hasUnknown: hasUnknown)
    }

    /// One element a gathered row, in the order of the log; of a row that says nothing, null.
    private static func appendList(
        _ slot: Int, _ element: DataPlan, _ rows: inout RowSet, to out: inout [UInt8]
    ) throws(EvaluationError) -> Outcome {
        let list = rows.lists[slot - 1]
        let before = rows.frames[slot].place
        var hasUnknown = false
        out.append(UInt8(ascii: "["))
        for (number, place) in list.enumerated() {
            if number > 0 { out.append(UInt8(ascii: ",")) }
            do { try rows.load(place, into: slot) } catch {
                throw EvaluationError("a row of the transaction cannot be had again", row: error)
            }
            let start = out.count
            let outcome = try append(element, &rows, to: &out)
            if !outcome.isKnown {
                out.removeSubrange(start...)
                JSONText.append("null", to: &out)
            }
            if outcome.hasUnknown { hasUnknown = true }
        }
        out.append(UInt8(ascii: "]"))
        if let before {
            do { try rows.load(before, into: slot) } catch {
                throw EvaluationError("a row of the transaction cannot be had again", row: error)
            }
        }
        return Outcome(isKnown: true, hasUnknown: hasUnknown)
    }

    /// The record's own columns in its order, whatever the catalog says now; unknown ones are left out.
    private static func appendNewRow(_ rows: inout RowSet, to out: inout [UInt8]) -> Outcome {
        let number = rows.frames[0].relation
        guard number >= 0 else { return Outcome(isKnown: false, hasUnknown: true) }
        // Those of a record that fits are the definition's.
        if rows.frames[0].rows.fits { return appendRow(.new, &rows, number, to: &out) }
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        var hasUnknown = false
        for (place, index) in rows.frames[0].rows.newColumns.enumerated() {
            var cell = rows.frames[0].change.new[place].cell
            // Where another value stood in for a TOAST value that was left out.
            if cell.form == .unchanged, let target = rows.relations[number].learned.columns[index].target {
                cell = rows.frames[0].rows.new[target]
            }
            if cell.isUnknown {
                hasUnknown = true
                continue
            }
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            out.append(contentsOf: rows.relations[number].learned.columns[index].jsonName)
            rows.frames[0].appendJSON(cell, as: rows.relations[number].learned.columns[index].kind, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return Outcome(isKnown: true, hasUnknown: hasUnknown)
    }

    /// What is known of the old row, nulls too.
    private static func appendOldRow(_ rows: inout RowSet, to out: inout [UInt8]) -> Outcome {
        let number = rows.frames[0].relation
        guard number >= 0 else { return Outcome(isKnown: false, hasUnknown: true) }
        return appendRow(.old, &rows, number, to: &out)
    }

    /// The columns of the definition, in its order; unknown ones are left out.
    private static func appendRow(
        _ side: RowSide, _ rows: inout RowSet, _ number: Int, to out: inout [UInt8]
    ) -> Outcome {
        let count = side == .new ? rows.frames[0].rows.new.count : rows.frames[0].rows.old.count
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        var hasUnknown = false
        for index in 0..<min(count, rows.relations[number].kinds.count) {
            let cell = side == .new ? rows.frames[0].rows.new[index] : rows.frames[0].rows.old[index]
            if cell.isUnknown {
                hasUnknown = true
                continue
            }
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            out.append(contentsOf: rows.relations[number].jsonNames[index])
            rows.frames[0].appendJSON(cell, as: rows.relations[number].kinds[index], to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return Outcome(isKnown: true, hasUnknown: hasUnknown)
    }
}
