/// How a recording is written; told by its first line.
public enum RecordingFormat: String, Sendable {
    /// Lode's own: a JSON object a line, with a header.
    case lode
    /// What `pg_recvlogical -f` writes.
    case recvlogical
    /// What psql prints for `select * from pg_logical_slot_get_changes(...)`.
    case aligned
    /// The same with `psql -A`.
    case unaligned
    /// The same by `copy (select ...) to stdout`.
    case copy

    /// Whether every value is kept as it was. psql's aligned table prints a tab as spaces, a carriage
    /// return as `\r`, a control character as `\x01`, and leaves out spaces before a newline, and
    /// nothing tells that it did (`pg_wcsformat` in `fe_utils/mbprint.c`).
    public var isExact: Bool { self != .aligned }
}

extension RecordingFormat {
    enum Detection: Equatable {
        case found(RecordingFormat)
        /// More bytes will tell.
        case open
        case unknown
    }

    /// So many bytes tell, unless the line is shorter: psql centres the words of its header over
    /// columns as wide as an LSN (17) and an xid (10).
    private static let enough = 64

    /// Tells the format by the first line, which starts at `start`.
    static func detect(_ bytes: Span<UInt8>, from start: Int, isComplete: Bool) -> Detection {
        let end = bytes.first(UInt8(ascii: "\n"), from: start) ?? bytes.count
        let line = bytes.extracting(start..<Swift.min(end, start + enough))
        if end == bytes.count, line.count < enough, !isComplete { return .open }
        if RecordWord(line, at: 0) != nil { return .found(.recvlogical) }
        if line.has("{", at: 0) { return .found(.lode) }
        if line.has("lsn|xid|data", at: 0) { return .found(.unaligned) }
        if line.has("lsn\txid\tdata", at: 0) { return .found(.copy) }
        if let lsn = line.lsnEnd(from: 0) {
            if line.has("|", at: lsn) { return .found(.unaligned) }
            return line.has("\t", at: lsn) ? .found(.copy) : .unknown
        }
        return AlignedRow(line) != nil || AlignedRow.isHeader(line) ? .found(.aligned) : .unknown
    }
}
