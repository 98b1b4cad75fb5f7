/// Reads one record of test_decoding's text (`contrib/test_decoding/test_decoding.c`).
///
///     table public.orders: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 note[text]:'it''s'
///           ^ table        ^ operation      ^ name ^ type ^ value
///
/// A record is one CopyData message, whatever newlines it holds. The reader is a state machine over
/// bytes: quoted names, types and values may hold anything, so nothing is ever searched for, except
/// the closing quote. It never traps: what it cannot read is a ``DecodeError`` with the offset.
///
/// The head is read on its own, so that a table nobody named costs no more than its name.
public struct RecordReader: Sendable {
    public init() {}

    /// Reads all of a record.
    public func read(_ record: Span<UInt8>, into change: inout Change) throws(DecodeError) {
        try readHead(record, into: &change)
        try readTuples(record, into: &change)
    }

    /// Reads the kind of the record and, of a table's, its name.
    public func readHead(_ record: Span<UInt8>, into change: inout Change) throws(DecodeError) {
        // Places in a record are 32 bits wide; PostgreSQL cannot build one that long.
        guard record.count < Int32.max else { throw failure(record, 0, "at most 2 GB") }
        var at = 0
        if record.has("table ", at: 0) {
            at = 6
            try readTableHead(record, &at, into: &change)
        } else if record.has("BEGIN", at: 0) {
            at = 5
            change.kind = .begin
            try readTransactionEnd(record, &at, into: &change)
        } else if record.has("COMMIT PREPARED ", at: 0) {
            at = 16
            try readPrepared(record, &at, .commitPrepared, into: &change)
        } else if record.has("COMMIT", at: 0) {
            at = 6
            change.kind = .commit
            try readTransactionEnd(record, &at, into: &change)
        } else if record.has("message: transactional: ", at: 0) {
            try readMessage(record, at: 24, into: &change)
        } else if record.has("PREPARE TRANSACTION ", at: 0) {
            at = 20
            try readPrepared(record, &at, .prepare, into: &change)
        } else if record.has("ROLLBACK PREPARED ", at: 0) {
            at = 18
            try readPrepared(record, &at, .rollbackPrepared, into: &change)
        } else if Self.isOfStreaming(record) {
            change.kind = .streaming
        } else {
            throw failure(record, 0, "a record of test_decoding")
        }
    }

    // MARK: - Heads

    private func readTableHead(
        _ record: Span<UInt8>, _ at: inout Int, into change: inout Change
    ) throws(DecodeError) {
        change.table = try readTableName(record, &at)
        change.truncated.removeAll(keepingCapacity: true)
        while record.has(", ", at: at) {
            if change.truncated.isEmpty { change.truncated.append(change.table) }
            at += 2
            change.truncated.append(try readTableName(record, &at))
        }
        guard record.has(": ", at: at) else { throw failure(record, at, "“: ” after the table's name") }
        at += 2
        if record.has("INSERT:", at: at) {
            change.kind = .insert
        } else if record.has("UPDATE:", at: at) {
            change.kind = .update
        } else if record.has("DELETE:", at: at) {
            change.kind = .delete
        } else if record.has("TRUNCATE:", at: at) {
            try readTruncate(record, at: at + 9, into: &change)
            return
        } else {
            throw failure(record, at, "INSERT, UPDATE, DELETE or TRUNCATE")
        }
        guard change.truncated.isEmpty else { throw failure(record, at, "TRUNCATE after several tables") }
        change.body = at + 7
    }

    private func readTableName(_ record: Span<UInt8>, _ at: inout Int) throws(DecodeError) -> ByteRange {
        let start = at
        guard let schema = record.identifierEnd(from: start) else { throw failure(record, start, "a schema's name") }
        guard schema < record.count, record[schema] == UInt8(ascii: ".") else {
            throw failure(record, schema, "“.” between schema and table")
        }
        guard let end = record.identifierEnd(from: schema + 1) else {
            throw failure(record, schema + 1, "a table's name")
        }
        at = end
        return ByteRange(start, end)
    }

    private func readTruncate(
        _ record: Span<UInt8>, at start: Int, into change: inout Change
    ) throws(DecodeError) {
        var at = start
        change.kind = .truncate
        if change.truncated.isEmpty { change.truncated.append(change.table) }
        change.restartsSequences = false
        change.cascades = false
        if record.has(" (no-flags)", at: at) {
            at += 11
        } else {
            if record.has(" restart_seqs", at: at) {
                change.restartsSequences = true
                at += 13
            }
            if record.has(" cascade", at: at) {
                change.cascades = true
                at += 8
            }
            guard at > start else { throw failure(record, at, "the truncate's flags") }
        }
        guard at == record.count else { throw failure(record, at, "the record's end") }
    }

    /// `[ 529][ (at 2026-01-01 00:00:00.000000+00)]`
    private func readTransactionEnd(
        _ record: Span<UInt8>, _ at: inout Int, into change: inout Change
    ) throws(DecodeError) {
        change.xid = .empty
        change.time = .empty
        if at + 1 < record.count, record[at] == UInt8(ascii: " "), record[at + 1].isDigit {
            let start = at + 1
            at = start
            while at < record.count, record[at].isDigit { at += 1 }
            change.xid = ByteRange(start, at)
        }
        try readTime(record, &at, into: &change)
        guard at == record.count else { throw failure(record, at, "the record's end") }
    }

    private func readTime(
        _ record: Span<UInt8>, _ at: inout Int, into change: inout Change
    ) throws(DecodeError) {
        guard record.has(" (at ", at: at) else { return }
        guard record[record.count - 1] == UInt8(ascii: ")"), record.count - 1 > at + 5 else {
            throw failure(record, at, "“)” at the end of the commit's time")
        }
        change.time = ByteRange(at + 5, record.count - 1)
        at = record.count
    }

    /// `'gid'[, txid 529][ (at ...)]`, the id as `quote_literal` writes it: `E'..'` with doubled
    /// backslashes too.
    private func readPrepared(
        _ record: Span<UInt8>, _ at: inout Int, _ kind: Change.Kind, into change: inout Change
    ) throws(DecodeError) {
        change.kind = kind
        change.time = .empty
        let start = at
        if record.has("E", at: at) { at += 1 }
        guard record.has("'", at: at) else { throw failure(record, at, "the transaction's quoted id") }
        at += 1
        _ = try skipQuoted(record, &at)
        change.globalID = ByteRange(start, at)
        change.xid = .empty
        if record.has(", txid ", at: at) {
            at += 7
            let digits = at
            while at < record.count, record[at].isDigit { at += 1 }
            guard at > digits else { throw failure(record, at, "a transaction id") }
            change.xid = ByteRange(digits, at)
        }
        try readTime(record, &at, into: &change)
        guard at == record.count else { throw failure(record, at, "the record's end") }
    }

    /// `1 prefix: p, sz: 5 content:hello`
    ///
    /// The prefix is not quoted and may hold the words that follow it. The size settles it: only
    /// the place whose size reaches exactly to the record's end can be the right one.
    private func readMessage(
        _ record: Span<UInt8>, at start: Int, into change: inout Change
    ) throws(DecodeError) {
        change.kind = .message
        var at = start
        guard at < record.count, record[at] == UInt8(ascii: "0") || record[at] == UInt8(ascii: "1") else {
            throw failure(record, at, "0 or 1")
        }
        change.isTransactional = record[at] == UInt8(ascii: "1")
        at += 1
        guard record.has(" prefix: ", at: at) else { throw failure(record, at, "“ prefix: ”") }
        at += 9
        let prefix = at
        while at < record.count {
            guard record.has(", sz: ", at: at) else {
                at += 1
                continue
            }
            var digit = at + 6
            var size = 0
            while digit < record.count, record[digit].isDigit, size <= record.count {
                size = size * 10 + Int(record[digit] &- 48)
                digit += 1
            }
            if digit > at + 6, record.has(" content:", at: digit), record.count - (digit + 9) == size {
                change.prefix = ByteRange(prefix, at)
                change.content = ByteRange(digit + 9, record.count)
                return
            }
            at += 1
        }
        throw failure(record, prefix, "a message's size and content")
    }

    private static func isOfStreaming(_ record: Span<UInt8>) -> Bool {
        record.has("opening a streamed block", at: 0) || record.has("closing a streamed block", at: 0)
            || record.has("streaming ", at: 0) || record.has("aborting streamed ", at: 0)
            || record.has("committing streamed ", at: 0) || record.has("preparing streamed ", at: 0)
    }

    // MARK: - Errors

    func failure(_ record: Span<UInt8>, _ offset: Int, _ expected: String) -> DecodeError {
        DecodeError(expected: expected, offset: offset, beginning: beginning(of: record))
    }

    /// The record's first word and, of a row's, the table and the operation: all of it that can be
    /// no value, whatever bytes follow.
    func beginning(of record: Span<UInt8>) -> String {
        for word in Self.firstWords where record.has(word, at: 0) { return word.description }
        guard record.has("table ", at: 0), let schema = record.identifierEnd(from: 6), record.has(".", at: schema),
            let table = record.identifierEnd(from: schema + 1), table <= 300
        else { return "" }
        for operation in Self.operations where record.has(operation, at: table) {
            return record.string(ByteRange(0, table)) + operation.description
        }
        return record.string(ByteRange(0, table))
    }

    private static let firstWords: [StaticString] = [
        "BEGIN", "COMMIT PREPARED", "COMMIT", "message:", "PREPARE TRANSACTION", "ROLLBACK PREPARED",
    ]
    private static let operations: [StaticString] = [": INSERT:", ": UPDATE:", ": DELETE:", ": TRUNCATE:"]
}
