public import Foundation
import LodePostgres

/// The built program `lode`, as a user runs it.
public enum LodeProgram {
    /// Beside the test bundle, where the build puts it; or `LODE_BIN`.
    public static func path() throws -> String {
        if let named = ProcessInfo.processInfo.environment["LODE_BIN"] { return named }
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let path = own.appendingPathComponent("lode").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw TestFailure("no program at \(path); run swift build --build-tests, or set LODE_BIN")
        }
        return path
    }

    /// Runs a command to its end.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], input: Data? = nil
    ) throws -> Shell.Output {
        try Shell.capture(try path(), arguments, environment: environment, input: input)
    }

    /// Runs a command to its end on a thread of its own: a test that blocks holds up the daemons of
    /// others, which share its threads.
    public static func output(
        of arguments: [String], environment: [String: String] = [:], input: Data? = nil
    ) async throws -> Shell.Output {
        try await BlockingThread.run(named: "lode-program") {
            try run(arguments, environment: environment, input: input)
        }
    }

    /// Starts the daemon and returns at once; its log goes to `log`.
    public static func start(
        _ arguments: [String], environment: [String: String] = [:], log: String
    ) throws -> Process {
        try start(arguments: [try path()] + arguments, environment: environment, log: log)
    }

    /// Starts a program that starts the daemon.
    public static func start(
        arguments: [String], environment: [String: String] = [:], log: String
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
        }
        let handle = FileHandle(forUpdatingAtPath: log)
        try handle?.seekToEnd()
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }
}
