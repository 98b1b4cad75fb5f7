/// Where a record of a recording stands.
public struct RecordPlace: Hashable, Sendable {
    /// nil where the format has none: what pg_recvlogical writes.
    public var lsn: LSN?
    /// The line it starts on, from 1.
    public var line: Int
    /// Where that line starts in the recording, in bytes.
    public var offset: Int

    public init(lsn: LSN? = nil, line: Int, offset: Int) {
        self.lsn = lsn
        self.line = line
        self.offset = offset
    }
}

/// The bytes of the record that was read last.
struct RecordBytes: Sendable {
    /// Where the record's row starts in the text's bytes.
    var row = 0
    /// The record in the text's bytes, when it stands there as it is.
    var range = 0..<0
    /// The record itself, when it had to be put together.
    var own: [UInt8] = []
    private(set) var isOwn = false

    var count: Int { isOwn ? own.count : range.count }

    mutating func set(_ range: Range<Int>, row: Int) {
        self.range = range
        self.row = row
        isOwn = false
    }

    /// Empties the record's own bytes, to be filled.
    mutating func begin() {
        isOwn = true
        own.removeAll(keepingCapacity: own.capacity <= RecordingText.keptCapacity)
    }
}
