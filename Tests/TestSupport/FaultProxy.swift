import Foundation
import Synchronization

/// A way to a server over loopback TCP that breaks when it is told to.
public final class FaultProxy: Sendable {
    public enum Mode: Hashable, Sendable {
        case forward
        /// Connections stay open and nothing moves, in either direction; new ones are accepted and
        /// hear nothing.
        case frozen
        /// New connections are closed at once.
        case refusing
        /// Each piece of data waits so long before it goes on.
        case delayed(milliseconds: Int)
    }

    private enum Target {
        case socket(String)
        case port(Int)
    }

    private struct State {
        var mode = Mode.forward
        var replacement: (old: [UInt8], new: [UInt8])?
        var cutting: (text: [UInt8], isFromServer: Bool)?
        var open: [Int: Pair] = [:]
        var accepted = 0
        var hasEnded = false
    }

    public let port: Int
    private let target: Target
    private let listener: Int32
    private let state = Mutex(State())

    /// - Parameter server: Its Unix socket is the other end.
    public convenience init(to server: TemporaryPostgres) throws { try self.init(toSocket: server.socket) }

    /// - Parameter path: A server's Unix socket.
    public convenience init(toSocket path: String) throws { try self.init(.socket(path)) }

    /// - Parameter port: A server's port on loopback.
    public convenience init(toPort port: Int) throws { try self.init(.port(port)) }

    private init(_ target: Target) throws {
        self.target = target
        (listener, port) = try Self.listen()
        let thread = Thread { [weak self, listener] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else {
                    if client >= 0 { close(client) }
                    return
                }
                self.take(client)
            }
        }
        thread.start()
    }

    deinit { end() }

    /// Ends the listener and every connection.
    public func end() {
        let isFirst = state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
        guard isFirst else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        cut()
    }

    // MARK: - Faults

    public func set(_ mode: Mode) { state.withLock { $0.mode = mode } }

    /// Ends every connection there is, in the middle of whatever goes over it.
    public func cut() {
        for pair in state.withLock({ $0.open.values }) { pair.cut() }
    }

    /// Puts other bytes of the same length in the place of some that the server sends; nil: no more.
    public func replace(_ old: String, with new: String?) {
        precondition(new == nil || new?.utf8.count == old.utf8.count, "the message's length must stay")
        state.withLock { $0.replacement = new.map { (Array(old.utf8), Array($0.utf8)) } }
    }

    /// Cuts a connection, once, just before it would move a piece with `text` in it.
    public func cut(on text: String, fromServer: Bool) {
        state.withLock { $0.cutting = (Array(text.utf8), fromServer) }
    }

    /// Whether that is still to come.
    public var willCut: Bool { state.withLock { $0.cutting != nil } }

    /// How many connections came so far.
    public var accepted: Int { state.withLock { $0.accepted } }

    /// How many of them are there now.
    public var open: Int { state.withLock { $0.open.count } }

    /// What libpq takes to come through here.
    public func connection(to database: TestDatabase) -> String {
        "host=127.0.0.1 port=\(port) dbname='\(database.name)' user=postgres"
    }

    // MARK: - Threads

    private func take(_ client: Int32) {
        let (mode, number) = state.withLock { state in
            state.accepted += 1
            return (state.mode, state.accepted)
        }
        guard mode != .refusing, let server = Self.connect(target) else {
            close(client)
            return
        }
        let pair = Pair(client: client, server: server)
        state.withLock { $0.open[number] = pair }
        for (from, to, isFromServer) in [(client, server, false), (server, client, true)] {
            let thread = Thread { [weak self] in
                while let self, self.pump(from, to, isFromServer) {}
                pair.cut()
                if pair.leave(), let self { self.state.withLock { $0.open[number] = nil } }
            }
            thread.start()
        }
    }

    /// Moves one piece. False: the connection is over.
    private func pump(_ from: Int32, _ to: Int32, _ isFromServer: Bool) -> Bool {
        let (mode, replacement, hasEnded) = state.withLock { ($0.mode, $0.replacement, $0.hasEnded) }
        if hasEnded { return false }
        if mode == .frozen {
            // A connection that was cut while frozen is seen as gone once it moves again.
            usleep(10_000)
            return true
        }
        var descriptor = pollfd(fd: from, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 20) > 0 else { return true }
        if state.withLock({ $0.mode == .frozen }) { return true }
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = read(from, &buffer, buffer.count)
        guard count > 0 else { return false }
        var bytes = Array(buffer[..<count])
        let isCut = state.withLock { state in
            guard let cutting = state.cutting, cutting.isFromServer == isFromServer,
                bytes.indices.contains(where: { bytes[$0...].starts(with: cutting.text) })
            else { return false }
            state.cutting = nil
            return true
        }
        if isCut { return false }
        if isFromServer, let replacement { Self.replace(replacement.old, replacement.new, in: &bytes) }
        if case .delayed(let milliseconds) = mode { usleep(UInt32(milliseconds) * 1000) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    private static func replace(_ old: [UInt8], _ new: [UInt8], in bytes: inout [UInt8]) {
        guard bytes.count >= old.count else { return }
        var at = 0
        while at <= bytes.count - old.count {
            if bytes[at...].starts(with: old) {
                bytes.replaceSubrange(at..<(at + old.count), with: new)
                at += old.count
            } else {
                at += 1
            }
        }
    }

    // MARK: - Sockets

    static func listen() throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: Int? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard bind(listener, pointer, length) == 0, Foundation.listen(listener, 64) == 0,
                    getsockname(listener, pointer, &length) == 0
                else { return nil }
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
        guard let port else { throw TestFailure("no port to listen on: \(String(cString: strerror(errno)))") }
        return (listener, port)
    }

    /// A port of loopback that nobody listens on now.
    public static func freePort() throws -> Int {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private static func connect(_ target: Target) -> Int32? {
        switch target {
        case .socket(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            return connect(AF_UNIX, to: &address)
        case .port(let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
            return connect(AF_INET, to: &address)
        }
    }

    private static func connect<Address>(_ family: Int32, to address: inout Address) -> Int32? {
        let end = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(end, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            close(end)
            return nil
        }
        return end
    }
}

/// The two ends of a connection. They are closed when both threads have let go of them.
private final class Pair: Sendable {
    private let client: Int32
    private let server: Int32
    private let users = Mutex(2)

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
    }

    func cut() {
        users.withLock { users in
            guard users > 0 else { return }
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
        }
    }

    /// Whether it was the last.
    func leave() -> Bool {
        users.withLock { users in
            users -= 1
            guard users == 0 else { return false }
            close(client)
            close(server)
            return true
        }
    }
}
