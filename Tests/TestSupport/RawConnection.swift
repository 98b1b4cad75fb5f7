import Foundation
import Synchronization

/// A connection over which a test speaks HTTP/1.1 in its own bytes, and which reads only when it wants to.
public final class RawConnection: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOver = false
        var isClosed = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// - Parameters:
    ///   - request: Sent at once.
    ///   - reads: False: nothing is ever read, and the system's buffer for it is small.
    public init(port: Int, request: String, reads: Bool = true) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if !reads {
            var size: Int32 = 4096
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        // SAFETY: the address is a local value, and the call does not keep it.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw TestFailure("cannot connect to port \(port): errno \(errno)") }
        var sent = 0
        let bytes = Array(request.utf8)
        while sent < bytes.count {
            let count = Glibc.send(descriptor, Array(bytes[sent...]), bytes.count - sent, Int32(MSG_NOSIGNAL))
            guard count > 0 else { throw TestFailure("cannot send: errno \(errno)") }
            sent += count
        }
        if reads { Thread { [self] in readAll() }.start() }
    }

    deinit { close() }

    private func readAll() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            state.withLock { $0.bytes += buffer[..<count] }
        }
        state.withLock { $0.isOver = true }
    }

    /// Goes as a client does that is gone: nothing more is read or sent.
    public func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    /// Reads what there is, of a connection that did not: how much, and whether the other end has ended it.
    public func drain() -> (count: Int, isOver: Bool) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var total = 0
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                total += count
            } else {
                return (total, count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
            }
        }
    }

    /// Whether the other end has ended it.
    public var isOver: Bool { state.withLock { $0.isOver } }

    /// All that came, head and chunks and all.
    public var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }

    public var status: Int? {
        let parts = text.prefix(while: { $0 != "\r\n" }).split(separator: " ")
        return parts.count > 1 ? Int(parts[1]) : nil
    }

    /// The body of a chunked answer so far (RFC 9112, section 7.1), and whether its last chunk came.
    public var body: (text: String, isWhole: Bool) {
        let bytes = state.withLock { $0.bytes }
        let mark = Array("\r\n\r\n".utf8)
        guard var at = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }).map({ $0 + 4 }) else {
            return ("", false)
        }
        var body: [UInt8] = []
        while let end = bytes[at...].firstIndex(of: 0x0D), end + 1 < bytes.count,
            let size = Int(String(decoding: bytes[at..<end], as: UTF8.self), radix: 16)
        {
            if size == 0 { return (String(decoding: body, as: UTF8.self), true) }
            let start = end + 2
            body += bytes[start..<min(start + size, bytes.count)]
            at = start + size + 2
            if at >= bytes.count { break }
        }
        return (String(decoding: body, as: UTF8.self), false)
    }
}
