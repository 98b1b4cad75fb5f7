import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The rows of a transaction that memory has no room for: a file without a name, gone with the process.
///
/// Read from its beginning to its end while other places of it are looked up: each way has a buffer of
/// its own, a large one and a small one.
final class SpillFile: Sendable {
    /// Written in pieces of so many bytes, and read from the beginning on in such.
    private static let piece = 1 << 20
    /// Read around a place that is looked up.
    private static let look = 4 << 10

    private struct Window {
        var bytes: [UInt8] = []
        var start = 0

        var end: Int { start + bytes.count }

        func holds(_ offset: Int, _ count: Int) -> Bool { offset >= start && offset + count <= end }

        func copy(_ offset: Int, _ count: Int) -> [UInt8] { Array(bytes[offset - start..<offset - start + count]) }
    }

    private struct State {
        var unwritten: [UInt8] = []
        var writtenBytes = 0
        var sequential = Window()
        var random = Window()
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    init(folder: String) throws(SpillError) {
        var path = Array((folder + "/lode-rows-XXXXXX").utf8CString)
        descriptor = path.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return -1 }
            let descriptor = mkstemp(base)
            if descriptor >= 0 { unlink(base) }
            return descriptor
        }
        guard descriptor >= 0 else {
            throw SpillError("no file can be made in \(folder) for the rows of a large transaction", errno)
        }
    }

    deinit { close(descriptor) }

    /// Appends all of it or nothing.
    func append(_ entry: [UInt8]) throws(SpillError) {
        try state.withLock { state throws(SpillError) in
            if state.unwritten.count >= Self.piece { try Self.write(&state, to: descriptor) }
            state.unwritten += entry
        }
    }

    private static func write(_ state: inout State, to descriptor: Int32) throws(SpillError) {
        let count = state.unwritten.count
        var done = 0
        while done < count {
            // SAFETY: the pointer stays in the closure, which reads `count - done` bytes from `done`.
            let written = state.unwritten.withUnsafeBytes { bytes in
                pwrite(descriptor, bytes.baseAddress.map { $0 + done }, count - done, off_t(state.writtenBytes + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw SpillError("the rows of a large transaction cannot be written to disk", errno)
            }
            done += written
        }
        state.writtenBytes += count
        state.unwritten.removeAll(keepingCapacity: true)
    }

    /// The `count` bytes from `offset` on.
    func read(_ offset: Int, count: Int) throws(SpillError) -> [UInt8] {
        try state.withLock { state throws(SpillError) in
            if state.sequential.holds(offset, count) { return state.sequential.copy(offset, count) }
            if state.random.holds(offset, count) { return state.random.copy(offset, count) }
            if offset >= state.writtenBytes {
                let start = offset - state.writtenBytes
                guard start + count <= state.unwritten.count else { throw SpillError("the file of rows ends early") }
                return Array(state.unwritten[start..<start + count])
            }
            // An entry may begin in the file and end in what is not yet written.
            if offset + count > state.writtenBytes { try Self.write(&state, to: descriptor) }
            // What goes on from where the large window ended, or stands across its end, is read in order.
            let isNext = offset <= state.sequential.end && offset + count > state.sequential.end
            let length = min(max(count, isNext ? Self.piece : Self.look), state.writtenBytes - offset)
            guard length >= count else { throw SpillError("the file of rows ends early") }
            let window = Window(bytes: try Self.bytes(from: offset, count: length, descriptor), start: offset)
            if isNext { state.sequential = window } else { state.random = window }
            return window.copy(offset, count)
        }
    }

    private static func bytes(from offset: Int, count: Int, _ descriptor: Int32) throws(SpillError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            // SAFETY: the pointer stays in the closure, which writes at most `count - done` bytes from `done`.
            let got = bytes.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw SpillError("the rows of a large transaction cannot be read back", errno) }
            done += got
        }
        return bytes
    }
}

/// The rows of a transaction could not be put aside; it may pass.
public struct SpillError: Error, Hashable, Sendable, CustomStringConvertible {
    public var message: String

    init(_ message: String, _ code: Int32? = nil) {
        let why = code.flatMap { strerror($0) }.map { String(cString: $0) }
        self.message =
            message + (why.map { ": \($0)" } ?? "") + "; make room in the folder for temporary files, or raise "
            + "`transaction_memory`"
    }

    public var description: String { message }
}
