/// The rows of a record: columns, each with its name, its type and its value.
///
///     old-key: id[integer]:1 new-tuple: id[integer]:2 note[text]:'it''s' tags[text[]]:null
extension RecordReader {
    /// Reads the rows of a record whose head was just read.
    public func readTuples(_ record: Span<UInt8>, into change: inout Change) throws(DecodeError) {
        change.hasOld = false
        change.hasNew = false
        change.old.removeAll(keepingCapacity: true)
        change.new.removeAll(keepingCapacity: true)
        var at = change.body
        switch change.kind {
        case .insert:
            change.hasNew = try readTuple(record, &at, into: &change.new)
        case .update:
            // A bare name has no hyphen, so these two words can be no column's.
            if record.has(" old-key:", at: at) {
                at += 9
                change.hasOld = try readTuple(record, &at, into: &change.old)
                guard record.has(" new-tuple:", at: at) else { throw failure(record, at, "“ new-tuple:”") }
                at += 11
            }
            change.hasNew = try readTuple(record, &at, into: &change.new)
        case .delete:
            change.hasOld = try readTuple(record, &at, into: &change.old)
        default:
            return
        }
        guard at == record.count else { throw failure(record, at, "a column or the record's end") }
    }

    /// Whether there is a tuple: `(no-tuple-data)` says that there is none.
    private func readTuple(
        _ record: Span<UInt8>, _ at: inout Int, into columns: inout [ColumnCell]
    ) throws(DecodeError) -> Bool {
        if record.has(" (no-tuple-data)", at: at) {
            at += 16
            return false
        }
        while at < record.count, record.byte(at) == UInt8(ascii: " ") {
            guard let nameEnd = record.identifierEnd(from: at + 1) else { throw failure(record, at + 1, "a name") }
            guard nameEnd < record.count, record.byte(nameEnd) == UInt8(ascii: "[") else {
                // A bare name has no hyphen, so this is no column.
                if record.has(" new-tuple:", at: at) { break }
                throw failure(record, nameEnd, "“[” and the column's type")
            }
            let typeEnd = try typeEnd(record, from: nameEnd + 1)
            guard typeEnd + 1 < record.count, record.byte(typeEnd + 1) == UInt8(ascii: ":") else {
                throw failure(record, typeEnd + 1, "“:” and the column's value")
            }
            let name = ByteRange(at + 1, nameEnd)
            at = typeEnd + 2
            let cell = try readCell(record, &at)
            columns.append(ColumnCell(name: name, type: ByteRange(nameEnd + 1, typeEnd), cell: cell))
        }
        return true
    }

    @inline(__always)
    func readCell(_ record: Span<UInt8>, _ at: inout Int) throws(DecodeError) -> Cell {
        let count = record.count
        guard at < count else { throw failure(record, at, "a value") }
        let start = at
        switch record[at] {
        case UInt8(ascii: "'"):
            at += 1
            let doubled = try skipQuoted(record, &at)
            return Cell(doubled ? .doubled : .quoted, ByteRange(start + 1, at - 1))
        case UInt8(ascii: "B") where at + 1 < count && record[at + 1] == UInt8(ascii: "'"):
            at += 2
            _ = try skipQuoted(record, &at)
            return Cell(.bits, ByteRange(start + 2, at - 1))
        default:
            var end = start
            while end < count, record.byte(end).isOfBareValue { end += 1 }
            at = end
            guard end > start, end == count || record[end] == UInt8(ascii: " ") else {
                throw failure(record, end, "a value")
            }
            if end - start == 4, record.has("null", at: start) { return Cell(.null) }
            if end - start == 21, record.has("unchanged-toast-datum", at: start) { return Cell(.unchanged) }
            return Cell(.bare, ByteRange(start, end))
        }
    }

    /// From after the opening quote to after the closing one. Returns whether quotes were doubled.
    func skipQuoted(_ record: Span<UInt8>, _ at: inout Int) throws(DecodeError) -> Bool {
        var doubled = false
        while let quote = record.firstQuote(from: at) {
            at = quote + 1
            guard at < record.count, record[at] == UInt8(ascii: "'") else { return doubled }
            doubled = true
            at += 1
        }
        throw failure(record, record.count, "“'” at the end of a quoted value")
    }

    /// The `]` after a type as `format_type` writes it: several words, quoted parts, and `[]` of an
    /// array.
    @inline(__always)
    private func typeEnd(_ record: Span<UInt8>, from start: Int) throws(DecodeError) -> Int {
        var at = start
        while at < record.count {
            let byte = record.byte(at)
            guard byte.endsTypeWord else {
                at += 1
                continue
            }
            if byte == UInt8(ascii: "]") { return at }
            if byte == UInt8(ascii: "[") {
                guard record.has("[]", at: at) else { throw failure(record, at, "“[]” in a type") }
                at += 2
            } else {
                guard let end = record.identifierEnd(from: at) else { throw failure(record, at, "a name") }
                at = end
            }
        }
        throw failure(record, record.count, "“]” after a type")
    }
}
