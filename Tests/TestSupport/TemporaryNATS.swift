import Foundation
import Synchronization

/// A private NATS server with JetStream in a temporary folder, on loopback, gone with the test.
///
/// It ends when the test's process ends, however that ends: see ``Keeper``. What it holds is read by a
/// client that is not ours, Python's `nats-py`.
public final class TemporaryNATS: Sendable {
    /// A message that a stream holds.
    public struct Message: Codable, Equatable, Sendable {
        public var subject: String
        public var headers: [String: String]
        /// As text of ISO 8859-1: a character is a byte.
        public var bytes: String

        public var data: [UInt8] { bytes.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
        public var text: String { String(decoding: data, as: UTF8.self) }
    }

    public let folder: String
    public let port: Int
    private let program: String
    private let keeper = Mutex<Keeper?>(nil)

    /// - Parameters:
    ///   - settings: More lines of the server's configuration file.
    ///   - certificates: Makes it speak TLS.
    ///   - jetStream: Whether it has streams.
    ///   - program: Default: Debian's `nats-server`, or `LODE_TEST_NATS`.
    public init(
        settings: [String] = [], certificates: TestCertificates? = nil, jetStream: Bool = true, program: String? = nil
    ) throws {
        self.program = program ?? ProcessInfo.processInfo.environment["LODE_TEST_NATS"] ?? "nats-server"
        folder = NSTemporaryDirectory() + "lode-nats-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The server is another user's when the test runs as root.
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
        port = try FaultProxy.freePort()
        var lines = ["host: 127.0.0.1", "port: \(port)", "pid_file: \"\(folder)/pid\"", "log_file: \"\(folder)/log\""]
        if jetStream { lines.append("jetstream { store_dir: \"\(folder)/streams\" }") }
        if let certificates {
            for (file, name) in [(certificates.serverCertificate, "tls.crt"), (certificates.serverKey, "tls.key")] {
                try FileManager.default.copyItem(atPath: file, toPath: "\(folder)/\(name)")
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(folder)/\(name)")
            }
            lines.append("tls { cert_file: \"\(folder)/tls.crt\", key_file: \"\(folder)/tls.key\", timeout: 5 }")
        }
        try (lines + settings).joined(separator: "\n").appending("\n").write(
            toFile: folder + "/nats.conf", atomically: false, encoding: .utf8)
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    public var url: String { "nats://127.0.0.1:\(port)" }

    // MARK: - Life

    public func start() throws {
        try keeper.withLock { keeper in
            guard keeper == nil else { return }
            keeper = try Keeper(
                command: "rm -f pid; \"$@\" 2>> log & p=$!; cat > /dev/null; kill -INT $p; wait $p",
                arguments: [program, "-c", folder + "/nats.conf"], folder: folder)
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while !log.split(separator: "\n").contains(where: { $0.hasSuffix("Server is ready") }) || processID == nil {
            guard ContinuousClock.now < deadline else {
                throw TestFailure("\(program) did not start; is it installed? docker/install test\n\(log.suffix(2000))")
            }
            usleep(20_000)
        }
    }

    public func stop() {
        keeper.withLock { keeper in
            // A stopped process hears of no other signal.
            if let processID { kill(processID, SIGCONT) }
            keeper?.end()
            keeper = nil
        }
        try? FileManager.default.removeItem(atPath: folder + "/log")
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

    public var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    // MARK: - Use, as a stranger

    /// Makes a stream; `options` as `nats.js.api.StreamConfig` takes them.
    public func addStream(_ name: String, subjects: [String], options: [String: any Sendable] = [:], login: String = "")
        throws
    {
        var all: [String: Any] = ["name": name, "subjects": subjects]
        all.merge(options) { _, own in own }
        try python(login: login, "await js.add_stream(StreamConfig(**arguments))", arguments: all)
    }

    /// All messages of a stream, in its order.
    public func messages(of stream: String, login: String = "") throws -> [Message] {
        let out = try python(
            login: login,
            """
            state = (await js.stream_info(arguments['stream'])).state
            all = []
            for number in range(state.first_seq, state.last_seq + 1):
                try:
                    m = await js.get_msg(arguments['stream'], seq=number)
                except NotFoundError:
                    continue
                all.append(dict(
                    subject=m.subject, headers=m.headers or {}, bytes=(m.data or b'').decode('latin-1')))
            print(json.dumps(all))
            """, arguments: ["stream": stream])
        return try JSONDecoder().decode([Message].self, from: Data(out.utf8))
    }

    /// Runs statements of Python with `js`, a JetStream of `nats-py`, `nc`, its connection, and `arguments`.
    ///
    /// - Parameter login: `user:password@` of the client.
    @discardableResult
    public func python(login: String = "", _ body: String, arguments: [String: Any] = [:]) throws -> String {
        let script = """
            import asyncio, json, sys
            import nats
            from nats.js.api import *
            from nats.js.errors import NotFoundError
            async def main(arguments):
                nc = await nats.connect(sys.argv[1], allow_reconnect=False)
                js = nc.jetstream()
            \(body.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n"))
                await nc.close()
            asyncio.run(main(json.loads(sys.argv[2])))
            """
        let json = String(decoding: try JSONSerialization.data(withJSONObject: arguments), as: UTF8.self)
        return try Shell.run(
            "python3", ["-c", script, "nats://\(login)127.0.0.1:\(port)", json],
            environment: ["PYTHONPATH": try PythonPackages.folder()])
    }
}
