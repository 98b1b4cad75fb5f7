import ArgumentParser
import Lode
import LodeCore

struct SchemaAsyncAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "asyncapi",
        abstract: "Prints an AsyncAPI 3.0 document of the events, as JSON.",
        discussion: """
            A channel, a message and a sending operation for each event: headers are the attributes of CloudEvents, \
            the payload is the data.
            """)

    @Option(help: ArgumentHelp("The document's title. (default: Events of the sources)", valueName: "text"))
    var title: String?

    @Option(help: ArgumentHelp("The version of your events, not of Lode.", valueName: "version"))
    var apiVersion = "1.0.0"

    @OptionGroup var contract: ContractOptions
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var choice: SourceOption

    func run() async throws {
        try await Terminal.running {
            let configuration = try options.load()
            let contracts = try await contract.contracts(of: configuration, choice)
            let sources = configuration.sources.map(\.name).joined(separator: ", ")
            let document = AsyncAPIDocument(contracts, title: title ?? "Events of \(sources)", version: apiVersion)
            try contract.write(document.json)
        }
    }
}
