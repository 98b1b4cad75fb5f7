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
        let bytes = body.span
        var at = 0
        for transaction in transactions {
            for _ in 0..<transaction.count {
                guard let length = bytes.u32(at: at), Int(length) >= Self.fixedLength - 4,
                    at + 4 + Int(length) <= bytes.count,
                    let ordinal = bytes.u32(at: at + 4), let rank = bytes.u16(at: at + 8),
                    let type = bytes.u16(at: at + 10), let keyLength = bytes.u32(at: at + 12),
                    let idLength = bytes.u16(at: at + 16), let marksLength = bytes.u16(at: at + 18)
                else { throw BlockError.cutShort }
                let end = at + 4 + Int(length)
                let keyStart = at + Self.fixedLength
                let keyEnd = keyLength == Self.noKey ? keyStart : keyStart + Int(keyLength)
                let idEnd = idLength == Self.noID ? keyEnd : keyEnd + Int(idLength)
                let marksEnd = idEnd + Int(marksLength)
                guard marksEnd <= end, Int(type) < types.count else { throw BlockError.cutShort }
                let view = EventView(
                    ordinal: ordinal, rank: rank, type: type, transaction: transaction,
                    key: keyLength == Self.noKey ? nil : ByteRange(keyStart, keyEnd),
                    id: idLength == Self.noID ? nil : ByteRange(keyEnd, idEnd), marks: ByteRange(idEnd, marksEnd),
                    data: marksEnd == end ? nil : ByteRange(marksEnd, end))
                guard try visit(view) else { return }
                at = end
            }
        }
    }
}

public enum BlockError: Error, Sendable {
    /// The bytes end early or contradict themselves.
    case cutShort
}

extension Span<UInt8> {
    func u16(at offset: Int) -> UInt16? {
        guard offset >= 0, count - offset >= 2 else { return nil }
        return UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    func u32(at offset: Int) -> UInt32? {
        guard offset >= 0, count - offset >= 4 else { return nil }
        return UInt32(self[offset]) | UInt32(self[offset + 1]) << 8 | UInt32(self[offset + 2]) << 16
            | UInt32(self[offset + 3]) << 24
    }

    func u64(at offset: Int) -> UInt64? {
        guard let low = u32(at: offset), let high = u32(at: offset + 4) else { return nil }
        return UInt64(low) | UInt64(high) << 32
    }
}

extension [UInt8] {
    mutating func appendLittleEndian<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    mutating func setLittleEndian(_ number: UInt32, at offset: Int) {
        for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * index)) }
    }
}
