import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeCore

struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows, retries or skips events set aside.",
        discussion: """
            An event that a subscriber could not take waits here, with the later ones of its key. \
            Works with and without a running daemon.
            """,
        subcommands: [List.self, Show.self, Retry.self, Skip.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows what is set aside, and why.")

        @Argument(help: "Only of this subscriber.")
        var name: String?

        @Flag(help: "Those that were given up, instead.")
        var skipped = false

        @Option(help: "At most so many.")
        var limit = 100

        @Flag(help: "JSON lines, whoever looks.")
        var json = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Terminal.running {
                let control = try SubscriberControl(try options.load())
                let events = try await control.parked(of: name, skipped: skipped, limit: max(1, limit))
                if json || !Terminal.isForPerson {
                    for event in events { try Terminal.writeJSON(Line(event)) }
                    return
                }
                guard !events.isEmpty else {
                    Terminal.complain("nothing is set aside")
                    return
                }
                var rows = [["SUBSCRIBER", "POSITION", "TYPE", "KEY", "ATTEMPTS", "SINCE", "ID", "WHY"]]
                for parked in events {
                    let why = parked.isFirst ? parked.reason ?? "-" : "waits behind an earlier event of its key"
                    rows.append([
                        parked.subscriber, "\(parked.event.position)", parked.event.type, parked.event.key ?? "-",
                        "\(parked.attempts)", parked.since.text, parked.event.id, why,
                    ])
                }
                try Terminal.write(TextTable.columns(rows).utf8)
            }
        }

        private struct Line: Encodable {
            var subscriber: String
            var position: Int64
            var id: String
            var type: String
            var key: String?
            var attempts: Int
            var since: String
            var reason: String?
            var waitsBehind: Bool

            init(_ parked: SubscriberControl.Parked) {
                subscriber = parked.subscriber
                position = parked.event.position
                id = parked.event.id
                type = parked.event.type
                key = parked.event.key
                attempts = parked.attempts
                since = parked.since.text
                reason = parked.reason
                waitsBehind = !parked.isFirst
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a parked event as CloudEvents JSON, and on standard error why it is parked.")

        @Argument(help: "The event's id.")
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await Terminal.running {
                let control = try SubscriberControl(try options.load())
                var found = try await control.parked(id: id)
                if found.isEmpty { found = try await control.parked(id: id, skipped: true) }
                guard let first = found.first else {
                    Terminal.complain("error: no subscriber has a parked event of id \(id); see lode parked list")
                    throw ExitCode(1)
                }
                for parked in found {
                    let why = parked.isFirst ? parked.reason ?? "" : "waits behind an earlier event of its key"
                    let state = parked.wasSkipped ? "skipped" : "parked"
                    Terminal.complain(
                        "\(parked.subscriber): \(state) since \(parked.since.text), attempts: \(parked.attempts): \(why)"
                    )
                }
                try Terminal.write(first.event.json + [0x0A])
            }
        }
    }

    struct Choice: ParsableArguments {
        @Argument(help: "The subscriber.")
        var name: String

        @Option(help: "Only of this key.")
        var key: String?

        @Option(help: "Only the event of this id.")
        var id: String?

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if key != nil, id != nil { throw ValidationError("give a key or an id, not both") }
        }

        func perform(retry: Bool) async throws {
            let control = try SubscriberControl(try options.load())
            let (action, count) = try await control.action(retry: retry, of: name, key: key, id: id)
            guard count > 0 else {
                Terminal.complain("\(name) has no parked events")
                return
            }
            try await control.perform(action, of: name)
            let what = count == 1 ? "one event" : "\(count) events"
            Terminal.complain(
                retry ? "\(what) of \(name) will be delivered again" : "\(what) of \(name) skipped; those behind go on")
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delivers parked events again, and then those behind them.",
            discussion: "All of the subscriber's without --key or --id.")

        @OptionGroup var choice: Choice

        func run() async throws { try await Terminal.running { try await choice.perform(retry: true) } }
    }

    struct Skip: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives parked events up; those that waited behind them are delivered.",
            discussion: "All of the subscriber's without --key or --id. `lode parked list --skipped` shows them later.")

        @OptionGroup var choice: Choice

        func run() async throws { try await Terminal.running { try await choice.perform(retry: false) } }
    }
}

extension Timestamp {
    fileprivate var text: String {
        var out: [UInt8] = []
        appendRFC3339(to: &out)
        return String(decoding: out, as: UTF8.self)
    }
}

extension Terminal {
    /// One value as JSON, on a line.
    static func writeJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try write([UInt8](try encoder.encode(value)) + [0x0A])
    }
}
