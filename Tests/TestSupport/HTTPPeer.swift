import Foundation
import Synchronization

/// A server on loopback that takes HTTP/1.1 requests and answers as it is told, also as no server should.
///
/// It lives on threads of its own, one for each connection.
public final class HTTPPeer: Sendable {
    public struct Request: Sendable {
        public var method: String
        public var target: String
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]
        /// Which connection it came on, from 1.
        public var connection: Int

        /// The only header of this name; capitals or not are the same.
        public subscript(name: String) -> String? {
            let found = headers.filter { $0.name.lowercased() == name.lowercased() }
            return found.count == 1 ? found[0].value : nil
        }

        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    public enum Reply: Sendable {
        case answer(Int, headers: [(String, String)] = [], body: String = "")
        /// These bytes, and the connection ends.
        case raw(String)
        /// These bytes, and no more; the connection stays.
        case stall(String)
        /// These bytes, and a reset.
        case reset(String)
        /// The first bytes, and the others again and again, with a pause, until the client goes.
        case endless(String, again: String, pauseMilliseconds: Int = 0)
    }

    private struct State {
        var requests: [Request] = []
        var accepted = 0
        var open: [Int: Int32] = [:]
        var sent = 0
        var hasEnded = false
    }

    public let port: Int
    private let listener: Int32
    private let isHasty: Bool
    private let reply: @Sendable (Request) -> Reply
    private let state = Mutex(State())

    /// - Parameters:
    ///   - port: 0 is any free one.
    ///   - isHasty: Answers when it has the head of a request, whatever of the body is there.
    public init(
        port: Int = 0, isHasty: Bool = false, reply: @escaping @Sendable (Request) -> Reply = { _ in .answer(204) }
    ) throws {
        self.reply = reply
        self.isHasty = isHasty
        (listener, self.port) = try Self.listen(on: port)
        let thread = Thread { [weak self, listener] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    // Closed by who accepts on it and nobody else: its number may be another listener's at once.
                    close(listener)
                    return
                }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                guard let self else {
                    close(client)
                    continue
                }
                self.take(client)
            }
        }
        thread.start()
    }

    deinit { end() }

    public var requests: [Request] { state.withLock { $0.requests } }
    public var accepted: Int { state.withLock { $0.accepted } }
    public var open: Int { state.withLock { $0.open.count } }
    /// Bytes that connections took so far.
    public var sent: Int { state.withLock { $0.sent } }

    public func url(_ path: String = "/events", host: String = "127.0.0.1") -> String {
        "http://\(host):\(port)\(path)"
    }

    /// Ends the listener and every connection.
    public func end() {
        let isFirst = state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
        guard isFirst else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for socket in state.open.values { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    private func take(_ client: Int32) {
        let number = state.withLock { state in
            state.accepted += 1
            state.open[state.accepted] = client
            return state.accepted
        }
        let thread = Thread { [self] in
            var rest: [UInt8] = []
            while let request = request(from: client, &rest, connection: number) {
                state.withLock { $0.requests.append(request) }
                guard perform(reply(request), on: client) else { break }
            }
            state.withLock {
                $0.open[number] = nil
                close(client)
            }
        }
        thread.start()
    }

    /// False: the connection is over.
    private func perform(_ reply: Reply, on client: Int32) -> Bool {
        switch reply {
        case .answer(let status, let headers, let body):
            let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
            let length = status == 204 ? "" : "content-length: \(body.utf8.count)\r\n"
            return write(
                "HTTP/1.1 \(status) \(Self.phrases[status] ?? "Told")\r\n\(lines)\(length)\r\n\(body)", to: client)
        case .raw(let text):
            _ = write(text, to: client)
            return false
        case .stall(let text):
            guard write(text, to: client) else { return false }
            var byte: UInt8 = 0
            while read(client, &byte, 1) > 0 {}
            return false
        case .reset(let text):
            _ = write(text, to: client)
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
            return false
        case .endless(let first, let again, let pause):
            guard write(first, to: client) else { return false }
            while write(again, to: client) { if pause > 0 { usleep(UInt32(pause) * 1000) } }
            return false
        }
    }

    private static let phrases = [200: "OK", 204: "No Content", 429: "Too Many Requests", 503: "Service Unavailable"]

    private func write(_ text: String, to client: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            written += count
            state.withLock { $0.sent += count }
        }
        return true
    }

    /// Nil: the client has gone. `rest` holds what came behind the request.
    private func request(from client: Int32, _ rest: inout [UInt8], connection: Int) -> Request? {
        func fill() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            let count = read(client, &buffer, buffer.count)
            guard count > 0 else { return false }
            rest += buffer[..<count]
            return true
        }
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            headEnd = rest.firstRange(of: end)?.lowerBound
            if headEnd == nil, !fill() { return nil }
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: rest[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        var request = Request(
            method: String(words[0]), target: String(words[1]), headers: [], body: [], connection: connection)
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            request.headers.append((String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces)))
        }
        let length = request["content-length"].flatMap { Int($0) } ?? 0
        rest.removeFirst(headEnd + end.count)
        if isHasty {
            rest.removeFirst(min(rest.count, length))
            return request
        }
        while rest.count < length { if !fill() { return nil } }
        request.body = Array(rest[..<length])
        rest.removeFirst(length)
        return request
    }

    private static func listen(on port: Int) throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound: Int? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard bind(listener, pointer, length) == 0, Foundation.listen(listener, 64) == 0,
                    getsockname(listener, pointer, &length) == 0
                else { return nil }
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
        guard let bound else { throw TestFailure("no port to listen on: \(String(cString: strerror(errno)))") }
        return (listener, bound)
    }
}
