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
///     new, old cells        u16 u16  how many of each follow the record; none: it is to be read again
///     lsn                   u64      the record's own; 0: the log has none
///     kind                  u8
///     record, cells         bytes
struct TransactionRows: Sendable {
    /// What a position needs to be read as an entry.
    struct Entry {
        var place: RowPlace
        var next: RowPlace
        var relation: Int
        var ordinal: UInt32
        var lsn: LSN?
        /// Whether the row's cells came with it.
        var isResolved: Bool
    }

    /// What is put aside with a record.
    struct Label {
        /// -1: a message or a truncate.
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

    private static let headerLength = 25

    var isEmpty: Bool { end.offset == 0 }

    /// - Parameters:
    ///   - new: The cells of a row whose columns are just its table's; empty: it is to be read again.
    /// - Throws: ``SpillError``: nothing was appended, and the same may be tried again.
    mutating func append(
        _ record: Span<UInt8>, _ label: Label, kind: Change.Kind = .message, new: [Cell] = [], old: [Cell] = []
    ) throws(SpillError) -> RowPlace {
        let place = end
        // PostgreSQL's limit is 1,600 columns.
        let cells = new.count <= 1600 && old.count <= 1600 ? (new.count + old.count) * MemoryLayout<Cell>.stride : 0
        let length = Self.headerLength + record.count + cells
        if spill == nil, memory.count + length <= memoryBytes || memory.isEmpty {
            Self.append(record, label, kind, cells > 0 ? new : [], cells > 0 ? old : [], to: &memory)
        } else {
            var entry: [UInt8] = []
            entry.reserveCapacity(length)
            Self.append(record, label, kind, cells > 0 ? new : [], cells > 0 ? old : [], to: &entry)
            let file: SpillFile
            if let spill { file = spill } else { file = try SpillFile(folder: folder) }
            spill = file
            try file.append(entry)
        }
        end = RowPlace(offset: place.offset + length)
        return place
    }

    private static func append(
        _ record: Span<UInt8>, _ label: Label, _ kind: Change.Kind, _ new: [Cell], _ old: [Cell],
        to out: inout [UInt8]
    ) {
        let relation = UInt32(bitPattern: Int32(truncatingIfNeeded: label.relation))
        out.appendLittleEndian(UInt64(UInt32(record.count)) | UInt64(relation) << 32)
        out.appendLittleEndian(UInt64(label.ordinal) | UInt64(new.count) << 32 | UInt64(old.count) << 48)
        out.appendLittleEndian(label.lsn?.rawValue ?? 0)
        out.append(kind.rawValue)
        out.append(record)
        // SAFETY: the bytes are read inside the closures, by this process alone (``RowResolver``).
        new.withUnsafeBytes { out.append(contentsOf: $0) }
        old.withUnsafeBytes { out.append(contentsOf: $0) }
    }

    /// The entry at a place, its record, and its cells when it has them, copied into `frame`.
    mutating func read(_ place: RowPlace, into frame: inout RowFrame) throws(SpillError) -> Entry {
        if place.offset < memory.count { return Self.read(place, memory.span, at: place.offset, into: &frame) }
        guard let spill else { throw SpillError("a row that was put aside is gone") }
        let offset = place.offset - memory.count
        let header = try spill.read(offset, count: Self.headerLength)
        let entry = try spill.read(offset, count: Self.length(header.span, at: 0))
        return Self.read(place, entry.span, at: 0, into: &frame)
    }

    private static func length(_ bytes: Span<UInt8>, at offset: Int) -> Int {
        let counts = bytes.u64(at: offset + 8) ?? 0
        let cells = Int(counts >> 32 & 0xFFFF) + Int(counts >> 48)
        return headerLength + Int(bytes.u32(at: offset) ?? 0) + cells * MemoryLayout<Cell>.stride
    }

    private static func read(
        _ place: RowPlace, _ bytes: Span<UInt8>, at offset: Int, into frame: inout RowFrame
    ) -> Entry {
        let first = bytes.u64(at: offset) ?? 0
        let counts = bytes.u64(at: offset + 8) ?? 0
        let newCount = Int(counts >> 32 & 0xFFFF)
        let oldCount = Int(counts >> 48)
        let recordEnd = offset + headerLength + Int(UInt32(truncatingIfNeeded: first))
        frame.copy(bytes.extracting(offset + headerLength..<recordEnd))
        if newCount + oldCount > 0, let kind = Change.Kind(rawValue: bytes[offset + 24]) {
            let newBytes = newCount * MemoryLayout<Cell>.stride
            let oldBytes = oldCount * MemoryLayout<Cell>.stride
            // SAFETY: both stretches lie inside the entry; they are copied before the closure ends.
            bytes.withUnsafeBytes { all in
                frame.take(
                    kind, new: UnsafeRawBufferPointer(rebasing: all[recordEnd..<recordEnd + newBytes]),
                    old: UnsafeRawBufferPointer(rebasing: all[recordEnd + newBytes..<recordEnd + newBytes + oldBytes]))
            }
        }
        return Entry(
            place: place, next: RowPlace(offset: place.offset + length(bytes, at: offset)),
            relation: Int(Int32(bitPattern: UInt32(truncatingIfNeeded: first >> 32))),
            ordinal: UInt32(truncatingIfNeeded: counts),
            lsn: bytes.u64(at: offset + 16).flatMap { $0 == 0 ? nil : LSN($0) }, isResolved: newCount + oldCount > 0)
    }

    mutating func removeAll() {
        memory.removeAll(keepingCapacity: memory.capacity <= 4 << 20)
        spill = nil
        end = RowPlace(offset: 0)
    }
}
