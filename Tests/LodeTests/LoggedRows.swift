import LodeCore
import LodePostgres
import TestSupport

/// A row's change as it was read from the log, in plain Swift values.
struct LoggedRow: Sendable {
    enum Value: Hashable, Sendable {
        case null
        case unchanged
        case text(String)
    }

    struct Column: Hashable, Sendable {
        var name: String
        var type: String
        var value: Value
    }

    var kind: Change.Kind
    var table: TableName
    /// nil: the log says nothing of the old row.
    var old: [Column]?
    var new: [Column]?

    /// The changes of rows that a slot holds, `count` of them.
    static func read(_ connection: String, slot: String, count: Int) async throws -> [LoggedRow] {
        try await BlockingThread.run(named: "oracle") {
            let reader = ReplicationReader.start(
                .init(connection: connection, slot: slot, known: nil, creation: .never))
            defer { reader.stop() }
            var rows: [LoggedRow] = []
            let deadline = ContinuousClock.now + .seconds(30)
            while rows.count < count, ContinuousClock.now < deadline {
                guard let next = reader.next(within: .seconds(1)) else { continue }
                switch next.item {
                case .started: continue
                case .ended(let failure): throw failure ?? PostgresError("ended", verdict: .stop)
                case .batch(let batch):
                    for entry in batch.entries where entry.kind == .record {
                        if let row = try row(batch.bytes.span.extracting(entry.bytes.range)) { rows.append(row) }
                    }
                }
            }
            return rows
        }
    }

    private static func row(_ record: Span<UInt8>) throws -> LoggedRow? {
        var change = Change()
        try RecordReader().read(record, into: &change)
        guard [.insert, .update, .delete].contains(change.kind) else { return nil }
        return LoggedRow(
            kind: change.kind, table: record.tableName(change.table),
            old: change.hasOld ? columns(change.old, record) : nil,
            new: change.hasNew ? columns(change.new, record) : nil)
    }

    private static func columns(_ tuple: [ColumnCell], _ record: Span<UInt8>) -> [Column] {
        var columns: [Column] = []
        for column in tuple {
            let value: Value =
                switch column.cell.form {
                case .null: .null
                case .unchanged, .absent: .unchanged
                default: .text(String(decoding: record.text(column.cell), as: UTF8.self))
                }
            columns.append(
                Column(name: record.identifier(column.name), type: record.string(column.type), value: value))
        }
        return columns
    }
}
