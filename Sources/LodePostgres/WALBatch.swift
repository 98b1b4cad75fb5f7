public import LodeCore

/// A run of the log as it came: records one after the other in one buffer, with the positions at
/// which the server said that nothing more was to be sent.
public struct WALBatch: Sendable {
    public struct Entry: Sendable {
        public enum Kind: UInt8, Sendable {
            case record
            /// A keepalive: everything before `lsn` was sent. It stands among the records, so that
            /// nobody can take it for more than what came before it.
            case keepalive
        }

        public var kind: Kind
        public var lsn: LSN
        public var bytes: ByteRange
    }

    public private(set) var bytes: [UInt8] = []
    public private(set) var entries: [Entry] = []

    /// A batch is handed over when it has so many bytes; one record alone may have more.
    static let most = 256 * 1024

    init() {
        bytes.reserveCapacity(Self.most + 16 * 1024)
        entries.reserveCapacity(2048)
    }

    var isEmpty: Bool { entries.isEmpty }
    /// Whether its storage is worth keeping: a single huge record made it no larger.
    var isOrdinary: Bool { bytes.capacity <= 4 * Self.most }
    var isFull: Bool { bytes.count >= Self.most || entries.count >= 8192 }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    mutating func append(record: UnsafeRawBufferPointer, lsn: LSN) {
        let start = bytes.count
        bytes.append(contentsOf: record)
        entries.append(Entry(kind: .record, lsn: lsn, bytes: ByteRange(start, bytes.count)))
    }

    mutating func append(keepalive walEnd: LSN) {
        // Of several in a row the last says it all.
        if let last = entries.last, last.kind == .keepalive { entries.removeLast() }
        entries.append(Entry(kind: .keepalive, lsn: walEnd, bytes: .empty))
    }
}
