/// What `psql -A` prints for `lsn`, `xid` and `data`, with or without header and footer:
///
///     lsn|xid|data
///     0/16B3748|529|BEGIN 529
///     0/16B3748|529|table public.t: INSERT: note[text]:'two
///     lines'
///     (2 rows)
///
/// Values stand as they are, newlines and all, but without bytes that are no text in the client's
/// encoding.
struct UnalignedRows: Sendable {
    private var records: PlainRecords

    init(limit: Int) { records = PlainRecords(limit: limit, next: .unalignedRow) }

    mutating func next(
        _ text: inout RecordingText, _ record: inout RecordBytes
    ) throws(RecordingError) -> RecordPlace? {
        while text.unreadCount > 0 {
            if let (lsn, data) = text.rowHead(separator: "|") {
                return try records.next(&text, &record, from: data, lsn: lsn)
            }
            // A row's first columns are 30 bytes at most; all else between rows is a short line.
            guard let end = text.lineEnd() else {
                if text.isComplete { throw text.cutShort() }
                guard text.unreadCount < 4096 else { throw text.notARow() }
                return nil
            }
            guard text.isBetweenRows(end, header: "lsn|xid|data") else { throw text.notARow() }
            text.advance(to: end + 1, lines: 1)
        }
        return nil
    }
}

extension RecordingText {
    /// The LSN in the first column of the unread text, and where the third column starts, when the
    /// second is a number.
    func rowHead(separator: StaticString) -> (lsn: LSN, data: Int)? {
        let bytes = bytes.span
        guard let end = bytes.lsnEnd(from: start), bytes.has(separator, at: end) else { return nil }
        var at = end + 1
        while at < bytes.count, bytes[at].isDigit { at += 1 }
        guard at > end + 1, bytes.has(separator, at: at) else { return nil }
        return (bytes.lsn(in: start..<end), at + 1)
    }

    /// Whether the first unread line, up to `end`, is one that psql prints before or after the rows.
    func isBetweenRows(_ end: Int, header: StaticString? = nil) -> Bool {
        let line = bytes.span.extracting(start..<end)
        if line.isEmpty { return true }
        if let header, line.has(header, at: 0), line.count == header.utf8CodeUnitCount { return true }
        guard line.has("(", at: 0) else { return false }
        var at = 1
        while at < line.count, line[at].isDigit { at += 1 }
        guard at > 1 else { return false }
        return line.has(" rows)", at: at) || line.has(" row)", at: at)
    }

    func notARow() -> RecordingError {
        error(
            .damaged, at: start,
            "expected a row of lsn, xid and data; the recording is damaged here: "
                + "record it again, or cut it off before this line")
    }
}
