import ArgumentParser
import Lode
import LodeConfiguration
import LodeCore

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Translates a recording and prints its events.",
        discussion: """
            Prints CloudEvents as JSON lines and needs no database.

            A recording of `lode record` gives the same events, with the same ids, as the daemon made of the same \
            log. One without LSNs (pg_recvlogical) has its transactions counted, and the ids begin with t.
            """)

    @Argument(help: "The recording; - reads standard input.", completion: .file())
    var file: String

    @Flag(help: "Translate everything and print only how much there was.")
    var count = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var choice: SourceOption

    func run() async throws {
        try await Terminal.running { try replay() }
    }

    private func replay() throws {
        let configuration = try options.load()
        let log = try RecordedLog(file)
        let source = try choice.choose(from: configuration, for: log)
        var replay = log.replay(configuration, source: source, isCounting: count)
        var out: [UInt8] = []
        do {
            try log.read { chunk in
                try replay.append(chunk, to: &out, drain: flush)
                if out.count > 128 * 1024 { try flush(&out) }
            }
            try replay.finish(into: &out, drain: flush)
            if count {
                out += "{\"transactions\":\(replay.transactions),\"events\":\(replay.eventCount)}\n".utf8
            }
            try flush(&out)
        } catch {
            guard let text = log.text(of: error) else { throw error }
            try flush(&out)
            Terminal.complain(text)
            throw ExitCode(1)
        }
    }

    private func flush(_ out: inout [UInt8]) throws {
        try Terminal.write(out)
        out.removeAll(keepingCapacity: true)
    }
}
