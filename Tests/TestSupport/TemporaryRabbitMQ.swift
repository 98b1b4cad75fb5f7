import Foundation
import Synchronization

/// A private RabbitMQ in a temporary folder, on loopback with and without TLS, gone with the test.
///
/// It takes some ten seconds to start, so tests share it and take exchanges and queues of their own. It ends
/// when the test's process ends, however that ends: see ``Keeper``. What it holds is read by a client that is not
/// ours, Python's `pika`.
public final class TemporaryRabbitMQ: Sendable {
    /// A message as a consumer gets it.
    public struct Message: Codable, Equatable, Sendable {
        public struct Properties: Codable, Equatable, Sendable {
            public var contentType: String?
            public var deliveryMode: Int?
            public var messageID: String?
            public var timestamp: Int?
            public var type: String?
        }

        public var exchange: String
        public var routingKey: String
        public var properties: Properties
        public var headers: [String: String]
        /// As text of ISO 8859-1: a character is a byte.
        public var bytes: String

        public var data: [UInt8] { bytes.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
        public var text: String { String(decoding: data, as: UTF8.self) }
    }

    public let folder: String
    public let port: Int
    public let tlsPort: Int
    public let certificates: TestCertificates
    private let environment: [String: String]
    private let keeper = Mutex<Keeper?>(nil)

    private static let programs = "/usr/lib/rabbitmq/bin"

    /// - Parameter settings: More lines of rabbitmq.conf.
    public init(settings: [String] = []) throws {
        guard FileManager.default.isExecutableFile(atPath: Self.programs + "/rabbitmq-server") else {
            throw TestFailure("no RabbitMQ in \(Self.programs); run docker/install test")
        }
        let folder = NSTemporaryDirectory() + "lode-rabbitmq-\(UUID().uuidString.prefix(8))"
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        certificates = try TestCertificates(in: folder)
        port = try FaultProxy.freePort()
        tlsPort = try FaultProxy.freePort()
        let lines =
            [
                "listeners.tcp.1 = 127.0.0.1:\(port)", "listeners.ssl.1 = 127.0.0.1:\(tlsPort)",
                "ssl_options.cacertfile = \(certificates.authority)",
                "ssl_options.certfile = \(certificates.serverCertificate)",
                "ssl_options.keyfile = \(certificates.serverKey)", "ssl_options.verify = verify_none",
                "ssl_options.fail_if_no_peer_cert = false", "vm_memory_high_watermark.relative = 0.9",
                // A full disk of the machine is not what the tests are about.
                "disk_free_limit.absolute = 1MB", "queue_master_locator = client-local",
            ] + settings
        try lines.joined(separator: "\n").appending("\n").write(
            toFile: folder + "/rabbitmq.conf", atomically: false, encoding: .utf8)
        try "[].\n".write(toFile: folder + "/plugins", atomically: false, encoding: .utf8)
        environment = [
            "HOME": folder, "RABBITMQ_NODENAME": "lode\(port)@localhost", "RABBITMQ_MNESIA_BASE": folder + "/data",
            "RABBITMQ_LOG_BASE": folder + "/log", "RABBITMQ_ENABLED_PLUGINS_FILE": folder + "/plugins",
            "RABBITMQ_CONFIG_FILE": folder + "/rabbitmq.conf", "RABBITMQ_CONF_ENV_FILE": folder + "/none",
            "RABBITMQ_PID_FILE": folder + "/pid", "RABBITMQ_DIST_PORT": "\(try FaultProxy.freePort())",
            "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": "\(try FaultProxy.freePort())",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}", "LANG": "C.UTF-8",
        ]
        // By which the server and rabbitmqctl know each other; nobody else may read it.
        try "cookie\(UInt64.random(in: 0 ... .max))".write(
            toFile: folder + "/.erlang.cookie", atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder + "/.erlang.cookie")
        if getuid() == 0 { try Shell.run("chown", ["-R", "postgres:postgres", folder]) }
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The built-in user, who is let in from this machine.
    public var url: String { "amqp://guest:guest@127.0.0.1:\(port)" }

    // MARK: - Life

    /// Erlang's port mapper would stay behind as a daemon; here it is a child like the server.
    private static let script = """
        rm -f pid
        export "$@"
        epmd -port $ERL_EPMD_PORT -address 127.0.0.1 > epmd.out 2>&1 & e=$!
        \(programs)/rabbitmq-server > out 2>&1 & p=$!
        cat > /dev/null
        kill -TERM $(cat pid || echo $p)
        wait $p
        kill $e
        wait $e
        """

    public func start() throws {
        try keeper.withLock { keeper in
            guard keeper == nil else { return }
            keeper = try Keeper(
                command: Self.script, arguments: environment.map { "\($0.key)=\($0.value)" }, folder: folder)
        }
        let deadline = ContinuousClock.now + .seconds(120)
        while !output.contains("Starting broker... completed") {
            guard ContinuousClock.now < deadline else {
                throw TestFailure("rabbitmq-server did not start: \(output.suffix(3000))")
            }
            usleep(100_000)
        }
    }

    /// Ends the server as SIGTERM does: connections are closed with 320 CONNECTION_FORCED.
    public func stop() {
        keeper.withLock { keeper in
            if let processID { kill(processID, SIGCONT) }
            keeper?.end()
            keeper = nil
        }
        try? FileManager.default.removeItem(atPath: folder + "/out")
    }

    public func restart() throws {
        stop()
        try start()
    }

    /// The Erlang machine's, to freeze it, and go on.
    public var processID: Int32? {
        let text = try? String(contentsOfFile: folder + "/pid", encoding: .utf8)
        return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private var output: String { (try? String(contentsOfFile: folder + "/out", encoding: .utf8)) ?? "" }

    // MARK: - Use, as a stranger

    /// Runs rabbitmqctl.
    @discardableResult
    public func control(_ arguments: String...) throws -> String {
        let own = environment.map { "\($0.key)=\($0.value)" }
        let all = ["-i", "PATH=" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin")]
        let command = all + own + [Self.programs + "/rabbitmqctl", "-q"] + arguments
        return try getuid() == 0
            ? Shell.run("runuser", ["-u", "postgres", "--", "env"] + command) : Shell.run("env", command)
    }

    /// Makes a durable topic exchange and a durable queue of the same name, bound to it.
    ///
    /// - Parameters:
    ///   - keys: Of the binding.
    ///   - arguments: Of the queue, such as `x-max-length`.
    public func addQueue(
        _ name: String, exchange: String? = nil, keys: [String] = ["#"], arguments: [String: any Sendable] = [:]
    ) throws {
        try python(
            """
            exchange = arguments['exchange']
            channel.exchange_declare(exchange, 'topic', durable=True)
            channel.queue_declare(arguments['name'], durable=True, arguments=arguments['arguments'])
            for key in arguments['keys']:
                channel.queue_bind(arguments['name'], exchange, key)
            """,
            arguments: ["name": name, "exchange": exchange ?? name, "keys": keys, "arguments": arguments])
    }

    /// Takes all messages of a queue, in its order.
    public func takeMessages(of queue: String) throws -> [Message] {
        let out = try python(
            """
            all = []
            while True:
                method, p, body = channel.basic_get(arguments['queue'], auto_ack=True)
                if method is None: break
                all.append(dict(
                    exchange=method.exchange, routingKey=method.routing_key, headers=p.headers or {},
                    bytes=body.decode('latin-1'), properties=dict(
                        contentType=p.content_type, deliveryMode=p.delivery_mode, messageID=p.message_id,
                        timestamp=p.timestamp, type=p.type)))
            print(json.dumps(all))
            """, arguments: ["queue": queue])
        return try JSONDecoder().decode([Message].self, from: Data(out.utf8))
    }

    /// Runs statements of Python with `channel`, a channel of `pika`, and `arguments`.
    @discardableResult
    public func python(_ body: String, arguments: [String: Any] = [:]) throws -> String {
        let script = """
            import json, sys
            import pika
            arguments = json.loads(sys.argv[2])
            connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
            channel = connection.channel()
            \(body)
            connection.close()
            """
        let json = String(decoding: try JSONSerialization.data(withJSONObject: arguments), as: UTF8.self)
        return try Shell.run(
            "python3", ["-c", script, url, json], environment: ["PYTHONPATH": try PythonPackages.folder()])
    }
}
