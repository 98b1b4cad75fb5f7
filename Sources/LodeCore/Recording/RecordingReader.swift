/// Reads a recording in any of its formats, record by record, as its bytes arrive.
///
///     var reader = RecordingReader()
///     while let chunk = file.read() {
///         reader.append(chunk)
///         while let place = try reader.next() {
///             reader.withRecord { record in ... }
///         }
///     }
///     reader.finish()
///     while let place = try reader.next() { ... }
///
/// It holds one chunk and one unfinished record, however long the recording is. A record that stands
/// in the recording as it is (no escapes) is not copied again.
public struct RecordingReader: Sendable {
    /// Known once the first line, or the first bytes of it, have arrived.
    public private(set) var format: RecordingFormat?
    /// Of Lode's own format, once the first line was read. Its tables are those that the record at
    /// hand was written with.
    public var header: RecordingHeader? { lodeLines.header }

    private var text = RecordingText()
    private var record = RecordBytes()
    private var lodeLines: LodeLines
    private var plainRecords: PlainRecords
    private var alignedRows: AlignedRows
    private var unalignedRows: UnalignedRows
    private var copyRows: CopyRows
    private var place = RecordPlace(line: 1, offset: 0)
    /// Where the transaction began whose end was not yet read.
    private var openTransaction: RecordPlace?
    /// What went wrong: it goes wrong again however often one asks.
    private var failure: RecordingError?

    /// - Parameter limit: the longest record that is accepted, in bytes; PostgreSQL's own limit is
    ///   1 GB (`MaxAllocSize`), less one byte.
    public init(limit: Int = 1 << 30) {
        lodeLines = LodeLines(limit: limit)
        plainRecords = PlainRecords(limit: limit, next: .record)
        alignedRows = AlignedRows(limit: limit)
        unalignedRows = UnalignedRows(limit: limit)
        copyRows = CopyRows(limit: limit)
    }

    /// Takes the recording's next bytes; some 256 kB at a time is best.
    public mutating func append(_ chunk: [UInt8]) { text.append(chunk) }

    /// Says that there are no more bytes. Records may still be waiting in ``next()``.
    public mutating func finish() { text.complete() }

    /// The next record; nil when more bytes are needed, or, after ``finish()``, at the end.
    ///
    /// Throws when the recording is damaged or ends inside a record or a transaction. Everything
    /// before has then been returned; what belongs to a transaction whose end was not is only part
    /// of it.
    public mutating func next() throws(RecordingError) -> RecordPlace? {
        if let failure { throw failure }
        do throws(RecordingError) {
            if format == nil { try detect() }
            guard let next = try nextInFormat() else {
                if text.isAtEnd, let openTransaction { throw withoutEnd(openTransaction) }
                return nil
            }
            place = next
            followTransaction()
            return next
        } catch {
            failure = error
            throw error
        }
    }

    /// Lends the bytes of the record that ``next()`` returned last; good until the next call of
    /// ``next()`` or ``append(_:)``.
    public func withRecord<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if record.isOwn { return try body(record.own.span) }
        return try body(text.bytes.span.extracting(record.range))
    }

    /// The place in the recording of an error in the record that ``next()`` returned last.
    public func locate(_ error: DecodeError) -> RecordingError {
        var found = RecordingError(.damaged, line: place.line, offset: place.offset, "")
        if !record.isOwn, format != .lode, format != .copy {
            let row = text.bytes.span.extracting(
                record.row..<min(record.range.lowerBound + error.offset, text.bytes.count))
            found.line += row.count(of: UInt8(ascii: "\n"))
            found.column = row.columnAfter
            found.offset += row.count
        }
        let beginning = error.beginning.isEmpty ? "" : " in a record that begins with “\(error.beginning)”"
        found.message = "expected \(error.expected)\(beginning); " + advice
        return found
    }

    private var advice: String {
        switch format {
        case .aligned:
            "psql's aligned table does not keep tabs, control characters and spaces before a newline: "
                + "record it again with psql -A, with COPY or with “lode record”"
        case .unaligned, .copy:
            "psql leaves out bytes that are no text: record it again with “lode record” or pg_recvlogical"
        default: "the recording is damaged here: record it again, or cut it off before this record"
        }
    }

    private mutating func detect() throws(RecordingError) {
        // A byte order mark, which Windows programs put before UTF-8.
        if text.offset == 0, text.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { text.advance(to: 3, lines: 0) }
        while text.unreadCount > 0, text.bytes[text.start] == UInt8(ascii: "\n") {
            text.advance(to: text.start + 1, lines: 1)
        }
        guard text.unreadCount > 0 else { return }
        let detection = RecordingFormat.detect(text.bytes.span, from: text.start, isComplete: text.isComplete)
        switch detection {
        case .found(let found): format = found
        case .open: return
        case .unknown:
            throw text.error(
                .unknownFormat, at: text.start,
                "this is no recording; give a file that “lode record” or “pg_recvlogical -f” wrote, or what psql printed "
                    + "for lsn, xid and data of pg_logical_slot_get_changes")
        }
    }

    private mutating func nextInFormat() throws(RecordingError) -> RecordPlace? {
        switch format {
        case .recvlogical: try plainRecords.next(&text, &record)
        case .lode: try lodeLines.next(&text, &record)
        case .aligned: try alignedRows.next(&text, &record)
        case .unaligned: try unalignedRows.next(&text, &record)
        case .copy: try copyRows.next(&text, &record)
        case nil: nil
        }
    }

    private mutating func followTransaction() {
        switch withRecord({ RecordWord(firstOf: $0) }) {
        case .begin: openTransaction = place
        case .commit, .prepare: openTransaction = nil
        default: break
        }
    }

    private func withoutEnd(_ begin: RecordPlace) -> RecordingError {
        RecordingError(
            .cutShort, line: begin.line, offset: begin.offset,
            "the recording is cut short: the transaction that begins here has no end; record it again, or remove it")
    }
}
