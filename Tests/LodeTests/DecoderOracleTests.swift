import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// The server prints random rows into the log and as a query's answer; what is read from the log must
/// be what the query says.
struct DecoderOracleTests {
    private static let types = [
        "smallint", "integer", "bigint", "oid", "real", "double precision", "numeric", "boolean", "text", "varchar(40)",
        "char(9)", "\"char\"", "name", "bytea", "date", "time", "timetz", "timestamp", "timestamptz", "interval",
        "uuid",
        "json", "jsonb", "xml", "inet", "cidr", "macaddr", "point", "box", "circle", "bit(4)", "bit varying", "money",
        "int4range", "tstzrange", "tsvector", "integer[]", "text[]", "numeric[]", "timestamptz[]", "\"Odd ]Type\"",
        "posint",
    ]

    /// Names that `quote_identifier` must quote, and some it must not.
    private static func name(_ index: Int) -> String {
        ["plain\(index)", "Odd \"n\" \(index)", "a.b:c[d]\(index)", "new-tuple: \(index)", "é\n\(index)", "select"][
            index == 0 ? 5 : index % 5]
    }

    private static let schema = "\"S.1 \"\"x\"\"\""
    private static let table = schema + ".\"T: [t]\""

    private static let texts = [
        "", "null", "unchanged-toast-datum", "it''s", "''''", " new-tuple: id[integer]:1", "a\nCOMMIT 529\nb",
        "table public.t: INSERT: x[text]:''y''", "\\x41 \\\\ \\'' ", "tab\tand \u{1F600} and é", "B''0101''", "]:''",
        "{\"json\": [1, \"''\"]}", "message: transactional: 1 prefix: p, sz: 5 content:hello",
    ]

    private static func value(_ type: String, _ random: inout SeededGenerator) -> String {
        if Int.random(in: 0..<8, using: &random) == 0 { return "NULL" }
        let text = texts.randomElement(using: &random) ?? ""
        let number = Int64.random(in: .min ... .max, using: &random)
        func pick(_ values: String...) -> String { values.randomElement(using: &random) ?? "NULL" }
        switch type {
        case "smallint": return "(\(number % 32768))::smallint"
        case "integer", "posint": return "\(abs(number % 2_147_483_648))"
        case "oid": return "\(UInt32(truncatingIfNeeded: number))"
        case "bigint": return "'\(number)'"
        case "real", "double precision":
            return pick("'\(Double(number) / 1e7)'", "'NaN'", "'-Infinity'", "1e30", "0.1", "-0", "1e-30")
        case "numeric": return pick("'\(number).\(abs(number))'", "'NaN'", "'Infinity'", "1e40", "0.000", "'-1e-30'")
        case "boolean": return pick("true", "false")
        case "text", "name": return "'\(text)'"
        case "varchar(40)": return "left('\(text)', 40)"
        case "char(9)": return "left('\(text)', 9)"
        case "\"char\"": return pick("'a'", "''''", "' '")
        case "bytea": return "decode(md5('\(number)'), 'hex')"
        case "date": return pick("'2024-02-29'", "'0044-03-15 BC'", "'infinity'", "'12345-01-01'")
        case "time", "timetz": return pick("'12:34:56.789'", "'00:00'", "'24:00'")
        case "timestamp", "timestamptz":
            return pick("'2024-02-29 12:34:56.789012'", "'-infinity'", "'0044-03-15 01:02:03 BC'", "'epoch'")
        case "interval": return pick("'1 year 2 days 03:04:05.6'", "'-1 month'", "'0'")
        case "uuid": return "md5('\(number)')::uuid"
        case "json", "jsonb":
            return pick("'{\"a\" : [1, null, \"it''s\\n\"]}'", "'null'", "'\"x\"'", "'{\n \"b\": 1e400}'")
        case "xml": return pick("'<a>it''s</a>'", "'<b/>'")
        case "inet", "cidr": return pick("'10.0.0.0/8'", "'::1'")
        case "macaddr": return "'08:00:2b:01:02:03'"
        case "point", "circle", "box":
            return pick("'\(type == "point" ? "(1,2)" : type == "box" ? "(1,2),(0,1)" : "<(1,2),3>")'")
        case "bit(4)": return pick("B'0101'", "B'0000'")
        case "bit varying": return pick("B'1'", "B''", "B'0101010101'")
        case "money": return "\(number % 1_000_000)"
        case "int4range": return pick("'[1,5)'", "'empty'", "'(,3]'")
        case "tstzrange": return "'[2024-01-01, 2024-02-01)'"
        case "tsvector": return "to_tsvector('simple', '\(text.replacingOccurrences(of: "\\", with: ""))')"
        case "integer[]": return pick("'{1,NULL,3}'", "'{}'", "'{{1,2},{3,4}}'", "'[0:1]={5,6}'")
        case "text[]": return "ARRAY['\(text)', NULL, 'plain', 'NULL']"
        case "numeric[]": return "'{1.50,NaN}'"
        case "timestamptz[]": return "ARRAY['2024-02-29 12:00'::timestamptz]"
        default: return pick("'one'", "'it''s'", "'two words'")
        }
    }

    @Test func randomRowsOfEveryTypeReadBackAsTheServerPrintsThem() async throws {
        var random = SeededGenerator(for: "decoder oracle")
        let columns = Self.types.indices.map {
            "\"\(Self.name($0).replacingOccurrences(of: "\"", with: "\"\""))\" \(Self.types[$0])"
        }
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TYPE "Odd ]Type" AS ENUM ('one', 'it''s', 'two words');
            CREATE DOMAIN posint AS integer CHECK (VALUE >= 0);
            CREATE SCHEMA \(Self.schema);
            CREATE TABLE \(Self.table) (\(columns.joined(separator: ", ")), _n serial);
            """)
        let slot = TestDatabase.slotName()
        try database.makeSlot(slot)
        let session = try database.session()
        for _ in 0..<300 {
            let values = Self.types.map { Self.value($0, &random) }
            _ = try session.query("INSERT INTO \(Self.table) VALUES (\(values.joined(separator: ", ")))")
        }
        // A session with the same settings as the one that prints the log.
        let printer = try PostgresConnection(database.connection, for: .queries)
        let printed = Self.types.indices.map {
            let name = "\"\(Self.name($0).replacingOccurrences(of: "\"", with: "\"\""))\""
            return "CASE WHEN \(name) IS NOT NULL THEN format('%s', \(name)) END"
        }
        let expected = try printer.query(
            "SELECT \(printed.joined(separator: ", ")) FROM \(Self.table) ORDER BY _n")
        let rows = try await BlockingThread.run(named: "oracle") {
            try Self.read(database.connection, slot, expected.count)
        }
        #expect(rows.count == expected.count)
        for (row, wanted) in zip(rows, expected) {
            #expect(row.table == TableName(schema: "S.1 \"x\"", name: "T: [t]"))
            #expect(row.names.dropLast() == Self.types.indices.map(Self.name))
            for index in wanted.indices where row.values[index] != wanted[index] {
                let said = "\(row.values[index] ?? "NULL") for \(wanted[index] ?? "NULL")"
                // format gives t, the log true.
                let isSame = Self.types[index] == "boolean" && row.values[index]?.first == wanted[index]?.first
                #expect(isSame, "\(Self.types[index]): \(said)")
            }
        }
    }

    private struct Row: Sendable {
        var table: TableName
        var names: [String]
        var values: [String?]
    }

    private static func read(_ connection: String, _ slot: String, _ count: Int) throws -> [Row] {
        let reader = ReplicationReader.start(.init(connection: connection, slot: slot, known: nil, creation: .never))
        defer { reader.stop() }
        var rows: [Row] = []
        let deadline = ContinuousClock.now + .seconds(20)
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

    private static func row(_ record: Span<UInt8>) throws -> Row? {
        var change = Change()
        try RecordReader().read(record, into: &change)
        guard change.kind == .insert else { return nil }
        var row = Row(table: record.tableName(change.table), names: [], values: [])
        for column in change.new {
            row.names.append(record.identifier(column.name))
            row.values.append(
                column.cell.form == .null ? nil : String(decoding: record.text(column.cell), as: UTF8.self))
        }
        return row
    }
}
