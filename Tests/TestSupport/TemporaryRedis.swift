import Foundation
import Synchronization

/// A private Redis server in a temporary folder, on loopback and on a Unix socket, gone with the test.
///
/// It ends when the test's process ends, however that ends: see ``Keeper``.
public final class TemporaryRedis: Sendable {
    public struct Entry: Equatable, Sendable {
        public var id: String
        /// In the order of the entry.
        public var fields: [[String]]

        public subscript(field: String) -> String? { fields.first { $0[0] == field }?[1] }
    }

    public let folder: String
    /// Of TLS, when it speaks that.
    public let port: Int
    private let arguments: [String]
    private let keeper = Mutex<Keeper?>(nil)

    /// - Parameters:
    ///   - settings: Of redis.conf, such as `["requirepass": "secret"]`.
    ///   - certificates: Makes it speak TLS on its port.
    public init(settings: [String: String] = [:], certificates: TestCertificates? = nil) throws {
        folder = NSTemporaryDirectory() + "lode-redis-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The server is another user's when the test runs as root.
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
        port = try FaultProxy.freePort()
        var all = [
            "bind": "127.0.0.1", "port": "\(port)", "unixsocket": folder + "/redis.sock", "unixsocketperm": "777",
            "dir": folder, "logfile": folder + "/log", "save": "", "appendfsync": "always",
        ]
        if let certificates {
            all["port"] = "0"
            all["tls-port"] = "\(port)"
            all["tls-auth-clients"] = "no"
            for (key, file) in [
                ("tls-cert-file", certificates.serverCertificate), ("tls-key-file", certificates.serverKey),
                ("tls-ca-cert-file", certificates.authority),
            ] {
                let copy = folder + "/" + key
                try FileManager.default.copyItem(atPath: file, toPath: copy)
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: copy)
                all[key] = copy
            }
        }
        all.merge(settings) { _, own in own }
        arguments = all.sorted { $0.key < $1.key }.flatMap { ["--\($0.key)", $0.value] }
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    public var url: String { "redis://127.0.0.1:\(port)" }
    public var socket: String { folder + "/redis.sock" }

    // MARK: - Life

    public func start() throws {
        try keeper.withLock { keeper in
            guard keeper == nil else { return }
            // Other signals may be blocked where the test runs, and would be in the server. What it said is
            // done is on the disk when `appendonly` is set.
            keeper = try Keeper(
                command: "redis-server \"$@\" & p=$!; echo $p > pid; cat > /dev/null; kill -KILL $p; wait $p",
                arguments: arguments, folder: folder)
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while try !Shell.capture("redis-cli", ["-s", socket, "ping"]).out.hasAnswered {
            guard ContinuousClock.now < deadline else {
                let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "no log; is it installed?"
                throw TestFailure("redis-server did not start: \(log.suffix(2000))")
            }
            usleep(20_000)
        }
    }

    public func stop() {
        keeper.withLock { keeper in
            keeper?.end()
            keeper = nil
        }
    }

    public func restart() throws {
        stop()
        try start()
    }

    /// To freeze it, and go on.
    public var processID: Int32? {
        let text = try? String(contentsOfFile: folder + "/pid", encoding: .utf8)
        return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    // MARK: - Use

    /// Runs a command by redis-cli.
    @discardableResult
    public func run(_ command: String..., password: String? = nil) throws -> String {
        let login = password.map { ["--no-auth-warning", "-a", $0] } ?? []
        let out = try Shell.run("redis-cli", ["-e", "-s", socket] + login + command)
        return out.trimmingCharacters(in: .newlines)
    }

    /// A stream's entries, as redis-cli reads them.
    public func entries(of stream: String, password: String? = nil, database: Int = 0) throws -> [Entry] {
        let login = password.map { ["--no-auth-warning", "-a", $0] } ?? []
        let out = try Shell.run(
            "redis-cli",
            ["-e", "-s", socket, "-n", "\(database)", "--json"] + login + ["XRANGE", stream, "-", "+"])
        guard let rows = try JSONSerialization.jsonObject(with: Data(out.utf8)) as? [[Any]] else {
            throw TestFailure("redis-cli printed what was not expected")
        }
        return try rows.map { row in
            guard row.count == 2, let id = row[0] as? String, let words = row[1] as? [String] else {
                throw TestFailure("redis-cli printed what was not expected")
            }
            let fields = stride(from: 0, to: words.count - 1, by: 2).map { [words[$0], words[$0 + 1]] }
            return Entry(id: id, fields: fields)
        }
    }
}

extension String {
    /// A server that is up answers PING, if only that it wants a password.
    fileprivate var hasAnswered: Bool { hasPrefix("PONG") || hasPrefix("NOAUTH") }
}
