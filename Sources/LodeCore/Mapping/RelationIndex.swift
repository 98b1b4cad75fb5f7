/// Finds a relation by its name as the log writes it, without making a string of it.
///
/// Open addressing with linear probing; at most half full. Every table of the database that the log
/// has named is in it, mapped or not, so its size is bounded by the catalog's.
struct RelationIndex: Sendable {
    private var slots: [Int] = Array(repeating: -1, count: 64)
    private(set) var names: [[UInt8]] = []
    /// Of each, how its records begin: `table public.orders: `.
    private var heads: [[UInt8]] = []
    /// Of each, which came after it when that was another one: transactions are mostly alike.
    private var followers: [Int] = []
    /// Consecutive records are mostly of one table.
    private var last = -1

    /// The head of a row's record.
    struct RowHead {
        /// The relation's number.
        var number: Int
        var kind: Change.Kind
        /// Where the columns begin.
        var body: Int
        var table: ByteRange
    }

    /// Reads the head of a record of the table that was last, or of the one that came after it before, as
    /// ``RecordReader`` would: the bytes are the same. nil: it is to be read in the other way.
    @inline(__always)
    mutating func head(of record: Span<UInt8>) -> RowHead? {
        guard last >= 0 else { return nil }
        if let head = head(last, of: record) { return head }
        let follower = followers[last]
        guard follower >= 0, let head = head(follower, of: record) else { return nil }
        last = follower
        return head
    }

    @inline(__always)
    private func head(_ number: Int, of record: Span<UInt8>) -> RowHead? {
        let length = heads[number].count
        guard record.count >= length + 7, record.count < Int32.max,
            record.equals(ByteRange(0, length), heads[number])
        else { return nil }
        let kind: Change.Kind
        if record.has("INSERT:", at: length) {
            kind = .insert
        } else if record.has("UPDATE:", at: length) {
            kind = .update
        } else if record.has("DELETE:", at: length) {
            kind = .delete
        } else {
            return nil
        }
        return RowHead(number: number, kind: kind, body: length + 7, table: ByteRange(6, length - 2))
    }

    private mutating func found(_ number: Int) -> Int {
        if last >= 0, last != number { followers[last] = number }
        last = number
        return number
    }

    /// The number of the relation, in the order of insertion; nil when it is not in.
    mutating func find(_ range: ByteRange, in record: Span<UInt8>) -> Int? {
        if last >= 0, record.equals(range, names[last]) { return last }
        var slot = Self.hash(range, in: record) & (slots.count - 1)
        while slots[slot] >= 0 {
            if record.equals(range, names[slots[slot]]) {
                return found(slots[slot])
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    mutating func insert(_ range: ByteRange, in record: Span<UInt8>) -> Int {
        names.append(record.bytes(range))
        heads.append(Array("table ".utf8) + record.bytes(range) + Array(": ".utf8))
        followers.append(-1)
        if names.count * 2 > slots.count { slots = Array(repeating: -1, count: slots.count * 2) }
        // After growth all go in anew; else only the last.
        let first = slots.allSatisfy { $0 < 0 } ? 0 : names.count - 1
        for number in first..<names.count {
            var slot = Self.hash(names[number]) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = number
        }
        return names.count - 1
    }

    mutating func removeAll() { self = RelationIndex() }

    /// FNV-1a (Fowler, Noll, Vo), 64 bits.
    private static func hash(_ range: ByteRange, in bytes: Span<UInt8>) -> Int {
        var hash = basis
        for index in range.range { hash = (hash ^ UInt64(bytes[index])) &* prime }
        return Int(truncatingIfNeeded: hash & 0x7fff_ffff_ffff_ffff)
    }

    /// The same of a copied name.
    private static func hash(_ name: [UInt8]) -> Int {
        var hash = basis
        for byte in name { hash = (hash ^ UInt64(byte)) &* prime }
        return Int(truncatingIfNeeded: hash & 0x7fff_ffff_ffff_ffff)
    }

    private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01b3
}
