import ArgumentParser

struct Schema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints schemas: of lode.yaml, for editors.", subcommands: [SchemaConfig.self])
}
