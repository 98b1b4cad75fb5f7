import Foundation
import LodeConfiguration
import LodeCore
import LodeDelivery
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// `/metrics` of a real daemon after traffic that is known, judged by Prometheus' own checker.
struct MetricsTests {
    /// `name{labels}` to value.
    private static func samples(_ text: String) -> [String: Double] {
        var found: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            found[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return found
    }

    private static func check(_ text: String) async throws -> Shell.Output {
        try await BlockingThread.run(named: "promtool") {
            let output = try Shell.capture("promtool", ["check", "metrics"], input: Data(text.utf8))
            guard output.status != 127 else { throw TestFailure("no promtool; run docker/install test") }
            return output
        }
    }

    @Test func valuesAreThoseOfTheTraffic() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE t (id int PRIMARY KEY, note text); CREATE TABLE other (id int)")
        let daemon = try RunningDaemon(
            database,
            events: """
                  Added: { from: insert into t }
                  Gone: { from: delete from t }
                  Said: { from: message 'said', type: content->>'type', key: "'k'", data: { a: 1 } }
                """, http: "{ listen: \"127.0.0.1:0\" }")
        defer { daemon.cancel() }
        try await daemon.ready()
        let client = try await daemon.client()
        try database.run("INSERT INTO t SELECT i FROM generate_series(1, 5) i")
        try database.run("UPDATE t SET note = 'x' WHERE id <= 3; DELETE FROM t WHERE id = 1")
        try database.run(
            #"INSERT INTO other VALUES (1), (2); SELECT pg_logical_emit_message(true, 'said', '{"type": "a\"b\\c"}')"#)
        try database.run("TRUNCATE other")
        try database.run("BEGIN; INSERT INTO t VALUES (9); ROLLBACK")
        try await eventually("seven events") { daemon.events.count == 7 }
        var text = ""
        try await eventually("the server was asked, and the last batch was counted") {
            text = try await client.ask("/metrics").text
            return text.contains("lode_slot_lag_bytes{") && text.contains("\\\\c\"} 1\n")
                && text.contains("lode_last_confirmation_timestamp_seconds{")
                && text.contains("lode_commit_to_delivery_seconds_count{subscriber=\"here\"} 7\n")
                && text.contains("lode_deliveries_total{subscriber=\"file\",result=\"delivered\"} 7\n")
        }
        let checked = try await Self.check(text)
        #expect(checked.status == 0, "\(checked.out)\(checked.error)")
        let samples = Self.samples(text)
        let expected: [String: Double] = [
            #"lode_changes_total{source="shop",kind="insert"}"#: 7,
            #"lode_changes_total{source="shop",kind="update"}"#: 3,
            #"lode_changes_total{source="shop",kind="delete"}"#: 1,
            #"lode_changes_total{source="shop",kind="truncate"}"#: 1,
            #"lode_changes_total{source="shop",kind="message"}"#: 1,
            #"lode_events_total{source="shop",type="Added"}"#: 5,
            #"lode_events_total{source="shop",type="Gone"}"#: 1,
            #"lode_events_total{source="shop",type="a\"b\\c"}"#: 1,
            #"lode_source_streaming{source="shop"}"#: 1,
            #"lode_unknown_conditions_total{source="shop"}"#: 0,
            #"lode_commit_to_journal_seconds_count{source="shop"}"#: 3,
            #"lode_commit_to_journal_seconds_bucket{source="shop",le="+Inf"}"#: 3,
            #"lode_deliveries_total{subscriber="here",result="delivered"}"#: 7,
            #"lode_deliveries_total{subscriber="file",result="delivered"}"#: 7,
            #"lode_deliveries_total{subscriber="here",result="retried"}"#: 0,
            #"lode_deliveries_total{subscriber="here",result="parked"}"#: 0,
            #"lode_parked_events{subscriber="here"}"#: 0,
            #"lode_subscriber_lag_events{subscriber="here"}"#: 0,
            #"lode_commit_to_delivery_seconds_count{subscriber="here"}"#: 7,
        ]
        for (name, value) in expected { #expect(samples[name] == value, "\(name): \(samples[name] ?? -1)") }
        #expect(samples[#"lode_transactions_total{source="shop"}"#] == 4)
        let now = Date().timeIntervalSince1970
        for what in ["byte", "heartbeat", "confirmation"] {
            let time = samples["lode_last_\(what)_timestamp_seconds{source=\"shop\"}"] ?? 0
            #expect((now - 120...now + 1).contains(time), "\(what): \(time)")
        }
        #expect(samples[#"lode_slot_retained_wal_bytes{source="shop"}"#] ?? 0 > 0)
        #expect(samples[#"lode_slot_safe_wal_bytes{source="shop"}"#] == nil, "the server sets no limit")
        try await daemon.stop()
    }

    @Test func deadServerAndFailingSubscriberShow() async throws {
        let server = try TemporaryPostgres(settings: ["max_slot_wal_keep_size = 512MB"])
        let database = try server.database("CREATE TABLE t (id int PRIMARY KEY)")
        let (hold, gate) = (Gate(), Gate())
        let daemon = try RunningDaemon(
            database, events: "  Added: { from: insert into t }", http: "{ listen: \"127.0.0.1:0\" }",
            handler: { _ in
                while !hold.isOpen { try await Task.sleep(for: .milliseconds(10)) }
                if !gate.isOpen { throw TestFailure("not now") }
            })
        defer { daemon.cancel() }
        try await daemon.ready()
        let client = try await daemon.client()
        func samples() async throws -> [String: Double] { Self.samples(try await client.ask("/metrics").text) }
        try await eventually("the server's limit") {
            try await samples()[#"lode_slot_safe_wal_bytes{source="shop"}"#] ?? 0 > 1_000_000
        }
        let before = Date().timeIntervalSince1970
        try database.run("INSERT INTO t VALUES (1)")
        let oldest = #"lode_subscriber_oldest_undelivered_timestamp_seconds{subscriber="here"}"#
        try await eventually("it is not delivered yet") { try await samples()[oldest] != nil }
        #expect(try await samples()[oldest].map { abs($0 - before) < 60 } == true)
        hold.open()
        try await eventually("a retry") {
            try await samples()[#"lode_deliveries_total{subscriber="here",result="retried"}"#] ?? 0 >= 1
        }
        server.stop()
        try await eventually("the source does not stream") {
            try await samples()[#"lode_source_streaming{source="shop"}"#] == 0
        }
        let checked = try await Self.check(try await client.ask("/metrics").text)
        #expect(checked.status == 0, "\(checked.out)\(checked.error)")
        gate.open()
        try await eventually("it is delivered") {
            try await samples()[#"lode_deliveries_total{subscriber="here",result="delivered"}"#] == 1
        }
        try await daemon.stop()
    }

    /// The documentation's alert rules are Prometheus', and it names every metric that there is.
    @Test func documentationHasEveryMetricAndRulesThatLoad() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appendingPathComponent("Sources/Lode/Lode.docc/Metrics.md"), encoding: .utf8)
        let metrics = DaemonMetrics(
            sources: [], subscribers: [], slots: [:], last: 0, typePrefix: "", now: .now, time: Date())
        let names = String(decoding: metrics.text, as: UTF8.self).matches(of: /# TYPE (\S+)/).map { String($0.1) }
        #expect(names.count > 15)
        for name in names { #expect(page.contains("| `\(name)` |"), "\(name)") }
        for name in page.matches(of: /lode_[a-z_]+/).map({ String($0.0) }) {
            #expect(names.contains(name.replacing("_bucket", with: "")), "\(name) is told of, but is not there")
        }
        let rules = try #require(page.components(separatedBy: "```").first { $0.hasPrefix("yaml\ngroups:") })
        let folder = try TemporaryFolder()
        let file = try folder.write(String(rules.dropFirst(5)), to: "rules.yaml")
        let output = try await BlockingThread.run(named: "promtool") {
            try Shell.capture("promtool", ["check", "rules", file])
        }
        #expect(output.status == 0, "\(output.out)\(output.error); no promtool? run docker/install test")
    }

    @Test func textIsEscapedAsTheFormatSays() {
        var text = MetricsText()
        text.begin("m", .gauge, "a\\b\nc")
        text.sample([("l", "q\"b\\n\n")], 1.5)
        text.sample([], 2.0)
        text.sample([("l", "x")], Double.infinity)
        text.sample([("l", "y")], -3)
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == #"""
                # HELP m a\\b\nc
                # TYPE m gauge
                m{l="q\"b\\n\n"} 1.5
                m 2
                m{l="x"} +Inf
                m{l="y"} -3

                """#)
    }

    @Test func typesBeyondAThousandAreCountedTogether() {
        var counts = SourceCounts()
        for number in 0..<1500 { counts.add(events: [EventType(name: "Outbox", own: "t\(number)"): 2]) }
        counts.add(events: [EventType(name: "Outbox", own: "t7"): 1])
        #expect(counts.events.count == 1000)
        #expect(counts.events[EventType(name: "Outbox", own: "t7")] == 3)
        #expect(counts.otherEvents == 1000)
    }
}
