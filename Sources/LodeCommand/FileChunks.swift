import Foundation

/// Reads a file, or standard input for `-`, some 256 kB at a time.
struct FileChunks {
    private let file: Int32
    private let path: String
    static let size = 256 * 1024

    /// - Throws: ``FileError``.
    init(_ path: String) throws {
        self.path = path
        file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(path, "cannot be read") }
    }

    /// nil at the end.
    func next() throws -> [UInt8]? {
        while true {
            var failed = false
            let chunk = [UInt8](unsafeUninitializedCapacity: Self.size) { buffer, count in
                let result = read(file, buffer.baseAddress, buffer.count)
                failed = result < 0
                count = max(0, result)
            }
            if failed, errno == EINTR { continue }
            if failed { throw FileError(path, "cannot be read") }
            return chunk.isEmpty ? nil : chunk
        }
    }

    func close() {
        if file != STDIN_FILENO { _ = Foundation.close(file) }
    }
}
