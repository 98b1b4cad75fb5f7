import TestSupport
import Testing

@testable import LodeCore

/// A record whose columns are known at sight is read as it is read column by column.
struct RowTemplateTests {
    private static let columns: [ColumnDefinition] = [
        ColumnDefinition(name: "id", type: "integer", notNull: true),
        ColumnDefinition(name: "a long name of a column", type: "timestamp with time zone"),
        ColumnDefinition(name: "odd \"one\"", type: "text[]"),
        ColumnDefinition(name: "note", type: "text", canToast: true),
        ColumnDefinition(name: "n", type: "numeric"),
        ColumnDefinition(name: "v", type: "integer", isVirtual: true),
    ]

    private static func relation(_ identity: ReplicaIdentity) -> Relation {
        let table = TableDefinition(
            name: TableName(schema: "public", name: "t"), columns: columns, primaryKey: ["id"],
            replicaIdentity: identity, identityColumns: identity == .full ? columns.map(\.name) : ["id"])
        return Relation(rules: 0, definition: table, own: table)
    }

    private static let values = [
        "null", "1", "-7.5", "NaN", "true", "unchanged-toast-datum", "''", "'x'", "'it''s'", "'a [b]:c new-tuple: d'",
        "'\n'", "B'0101'", "nullx", "'open", "", "(no-tuple-data)",
    ]

    private static func column(_ place: Int, _ value: String) -> String {
        let name = columns[place].name
        return " " + name.quotedIdentifier + "[" + columns[place].type + "]:" + value
    }

    private static func tuple(_ random: inout SeededGenerator, isWhole: Bool) -> String {
        var text = ""
        for place in columns.indices where isWhole || Bool.random(using: &random) {
            // Mostly what the log has, so that most records are whole.
            let most = Int.random(in: 0..<8, using: &random) == 0 ? values.count : 12
            text += column(place, values[Int.random(in: 0..<most, using: &random)])
        }
        return text
    }

    private static func record(_ random: inout SeededGenerator) -> [UInt8] {
        var text = "table public.t: "
        switch Int.random(in: 0..<5, using: &random) {
        case 0: text += "INSERT:" + tuple(&random, isWhole: true)
        case 1: text += "UPDATE:" + tuple(&random, isWhole: true)
        case 2:
            let isWhole = Bool.random(using: &random)
            text += "UPDATE: old-key:" + tuple(&random, isWhole: isWhole) + " new-tuple:"
            text += tuple(&random, isWhole: true)
        case 3: text += "DELETE:" + tuple(&random, isWhole: Bool.random(using: &random))
        default: text += "INSERT:" + tuple(&random, isWhole: false)
        }
        var bytes = Array(text.utf8)
        if Int.random(in: 0..<6, using: &random) == 0 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...127, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    /// What reading came to: the rows, or the error.
    private struct Reading: Equatable {
        var new: [Cell] = []
        var old: [Cell] = []
        var fits = false
        var error: DecodeError?

        init(_ rows: inout RowSet, _ record: [UInt8]) {
            var change = Change()
            do throws(DecodeError) {
                try RecordReader().readHead(record.span, into: &change)
                guard change.kind == .insert || change.kind == .update || change.kind == .delete else { return }
                try rows.take(record.span, &change, relation: 0)
            } catch {
                self.error = error
                return
            }
            new = Array(rows.frames[0].new)
            old = Array(rows.frames[0].old)
            fits = rows.frames[0].fits
        }
    }

    @Test(arguments: [ReplicaIdentity.default, .full])
    func readsWhatTheReaderReads(identity: ReplicaIdentity) throws {
        var random = SeededGenerator(for: "row template")
        var known = RowSet()
        known.relations = [Self.relation(identity)]
        let first = "table public.t: INSERT:" + Self.columns.indices.map { Self.column($0, "null") }.joined()
        _ = Reading(&known, Array(first.utf8))
        #expect(known.relations[0].template != nil)
        var fitting = 0
        for _ in 0..<20_000 {
            let record = Self.record(&random)
            var new = RowSet()
            new.relations = [Self.relation(identity)]
            let expected = Reading(&new, record)
            let found = Reading(&known, record)
            try #require(found == expected, "\(String(decoding: record, as: UTF8.self))")
            if found.fits { fitting += 1 }
        }
        #expect(fitting > 5000)
    }
}
