/// A run of events of one source, packed in bytes: what the journal keeps and subscribers read.
///
/// A block holds the events of whole transactions, or a part of one large one. What only the commit
/// knows (its LSN and time) stands once a transaction in the header, so that a large transaction's
/// events can be written down before its commit arrives; ids and times are composed on reading.
///
/// The body is a sequence of events, each
///
///     length of the rest  u32      all numbers little-endian
///     ordinal             u32      of the trigger row in its transaction, from 1
///     rank                u16      among the events of that row, from 0
///     type                u16      index into `types`
///     key length          u32      `UInt32.max`: no key
///     id length           u16      of an id of the service's own; `UInt16.max`: ours
///     marks length        u16      of further attributes, as JSON members with a comma before each
///     key, id, marks, data  bytes  the data as JSON; empty: none
public struct EventBlock: Hashable, Sendable {
    public var types: [EventType]
    public var transactions: [TransactionHeader]
    public var body: [UInt8]

    public init(types: [EventType] = [], transactions: [TransactionHeader] = [], body: [UInt8] = []) {
        self.types = types
        self.transactions = transactions
        self.body = body
    }

    public var count: Int { transactions.reduce(0) { $0 + $1.count } }

    static let fixedLength = 20
    static let noKey = UInt32.max
    static let noID = UInt16.max
}

/// The type of an event: the mapping's name for it, which its id is made of, and its own when the
/// service gave it one.
public struct EventType: Hashable, Sendable {
    public var name: String
    /// Taken as it is; nil: the name, after the prefix.
    public var own: String?

    public init(name: String, own: String? = nil) {
        self.name = name
        self.own = own
    }

    /// What the event's `type` is.
    public func text(prefix: String) -> String { own ?? prefix + name }
}

/// What a block says of a transaction.
public struct TransactionHeader: Hashable, Sendable {
    public var position: CommitPosition
    /// nil: the log was recorded without commit times.
    public var time: Timestamp?
    /// How many events of the block are its.
    public var count: Int
    /// What `lode.context` said: attributes of all its events, as JSON members with a comma before each.
    public var context: [UInt8]

    public init(position: CommitPosition, time: Timestamp?, count: Int, context: [UInt8] = []) {
        self.position = position
        self.time = time
        self.count = count
        self.context = context
    }
}

/// What orders the transactions of a source and makes its events' ids.
public enum CommitPosition: Hashable, Sendable {
    /// The end of the commit record.
    case lsn(LSN)
    /// The number of the transaction in a recording that has no LSNs, from 1.
    case counted(UInt64)

    /// Sixteen hexadecimal digits; a `t` goes before a count, so that the two cannot be confused.
    func append(to out: inout [UInt8]) {
        let value: UInt64
        switch self {
        case .lsn(let lsn): value = lsn.rawValue
        case .counted(let number):
            out.append(UInt8(ascii: "t"))
            value = number
        }
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(value >> UInt64(shift) & 15)
            out.append(digit < 10 ? 48 + digit : 55 + digit)
        }
    }
}

/// One event in a block.
public struct EventView: Sendable {
    public var ordinal: UInt32
    public var rank: UInt16
    public var type: UInt16
    public var transaction: TransactionHeader
    /// Where the event starts in the block's body.
    public var start: Int
    /// In the block's body; nil without a key.
    public var key: ByteRange?
    /// In the block's body: the service's own id; nil: ours.
    public var id: ByteRange?
    /// In the block's body: further attributes, as JSON members with a comma before each.
    public var marks: ByteRange
    /// In the block's body; nil without data.
    public var data: ByteRange?
}

extension EventBlock {
    /// Walks the events in order; stops when `visit` returns false.
    ///
    /// - Throws: ``BlockError`` when the bytes are not a block's.
    public func visitEvents(_ visit: (EventView) throws -> Bool) throws {
        var at = 0
        for transaction in transactions {
            for _ in 0..<transaction.count {
                let (event, end) = try self.event(at: at, of: transaction)
                guard try visit(event) else { return }
                at = end
            }
        }
    }

    /// The event that starts at `start` in the body, and where the next one does.
    ///
    /// - Throws: ``BlockError`` when the bytes there are not an event's.
    public func event(
        at start: Int, of transaction: TransactionHeader
    ) throws(BlockError) -> (event: EventView, end: Int) {
        let bytes = body.span
        guard let place = bytes.u64(at: start), let what = bytes.u64(at: start + 8),
            let lengths = bytes.u32(at: start + 16)
        else { throw .cutShort }
        let length = UInt32(truncatingIfNeeded: place)
        let keyLength = UInt32(truncatingIfNeeded: what >> 32)
        let type = UInt16(truncatingIfNeeded: what >> 16)
        let end = start + 4 + Int(length)
        let keyStart = start + Self.fixedLength
        let keyEnd = keyLength == Self.noKey ? keyStart : keyStart + Int(keyLength)
        let idLength = UInt16(truncatingIfNeeded: lengths)
        let idEnd = idLength == Self.noID ? keyEnd : keyEnd + Int(idLength)
        let marksEnd = idEnd + Int(lengths >> 16)
        guard end <= bytes.count, marksEnd <= end, Int(type) < types.count else { throw .cutShort }
        let event = EventView(
            ordinal: UInt32(truncatingIfNeeded: place >> 32), rank: UInt16(truncatingIfNeeded: what), type: type,
            transaction: transaction, start: start,
            key: keyLength == Self.noKey ? nil : ByteRange(keyStart, keyEnd),
            id: idLength == Self.noID ? nil : ByteRange(keyEnd, idEnd), marks: ByteRange(idEnd, marksEnd),
            data: marksEnd == end ? nil : ByteRange(marksEnd, end))
        return (event, end)
    }
}

public enum BlockError: Error, Sendable {
    /// The bytes end early or contradict themselves.
    case cutShort
}

extension Span<UInt8> {
    func u16(at offset: Int) -> UInt16? { number(at: offset) }
    func u32(at offset: Int) -> UInt32? { number(at: offset) }
    func u64(at offset: Int) -> UInt64? { number(at: offset) }

    @inline(__always)
    private func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number? {
        guard offset >= 0, count - offset >= MemoryLayout<Number>.size else { return nil }
        // SAFETY: the bytes loaded are inside the span, as was just checked; any bits are a number.
        return unsafe withUnsafeBytes { bytes in
            Number(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }
}

extension [UInt8] {
    mutating func appendLittleEndian<Number: FixedWidthInteger>(_ number: Number) {
        // SAFETY: the bytes are those of a local number, and do not leave the closure.
        unsafe Swift.withUnsafeBytes(of: number.littleEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func setLittleEndian(_ number: UInt32, at offset: Int) {
        for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * index)) }
    }
}
