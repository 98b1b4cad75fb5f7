import LodeCore
import LodePostgres
import TestSupport
import Testing

/// What a schema says of its tables, asked of a real server.
struct SchemaSurveyTests {
    private func survey(_ schema: String) throws -> [String: SurveyedTable] {
        let database = try TemporaryPostgres.shared.get().database(schema)
        let tables = try Catalog(database.connection).survey()
        return Dictionary(uniqueKeysWithValues: tables.map { ($0.definition.name.name, $0) })
    }

    @Test func wordsOfEnumsAndChecksAreFoundAsTheyWereWritten() throws {
        let table = try #require(
            survey(
                """
                CREATE TYPE state AS ENUM ('b', 'a', 'it''s');
                CREATE DOMAIN stated AS state;
                CREATE DOMAIN phase AS text CHECK (VALUE IN ('draft', 'signed'));
                CREATE TABLE t (
                    id int PRIMARY KEY, e state, d stated, p phase,
                    one text CHECK (one IN ('NEW', 'it''s', E'back\\\\slash', 'a,b)')),
                    two varchar(9) CHECK (two = 'x' OR two = 'y'),
                    three text CHECK (three = ANY (ARRAY['p', 'q']) OR three IS NULL),
                    not_one text CHECK (not_one <> 'NEW'), not_two text CHECK (not_two NOT IN ('a', 'b')),
                    not_three text CHECK (lower(not_three) IN ('a')), not_four text CHECK (not_four ~ '^a'),
                    not_five text CHECK (length(not_five) = 3), not_six text CHECK (not_six LIKE 'a%'),
                    not_seven text, not_eight text, number int CHECK (number IN (1, 2)),
                    CHECK (not_seven = 'a' OR not_eight = 'b'))
                """)["t"])
        #expect(
            table.words == [
                "e": ["b", "a", "it's"], "d": ["b", "a", "it's"], "p": ["draft", "signed"],
                "one": ["NEW", "it's", "back\\slash", "a,b)"], "two": ["x", "y"], "three": ["p", "q"],
            ])
    }

    @Test func keysCommentsAndDefaultsAreFound() throws {
        let tables = try survey(
            """
            CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));
            CREATE TABLE b (
                id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ax int, ay int, other int REFERENCES b,
                status text DEFAULT 'NEW', code varchar(3) DEFAULT 'it''s', at timestamptz DEFAULT now(),
                n int DEFAULT 3, FOREIGN KEY (ay, ax) REFERENCES a (y, x) ON DELETE CASCADE);
            COMMENT ON TABLE b IS 'two words';
            INSERT INTO a SELECT i, i FROM generate_series(1, 500) i;
            ANALYZE a
            """)
        let b = try #require(tables["b"])
        #expect(b.comment == "two words")
        #expect(b.estimatedRows == nil)
        #expect(b.defaults == ["status": "NEW", "code": "it's"])
        let (a, own) = (TableName(schema: "public", name: "a"), TableName(schema: "public", name: "b"))
        #expect(
            Set(b.foreignKeys) == [
                .init(columns: ["ay", "ax"], target: a, targetColumns: ["y", "x"], cascades: true),
                .init(columns: ["other"], target: own, targetColumns: ["id"], cascades: false),
            ])
        #expect(tables["a"]?.estimatedRows == 500)
        #expect(tables["a"]?.isOfExtension == false)
    }

    @Test func partitionsKeepOneForeignKeyAndTheirRoot() throws {
        let tables = try survey(
            """
            CREATE TABLE a (id int PRIMARY KEY);
            CREATE TABLE p (a int REFERENCES a, at date, PRIMARY KEY (a, at)) PARTITION BY RANGE (at);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
            """)
        #expect(tables["p"]?.foreignKeys.count == 1)
        #expect(tables["p1"]?.foreignKeys.isEmpty == true)
        #expect(tables["p1"]?.definition.root?.name == "p")
    }
}
