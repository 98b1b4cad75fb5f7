import Foundation
import LodeDelivery

/// Appends JSON lines to a file, synced to the disk before the cursor moves.
///
/// A line is never left half written: what a failed or interrupted write left is cut off. A file
/// that was renamed or removed (log rotation) is made anew.
///
/// SAFETY of the unchecked conformance: `file` is touched on `queue` alone.
final class FileHandler: EventHandler, @unchecked Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "lode.file")
    private var file: Int32 = -1
    /// A sync costs the same for more bytes.
    let traits = HandlerTraits(batchBytes: 2 << 20)

    init(path: String) { self.path = path }

    func deliver(_ batch: EventBatch) async -> DeliveryReport {
        do {
            try await queue.blocking { try self.append(batch.jsonLines) }
            return .done
        } catch {
            return .failed(DeliveryFailure(.retry, .peer, "\(error)"))
        }
    }

    func close() async {
        try? await queue.blocking { self.closeFile() }
    }

    private func append(_ bytes: [UInt8]) throws {
        if file >= 0, isReplaced() { closeFile() }
        if file < 0 { try openFile() }
        let end = lseek(file, 0, SEEK_END)
        do {
            try writeAll(bytes)
            guard fdatasync(file) == 0 else { throw failure("cannot be synced") }
        } catch {
            // The batch comes again; half of it must not stay. Should the cut fail too, opening cuts.
            _ = ftruncate(file, end)
            closeFile()
            throw error
        }
    }

    private func openFile() throws {
        file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("cannot be opened") }
        try cutTornLine()
    }

    /// Cuts what stands behind the last line break: a line that a crash interrupted.
    private func cutTornLine() throws {
        var end = lseek(file, 0, SEEK_END)
        let length = end
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while end > 0 {
            let start = max(0, end - off_t(buffer.count))
            let count = pread(file, &buffer, Int(end - start), start)
            guard count == Int(end - start) else { throw failure("cannot be read") }
            if let newline = buffer[..<count].lastIndex(of: 0x0A) {
                end = start + off_t(newline) + 1
                break
            }
            end = start
        }
        if end < length, ftruncate(file, end) != 0 { throw failure("cannot be cut") }
    }

    private func writeAll(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot be written") }
            written += count
        }
    }

    private func isReplaced() -> Bool {
        var own = stat()
        var named = stat()
        guard fstat(file, &own) == 0, stat(path, &named) == 0 else { return true }
        return own.st_ino != named.st_ino || own.st_dev != named.st_dev
    }

    private func closeFile() {
        if file >= 0 { _ = Foundation.close(file) }
        file = -1
    }

    private func failure(_ what: String) -> DeliveryFailure {
        DeliveryFailure(.retry, .peer, "file \(path) \(what): \(String(cString: strerror(errno)))")
    }
}

extension DispatchQueue {
    /// Runs a call that blocks on this queue instead of the cooperative pool.
    func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
