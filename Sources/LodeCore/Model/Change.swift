/// A stretch of a record's bytes.
///
/// 32 bits are enough: PostgreSQL cannot build a record of more than 1 GB (`MaxAllocSize`).
public struct ByteRange: Hashable, Sendable {
    public var start: Int32
    public var end: Int32

    public init(_ start: Int, _ end: Int) {
        self.start = Int32(truncatingIfNeeded: start)
        self.end = Int32(truncatingIfNeeded: end)
    }

    public static let empty = ByteRange(0, 0)

    public var range: Range<Int> { Int(start)..<Int(end) }
    public var count: Int { Int(end) - Int(start) }
    public var isEmpty: Bool { end <= start }
}

/// One value of a row as the log has it: which bytes, and how they are written.
public struct Cell: Hashable, Sendable {
    public enum Form: UInt8, Sendable {
        /// Not in the tuple: null or not in the replica identity; only the catalog tells which.
        case absent
        case null
        /// A TOAST value that the update left out of the log.
        case unchanged
        /// A number, true or false.
        case bare
        /// The bytes between the quotes, ready to read.
        case quoted
        /// The bytes between the quotes, with every `'` in them doubled.
        case doubled
        /// The digits of `B'0101'`.
        case bits
    }

    public var form: Form
    /// Without the quotes.
    public var bytes: ByteRange

    public init(_ form: Form, _ bytes: ByteRange = .empty) {
        self.form = form
        self.bytes = bytes
    }

    /// Whether the log leaves open what the value is.
    public var isUnknown: Bool { form == .absent || form == .unchanged }

    public var hasValue: Bool { form.rawValue >= Form.bare.rawValue }
}

/// One column of a tuple.
public struct ColumnCell: Hashable, Sendable {
    /// As written: in double quotes when it needs them.
    public var name: ByteRange
    /// As written, without the brackets around it.
    public var type: ByteRange
    public var cell: Cell
}

/// One record of the log, as places in its bytes.
///
/// A value that is filled again for every record: its arrays keep their storage, so reading a
/// record allocates nothing. It means something only together with the bytes it was read from.
public struct Change: Sendable {
    public enum Kind: UInt8, Sendable {
        case begin
        case commit
        case insert
        case update
        case delete
        case truncate
        case message
        /// The three of a two-phase slot.
        case prepare
        case commitPrepared
        case rollbackPrepared
        /// The family of `streaming change for TXN 5`, which carries no rows.
        case streaming
    }

    public var kind: Kind = .begin
    /// The transaction's id as written; empty when the log leaves it out.
    public var xid: ByteRange = .empty
    /// As written, `2026-01-01 00:00:00.000000+00`; empty when the log leaves it out.
    public var time: ByteRange = .empty
    /// `schema.name` as written: the first table of a truncate.
    public var table: ByteRange = .empty
    /// All tables of a truncate.
    public var truncated: [ByteRange] = []
    public var restartsSequences = false
    public var cascades = false
    /// Whether the log says anything of the old row (an update without it is common).
    public var hasOld = false
    public var hasNew = false
    public var old: [ColumnCell] = []
    public var new: [ColumnCell] = []
    /// Of a message: whether it belongs to a transaction.
    public var isTransactional = false
    public var prefix: ByteRange = .empty
    public var content: ByteRange = .empty
    /// Of a two-phase record, as written, in quotes.
    public var globalID: ByteRange = .empty
    /// Where the tuples begin, for a record whose head alone was read.
    var body = 0

    public init() {}
}
