/// What text is written to: an array, or the bytes of the event that is being made.
protocol ByteSink: ~Copyable {
    var count: Int { get }
    mutating func append(_ byte: UInt8)
    mutating func append(_ bytes: Span<UInt8>)
    /// Takes back what came after the first `count` bytes.
    mutating func cut(to count: Int)
}

extension [UInt8]: ByteSink {
    /// Appends all of `bytes`, as one copy.
    mutating func append(_ bytes: Span<UInt8>) {
        // SAFETY: the pointer does not leave the closure; append copies from it.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    mutating func cut(to count: Int) { removeSubrange(count...) }
}

/// Bytes that are written piece by piece and then copied as one: without the checks that an array makes for
/// every piece, whether it is alone in having them.
///
/// SAFETY: the memory is allocated and freed here alone; `count` bytes of it are written, and never more than
/// `capacity`. It is not copied, and goes from thread to thread only with its owner.
struct ByteText: ~Copyable, @unchecked Sendable, ByteSink {
    private var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 1024) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// Good until the next change.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    mutating func removeAll(keeping most: Int) {
        count = 0
        guard capacity > most else { return }
        base.deallocate()
        capacity = 1024
        base = .allocate(capacity: capacity)
    }

    mutating func cut(to count: Int) { self.count = min(count, self.count) }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == capacity { grow(for: 1) }
        unsafe base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        // SAFETY: the pointer does not leave the closure.
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let from = bytes.baseAddress else { return }
        if capacity - count < bytes.count { grow(for: bytes.count) }
        unsafe copy(UnsafeRawPointer(from), UnsafeMutableRawPointer(base + count), bytes.count)
        count += bytes.count
    }

    /// What most pieces are is less than a call.
    ///
    /// SAFETY: both have `length` bytes; of 8 to 16 the first 8 and the last 8 are all, and likewise below.
    @inline(__always)
    private func copy(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ length: Int) {
        if length > 16 {
            unsafe to.copyMemory(from: from, byteCount: length)
        } else if length >= 8 {
            let first = unsafe from.loadUnaligned(as: UInt64.self)
            let last = unsafe (from + (length - 8)).loadUnaligned(as: UInt64.self)
            unsafe to.storeBytes(of: first, as: UInt64.self)
            unsafe (to + (length - 8)).storeBytes(of: last, as: UInt64.self)
        } else if length >= 4 {
            let first = unsafe from.loadUnaligned(as: UInt32.self)
            let last = unsafe (from + (length - 4)).loadUnaligned(as: UInt32.self)
            unsafe to.storeBytes(of: first, as: UInt32.self)
            unsafe (to + (length - 4)).storeBytes(of: last, as: UInt32.self)
        } else {
            var index = 0
            while index < length {
                let byte = unsafe from.load(fromByteOffset: index, as: UInt8.self)
                unsafe to.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
                index += 1
            }
        }
    }

    @inline(__always)
    mutating func appendLittleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        let size = MemoryLayout<Number>.size
        if capacity - count < size { grow(for: size) }
        // SAFETY: there is room for it from `count` on.
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: number.littleEndian, as: Number.self)
        count += size
    }

    /// In the place of bytes that are written.
    mutating func setLittleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, at offset: Int) {
        guard offset >= 0, offset + MemoryLayout<Number>.size <= count else { return }
        // SAFETY: it lies in what is written, as was just checked.
        unsafe UnsafeMutableRawPointer(base + offset).storeBytes(of: number.littleEndian, as: Number.self)
    }

    @inline(never)
    private mutating func grow(for more: Int) {
        let larger = max(count + more, capacity * 2)
        let next = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe next.update(from: base, count: count)
        base.deallocate()
        base = next
        capacity = larger
    }
}
