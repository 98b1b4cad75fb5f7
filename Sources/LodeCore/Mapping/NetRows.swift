/// Folds the changes of one row in a transaction into one: what the transaction did to it.
///
/// A row that was inserted and deleted gives nothing, nor does one that ends as it began; a delete and
/// an insert of the same key are an update, and so is a row that moves between partitions. The folded
/// row is a record like any other, put behind those of the log.
extension Translator {
    /// A row's changes so far.
    private struct History {
        /// Whether the row was there before the transaction.
        var wasThere: Bool
        var isThere: Bool
        /// In the order of the log.
        var changes: [RowPlace]
    }

    /// Not nil: a table must be looked up first, and nothing was folded.
    mutating func foldNetRows() throws -> Step? {
        for (table, places) in gathering.netCandidates.sorted(by: { $0.key < $1.key }) {
            let definition = mapping.tables[table].definition
            let key = definition.primaryKey.compactMap { name in
                definition.columns.firstIndex { $0.name == name }
            }
            var histories: [History] = []
            var current: [[UInt8]: Int] = [:]
            for place in places {
                if let step = try bring(place) { return step }
                let operation = rows.frames[0].kind.operation
                let before = operation == .insert ? nil : rows.frames.span[0].keyText(.old, key)
                let after = operation == .delete ? nil : rows.frames.span[0].keyText(.new, key)
                let known = (before ?? after).flatMap { current[$0] }
                if let known {
                    histories[known].changes.append(place)
                    histories[known].isThere = operation != .delete
                } else {
                    histories.append(
                        History(wasThere: operation != .insert, isThere: operation != .delete, changes: [place]))
                }
                let number = known ?? histories.count - 1
                if let before, before != after, current[before] == number {
                    // Under its old key another row may come; a deleted one may come back.
                    if after != nil { current[before] = nil }
                }
                if let name = after ?? before { current[name] = number }
            }
            for history in histories { try fold(history, table, definition) }
        }
        return nil
    }

    private mutating func bring(_ place: RowPlace) throws -> Step? {
        let entry = try rows.open(place, in: 0)
        guard entry.relation >= 0 else { return nil }
        guard requireRelation(entry.relation) else { return .needs(relationNames[entry.relation]) }
        try take(place)
        return nil
    }

    private mutating func fold(_ history: History, _ table: Int, _ definition: TableDefinition) throws {
        guard history.wasThere || history.isThere, let first = history.changes.first, let last = history.changes.last
        else { return }
        let operation: RowOperation = !history.wasThere ? .insert : history.isThere ? .update : .delete
        if history.changes.count == 1 {
            if operation == .update {
                try take(last)
                if rows.frames[0].endsAsItBegan { return }
            }
            gathering.appendNetRow(last, endingAt: last, table, operation)
            return
        }
        var old: [[UInt8]?] = []
        var new: [[UInt8]?] = []
        if history.wasThere {
            try take(first)
            old = definition.columns.indices.map { rows.frames.span[0].written(.old, $0) }
        }
        if history.isThere {
            new = Array(repeating: nil, count: definition.columns.count)
            // From the last change back: a TOAST value that it left out is an earlier one's.
            for place in history.changes.reversed() {
                try take(place)
                guard rows.frames[0].kind != .delete else { break }
                for index in new.indices where new[index] == nil {
                    new[index] = rows.frames.span[0].written(.new, index)
                }
                if !new.contains(where: { $0 == nil }) { break }
            }
        }
        if operation == .update, !old.isEmpty, zip(old, new).allSatisfy({ $0 != nil && $0 == $1 }) { return }
        // A value that no change touched is the one of before, if that is known.
        for index in new.indices where new[index] == nil && index < old.count { new[index] = old[index] }
        try take(last)
        try rows.readHead(slot: 0)
        let name = rows.frames[0].bytes(rows.details[0].change.table)
        let record = Self.record(of: name, operation, definition, old: old, new: new)
        let place = try rows.putAside(record, relation: rows.frames[0].relation)
        gathering.appendNetRow(place, endingAt: last, table, operation)
    }

    /// A record as test_decoding would have written it.
    private static func record(
        of table: [UInt8], _ operation: RowOperation, _ definition: TableDefinition, old: [[UInt8]?], new: [[UInt8]?]
    ) -> [UInt8] {
        var out = Array("table ".utf8)
        out += table
        switch operation {
        case .insert: out += ": INSERT:".utf8
        case .update: out += ": UPDATE:".utf8
        case .delete: out += ": DELETE:".utf8
        }
        func append(_ values: [[UInt8]?], absent: StaticString?) {
            for (column, value) in zip(definition.columns, values) {
                guard value != nil || absent != nil else { continue }
                out.append(UInt8(ascii: " "))
                out += column.name.quotedIdentifier.utf8
                out.append(UInt8(ascii: "["))
                out += column.type.utf8
                out += "]:".utf8
                if let value { out += value } else if let absent { JSONText.append(absent, to: &out) }
            }
        }
        if operation == .delete {
            append(old, absent: nil)
        } else {
            if operation == .update, old.contains(where: { $0 != nil }) {
                out += " old-key:".utf8
                append(old, absent: nil)
                out += " new-tuple:".utf8
            }
            append(new, absent: "unchanged-toast-datum")
        }
        return out
    }
}

extension RowFrame {
    /// The key's columns as one text; nil when one is unknown, or there is no key.
    func keyText(_ side: RowSide, _ columns: [Int]) -> [UInt8]? {
        guard !columns.isEmpty else { return nil }
        var text: [UInt8] = []
        for column in columns {
            guard let value = written(side, column) else { return nil }
            text.appendLittleEndian(UInt32(value.count))
            text += value
        }
        return text
    }

    /// A value as the log writes it, quotes and all; nil when the log left it out.
    func written(_ side: RowSide, _ column: Int) -> [UInt8]? {
        let cell = cell(side, column)
        let bytes = cell.isInside(record.span) ? record.span.bytes(cell.bytes) : []
        switch cell.form {
        case .absent, .unchanged: return nil
        case .null: return Array("null".utf8)
        case .bare: return bytes
        case .quoted, .doubled: return [UInt8(ascii: "'")] + bytes + [UInt8(ascii: "'")]
        case .bits: return Array("B'".utf8) + bytes + [UInt8(ascii: "'")]
        }
    }

    /// Whether the new row is known to be the old one.
    var endsAsItBegan: Bool {
        guard new.count == old.count else { return false }
        return new.indices.allSatisfy { index in
            if new[index].form == .unchanged { return true }
            guard let new = written(.new, index), let old = written(.old, index) else { return false }
            return new == old
        }
    }
}

extension String {
    /// As `quote_identifier` writes it, and `test_decoding` with it.
    var quotedIdentifier: String {
        let isBare = utf8.first.map { !$0.isDigit } == true && utf8.allSatisfy(\.isOfBareName)
        return isBare
            ? self : "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
