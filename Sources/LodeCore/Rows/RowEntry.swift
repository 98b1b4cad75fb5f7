/// A row in memory: its record, where its values are in that, and what was said of it.
///
///     header        ``RowEntry/Header``, a plain value of this process
///     new, old      ``Cell`` each: how many, the header says; none: the record is to be read again
///     record        bytes, and as many more as make the length a multiple of 8
enum RowEntry {
    /// BitwiseCopyable, so that it may be loaded from any place of memory that has its bytes.
    struct Header: BitwiseCopyable {
        var recordCount: UInt32
        var relation: Int32
        /// In the transaction, from 1.
        var ordinal: UInt32
        var newCount: UInt32
        var oldCount: UInt32
        /// The record's own; 0: the log has none.
        var lsn: UInt64
        var kind: UInt8

        var cellsLength: Int { (Int(newCount) + Int(oldCount)) * MemoryLayout<Cell>.stride }

        /// Whether the row's cells are there.
        var isResolved: Bool { newCount | oldCount != 0 }

        /// Of the whole entry.
        var length: Int { (RowEntry.headerLength + cellsLength + Int(recordCount) + 7) & ~7 }
    }

    static let headerLength = (MemoryLayout<Header>.size + 7) & ~7

    /// SAFETY: the caller has at least a header's bytes there.
    @inline(__always)
    static func header(at base: UnsafeRawPointer) -> Header { unsafe base.loadUnaligned(as: Header.self) }

    /// Points the frame to the entry.
    ///
    /// SAFETY: the caller has a whole entry there, aligned to 8 as cells need it; it stays as long as the frame
    /// points to it.
    @inline(__always)
    static func show(_ base: UnsafeRawPointer, _ header: Header, in frame: inout RowFrame) {
        let new = base + headerLength
        let old = new + Int(header.newCount) * MemoryLayout<Cell>.stride
        let record = old + Int(header.oldCount) * MemoryLayout<Cell>.stride
        frame.new = UnsafeBufferPointer(start: new.assumingMemoryBound(to: Cell.self), count: Int(header.newCount))
        frame.old = UnsafeBufferPointer(start: old.assumingMemoryBound(to: Cell.self), count: Int(header.oldCount))
        frame.record = UnsafeBufferPointer(
            start: record.assumingMemoryBound(to: UInt8.self), count: Int(header.recordCount))
        if let kind = Change.Kind(rawValue: header.kind) { frame.kind = kind }
    }
}

/// Bytes that one owner writes and reads by pointer; they move when it grows.
struct RowMemory: ~Copyable, @unchecked Sendable {
    // SAFETY: allocated and freed here alone. It is not copied, and its owner changes it only when nobody else
    // looks, so it may go from thread to thread with it.
    private(set) var base: UnsafeMutableRawPointer
    private(set) var capacity: Int

    init(capacity: Int = 1024) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Makes room for so many bytes, and keeps the first `used`.
    @inline(__always)
    mutating func reserve(_ count: Int, keeping used: Int) {
        if count > capacity { grow(to: max(count, capacity * 2), keeping: used) }
    }

    @inline(never)
    private mutating func grow(to count: Int, keeping used: Int) {
        let next = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
        next.copyMemory(from: base, byteCount: used)
        base.deallocate()
        base = next
        capacity = count
    }
}
