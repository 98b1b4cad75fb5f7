import Foundation

/// Writes files whole or not at all.
enum FileReplacement {
    /// Writes beside the file and then takes its place, so that a reader never sees half of it.
    ///
    /// - Throws: ``FileError``.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let draft = "\(path).\(UInt32.random(in: 0 ... .max)).draft"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path, "cannot be written") }
        do {
            defer { close(descriptor) }
            try write(bytes, to: descriptor, path)
            guard rename(draft, path) == 0 else { throw FileError(path, "cannot be written") }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(path, "cannot be written") }
            written += count
        }
    }
}
