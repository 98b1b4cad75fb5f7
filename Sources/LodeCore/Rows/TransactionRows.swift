/// Where a row is among those put aside: the order of places is the order of the log.
struct RowPlace: Hashable, Sendable, Comparable {
    var offset: Int

    static func < (a: RowPlace, b: RowPlace) -> Bool { a.offset < b.offset }
}

/// The records of the open transaction that rules need when it ends, in the order of the log.
///
/// Up to a bound they are in memory, then in a file that goes with the process. An entry is
///
///     length of the record  u32      all numbers little-endian
///     relation              i32      its number in ``RowSet/relations``; -1: a message or a truncate
///     ordinal               u32      in the transaction, from 1
///     lsn                   u64      the record's own; 0: the log has none
///     record                bytes
struct TransactionRows: Sendable {
    /// What a position needs to be read as an entry.
    struct Entry {
        var place: RowPlace
        var next: RowPlace
        var relation: Int
        var ordinal: UInt32
        var lsn: LSN?
    }

    /// Bytes beyond which records go to the file; a setting.
    var memoryBytes = 64 << 20
    /// Where the file is made.
    var folder = "/tmp"
    private var memory: [UInt8] = []
    private var spill: SpillFile?
    private(set) var end = RowPlace(offset: 0)

    private static let headerLength = 20

    var isEmpty: Bool { end.offset == 0 }
    var hasSpilled: Bool { spill != nil }

    /// - Throws: ``SpillError``: nothing was appended, and the same may be tried again.
    mutating func append(
        _ record: Span<UInt8>, relation: Int, ordinal: UInt32, lsn: LSN?
    ) throws(SpillError) -> RowPlace {
        let place = end
        let length = Self.headerLength + record.count
        if spill == nil, memory.count + length <= memoryBytes || memory.isEmpty {
            Self.appendHeader(record.count, relation, ordinal, lsn, to: &memory)
            memory.append(record)
        } else {
            var header: [UInt8] = []
            Self.appendHeader(record.count, relation, ordinal, lsn, to: &header)
            let file: SpillFile
            if let spill { file = spill } else { file = try SpillFile(folder: folder) }
            spill = file
            try file.append(header, record)
        }
        end = RowPlace(offset: place.offset + length)
        return place
    }

    private static func appendHeader(
        _ count: Int, _ relation: Int, _ ordinal: UInt32, _ lsn: LSN?, to out: inout [UInt8]
    ) {
        out.appendLittleEndian(UInt64(UInt32(count)) | UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: relation))) << 32)
        out.appendLittleEndian(ordinal)
        out.appendLittleEndian(lsn?.rawValue ?? 0)
    }

    /// The entry at a place, its record copied into `frame`.
    mutating func read(_ place: RowPlace, into frame: inout RowFrame) throws(SpillError) -> Entry {
        if place.offset < memory.count {
            let bytes = memory.span
            let entry = Self.entry(place, bytes, at: place.offset)
            frame.copy(bytes.extracting(place.offset + Self.headerLength..<entry.next.offset))
            return entry
        }
        guard let spill else { throw SpillError("a row that was put aside is gone") }
        let offset = place.offset - memory.count
        let header = try spill.read(offset, count: Self.headerLength)
        let entry = Self.entry(place, header.span, at: 0)
        let record = try spill.read(offset + Self.headerLength, count: entry.next.offset - place.offset - Self.headerLength)
        frame.copy(record.span)
        return entry
    }

    private static func entry(_ place: RowPlace, _ bytes: Span<UInt8>, at offset: Int) -> Entry {
        let length = Int(bytes.u32(at: offset) ?? 0)
        return Entry(
            place: place, next: RowPlace(offset: place.offset + headerLength + length),
            relation: Int(Int32(bitPattern: bytes.u32(at: offset + 4) ?? 0)), ordinal: bytes.u32(at: offset + 8) ?? 0,
            lsn: bytes.u64(at: offset + 12).flatMap { $0 == 0 ? nil : LSN($0) })
    }

    mutating func removeAll() {
        memory.removeAll(keepingCapacity: memory.capacity <= 4 << 20)
        spill = nil
        end = RowPlace(offset: 0)
    }
}
