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
            let (configuration, told) = Configuration.survey(
                file: options.file, environment: ProcessInfo.processInfo.environment)
            guard let configuration else { throw Diagnostics(told) }
            let check = try await look(configuration, told)
            Terminal.print(check.told)
            if check.errors > 0 { throw ExitCode(78) }
            if check.missingServers > 0 { throw ExitCode(69) }
            let warnings = check.told.filter { $0.severity == .warning }.count
            let events = Self.counted(configuration.events.count, "event")
            Terminal.complain("\(options.file): \(events), \(Self.counted(warnings, "warning"))")
            if strict, warnings > 0 { throw ExitCode(1) }
        }
    }

    private static func counted(_ count: Int, _ thing: String) -> String {
        "\(count) \(thing)\(count == 1 ? "" : "s")"
    }

    private func look(_ configuration: Configuration, _ told: [Diagnostic]) async throws -> MappingCheck {
        guard offline || recording != nil else { return await MappingCheck.live(configuration, told: told) }
        guard let recording else { return MappingCheck.offline(configuration, told: told, tables: nil) }
        let log = try RecordedLog(recording)
        let source = configuration.sources.first { $0.name == log.source }
        return MappingCheck.offline(
            configuration, told: told, tables: log.tables, of: source?.name, isComplete: log.hasDefinitions)
    }
}
