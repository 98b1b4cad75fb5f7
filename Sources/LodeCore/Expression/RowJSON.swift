/// Rows as JSON objects: `new`, `old`, `pick(new, …)`, `changes`.
enum RowJSON {
    /// The columns that are known, in the definition's order.
    static func object(slot: Int, _ side: RowSide, _ columns: [Int], _ rows: borrowing RowSet) -> Value {
        guard let relation = relation(slot, rows) else { return .unknown }
        let frame = rows.frames[slot]
        var out = Array("{".utf8)
        for column in columns where column < relation.kinds.count {
            let cell = frame.cell(side, column)
            guard !cell.isUnknown else { continue }
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            out.append(contentsOf: relation.jsonNames[column])
            frame.appendJSON(cell, as: relation.kinds[column], to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return .text(out)
    }

    /// The columns that differ, each with its old and new value; of an old value that is unknown only
    /// the new one. A value that the update did not touch did not change.
    static func changes(slot: Int, _ rows: inout RowSet) throws(EvaluationFailure) -> Value {
        guard let relation = relation(slot, rows) else { return .unknown }
        var out = Array("{".utf8)
        let frame = rows.frames[slot]
        let count = min(frame.new.count, frame.old.count, relation.kinds.count)
        for column in 0..<count {
            let type = ScalarType(relation.definition.columns[column])
            let new = ColumnOperand(ColumnRead(slot: slot, row: .new, column: column), type)
            let old = ColumnOperand(ColumnRead(slot: slot, row: .old, column: column), type)
            let program = Program(.changed(new: new, old: old, Comparison(inPlace: type)), bytes: [])
            let truth = try program.truth(&rows)
            // Without the old value it may have changed; that it did is not known.
            guard truth == .true else { continue }
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            out.append(contentsOf: relation.jsonNames[column])
            JSONText.append("{\"old\":", to: &out)
            frame.appendJSON(frame.cell(.old, column), as: relation.kinds[column], to: &out)
            JSONText.append(",\"new\":", to: &out)
            frame.appendJSON(frame.cell(.new, column), as: relation.kinds[column], to: &out)
            out.append(UInt8(ascii: "}"))
        }
        out.append(UInt8(ascii: "}"))
        return .text(out)
    }

    private static func relation(_ slot: Int, _ rows: borrowing RowSet) -> Relation? {
        let number = rows.frames[slot].relation
        return number >= 0 && number < rows.relations.count && rows.relations[number].isWatched
            ? rows.relations[number] : nil
    }
}
