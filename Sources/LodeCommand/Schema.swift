import ArgumentParser

struct Schema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints schemas of lode.yaml and of the events.",
        subcommands: [SchemaConfig.self, SchemaEvents.self, SchemaAsyncAPI.self])
}
