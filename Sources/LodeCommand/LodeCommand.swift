import ArgumentParser
import Lode

@main
struct LodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lode",
        abstract: "Mines business events from PostgreSQL's transaction log.",
        discussion: """
            Services write plainly to their tables; Lode reads the log and tells every subscriber what \
            happened. Begin with `lode init`, then `lode check` and `lode run`.

            Exit codes: 0 success, 1 “no” (a check failed), 64 wrong usage, 69 a server or file cannot be had, \
            78 wrong configuration.

            Completion scripts: lode --generate-completion-script bash|zsh|fish
            """,
        version: LodeDaemon.version,
        groupedSubcommands: [
            CommandGroup(name: "Mapping", subcommands: [Init.self, Check.self, Test.self, Diff.self, Schema.self]),
            CommandGroup(name: "Daemon", subcommands: [Run.self, Status.self, Tail.self, Health.self]),
            CommandGroup(name: "Delivery", subcommands: [Subscribers.self, Parked.self]),
            CommandGroup(name: "Recording", subcommands: [Record.self, Decode.self, Replay.self]),
        ])
}
