import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// What the log says of changed and deleted rows under every replica identity, against what queries
/// said before and after each change.
struct RowOracleTests {
    private struct Column {
        var name: String
        var isKey = false
        var isToasted = false
        var isGenerated = false
    }

    private struct Kind: CustomTestStringConvertible {
        var identity: String
        /// Which columns of the old row the log has: the primary key's, the index's, all, or none.
        var old: Set<String>
        var isWhole = false
        var isPartitioned = false

        var testDescription: String { identity + (isPartitioned ? " of a partition" : "") }
    }

    private static let columns = [
        Column(name: "id", isKey: true), Column(name: "Key: [2]", isKey: true), Column(name: "big 1", isToasted: true),
        Column(name: "n\"1"), Column(name: "twice", isGenerated: true), Column(name: "big2", isToasted: true),
        Column(name: "last.one"),
    ]

    private static let kinds = [
        Kind(identity: "DEFAULT", old: ["id", "Key: [2]"]),
        Kind(identity: "FULL", old: Set(columns.map(\.name)), isWhole: true),
        Kind(identity: "NOTHING", old: []),
        Kind(identity: "USING INDEX by_number", old: ["n\"1"]),
        Kind(identity: "DEFAULT", old: ["id", "Key: [2]"], isPartitioned: true),
        Kind(identity: "FULL", old: Set(columns.map(\.name)), isWhole: true, isPartitioned: true),
    ]

    private static func quoted(_ name: String) -> String {
        "\"\(name.replacingOccurrences(of: "\"", with: "\"\""))\""
    }

    private static let table = "\"T \"\"1\"\"\""
    private static let list = columns.map { "\(quoted($0.name))::text" }.joined(separator: ", ")

    private func schema(_ kind: Kind) -> String {
        let leaf = kind.isPartitioned ? "\"L.eaf\"" : Self.table
        return """
            CREATE TABLE \(Self.table) (
                gone1 text, id int, "Key: [2]" text, "big 1" text, gone2 int DEFAULT 7, "n""1" int NOT NULL,
                twice int GENERATED ALWAYS AS (id * 2) STORED, big2 text, "last.one" text,
                PRIMARY KEY (id, "Key: [2]")) \(kind.isPartitioned ? "PARTITION BY RANGE (id)" : "");
            \(kind.isPartitioned ? "CREATE TABLE \(leaf) PARTITION OF \(Self.table) DEFAULT;" : "")
            ALTER TABLE \(Self.table) DROP COLUMN gone1, DROP COLUMN gone2;
            ALTER TABLE \(leaf) ALTER "big 1" SET STORAGE EXTERNAL, ALTER big2 SET STORAGE EXTERNAL;
            CREATE UNIQUE INDEX by_number ON \(leaf) ("n""1");
            ALTER TABLE \(leaf) REPLICA IDENTITY \(kind.identity);
            """
    }

    @Test(arguments: kinds) private func logSaysWhatTheRowWas(kind: Kind) async throws {
        var random = SeededGenerator(for: "row oracle, \(kind.testDescription)")
        let database = try TemporaryPostgres.shared.get().database(schema(kind))
        let slot = TestDatabase.slotName()
        try database.makeSlot(slot)
        let session = try database.session()
        var wanted: [(kind: Change.Kind, before: [String?]?, after: [String?]?)] = []
        var (next, alive): (Int, [Int]) = (1, [])
        func row(_ id: Int) throws -> [String?]? {
            try session.query("SELECT \(Self.list) FROM \(Self.table) WHERE id = \(id)").first
        }
        for _ in 0..<120 {
            let id = alive.randomElement(using: &random) ?? 0
            switch alive.isEmpty ? 0 : Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                _ = try session.query(
                    """
                    INSERT INTO \(Self.table) VALUES (\(next), 'k''1', repeat('it''s ', 2000), \(next),
                        DEFAULT, \(Bool.random(using: &random) ? "NULL" : "repeat('y', 5000)"), NULL)
                    """)
                wanted.append((.insert, nil, try row(next)))
                alive.append(next)
                next += 1
            case 2:
                let before = try row(id)
                _ = try session.query("DELETE FROM \(Self.table) WHERE id = \(id)")
                wanted.append((.delete, before, nil))
                alive.removeAll { $0 == id }
            case 3:
                // The key changes, and so does what is generated from it.
                let before = try row(id)
                _ = try session.query(
                    "UPDATE \(Self.table) SET id = \(next), \"n\"\"1\" = \(next) WHERE id = \(id)")
                wanted.append((.update, before, try row(next)))
                alive.removeAll { $0 == id }
                alive.append(next)
                next += 1
            default:
                let before = try row(id)
                let change = [
                    "\"last.one\" = 'null'", "big2 = repeat('z', 3000)", "\"last.one\" = NULL", "big2 = NULL",
                ]
                _ = try session.query(
                    "UPDATE \(Self.table) SET \(change.randomElement(using: &random) ?? "") WHERE id = \(id)")
                wanted.append((.update, before, try row(id)))
            }
        }
        let rows = try await LoggedRow.read(database.connection, slot: slot, count: wanted.count)
        #expect(rows.count == wanted.count)
        for (logged, wanted) in zip(rows, wanted) {
            #expect(logged.kind == wanted.kind)
            #expect(logged.table == TableName(schema: "public", name: kind.isPartitioned ? "L.eaf" : "T \"1\""))
            check(logged.new, wanted.after, before: wanted.before)
            checkOld(logged.old, wanted.before, after: wanted.after, kind)
        }
    }

    /// Every column, in order; a TOAST value that stayed may be left out, and nothing else.
    private func check(_ logged: [LoggedRow.Column]?, _ after: [String?]?, before: [String?]?) {
        guard let after else {
            #expect(logged == nil)
            return
        }
        #expect(logged?.map(\.name) == Self.columns.map(\.name))
        for (index, column) in (logged ?? []).enumerated() {
            if column.value == .unchanged {
                #expect(Self.columns[index].isToasted && before?[index] == after[index] && after[index] != nil)
            } else {
                #expect(column.value == (after[index].map(LoggedRow.Value.text) ?? .null), "\(column.name)")
            }
        }
    }

    /// The identity's columns that were not null; for an update only when one of them changed, unless
    /// the identity is the whole row.
    private func checkOld(_ logged: [LoggedRow.Column]?, _ before: [String?]?, after: [String?]?, _ kind: Kind) {
        let places = Self.columns.indices.filter { kind.old.contains(Self.columns[$0].name) }
        let isLogged = before.map { before in
            !places.isEmpty && (after == nil || kind.isWhole || places.contains { before[$0] != after?[$0] })
        }
        guard isLogged == true, let before else {
            #expect(logged == nil)
            return
        }
        let expected = places.filter { before[$0] != nil }
        #expect(logged?.map(\.name) == expected.map { Self.columns[$0].name })
        #expect(logged?.map(\.value) == expected.map { before[$0].map(LoggedRow.Value.text) ?? .null })
    }
}
