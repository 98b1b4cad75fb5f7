import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeCore

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a starter lode.yaml from a live schema.",
        discussion: """
            Tables with a primary key become events of created and deleted rows, columns with a status an event for \
            each step, rows that belong to another row a part of its event, and outbox tables ready-made events. \
            Nothing in the database is changed. A password in the connection is not written to the file.
            """)

    @Option(help: ArgumentHelp("The database: anything libpq takes.", valueName: "url"))
    var connection: String

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The file to write; - is standard output. (default: the configuration file)", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var output: String?

    @Flag(help: "Overwrite a file that is there.")
    var force = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Terminal.running {
            let path = output ?? options.file
            let isFile = path != "-"
            // Asked before the database is, and again by the system when the file is made.
            if isFile, !force, FileManager.default.fileExists(atPath: path) { throw refuse(path) }
            let mapping = try await StarterMapping.survey(connection)
            guard isFile else {
                try Terminal.write(mapping.text.utf8)
                return
            }
            if force {
                try FileReplacement.write(Array(mapping.text.utf8), to: path)
            } else {
                do {
                    try Data(mapping.text.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
                } catch let error as CocoaError where error.code == .fileWriteFileExists {
                    throw refuse(path)
                } catch {
                    throw FileError(path, "cannot be written")
                }
            }
            Terminal.complain(text(of: mapping, path))
        }
    }

    private func refuse(_ path: String) -> ExitCode {
        Terminal.complain("error: \(path) is there already; name another with --output, or overwrite it with --force")
        return ExitCode(1)
    }

    private func text(of mapping: StarterMapping, _ path: String) -> String {
        let events = mapping.events == 1 ? "1 event" : "\(mapping.events) events"
        let tables = mapping.tables == 1 ? "1 table" : "\(mapping.tables) tables"
        var lines = ["\(path): \(events) from \(tables)" + (mapping.skipped.isEmpty ? "" : "; skipped:")]
        lines += mapping.skipped.map { "  \($0.table): \($0.reason)" }
        let option = path == options.file && options.config == nil ? "" : " --config \(path)"
        var steps: [String] = []
        if mapping.needsVariable {
            steps.append("export \(mapping.variable)='...'   the connection, with its password")
        }
        if let obstacle = mapping.obstacle { steps.append("on the server: \(obstacle)") }
        steps.append("read the file: rename, remove, add")
        if !mapping.statements.isEmpty {
            steps.append("run the ALTER TABLE statements at its top, or remove the rules")
        }
        steps.append("lode schema config --output lode.schema.json   editors then complete the file")
        steps.append("lode check\(option)")
        steps.append("lode run\(option)")
        lines.append("Next:")
        lines += steps.enumerated().map { "  \($0.offset + 1). \($0.element)" }
        return lines.joined(separator: "\n")
    }
}
