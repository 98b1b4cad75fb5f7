/// How the records of a table are written whose columns are just its definition's: what stands before each
/// value is the same bytes in all of them, so that a name and a type are compared as one and not read.
///
/// Reads the same as ``RecordReader`` and ``LearnedColumns`` do, since both go by these bytes alone, and what
/// it does not know at sight it leaves to them: other columns, another order, a row that is not there,
/// an error.
struct RowTemplate: Sendable {
    /// ` id[integer]:` of each column, in the log's order, one after another.
    private let bytes: [UInt8]
    private let parts: [Part]

    private struct Part: BitwiseCopyable {
        /// In `bytes`.
        var start: Int32
        var end: Int32
        /// Index in the definition.
        var target: Int32
    }

    private static let reader = RecordReader()

    init(_ columns: [LearnedColumns.Column]) {
        var bytes: [UInt8] = []
        parts = columns.map { column in
            let start = bytes.count
            bytes.append(UInt8(ascii: " "))
            bytes += column.header
            bytes += "]:".utf8
            return Part(start: Int32(start), end: Int32(bytes.count), target: Int32(column.target ?? -1))
        }
        self.bytes = bytes
    }

    /// Puts the values of a record, whose head was read, in their places. nil: it is to be read in the other way;
    /// cells may have been written.
    @inline(__always)
    func read(_ record: Span<UInt8>, _ change: borrowing Change, into cells: RowCells) -> Relation.Parts? {
        var at = change.body
        switch change.kind {
        case .insert:
            guard readAll(record, &at, into: cells.new), at == record.count else { return nil }
            return Relation.Parts(hasNew: true, hasOld: false)
        case .update:
            var hasOld = false
            if record.has(" old-key:", at: at) {
                at += 9
                guard readSome(record, &at, into: cells.old), record.has(" new-tuple:", at: at) else { return nil }
                at += 11
                hasOld = true
            }
            guard readAll(record, &at, into: cells.new), at == record.count else { return nil }
            return Relation.Parts(hasNew: true, hasOld: hasOld)
        case .delete:
            guard readSome(record, &at, into: cells.old), at == record.count, at > change.body else { return nil }
            return Relation.Parts(hasNew: false, hasOld: true)
        default: return nil
        }
    }

    /// Every column, in the order.
    private func readAll(
        _ record: Span<UInt8>, _ at: inout Int, into cells: UnsafeMutableBufferPointer<Cell>
    ) -> Bool {
        for part in parts {
            guard matches(part, record, at), Int(part.target) < cells.count else { return false }
            at += Int(part.end - part.start)
            do throws(DecodeError) {
                cells[Int(part.target)] = try Self.reader.readCell(record, &at)
            } catch {
                return false
            }
        }
        return true
    }

    /// Those columns that are there, in the order, up to what is none.
    private func readSome(
        _ record: Span<UInt8>, _ at: inout Int, into cells: UnsafeMutableBufferPointer<Cell>
    ) -> Bool {
        for part in parts {
            guard matches(part, record, at) else { continue }
            guard Int(part.target) < cells.count else { return false }
            at += Int(part.end - part.start)
            do throws(DecodeError) {
                cells[Int(part.target)] = try Self.reader.readCell(record, &at)
            } catch {
                return false
            }
        }
        return true
    }

    /// Whether what stands before the column's value stands at `at`.
    @inline(__always)
    private func matches(_ part: Part, _ record: Span<UInt8>, _ at: Int) -> Bool {
        let length = Int(part.end - part.start)
        guard record.count - at >= length else { return false }
        // SAFETY: `length` bytes from `at` on lie in the record, as was just checked, and as many from the part's
        // start on in `bytes`; every load of 8 lies in those, as there are at least 8.
        return unsafe record.withUnsafeBytes { record in
            unsafe bytes.withUnsafeBytes { bytes in
                var index = 0
                let from = at
                let start = Int(part.start)
                while index + 8 <= length {
                    let one = unsafe record.loadUnaligned(fromByteOffset: from + index, as: UInt64.self)
                    let other = unsafe bytes.loadUnaligned(fromByteOffset: start + index, as: UInt64.self)
                    if one != other { return false }
                    index += 8
                }
                while index < length {
                    if unsafe record[from + index] != bytes[start + index] { return false }
                    index += 1
                }
                return true
            }
        }
    }
}
