import ArgumentParser
import Lode
import LodeConfiguration
import LodeCore

/// Where the tables come from, and where a contract goes.
struct ContractOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take the tables from a recording of `lode record`, not from the databases.", valueName: "file"),
        completion: .file())
    var recording: String?

    @Option(
        name: [.short, .long], help: ArgumentHelp("The file to write, instead of standard output.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var output: String?

    /// - Throws: ``Diagnostics`` when the mapping does not fit the tables.
    func contracts(of configuration: Configuration, _ choice: SourceOption) async throws -> EventContracts {
        guard let recording else {
            guard choice.source != nil else { return try await EventContracts.live(configuration) }
            var chosen = configuration
            chosen.sources = [try choice.choose(from: configuration)]
            return try await EventContracts.live(chosen)
        }
        let log = try RecordedLog(recording)
        return try EventContracts.recorded(
            configuration, source: try choice.choose(from: configuration, for: log), tables: log.tables)
    }

    func write(_ json: JSONTree) throws {
        if let output {
            try FileReplacement.write(json.indentedJSON, to: output)
        } else {
            try Terminal.write(json.indentedJSON)
        }
    }
}
