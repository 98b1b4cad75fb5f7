/// Records one after another, each with a newline after it: what `pg_recvlogical -f` writes, and the
/// data column of psql's unaligned output.
struct PlainRecords: Sendable {
    private let limit: Int
    private var boundary: RecordBoundary
    /// A record that grows past this is read as far as it goes: garbage must not fill the memory.
    private var nextCheck = Self.firstCheck

    private static let firstCheck = 1 << 20

    init(limit: Int, next: RecordNeighbour) {
        self.limit = limit
        boundary = RecordBoundary(limit: limit, next: next)
    }

    mutating func next(
        _ text: inout RecordingText, _ record: inout RecordBytes
    ) throws(RecordingError) -> RecordPlace? {
        while text.unreadCount > 0, text.bytes[text.start] == UInt8(ascii: "\n") {
            text.advance(to: text.start + 1, lines: 1)
        }
        guard text.unreadCount > 0 else { return nil }
        return try next(&text, &record, from: text.start, lsn: nil)
    }

    /// The record that starts at `start`, in the row that starts the unread text.
    mutating func next(
        _ text: inout RecordingText, _ record: inout RecordBytes, from start: Int, lsn: LSN?
    ) throws(RecordingError) -> RecordPlace? {
        switch boundary.find(in: text.bytes.span, from: start, isComplete: text.isComplete) {
        case .end(let end, let lines):
            nextCheck = Self.firstCheck
            guard end - start <= limit else { throw tooLong(text) }
            let place = RecordPlace(lsn: lsn, line: text.line, offset: text.offset)
            record.set(start..<end, row: text.start)
            text.advance(to: end + 1, lines: lines)
            return place
        case .more:
            if text.unreadCount >= nextCheck {
                if let damage = damage(text, from: start) { throw damage }
                guard text.unreadCount <= limit + 64 else { throw tooLong(text) }
                nextCheck = 2 * text.unreadCount
            }
            return nil
        case .cutShort:
            throw damage(text, from: start) ?? text.cutShort()
        case .damaged(let index, let expected):
            throw text.damaged(at: index, expected: expected)
        }
    }

    /// What is wrong with a record whose end has not arrived, if that is certain: an error that is
    /// not near the end of what is there. (The longest name is 126 bytes, in quotes and doubled.)
    private func damage(_ text: RecordingText, from start: Int) -> RecordingError? {
        let record = text.bytes.span.extracting(start..<text.bytes.count)
        guard RecordWord(record, at: 0) != .message else { return nil }
        var change = Change()
        do {
            try RecordReader().read(record, into: &change)
        } catch {
            guard error.offset + 512 < record.count else { return nil }
            return text.damaged(at: start + error.offset, expected: error.expected)
        }
        return nil
    }

    private func tooLong(_ text: RecordingText) -> RecordingError {
        text.error(
            .damaged, at: text.start,
            "the record that starts here is longer than \(limit) bytes, which PostgreSQL cannot write; "
                + "the recording is damaged, record it again")
    }
}

extension RecordingText {
    func damaged(at index: Int, expected: String) -> RecordingError {
        error(
            .damaged, at: index,
            "expected \(expected); the recording is damaged here: record it again, or cut it off before this record")
    }
}
