import Foundation
import LodeCore
import LodeDelivery
import LodeJournal
import LodePostgres

/// The daemon's metrics at a moment.
struct DaemonMetrics {
    let sources: [(name: String, status: SourceStatus)]
    let subscribers: [SubscriberStatus]
    let slots: [String: Catalog.SlotLag]
    /// The journal's last position.
    let last: Position
    let typePrefix: String
    /// The same moment by both clocks.
    let now: ContinuousClock.Instant
    let time: Date

    var text: [UInt8] {
        var out = MetricsText()
        appendSources(to: &out)
        appendSlots(to: &out)
        appendSubscribers(to: &out)
        return out.bytes
    }

    // MARK: - Sources

    private func appendSources(to out: inout MetricsText) {
        out.begin("lode_changes_total", .counter, "Changes read from the log, Lode's heartbeats not among them.")
        for (name, status) in sources {
            for (kind, count) in status.counts.changes.byName {
                // Every heartbeat is a message.
                let own = kind == "message" ? min(count, status.counts.heartbeats) : 0
                out.sample([("source", name), ("kind", kind)], count - own)
            }
        }
        out.begin(
            "lode_transactions_total", .counter, "Transactions read from the log, Lode's heartbeats not among them.")
        for (name, status) in sources { out.sample([("source", name)], status.counts.transactions) }
        out.begin("lode_events_total", .counter, "Events written to the journal.")
        for (name, status) in sources {
            for (type, count) in events(of: status.counts) { out.sample([("source", name), ("type", type)], count) }
        }
        out.begin(
            "lode_unknown_conditions_total", .counter,
            "Conditions that were not true because the log does not carry a value they need.")
        for (name, status) in sources { out.sample([("source", name)], status.counts.unknownConditions) }
        out.begin("lode_source_streaming", .gauge, "1 when the source's log is being read, else 0.")
        for (name, status) in sources { out.sample([("source", name)], status.phase == .streaming ? 1 : 0) }
        appendTimes(to: &out)
        out.begin(
            "lode_commit_to_journal_seconds", .histogram,
            "From a transaction's commit until its events are durable, by the server's clock and the daemon's.")
        for (name, status) in sources { out.sample([("source", name)], status.counts.commitToJournal) }
    }

    /// By type, each once, in the order of their names.
    private func events(of counts: SourceCounts) -> [(type: String, count: UInt64)] {
        var byType: [String: UInt64] = [:]
        for (type, count) in counts.events { byType[type.text(prefix: typePrefix), default: 0] += count }
        if counts.otherEvents > 0 { byType["other", default: 0] += counts.otherEvents }
        return byType.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func appendTimes(to out: inout MetricsText) {
        let times: [(String, String, KeyPath<SourceStatus, ContinuousClock.Instant?>)] = [
            ("byte", "When the server last sent anything.", \.lastByte),
            ("heartbeat", "When a heartbeat last came back through the log.", \.lastHeartbeat),
            ("confirmation", "When the server was last told of a new position.", \.lastConfirmation),
        ]
        for (what, help, path) in times {
            out.begin("lode_last_\(what)_timestamp_seconds", .gauge, help)
            for (name, status) in sources {
                guard let instant = status[keyPath: path] else { continue }
                let age = (now - instant) / .seconds(1)
                out.sample([("source", name)], ((time.timeIntervalSince1970 - age) * 1000).rounded() / 1000)
            }
        }
    }

    // MARK: - Slots

    private func appendSlots(to out: inout MetricsText) {
        let figures: [(String, String, KeyPath<Catalog.SlotLag, Int?>)] = [
            ("lag_bytes", "WAL between what was confirmed and the server's position.", \.lagBytes),
            ("retained_wal_bytes", "WAL that the server keeps for the slot.", \.retainedBytes),
            (
                "safe_wal_bytes",
                "WAL that may still be written before the slot can be lost; missing when the server sets no limit.",
                \.safeBytes
            ),
        ]
        for (what, help, path) in figures {
            out.begin("lode_slot_\(what)", .gauge, help)
            for (name, _) in sources {
                if let value = slots[name]?[keyPath: path] { out.sample([("source", name)], value) }
            }
        }
    }

    // MARK: - Subscribers

    private func appendSubscribers(to out: inout MetricsText) {
        out.begin("lode_deliveries_total", .counter, "Events by what became of an attempt to deliver them.")
        for status in subscribers {
            let counts = status.counts
            let results = [
                ("delivered", counts.delivered), ("retried", counts.retried), ("parked", counts.parked),
                ("skipped", counts.skipped),
            ]
            for (result, count) in results {
                out.sample([("subscriber", status.name), ("result", result)], count)
            }
        }
        out.begin("lode_parked_events", .gauge, "Events that wait for a person.")
        for status in subscribers { out.sample([("subscriber", status.name)], status.parked) }
        out.begin("lode_subscriber_paused", .gauge, "1 when the subscriber is paused, else 0.")
        for status in subscribers { out.sample([("subscriber", status.name)], status.paused == nil ? 0 : 1) }
        out.begin(
            "lode_subscriber_lag_events", .gauge, "Events in the journal behind the subscriber's cursor, wanted or not."
        )
        for status in subscribers { out.sample([("subscriber", status.name)], max(0, last - status.cursor)) }
        out.begin(
            "lode_subscriber_oldest_undelivered_timestamp_seconds", .gauge,
            "About when the oldest event was committed that the subscriber has not taken; missing when there is none.")
        for status in subscribers {
            guard let oldest = status.oldestUndelivered else { continue }
            out.sample([("subscriber", status.name)], Double(oldest.microseconds) / 1_000_000)
        }
        out.begin(
            "lode_commit_to_delivery_seconds", .histogram,
            "From an event's commit until its delivery, by the server's clock and the daemon's.")
        for status in subscribers { out.sample([("subscriber", status.name)], status.commitToDelivery) }
    }
}
