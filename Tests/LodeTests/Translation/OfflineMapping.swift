import Foundation
import Lode
import LodeConfiguration
import LodeCore

/// A mapping in YAML and a log in test_decoding's text, as `pg_recvlogical` writes it: the events.
struct OfflineMapping {
    let events: [EventDefinition]
    let tables: [TableDefinition]

    init(_ yaml: String, tables: [TableDefinition] = Self.shop) throws {
        let text = "sources: { shop: { connection: dbname=shop } }\n" + yaml
        events = try Configuration.load(text: text).configuration.events
        self.tables = tables
    }

    /// The events' JSON, parsed.
    func replay(_ log: String) throws -> [[String: Any]] {
        try lines(log).map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        }
    }

    func lines(_ log: String) throws -> [String] {
        var replay = Replay(events, source: "shop", tables: tables)
        var out: [UInt8] = []
        try replay.append(Array((log + "\n").utf8), to: &out)
        try replay.finish(into: &out)
        return String(decoding: out, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// `type key data` of each event, with the data's members in their order.
    func short(_ log: String) throws -> [String] {
        try lines(log).map { line in
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            let data = line.range(of: "\"data\":").map { line[$0.upperBound...].dropLast() } ?? "-"
            return "\(event["type"] ?? "?") \(event["subject"] ?? "-") \(data)"
        }
    }

    static func table(
        _ name: String, _ columns: [(String, String)], key: [String] = ["id"], full: Bool = false
    ) -> TableDefinition {
        TableDefinition(
            name: TableName(schema: "public", name: name),
            columns: columns.map {
                ColumnDefinition(
                    name: $0.0, type: $0.1, notNull: key.contains($0.0), canToast: $0.1 == "text" || $0.1 == "jsonb")
            },
            primaryKey: key, replicaIdentity: full ? .full : .default,
            identityColumns: full ? columns.map(\.0) : key)
    }

    static let shop = [
        table("orders", [("id", "integer"), ("status", "text"), ("total", "numeric"), ("note", "text")], full: true),
        table(
            "order_lines", [("id", "integer"), ("order_id", "integer"), ("sku", "text"), ("quantity", "integer")],
            full: true),
        table("accounts", [("id", "integer"), ("balance", "numeric")], full: true),
        table("slim", [("id", "integer"), ("status", "text"), ("note", "text")]),
        table(
            "outbox",
            [
                ("id", "uuid"), ("aggregatetype", "text"), ("aggregateid", "text"), ("type", "text"),
                ("payload", "jsonb"),
            ]),
    ]

    /// One transaction of these records.
    static func transaction(_ records: String..., xid: Int = 1) -> String {
        (["BEGIN \(xid)"] + records + ["COMMIT \(xid)"]).joined(separator: "\n")
    }
}
