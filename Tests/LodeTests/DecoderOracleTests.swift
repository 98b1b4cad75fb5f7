import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// The server prints random rows into the log and as a query's answer; what is read from the log must
/// be what the query says.
struct DecoderOracleTests {
    /// Names that `quote_identifier` must quote, and some it must not.
    private static func name(_ index: Int) -> String {
        ["plain\(index)", "Odd \"n\" \(index)", "a.b:c[d]\(index)", "new-tuple: \(index)", "é\n\(index)", "select"][
            index == 0 ? 5 : index % 5]
    }

    private static func quoted(_ name: String) -> String {
        "\"\(name.replacingOccurrences(of: "\"", with: "\"\""))\""
    }

    private static let schema = "\"S.1 \"\"x\"\"\""
    private static let table = schema + ".\"T: [t]\n\""

    /// Every type of the server that a column can have, arrays and types of a user's own included.
    private static func types(_ database: TestDatabase) throws -> [(name: String, samples: [String])] {
        var types: [(String, [String])] = []
        let builtIn = try database.run(
            """
            SELECT typname, typarray <> 0 FROM pg_type
             WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typcategory <> 'A'
             ORDER BY typname
            """)
        for row in builtIn {
            let name = row[0] ?? ""
            guard !TypeSamples.unreachable.contains(name) else { continue }
            // A server may be built without libxml.
            if name == "xml", (try? database.run("SELECT '<a/>'::xml")) == nil { continue }
            let samples = try #require(TypeSamples.builtIn[name], "the server has a type \(name) without a sample")
            types.append(("pg_catalog.\"\(name)\"", samples))
            if row[1] == "t" { types.append(("pg_catalog.\"\(name)\"[]", samples)) }
        }
        for (name, samples) in TypeSamples.own.sorted(by: { $0.key < $1.key }) {
            types.append((name, samples))
            types.append((name + "[]", samples))
        }
        return types
    }

    @Test func randomRowsOfEveryTypeReadBackAsTheServerPrintsThem() async throws {
        var random = SeededGenerator(for: "decoder oracle")
        let database = try TemporaryPostgres.shared.get().database(
            TypeSamples.schema + "CREATE SCHEMA \(Self.schema)")
        let types = try Self.types(database)
        #expect(types.count > 150)
        let columns = types.indices.map { "\(Self.quoted(Self.name($0))) \(types[$0].name)" }
        try database.run("CREATE TABLE \(Self.table) (\(columns.joined(separator: ", ")), _n serial)")
        let slot = TestDatabase.slotName()
        try database.makeSlot(slot)
        let session = try database.session()
        for _ in 0..<80 {
            let values = types.map { TypeSamples.value($0.name, of: $0.samples, using: &random) }
            _ = try session.query("INSERT INTO \(Self.table) VALUES (\(values.joined(separator: ", ")))")
        }
        // A session with the same settings as the one that prints the log.
        let printer = try PostgresConnection(database.connection, for: .queries)
        let printed = types.indices.map { index in
            let name = Self.quoted(Self.name(index))
            return "CASE WHEN num_nulls(\(name)) = 0 THEN format('%s', \(name)) END"
        }
        // A function takes a hundred arguments, a query's answer more columns.
        let expected = try printer.query("SELECT \(printed.joined(separator: ", ")) FROM \(Self.table) ORDER BY _n")
        let names = try printer.query(
            """
            SELECT format_type(atttypid, NULL) FROM pg_attribute
             WHERE attrelid = '\(Self.table)'::regclass AND attnum > 0 ORDER BY attnum
            """
        ).map { $0[0] }
        let rows = try await LoggedRow.read(database.connection, slot: slot, count: expected.count)
        #expect(rows.count == expected.count)
        for (row, wanted) in zip(rows, expected) {
            #expect(row.table == TableName(schema: "S.1 \"x\"", name: "T: [t]\n"))
            let new = try #require(row.new)
            #expect(new.map(\.name) == types.indices.map(Self.name) + ["_n"])
            #expect(new.map(\.type) == names)
            for index in wanted.indices {
                var value = wanted[index].map(LoggedRow.Value.text) ?? .null
                // format gives t, the log true.
                if new[index].type == "boolean", case .text(let text) = value {
                    value = .text(text == "t" ? "true" : "false")
                }
                #expect(new[index].value == value, "\(types[index].name)")
            }
        }
    }
}
