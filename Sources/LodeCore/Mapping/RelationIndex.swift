/// Finds a relation by its name as the log writes it, without making a string of it.
///
/// Open addressing with linear probing; at most half full. Every table of the database that the log
/// has named is in it, mapped or not, so its size is bounded by the catalog's.
struct RelationIndex: Sendable {
    private var slots: [Int] = Array(repeating: -1, count: 64)
    private(set) var names: [[UInt8]] = []
    /// Consecutive records are mostly of one table.
    private var last = -1

    /// The number of the relation, in the order of insertion; nil when it is not in.
    mutating func find(_ range: ByteRange, in record: Span<UInt8>) -> Int? {
        if last >= 0, record.equals(range, names[last]) { return last }
        var slot = Self.hash(range, in: record) & (slots.count - 1)
        while slots[slot] >= 0 {
            if record.equals(range, names[slots[slot]]) {
                last = slots[slot]
                return last
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    mutating func insert(_ range: ByteRange, in record: Span<UInt8>) -> Int {
        names.append(record.bytes(range))
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
