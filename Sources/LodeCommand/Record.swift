public import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
public import LodeCore
import Synchronization
import UnixSignals

struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Saves the raw log with the tables' definitions.",
        discussion: """
            Records from now on over a temporary slot, or with --slot what that slot holds, and confirms nothing. \
            Ends at the first limit reached, or with Ctrl-C, always with a whole transaction.
            """)

    @Option(name: [.short, .long], help: "The file to write.", completion: .file())
    var output: String

    @Option(help: ArgumentHelp("End after so many transactions.", valueName: "n"))
    var transactions: Int?

    @Option(help: ArgumentHelp("End with the transaction that commits at this LSN or after.", valueName: "lsn"))
    var until: LSN?

    @Option(name: .customLong("for"), help: ArgumentHelp("End after this time: 30s, 5m.", valueName: "time"))
    var time: DurationArgument?

    @Option(help: ArgumentHelp("Read this slot instead of a temporary one.", valueName: "name"))
    var slot: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var choice: SourceOption

    func run() async throws {
        try await Terminal.running {
            let source = try choice.choose(from: options.load())
            let file = try RecordingFile(output)
            let recorder = Recorder()
            let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
            let listening = Task {
                for await _ in signals { recorder.stop() }
            }
            defer { listening.cancel() }
            let summary = try await recorder.record(
                source, slot: slot, limits: .init(transactions: transactions, until: until, time: time?.duration),
                started: { Terminal.complain("recording from \($0) to \(file.path); Ctrl-C ends it") },
                write: { try file.write($0) })
            try file.finish()
            Terminal.complain("\(summary.transactions) transactions, \(summary.records) records in \(output)")
        }
    }
}

/// The recording as it grows.
private final class RecordingFile: Sendable {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path, "cannot be written") }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(path, "cannot be written") }
            written += count
        }
    }

    func finish() throws {
        guard fsync(descriptor) == 0 else { throw FileError(path, "cannot be written") }
    }
}

extension LSN: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// A time as lode.yaml writes it.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        guard let duration = DurationText.parse(argument) else { return nil }
        self.duration = duration
    }
}
