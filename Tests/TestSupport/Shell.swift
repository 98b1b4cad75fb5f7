public import Foundation

/// A test cannot go on: what is missing or went wrong, loudly.
public struct TestFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Runs programs to their end.
public enum Shell {
    public struct Output: Sendable {
        public var status: Int32
        public var out: String
        public var error: String
    }

    /// - Throws: ``TestFailure`` when the program cannot be run or fails.
    @discardableResult
    public static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws
        -> String
    {
        let output = try capture(program, arguments, environment: environment)
        guard output.status == 0 else {
            throw TestFailure("\(program) ended with \(output.status): \(output.error)")
        }
        return output.out
    }

    /// As the system's user `postgres` when the test runs as root, which PostgreSQL refuses.
    static func run(asOwner folder: String, _ program: String, _ arguments: [String]) throws {
        if getuid() == 0 {
            try run("runuser", ["-u", "postgres", "--", program] + arguments)
        } else {
            try run(program, arguments)
        }
    }

    /// Runs a program whatever its exit code. Output goes through files, so that its size does not matter.
    public static func capture(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Data? = nil
    ) throws -> Output {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let base = NSTemporaryDirectory() + "lode-shell-\(UUID().uuidString)"
        defer { for end in [".out", ".err", ".in"] { try? FileManager.default.removeItem(atPath: base + end) } }
        for end in [".out", ".err"] { _ = FileManager.default.createFile(atPath: base + end, contents: nil) }
        _ = FileManager.default.createFile(atPath: base + ".in", contents: input ?? Data())
        process.currentDirectoryURL = URL(fileURLWithPath: "/tmp")
        process.standardOutput = FileHandle(forWritingAtPath: base + ".out")
        process.standardError = FileHandle(forWritingAtPath: base + ".err")
        process.standardInput = FileHandle(forReadingAtPath: base + ".in")
        try process.run()
        process.waitUntilExit()
        func text(_ end: String) -> String {
            String(decoding: FileManager.default.contents(atPath: base + end) ?? Data(), as: UTF8.self)
        }
        return Output(status: process.terminationStatus, out: text(".out"), error: text(".err"))
    }
}

/// A shell command that is told to end by the end of its standard input.
final class Keeper: @unchecked Sendable {
    // SAFETY: both are used by `init` and `end` alone, and the owner's lock is around those.
    private let process = Process()
    private let input = Pipe()

    init(command: String, arguments: [String], folder: String) throws {
        let shell = ["/bin/sh", "-c", command, "keeper"] + arguments
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = getuid() == 0 ? ["runuser", "-u", "postgres", "--"] + shell : shell
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Only this process holds the writing end; a child that inherits it would keep the server up.
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
