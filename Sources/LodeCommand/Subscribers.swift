import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeJournal

struct Subscribers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows subscribers, pauses them, sends them back.",
        discussion: "With and without a running daemon.",
        subcommands: [List.self, Pause.self, Resume.self, Rewind.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows every subscriber's place and state.")

        @Flag(help: "JSON, whoever looks.")
        var json = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Terminal.running {
                let entries = try await SubscriberControl.look(try options.load())
                if json || !Terminal.isForPerson {
                    try Terminal.writeJSON(entries.map(Line.init))
                } else {
                    try Terminal.write(Self.table(entries).utf8)
                }
            }
        }

        private struct Line: Encodable {
            var name: String
            var cursor: Int64?
            var lagEvents: Int64?
            var parked: Int
            var paused: String?

            init(_ entry: SubscriberControl.Entry) {
                name = entry.name
                cursor = entry.cursor
                lagEvents = entry.lag
                parked = entry.parked
                paused = entry.paused
            }
        }

        private static func table(_ entries: [SubscriberControl.Entry]) -> String {
            var rows = [["SUBSCRIBER", "CURSOR", "LAG", "PARKED", "STATE"]]
            for entry in entries {
                let state = entry.paused.map { "paused: \($0)" } ?? "ok"
                rows.append([
                    entry.name, entry.cursor.map(String.init) ?? "-", entry.lag.map { "\($0) events" } ?? "-",
                    entry.parked == 0 ? "-" : "\(entry.parked)",
                    entry.isConfigured ? state : "not in the configuration",
                ])
            }
            return TextTable.columns(rows)
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stops deliveries to a subscriber until it is resumed.",
            discussion: "Its events wait in the journal, which keeps them no longer than `retain` says.")

        @Argument(help: "The subscriber.")
        var name: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Terminal.running {
                try await SubscriberControl(try options.load()).perform(.pause, of: name)
                Terminal.complain("\(name) is paused")
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Goes on with a subscriber that is paused.")

        @Argument(help: "The subscriber.")
        var name: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Terminal.running {
                try await SubscriberControl(try options.load()).perform(.resume, of: name)
                Terminal.complain("\(name) goes on")
            }
        }
    }

    struct Rewind: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends a subscriber back, to get events anew, or forward.",
            discussion: "Parked events from there on come anew, too.")

        @Argument(help: "The subscriber.")
        var name: String

        @Option(help: ArgumentHelp("Where to: earliest, latest, a time or a position.", valueName: "start"))
        var to: StartPoint

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Terminal.running {
                let position = try await SubscriberControl(try options.load()).rewind(name, to: to)
                Terminal.complain("\(name) goes on with position \(position)")
            }
        }
    }
}
