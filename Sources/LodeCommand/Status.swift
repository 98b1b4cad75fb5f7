import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeCore
import LodePostgres

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows sources, slots, lag and subscribers.",
        discussion: "With or without a running daemon.")

    @Flag(help: "JSON, whoever looks.")
    var json = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Terminal.running {
            let configuration = try options.load()
            let report = try await StatusReport.gather(configuration)
            if json || !Terminal.isForPerson {
                try Terminal.write(try report.json + [0x0A])
            } else {
                try Terminal.write(report.table.utf8)
            }
            if report.sources.contains(where: { $0.error != nil }) { throw ExitCode(69) }
        }
    }
}

/// What is known of everything at a moment.
private struct StatusReport: Encodable {
    struct Source: Encodable {
        var name: String
        var slot: String
        /// Whether somebody reads the slot now.
        var isRead = false
        var position: String?
        var confirmed: String?
        /// Bytes of WAL between the slot's confirmed position and the server's.
        var lagBytes: Int?
        /// Bytes of WAL that the server keeps for the slot.
        var retainedBytes: Int?
        var walStatus: String?
        var error: String?
    }

    struct Subscriber: Encodable {
        var name: String
        var cursor: Int64?
        /// Events in the journal behind the cursor, wanted or not.
        var lagEvents: Int64?
        /// Events that wait for a person.
        var parked = 0
        /// Why it is paused.
        var paused: String?
    }

    var sources: [Source] = []
    var subscribers: [Subscriber] = []
    var firstPosition: Int64?
    var lastPosition: Int64?

    static func gather(_ configuration: Configuration) async throws -> StatusReport {
        var report = StatusReport()
        var extent: JournalView.Extent?
        var known: [String: SubscriberControl.Entry] = [:]
        if let journal = configuration.journal, FileManager.default.fileExists(atPath: journal.path) {
            extent = try await JournalView(path: journal.path).extent()
            for entry in try await SubscriberControl.look(configuration) { known[entry.name] = entry }
        }
        report.firstPosition = extent?.first
        report.lastPosition = extent?.last
        for settings in configuration.sources {
            var source = await Self.source(settings)
            source.position = extent?.sources[settings.name]?.description
            report.sources.append(source)
        }
        for settings in configuration.subscribers {
            let cursor = extent?.cursors[settings.name]
            report.subscribers.append(
                Subscriber(
                    name: settings.name, cursor: cursor,
                    lagEvents: cursor.flatMap { cursor in extent.map { max(0, $0.last - cursor) } },
                    parked: known[settings.name]?.parked ?? 0, paused: known[settings.name]?.paused))
        }
        return report
    }

    private static func source(_ settings: SourceSettings) async -> Source {
        var source = Source(name: settings.name, slot: settings.slot)
        do {
            let facts = try await BlockingThread.run(named: "lode-status") {
                try Catalog(settings.connection).slotLag(settings.slot)
            }
            source.isRead = facts?.isActive ?? false
            source.confirmed = facts?.confirmed
            source.lagBytes = facts?.lagBytes
            source.retainedBytes = facts?.retainedBytes
            source.walStatus = facts?.walStatus ?? "no slot yet"
        } catch {
            source.error = "\(error)"
        }
        return source
    }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return [UInt8](try encoder.encode(self))
        }
    }

    var table: String {
        var rows = [["SOURCE", "SLOT", "READ", "JOURNAL AT", "CONFIRMED", "LAG", "WAL KEPT", "STATE"]]
        for source in sources {
            rows.append([
                source.name, source.slot, source.isRead ? "yes" : "no", source.position ?? "-",
                source.confirmed ?? "-", Self.bytes(source.lagBytes), Self.bytes(source.retainedBytes),
                source.error ?? source.walStatus ?? "-",
            ])
        }
        var text = TextTable.columns(rows) + "\n"
        rows = [["SUBSCRIBER", "CURSOR", "LAG", "PARKED", "STATE"]]
        for subscriber in subscribers {
            rows.append([
                subscriber.name, subscriber.cursor.map(String.init) ?? "-",
                subscriber.lagEvents.map { "\($0) events" } ?? "-",
                subscriber.parked == 0 ? "-" : "\(subscriber.parked)",
                subscriber.paused.map { "paused: \($0)" } ?? "ok",
            ])
        }
        text += TextTable.columns(rows)
        if let firstPosition, let lastPosition {
            text += "\njournal: events \(firstPosition) to \(lastPosition)\n"
        }
        return text
    }

    private static func bytes(_ count: Int?) -> String {
        guard let count else { return "-" }
        return count.formatted(.byteCount(style: .memory))
    }
}
