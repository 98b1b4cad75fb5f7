import ArgumentParser

struct Schema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints schemas: of lode.yaml, for editors, and of the events, for those who read them.",
        subcommands: [SchemaConfig.self, SchemaEvents.self, SchemaAsyncAPI.self])
}
