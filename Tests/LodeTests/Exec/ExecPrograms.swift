import Foundation
import LodeConfiguration
import LodeDelivery
import Logging
import Synchronization
import TestSupport

@testable import Lode

/// Keeps what is logged.
final class KeptLog: Sendable {
    private let kept = Mutex<[(line: String, metadata: Logger.Metadata)]>([])

    var lines: [String] { kept.withLock { $0.map(\.line) } }
    var metadata: [Logger.Metadata] { kept.withLock { $0.map(\.metadata) } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(log: self) }
    }

    private struct Handler: LogHandler {
        let log: KeptLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            log.kept.withLock { $0.append(("\(event.message)", all)) }
        }
    }
}

/// Programs of a test, and what they left.
struct ExecPrograms {
    let folder: TemporaryFolder
    let log = KeptLog()

    init() throws { folder = try TemporaryFolder() }

    /// A Python program.
    ///
    /// - Parameters:
    ///   - before: What it does first.
    ///   - body: What it does with each `event`, by `answer(...)` and `note(...)`.
    func python(
        before: String = "", _ body: String, timeout: Duration = .seconds(60), grace: Duration = .seconds(5)
    ) throws -> ExecHandler {
        let script = """
            import json, os, sys, time, signal
            def answer(**members):
                print(json.dumps({"id": event["id"], **members}), flush=True)
            def note(text):
                with open(os.path.join("\(folder.path)", "notes"), "a") as notes: notes.write(text + "\\n")
            \(before)
            while True:
                line = sys.stdin.readline()
                if not line: break
                event = json.loads(line)
                \(body.replacing("\n", with: "\n    "))
            """
        let file = try folder.write(script, to: "program-\(UInt32.random(in: 0 ... .max)).py")
        return handler(["python3", "-u", file], timeout: timeout, grace: grace)
    }

    func shell(_ script: String, timeout: Duration = .seconds(60), grace: Duration = .seconds(5)) -> ExecHandler {
        handler(["/bin/sh", "-c", script], timeout: timeout, grace: grace)
    }

    func handler(
        _ command: [String], timeout: Duration = .seconds(60), grace: Duration = .seconds(5)
    ) -> ExecHandler {
        ExecHandler(ExecSettings(command: command, timeout: timeout), name: "stock", grace: grace, logger: log.logger)
    }

    var notes: [String] { folder.text("notes").split(separator: "\n").map { String($0) } }

    /// Whether a process still runs; one that has ended and was not waited for does not.
    static func runs(_ id: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }
}

extension DeliveryReport {
    /// In a few words each.
    var words: [String] {
        switch self {
        case .done: ["done"]
        case .failed(let failure): ["failed \(failure.verdict) \(failure.fault)"]
        case .each(let outcomes):
            outcomes.map { outcome in
                switch outcome {
                case .done: "done"
                case .untried: "untried"
                case .failed(let failure): "\(failure.verdict) \(failure.fault)"
                }
            }
        }
    }

    var firstFailure: DeliveryFailure? {
        switch self {
        case .done: nil
        case .failed(let failure): failure
        case .each(let outcomes):
            outcomes.lazy.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }.first
        }
    }
}
