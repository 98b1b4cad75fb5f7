/// The words that a record of test_decoding can begin with.
enum RecordWord {
    /// `table ...`
    case row
    case begin
    /// `COMMIT` and `COMMIT PREPARED`.
    case commit
    case message
    case prepare
    case rollbackPrepared
    case streaming
    /// `preparing streamed transaction`, the only one of its family with a quoted id.
    case preparingStreamed

    /// So many bytes tell whether any of the words stands at a place.
    static let longest = 25

    /// The word of a record that begins or ends a transaction; nil for all others.
    init?(firstOf record: Span<UInt8>) {
        guard record.count > 0, record[0] < UInt8(ascii: "a") else { return nil }
        self.init(record, at: 0)
    }

    /// The word at `offset`; nil when there is none, or not enough bytes to tell.
    init?(_ bytes: Span<UInt8>, at offset: Int) {
        if bytes.has("table ", at: offset) {
            self = .row
        } else if bytes.has("BEGIN", at: offset) {
            self = .begin
        } else if bytes.has("COMMIT", at: offset) {
            self = .commit
        } else if bytes.has("message: transactional: ", at: offset) {
            self = .message
        } else if bytes.has("PREPARE TRANSACTION ", at: offset) {
            self = .prepare
        } else if bytes.has("ROLLBACK PREPARED ", at: offset) {
            self = .rollbackPrepared
        } else if bytes.has("streaming ", at: offset) || bytes.has("opening a streamed block ", at: offset)
            || bytes.has("closing a streamed block ", at: offset) || bytes.has("aborting streamed ", at: offset)
            || bytes.has("committing streamed ", at: offset)
        {
            self = .streaming
        } else if bytes.has("preparing streamed ", at: offset) {
            self = .preparingStreamed
        } else {
            return nil
        }
    }
}

/// What may stand after a record in a text of records.
enum RecordNeighbour: Sendable {
    /// Another record.
    case record
    /// A row of psql's unaligned output, or the line that ends it.
    case unalignedRow

    /// So many bytes tell.
    static let longest = 32

    func stands(at offset: Int, in bytes: Span<UInt8>) -> Bool {
        switch self {
        case .record:
            return RecordWord(bytes, at: offset) != nil
        case .unalignedRow:
            if bytes.has("(", at: offset) || bytes.has("lsn|", at: offset) { return true }
            guard let end = bytes.lsnEnd(from: offset) else { return false }
            return bytes.has("|", at: end)
        }
    }
}

extension Span<UInt8> {
    /// The end of the LSN, `16/B374D848`, that starts at `offset`; nil when none does.
    func lsnEnd(from offset: Int) -> Int? {
        var at = offset
        while at < count, byte(at).isHexDigit { at += 1 }
        guard (1...8).contains(at - offset), at < count, byte(at) == UInt8(ascii: "/") else { return nil }
        let slash = at
        at += 1
        while at < count, byte(at).isHexDigit { at += 1 }
        return (1...8).contains(at - slash - 1) ? at : nil
    }

    /// The LSN in `range`, which ``lsnEnd(from:)`` found.
    func lsn(in range: Range<Int>) -> LSN {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in range {
            let byte = self[index]
            if byte == UInt8(ascii: "/") {
                high = low
                low = 0
            } else {
                low = low << 4 | UInt64(byte.isDigit ? byte - 48 : (byte | 32) - 87)
            }
        }
        return LSN(high << 32 | low)
    }
}

extension UInt8 {
    var isHexDigit: Bool { isDigit || (self | 32) &- 97 < 6 }
}
