import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeCore

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says which events a changed mapping would change.",
        discussion: """
            Translates the recording by both mappings and matches the events by their ids: which would be added, \
            dropped or changed. Exits with 1 when they differ. Blanks and the order of members do not count. Compares \
            the events' contracts, too, and says which changes break those who read them.
            """)

    @Argument(help: "The configuration as it was.", completion: .file(extensions: ["yaml", "yml"]))
    var old: String

    @Argument(help: "The configuration as it shall be.", completion: .file(extensions: ["yaml", "yml"]))
    var new: String

    @Argument(help: "The recording.", completion: .file())
    var file: String

    @Flag(help: "One JSON object, for a program.")
    var json = false

    @Option(help: ArgumentHelp("How many differences of each kind are shown.", valueName: "n"))
    var show = 5

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var choice: SourceOption

    func validate() throws {
        if show < 0 || show > 1_000_000 { throw ValidationError("--show takes a number from 0 to 1000000") }
    }

    func run() async throws {
        try await Terminal.running {
            let log = try RecordedLog(file)
            let (earlier, later) = (try load(old), try load(new))
            var before = try MappingRun(earlier, named: old, of: log, choice)
            var after = try MappingRun(later, named: new, of: log, choice)
            let contracts = ContractChange.between(
                try contracts(of: earlier, log), try contracts(of: later, log))
            var comparison = EventComparison(most: show)
            try log.read { chunk in
                comparison.compare(old: try before.events(of: chunk), new: try after.events(of: chunk))
            }
            comparison.compare(old: try before.lastEvents(), new: try after.lastEvents())
            for reason in Set([before.failure, after.failure].compactMap { $0 }) { Terminal.complain(reason) }
            let isStopped = before.failure != nil || after.failure != nil
            if json {
                try Terminal.write(ComparisonJSON(comparison, contracts: contracts).bytes)
            } else {
                try Terminal.write(text(of: comparison, contracts).utf8)
            }
            if !comparison.isEqual || !contracts.isEmpty || isStopped { throw ExitCode(1) }
        }
    }

    private func load(_ file: String) throws -> Configuration {
        try Configuration.load(file: file, environment: ProcessInfo.processInfo.environment).configuration
    }

    private func contracts(of configuration: Configuration, _ log: RecordedLog) throws -> EventContracts {
        try EventContracts.recorded(
            configuration, source: try choice.choose(from: configuration, for: log), tables: log.tables)
    }

    private func text(of comparison: EventComparison, _ contracts: [ContractChange]) -> String {
        let paint = Paint.forOutput
        let total = comparison.total
        var changes = ContractText(paint: paint).lines(of: contracts)
        guard !comparison.isEqual else {
            let equal = "no difference in \(total.after == 1 ? "1 event" : "\(total.after) events")"
            return (changes + [equal]).joined(separator: "\n") + "\n"
        }
        var rows = [["type", "before", "after", "added", "dropped", "changed"]]
        for (type, count) in comparison.counts.sorted(by: { $0.key < $1.key }) {
            rows.append(
                [type] + [count.before, count.after, count.added, count.dropped, count.changed].map { "\($0)" })
        }
        var lines = Self.columns(rows)
        lines[0] = paint.bold(lines[0])
        let differences = DifferenceText(paint: paint).lines(of: comparison)
        if !differences.isEmpty { lines += [""] + differences }
        if !changes.isEmpty { changes.insert("", at: 0) }
        lines += changes
        lines.append(paint.bold(comparison.summary(dropped: "dropped", added: "added")))
        return lines.joined(separator: "\n") + "\n"
    }

    /// The first column to the left, numbers to the right.
    private static func columns(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { index, cell in
                let blanks = String(repeating: " ", count: widths[index] - cell.count)
                return index == 0 ? cell + blanks : blanks + cell
            }.joined(separator: "  ")
        }
    }
}

/// A mapping's events of a recording, as the recording's bytes come.
private struct MappingRun: ~Copyable {
    private var replay: Lode.Replay
    private let name: String
    private let log: RecordedLog
    /// What stopped it; what comes after gives no events.
    private(set) var failure: String?

    init(_ configuration: Configuration, named name: String, of log: RecordedLog, _ choice: SourceOption) throws {
        replay = log.replay(configuration, source: try choice.choose(from: configuration, for: log))
        self.name = name
        self.log = log
    }

    mutating func events(of chunk: [UInt8]) throws -> [EventLine] {
        try translate { replay, out in try replay.append(chunk, to: &out) }
    }

    mutating func lastEvents() throws -> [EventLine] {
        try translate { replay, out in try replay.finish(into: &out) }
    }

    private mutating func translate(_ step: (inout Lode.Replay, inout [UInt8]) throws -> Void) throws -> [EventLine] {
        guard failure == nil else { return [] }
        var bytes: [UInt8] = []
        do {
            try step(&replay, &bytes)
        } catch let error as TranslationError {
            failure = "\(name): error: \(error)"
        } catch {
            guard let text = log.text(of: error) else { throw error }
            failure = text
        }
        do {
            return try EventLine.all(of: bytes)
        } catch {
            failure = failure ?? "\(name): error: an event is nested too deeply to be compared; give it less data"
            return []
        }
    }
}
