/// Where a row is among those put aside: the order of places is the order of the log.
struct RowPlace: Hashable, Sendable, Comparable {
    var offset: Int

    static func < (a: RowPlace, b: RowPlace) -> Bool { a.offset < b.offset }
}

/// The records of the open transaction that rules need when it ends, in the order of the log.
///
/// Up to a bound they are in memory, where they are read as they stand, then in a file that goes with the
/// process. What there is of each says ``RowEntry``.
struct TransactionRows: ~Copyable, Sendable {
    /// Bytes beyond which records go to the file; a setting.
    var memoryBytes = 64 << 20
    /// Where the file is made.
    var folder = "/tmp"
    private var memory = RowMemory()
    private var used = 0
    private var spill: SpillFile?
    private(set) var end = RowPlace(offset: 0)

    /// Memory of a larger transaction goes back when it is over.
    private static let keptBytes = 4 << 20

    var isEmpty: Bool { end.offset == 0 }

    /// How many bytes the rows have moved since the same was asked with what `base` was before.
    var base: UnsafeRawPointer { UnsafeRawPointer(memory.base) }

    /// Appends an entry; those before it may move in memory (``base``).
    ///
    /// - Throws: ``SpillError``: nothing was appended, and the same may be tried again.
    @inline(__always)
    mutating func append(_ entry: UnsafeRawBufferPointer) throws(SpillError) -> RowPlace {
        let place = end
        if spill == nil, used + entry.count <= memoryBytes || used == 0, let bytes = entry.baseAddress {
            memory.reserve(used + entry.count, keeping: used)
            // SAFETY: there is room for it from `used` on, and it does not lie there.
            unsafe (memory.base + used).copyMemory(from: bytes, byteCount: entry.count)
            used += entry.count
        } else {
            try appendToFile(entry)
        }
        end = RowPlace(offset: place.offset + entry.count)
        return place
    }

    @inline(never)
    private mutating func appendToFile(_ entry: UnsafeRawBufferPointer) throws(SpillError) {
        let file: SpillFile
        if let spill { file = spill } else { file = try SpillFile(folder: folder) }
        spill = file
        try file.append(Array(entry))
    }

    /// The entry at a place when memory has it; nil: ``readFile(_:into:)``.
    ///
    /// SAFETY: `place` is one that ``append(_:)`` gave since the last ``removeAll()``, so a whole entry is there.
    @inline(__always)
    func entry(at place: RowPlace) -> UnsafeRawPointer? {
        place.offset < used ? UnsafeRawPointer(memory.base + place.offset) : nil
    }

    /// Reads the entry at a place from the file.
    @inline(never)
    func readFile(_ place: RowPlace, into buffer: inout RowMemory) throws(SpillError) {
        guard let spill else { throw SpillError("a row that was put aside is gone") }
        let offset = place.offset - used
        let header = try spill.read(offset, count: RowEntry.headerLength)
        let length = header.withUnsafeBytes { bytes in
            bytes.baseAddress.map { RowEntry.header(at: $0).length } ?? 0
        }
        let entry = try spill.read(offset, count: length)
        guard entry.count == length, length >= RowEntry.headerLength else {
            throw SpillError("the file of rows ends early")
        }
        buffer.reserve(length, keeping: 0)
        // SAFETY: both have room for `length` bytes, and are not the same.
        entry.withUnsafeBytes { bytes in
            if let from = bytes.baseAddress { unsafe buffer.base.copyMemory(from: from, byteCount: length) }
        }
    }

    mutating func removeAll() {
        if memory.capacity > Self.keptBytes { memory = RowMemory() }
        used = 0
        spill = nil
        end = RowPlace(offset: 0)
    }
}
