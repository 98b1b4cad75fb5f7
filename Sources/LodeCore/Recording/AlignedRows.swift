/// What psql prints for `lsn`, `xid` and `data` unless told otherwise, with or without header and
/// footer (`-t`):
///
///         lsn    | xid |                     data
///     -----------+-----+----------------------------------------------
///      0/16B3748 | 529 | table public.t: INSERT: note[text]:'two      +
///                |     | lines'
///     (1 row)
///
/// A newline in a value is a `+` at the table's edge, and blank first columns on the next line; only
/// both together tell it from a value that ends in `+`.
struct AlignedRows: Sendable {
    private let limit: Int
    /// The row at hand; its last line ended in `+`, so the next may belong to it.
    private var open: (place: RecordPlace, shape: AlignedRow)?
    /// The length of the record without the last line's `+` and the spaces before it.
    private var lengthIfContinued = 0

    init(limit: Int) { self.limit = limit }

    mutating func next(
        _ text: inout RecordingText, _ record: inout RecordBytes
    ) throws(RecordingError) -> RecordPlace? {
        while text.unreadCount > 0 {
            guard let end = text.lineEnd() else {
                if text.isComplete { throw text.cutShort() }
                // A control character is printed as four.
                guard text.unreadCount <= 4 * limit + 64 else { throw text.notARow() }
                return nil
            }
            if let (place, shape) = open, !shape.isContinued(by: text.bytes.span.extracting(text.start..<end)) {
                open = nil
                return place
            }
            let line = try take(text, &record, end)
            text.advance(to: end + 1, lines: 1)
            if line == .lastOfRow, let (place, _) = open {
                open = nil
                return place
            }
        }
        guard text.isComplete, let (place, _) = open else { return nil }
        open = nil
        return place
    }

    private enum Line {
        case betweenRows
        case lastOfRow
        /// Ends in `+`.
        case perhapsContinued
    }

    /// Takes the first unread line, up to `end`.
    private mutating func take(
        _ text: RecordingText, _ record: inout RecordBytes, _ end: Int
    ) throws(RecordingError) -> Line {
        let line = text.bytes.span.extracting(text.start..<end)
        let data: Int
        if let (_, shape) = open {
            record.own.removeLast(record.own.count - lengthIfContinued)
            record.own.append(UInt8(ascii: "\n"))
            data = min(shape.data, line.count)
        } else if let shape = AlignedRow(line) {
            record.begin()
            open = (RecordPlace(lsn: shape.lsn, line: text.line, offset: text.offset), shape)
            data = shape.data
        } else if AlignedRow.isHeader(line) || AlignedRow.isRule(line) || text.isBetweenRows(end) {
            return .betweenRows
        } else {
            throw text.notARow()
        }
        guard record.own.count + line.count - data <= limit else { throw text.notARow() }
        record.own.append(line.extracting(data..<line.count))
        guard line.count > data, line[line.count - 1] == UInt8(ascii: "+") else { return .lastOfRow }
        lengthIfContinued = record.own.count - line.lengthOfPadding(from: data)
        return .perhapsContinued
    }
}

/// A line of psql's aligned table that has an LSN in its first column.
struct AlignedRow: Sendable {
    var lsn: LSN
    /// Where the lines between the columns stand.
    private var firstBar: Int
    private var secondBar: Int
    /// Where the data starts.
    var data: Int { secondBar + 2 }

    init?(_ line: Span<UInt8>) {
        guard line.has(" ", at: 0), let lsn = line.lsnEnd(from: 1) else { return nil }
        var at = line.skipSpaces(from: lsn)
        guard at > lsn, line.has("| ", at: at) else { return nil }
        firstBar = at
        let xid = line.skipSpaces(from: at + 1)
        at = xid
        while at < line.count, line[at].isDigit { at += 1 }
        guard at > xid, line.has(" | ", at: at) else { return nil }
        secondBar = at + 1
        self.lsn = line.lsn(in: 1..<lsn)
    }

    /// Whether the line has blank columns where this row has its LSN and its xid.
    func isContinued(by line: Span<UInt8>) -> Bool {
        line.skipSpaces(from: 0) == firstBar && line.has("|", at: firstBar)
            && line.skipSpaces(from: firstBar + 1) == secondBar && line.has("|", at: secondBar)
    }

    /// `lsn | xid | data`, each in the middle of its column.
    static func isHeader(_ line: Span<UInt8>) -> Bool {
        var at = line.skipSpaces(from: 0)
        guard line.has("lsn ", at: at) else { return false }
        at = line.skipSpaces(from: at + 3)
        guard line.has("| ", at: at) else { return false }
        at = line.skipSpaces(from: at + 1)
        guard line.has("xid ", at: at) else { return false }
        at = line.skipSpaces(from: at + 3)
        guard line.has("| ", at: at) else { return false }
        at = line.skipSpaces(from: at + 1)
        return at == line.count || line.has("data", at: at)
    }

    /// `-----------+-----+------`
    static func isRule(_ line: Span<UInt8>) -> Bool {
        guard line.has("--", at: 0) else { return false }
        for index in line.indices where line[index] != UInt8(ascii: "-") && line[index] != UInt8(ascii: "+") {
            return false
        }
        return true
    }
}

extension Span<UInt8> {
    fileprivate func skipSpaces(from offset: Int) -> Int {
        var at = offset
        while at < count, self[at] == UInt8(ascii: " ") { at += 1 }
        return at
    }

    /// How long the `+` at the end is, with the spaces before it back to `start`.
    fileprivate func lengthOfPadding(from start: Int) -> Int {
        var at = count - 1
        while at > start, self[at - 1] == UInt8(ascii: " ") { at -= 1 }
        return count - at
    }
}
