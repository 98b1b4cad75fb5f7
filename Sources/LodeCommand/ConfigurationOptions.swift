import ArgumentParser
import Foundation
import LodeConfiguration
import LodeCore

/// `--config`, which every command has.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The configuration file. (default: $LODE_CONFIG, or lode.yaml)", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    var file: String { config ?? ProcessInfo.processInfo.environment["LODE_CONFIG"] ?? "lode.yaml" }

    /// Reads the file and prints its warnings.
    func load() throws -> Configuration {
        let (configuration, warnings) = try Configuration.load(
            file: file, environment: ProcessInfo.processInfo.environment)
        Terminal.print(warnings)
        return configuration
    }
}

/// `--source`, for the commands that are about one.
struct SourceOption: ParsableArguments {
    @Option(help: ArgumentHelp("The source; needed when the configuration has several.", valueName: "name"))
    var source: String?

    func choose(from configuration: Configuration) throws -> SourceSettings {
        if let source {
            if let found = configuration.sources.first(where: { $0.name == source }) { return found }
            let names = configuration.sources.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no source \(source); the configuration has \(names)")
        }
        guard configuration.sources.count == 1, let only = configuration.sources.first else {
            let names = configuration.sources.map(\.name).joined(separator: ", ")
            throw ValidationError("say which source with --source: \(names)")
        }
        return only
    }
}
