import ArgumentParser
import Lode
import LodeCore

struct SchemaEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Prints the JSON Schema (2020-12) of each event's data.",
        discussion: """
            Derived from the mapping's expressions and the tables of the databases, or of a recording. Without a type, \
            one document holds them all under $defs.
            """)

    @Argument(help: "The event's type; all of them when left out.")
    var type: String?

    @OptionGroup var contract: ContractOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var choice: SourceOption

    func run() async throws {
        try await Terminal.running {
            let configuration = try options.load()
            let contracts = try await contract.contracts(of: configuration, choice)
            guard let type else { return try contract.write(contracts.schemas) }
            guard let schema = contracts.schema(of: type) else {
                let names = contracts.entries.map(\.contract.title)
                let near = nearestName(to: type, among: names).map { "did you mean \($0)?" }
                throw ValidationError(
                    "there is no event \(type); \(near ?? "the events are \(names.joined(separator: ", "))")")
            }
            try contract.write(schema)
        }
    }
}
