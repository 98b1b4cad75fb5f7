import TestSupport
import Testing

@testable import LodeCore

/// Rows that are put aside and looked at again, in memory and in the file.
struct RowSetTests {
    private static let table = TableDefinition(
        name: TableName(schema: "public", name: "t"),
        columns: [ColumnDefinition(name: "id", type: "integer"), ColumnDefinition(name: "note", type: "text")],
        primaryKey: ["id"], replicaIdentity: .full, identityColumns: ["id", "note"])

    private static func rows() -> RowSet {
        var rows = RowSet()
        rows.relations = [Relation(rules: 0, definition: table, own: table)]
        rows.reserve(slots: 3)
        return rows
    }

    private static func note(_ number: Int) -> String { String(repeating: "x", count: number % 40) + "\(number)" }

    /// Takes a row of the stream; one in five does not fit the table.
    private static func take(_ number: Int, into rows: inout RowSet) throws {
        let extra = number % 5 == 4 ? " more[integer]:1" : ""
        let record = Array("table public.t: INSERT: id[integer]:\(number) note[text]:'\(note(number))'\(extra)".utf8)
        var change = Change()
        try RecordReader().readHead(record.span, into: &change)
        try rows.take(record.span, &change, relation: 0)
    }

    private static func text(_ rows: borrowing RowSet, _ slot: Int, _ column: Int) -> String {
        String(decoding: rows.frames[slot].text(rows.frames[slot].cell(.new, column)), as: UTF8.self)
    }

    @Test(arguments: [0, 1, 1000, 30_000, 64 << 20])
    func rowsAreFoundAgainWhereverTheyWerePut(memory: Int) throws {
        let folder = try TemporaryFolder()
        var rows = Self.rows()
        rows.setMemory(bytes: memory, folder: folder.path)
        for _ in 0..<2 {
            var places: [RowPlace] = []
            for number in 0..<2000 {
                try Self.take(number, into: &rows)
                places.append(try rows.putAside(ordinal: UInt32(number), lsn: LSN(UInt64(number))))
            }
            // In order, as a transaction's end reads them, while other slots look at others.
            var next = RowPlace(offset: 0)
            for number in 0..<2000 {
                #expect(next == places[number])
                let entry = try rows.open(next, in: 0)
                #expect(entry.ordinal == UInt32(number) && entry.lsn == (number == 0 ? nil : LSN(UInt64(number))))
                #expect(entry.isResolved == (number % 5 != 4))
                try rows.prepare(0, entry)
                try rows.load(places[(number * 7) % 2000], into: 1)
                try rows.load(places[1999 - number], into: 2)
                try #require(Self.text(rows, 0, 0) == "\(number)" && Self.text(rows, 0, 1) == Self.note(number))
                try #require(Self.text(rows, 1, 1) == Self.note((number * 7) % 2000))
                try #require(Self.text(rows, 2, 1) == Self.note(1999 - number))
                next = entry.next
            }
            #expect(next == rows.transaction.end)
            rows.removeAll()
            #expect(rows.transaction.isEmpty && rows.frames[1].new.isEmpty)
        }
    }

    /// Memory grows by moving.
    @Test func rowsAtHandStayWhenMoreArePutAside() throws {
        var rows = Self.rows()
        try Self.take(0, into: &rows)
        let first = try rows.putAside(ordinal: 1, lsn: nil)
        try rows.load(first, into: 1)
        for number in 1..<10_000 {
            try Self.take(number, into: &rows)
            _ = try rows.putAside(ordinal: UInt32(number), lsn: nil)
            try #require(Self.text(rows, 1, 0) == "0" && Self.text(rows, 0, 0) == "\(number)")
        }
    }

    @Test func valuesOfTheDatabaseStandInForARowAndGoAgain() throws {
        var rows = Self.rows()
        try Self.take(3, into: &rows)
        let logged = rows.substitute([(column: 1, text: Array("it's".utf8)), (column: 9, text: nil)])
        #expect(Self.text(rows, 0, 0) == "3" && Self.text(rows, 0, 1) == "it's")
        rows.restore(logged)
        #expect(Self.text(rows, 0, 1) == Self.note(3))
    }
}
