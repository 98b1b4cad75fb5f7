import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeCore

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says all that is wrong or risky; creates nothing.",
        discussion: "Compares the mapping with the live databases, unless --offline. Errors exit with 78.")

    @Flag(help: "Ask no database.")
    var offline = false

    @Flag(help: "Exit with 1 on warnings, too.")
    var strict = false

    @Option(
        help: ArgumentHelp("Offline, take the tables from a recording of `lode record`.", valueName: "file"),
        completion: .file())
    var recording: String?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Terminal.running {
            let (configuration, warnings) = try Configuration.load(
                file: options.file, environment: ProcessInfo.processInfo.environment)
            var told = warnings
            if offline || recording != nil {
                told += MappingCheck.offline(configuration, tables: try recordedTables())
            } else {
                for source in configuration.sources {
                    told += try await MappingCheck.live(source, events: configuration.events(of: source))
                }
            }
            Terminal.print(told)
            let errors = told.filter { $0.severity == .error }.count
            if errors > 0 { throw ExitCode(78) }
            let count = configuration.events.count
            let summary = "\(options.file): \(count) events, \(told.count) warnings"
            Terminal.complain(summary)
            if strict, !told.isEmpty { throw ExitCode(1) }
        }
    }

    private func recordedTables() throws -> [TableDefinition]? {
        guard let recording else { return nil }
        let chunks = try FileChunks(recording)
        defer { chunks.close() }
        var survey = TableSurvey()
        while !survey.isComplete, let chunk = try chunks.next() { try survey.append(chunk) }
        return survey.tables
    }
}
