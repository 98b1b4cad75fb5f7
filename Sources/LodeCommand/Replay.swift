import ArgumentParser
import Lode
import LodeConfiguration
import LodeCore

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Translates a recording offline and prints the events as CloudEvents JSON lines.",
        discussion: """
            A recording of `lode record` gives the same events, with the same ids, as the daemon made of the same \
            log. One without LSNs (pg_recvlogical) has its transactions counted, and the ids begin with t.
            """)

    @Argument(help: "The recording; - reads standard input.", completion: .file())
    var file: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var choice: SourceOption

    func run() async throws {
        try await Terminal.running { try replay() }
    }

    private func replay() throws {
        let configuration = try options.load()
        let source = try choice.choose(from: configuration)
        var replay = Lode.Replay(
            configuration.events(of: source), source: source.name, typePrefix: configuration.typePrefix,
            tables: try survey())
        let chunks = try FileChunks(file)
        defer { chunks.close() }
        var out: [UInt8] = []
        do {
            while let chunk = try chunks.next() {
                try replay.append(chunk, to: &out)
                if out.count > 128 * 1024 { try flush(&out) }
            }
            try replay.finish(into: &out)
            try flush(&out)
        } catch let error as RecordingError {
            try flush(&out)
            Terminal.complain(error.diagnostic(file: file).description)
            throw ExitCode(1)
        } catch let error as TranslationError {
            try flush(&out)
            Terminal.complain("\(file): error: \(error)")
            throw ExitCode(1)
        }
    }

    /// What a recording without definitions says of its tables; it is read twice for that.
    private func survey() throws -> [TableDefinition] {
        guard file != "-" else { return [] }
        let chunks = try FileChunks(file)
        defer { chunks.close() }
        var survey = TableSurvey()
        do {
            while !survey.isComplete, let chunk = try chunks.next() { try survey.append(chunk) }
        } catch is RecordingError {
            // The replay itself comes to the same place and says it, after what is whole before it.
        }
        return survey.tables
    }

    private func flush(_ out: inout [UInt8]) throws {
        try Terminal.write(out)
        out.removeAll(keepingCapacity: true)
    }
}
