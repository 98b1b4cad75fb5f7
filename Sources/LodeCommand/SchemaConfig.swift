import ArgumentParser
import LodeConfiguration
import LodeCore

struct SchemaConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Prints the JSON Schema (2020-12) of lode.yaml.",
        discussion: """
            Write it beside lode.yaml, and editors with the YAML language server complete and check the file when \
            its first line is

                # yaml-language-server: $schema=lode.schema.json
            """)

    @Option(
        name: [.short, .long], help: ArgumentHelp("The file to write, instead of standard output.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var output: String?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Terminal.running {
            let bytes = ConfigurationSchema.json.indentedJSON
            if let output {
                try FileReplacement.write(bytes, to: output)
            } else {
                try Terminal.write(bytes)
            }
        }
    }
}
