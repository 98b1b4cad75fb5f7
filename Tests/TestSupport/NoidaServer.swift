import Foundation
import Synchronization

/// The emulator of Kafka in the PyPI package noida-db, in a process of its own.
///
/// Written by others, in another language than librdkafka and its mock, it is a second opinion of what goes over
/// the wire. It is no Kafka: what it agrees with may still be news to a real broker.
public final class NoidaServer: Sendable {
    public static let version = "0.2.3"

    public let port: Int
    private let folder: TemporaryFolder
    private let run = Mutex<Run?>(nil)

    private struct Run: Sendable {
        let process: Process
        let input: Pipe
    }

    /// Fetches the package on first use, and starts the server.
    public init() throws {
        port = try FaultProxy.freePort()
        folder = try TemporaryFolder()
        try start()
    }

    deinit { stop() }

    public var brokers: String { "127.0.0.1:\(port)" }

    public func start() throws {
        let program = try Self.program.get()
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // It ends when the pipe does, also when this process is killed; told politely it waits for its clients.
        let script = #""$@" >"$0" 2>&1 & server=$!; cat >/dev/null; kill -9 $server; wait $server"#
        process.arguments =
            ["-c", script, folder.path + "/log", program, "start", "--only", "kafka"]
            + ["--kafka-port", "\(port)", "--data-dir", folder.path + "/data"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        run.withLock { $0 = Run(process: process, input: input) }
        let end = ContinuousClock.now + .seconds(20)
        while (try? Shell.capture("kcat", ["-L", "-b", brokers, "-m", "1"]).status) != 0 {
            guard ContinuousClock.now < end else {
                let log = FileManager.default.contents(atPath: folder.path + "/log") ?? Data()
                throw TestFailure("noida-db does not answer: \(String(decoding: log, as: UTF8.self))")
            }
        }
    }

    public func stop() {
        let ended = run.withLock { run in
            defer { run = nil }
            return run
        }
        guard let run = ended else { return }
        try? run.input.fileHandleForWriting.close()
        run.process.waitUntilExit()
    }

    /// What `kcat -J` prints of a topic's first messages, so many of them.
    public func lines(of topic: String, count: Int) throws -> [[String: Any]] {
        let text = try Shell.run(
            "timeout",
            [
                "-s", "KILL", "60", "kcat", "-C", "-q", "-c", "\(count)", "-o", "beginning", "-J", "-b", brokers, "-t",
                topic,
            ])
        return try text.split(separator: "\n").map { line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw TestFailure("kcat printed \(line)")
            }
            return object
        }
    }

    private static let program = Result { try fetch() }

    private static func fetch() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let cache = root.appendingPathComponent(".build/noida-db-\(version)").path
        let program = cache + "/noida_db/noida-db"
        if !FileManager.default.isExecutableFile(atPath: program) {
            // Whatever python3 is first has pip, or Debian's has.
            let hasPip = (try? Shell.run("python3", ["-m", "pip", "--version"])) != nil
            let python = hasPip ? "python3" : "/usr/bin/python3"
            let output = try Shell.capture(
                python,
                ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--root-user-action", "ignore"]
                    + ["--no-deps", "--upgrade", "--target", cache, "noida-db==\(version)"])
            // What pip says would name the registry.
            guard output.status == 0 else {
                throw TestFailure("noida-db \(version) cannot be fetched by pip; is there a network?")
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        }
        return program
    }
}
