public import ArgumentParser
import Lode
public import LodeConfiguration
import LodeCore

struct Tail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the journal's events.",
        discussion: "Readable for a person, CloudEvents as JSON lines for a program.")

    @Flag(name: [.short, .long], help: "Go on with new events as they come.")
    var follow = false

    @Option(
        help: ArgumentHelp(
            "Where to begin: earliest, latest, a time or a position. (default: ten events before the end)",
            valueName: "start"))
    var from: StartPoint?

    @Option(help: ArgumentHelp("Only this type; * stands for anything. May be repeated.", valueName: "type"))
    var type: [String] = []

    @Option(help: "Only events of this key.")
    var key: String?

    @Flag(help: "JSON lines, whoever looks.")
    var json = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Terminal.running {
            let configuration = try options.load()
            guard let settings = configuration.journal else {
                Terminal.complain("error: the configuration has `journal: none`, so there is nothing to look at")
                throw ExitCode(78)
            }
            let view = try JournalView(path: settings.path, typePrefix: configuration.typePrefix)
            let patterns = type.map { TypePattern($0, typePrefix: configuration.typePrefix) }
            var position = try await view.position(before: start)
            repeat {
                while let next = try await view.events(
                    after: position, takesType: { type in patterns.isEmpty || patterns.contains { $0.matches(type) } })
                {
                    try print(next.events.filter { key == nil || $0.key == key })
                    position = next.last
                }
                if follow { try await Task.sleep(for: .milliseconds(200)) }
            } while follow
        }
    }

    private var start: JournalView.Start {
        switch from {
        case .earliest: .earliest
        case .latest: .latest
        case .time(let time): .time(time)
        case .position(let position): .position(position)
        case nil: .last(10)
        }
    }

    private func print(_ events: [Event]) throws {
        let isForPerson = Terminal.isForPerson && !json
        var out: [UInt8] = []
        for event in events {
            if isForPerson {
                EventText(isColored: true).append(
                    time: event.time, type: event.type, key: event.key.map { Array($0.utf8)[...] },
                    data: event.data[...], to: &out)
            } else {
                out += event.json
                out.append(0x0A)
            }
        }
        try Terminal.write(out)
    }
}

extension StartPoint: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
