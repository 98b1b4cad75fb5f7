/// What `copy (select * from pg_logical_slot_get_changes(...)) to stdout` writes: columns with a tab
/// between, newlines and tabs in them as `\n` and `\t` (PostgreSQL's documentation of COPY, "Text
/// Format").
struct CopyRows: Sendable {
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func next(
        _ text: inout RecordingText, _ record: inout RecordBytes
    ) throws(RecordingError) -> RecordPlace? {
        while text.unreadCount > 0 {
            guard let end = text.lineEnd() else {
                if text.isComplete { throw text.cutShort() }
                // Every byte may be escaped, and there are two columns before.
                guard text.unreadCount <= 2 * limit + 64 else { throw text.notARow() }
                return nil
            }
            guard let (lsn, data) = text.rowHead(separator: "\t"), data <= end else {
                guard text.isBetweenCopyRows(end) else { throw text.notARow() }
                text.advance(to: end + 1, lines: 1)
                continue
            }
            let place = RecordPlace(lsn: lsn, line: text.line, offset: text.offset)
            guard Self.take(data..<end, of: text, into: &record) else {
                throw text.error(
                    .damaged, at: data, "expected an escape of COPY after every backslash; record it again")
            }
            text.advance(to: end + 1, lines: 1)
            return place
        }
        return nil
    }

    /// Whether the column could be read.
    private static func take(_ column: Range<Int>, of text: RecordingText, into record: inout RecordBytes) -> Bool {
        let value = text.bytes.span.extracting(column)
        guard value.first(UInt8(ascii: "\\"), from: 0) == nil else { return unescape(value, into: &record) }
        record.set(column, row: text.start)
        return true
    }

    /// Puts the value together; false when a backslash stands before something else than COPY writes.
    private static func unescape(_ value: Span<UInt8>, into record: inout RecordBytes) -> Bool {
        record.begin()
        var at = 0
        while let backslash = value.first(UInt8(ascii: "\\"), from: at) {
            record.own.append(value.extracting(at..<backslash))
            guard backslash + 1 < value.count, let byte = unescaped(value[backslash + 1]) else { return false }
            record.own.append(byte)
            at = backslash + 2
        }
        record.own.append(value.extracting(at..<value.count))
        return true
    }

    private static func unescaped(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\\"): letter
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "v"): 0x0B
        default: nil
        }
    }
}

extension RecordingText {
    /// Whether the first unread line, up to `end`, is empty, the header of COPY, or its end.
    fileprivate func isBetweenCopyRows(_ end: Int) -> Bool {
        let line = bytes.span.extracting(start..<end)
        return line.isEmpty || line.has("lsn\txid\tdata", at: 0) || (line.count == 2 && line.has("\\.", at: 0))
    }
}
