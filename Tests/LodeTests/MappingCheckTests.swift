import Foundation
import Lode
import LodeConfiguration
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// What `lode check` says of a real database that has every risk.
struct MappingCheckTests {
    private static let schema = """
        CREATE TABLE plain (id int PRIMARY KEY, status varchar(20), note text, amount numeric);
        CREATE TABLE whole (id int PRIMARY KEY, status text, note text);
        ALTER TABLE whole REPLICA IDENTITY FULL;
        CREATE TABLE keyless (id int, note text);
        CREATE TABLE silent (id int PRIMARY KEY);
        ALTER TABLE silent REPLICA IDENTITY NOTHING;
        CREATE TABLE parted (id int PRIMARY KEY, status text) PARTITION BY RANGE (id);
        CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
        CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (10) TO (20);
        ALTER TABLE parted REPLICA IDENTITY FULL;
        ALTER TABLE parted_1 REPLICA IDENTITY FULL;
        CREATE UNLOGGED TABLE quick (id int PRIMARY KEY);
        CREATE VIEW seen AS SELECT id FROM plain;
        CREATE SCHEMA "Odd";
        CREATE TABLE "Odd"."Table" (id int PRIMARY KEY, note text);
        ALTER TABLE "Odd"."Table" ENABLE ROW LEVEL SECURITY;
        """

    private let database: TestDatabase

    init() throws {
        database = try TemporaryPostgres.shared.get().database(Self.schema)
    }

    private func configuration(
        _ events: String, connection: String? = nil, extra: String = ""
    ) throws -> (Configuration, [Diagnostic]) {
        let (configuration, told) = try Configuration.load(
            text: """
                sources:
                  shop: { connection: "\(connection ?? database.connection)", slot: never_made\(extra) }
                events:
                \(events)
                """)
        return (configuration, told)
    }

    private func check(_ events: String) async throws -> [Diagnostic] {
        let (configuration, told) = try configuration(events)
        return await MappingCheck.live(configuration, told: told).told
    }

    /// `severity line:column message`, up to the mend.
    private func lines(_ told: [Diagnostic]) -> [String] {
        told.map { diagnostic in
            let place = diagnostic.place.map { "\($0.line):\($0.column)" } ?? "-"
            return "\(diagnostic.severity.rawValue) \(place) \(diagnostic.message.split(separator: ";").first ?? "")"
        }
    }

    @Test func everyRiskOfASchemaIsToldAtItsPlace() async throws {
        let told = try await check(
            """
              A: { from: update plain, data: { status: status, note: note, amount: amount } }
              B: { from: update plain, when: old.status = 'NEW', data: id }
              C: { from: delete from plain }
              D: { from: delete from silent }
              E: { from: delete from keyless, key: id, data: id }
              F: { from: insert into keyless, key: id }
              G: { from: update parted, when: changed(status), data: id }
              H: { from: update whole, when: old.note <> note }
              I: { from: insert into plain, gather: { w: update plain where note = 'x' }, data: id }
            """)
        #expect(
            lines(told) == [
                "warning 4:58 an update that does not touch note of public.plain may leave it out of the log (TOAST), and "
                    + "then this is unknown and left out",
                "warning 5:34 the log does not carry the old status of public.plain, so the condition is unknown and not true",
                "warning 6:14 the log carries of a deleted row of public.plain only its key, so the data is without status, "
                    + "note, amount",
                "warning 7:14 the log has nothing of a deleted row of public.silent, as its replica identity is nothing, so "
                    + "its event has neither key nor data",
                "warning 8:14 the log has nothing of a deleted row of public.keyless, as it has no primary key, so its event "
                    + "has neither key nor data",
                "warning 8:40 the key is null when id is, and such events have no key and no order among them",
                "warning 9:40 the key is null when id is, and such events have no key and no order among them",
                "warning 10:35 the log does not carry the old status of public.parted, so the condition is unknown and not "
                    + "true",
                "warning 12:65 an update that does not touch note of public.plain may leave it out of the log (TOAST), and "
                    + "then the condition is unknown and the row is not gathered",
            ])
        #expect(
            told.first { $0.place?.line == 10 }?.message.hasSuffix(
                "; ALTER TABLE public.parted_2 REPLICA IDENTITY FULL;") == true)
    }

    /// What the check says is what the log does: the statement it names mends it.
    @Test func theMendMends() async throws {
        let events = "  A: { from: update plain, when: old.status = 'NEW' }"
        let before = try await check(events)
        #expect(before.count == 2)
        for diagnostic in before {
            let mend = diagnostic.message.split(separator: ";").first { $0.contains("ALTER TABLE") }
            try database.run(String(try #require(mend)))
        }
        #expect(try await check(events) == [])
    }

    @Test func whatIsNoTableOfTheLogIsAnError() async throws {
        let told = try await check(
            """
              A: { from: insert into seen }
              B: { from: insert into quick }
              C: { from: insert into parted_1 }
              D: { from: insert into nowhere }
              E: { from: insert into Table }
            """)
        #expect(
            lines(told) == [
                "error 4:14 public.seen is a view, and the log has changes of tables alone",
                "error 5:14 public.quick is unlogged, so none of its changes is in the log",
                "error 6:14 public.parted_1 is a partition of public.parted",
                "error 7:14 there is no table public.nowhere", "error 8:14 there is no table public.table",
            ])
    }

    @Test func onlyReselectNeedsARightOnATable() async throws {
        let role = "reader_\(UInt32.random(in: 0 ... .max))"
        try database.run("CREATE ROLE \(role) LOGIN")
        let events = """
              A: { from: update plain, unknown: reselect }
              B: { from: 'update "Odd"."Table"', unknown: reselect }
              C: { from: update whole }
            """
        let connection = database.server.connection(to: database.name, user: role)
        func told() async throws -> [String] {
            let (configuration, told) = try configuration(events, connection: connection)
            let check = await MappingCheck.live(configuration, told: told)
            return check.told.map(\.message)
        }
        #expect(
            try await told() == [
                "source shop: role \(role) may not replicate; ALTER ROLE \(role) REPLICATION;",
                "`unknown: reselect` reads public.plain, and role \(role) may not; GRANT SELECT ON public.plain TO \(role);",
                "`unknown: reselect` reads Odd.Table, and role \(role) may not enter its schema; "
                    + "GRANT USAGE ON SCHEMA \"Odd\" TO \(role);",
                "`unknown: reselect` reads Odd.Table, and role \(role) may not; GRANT SELECT ON \"Odd\".\"Table\" TO \(role);",
                "`unknown: reselect` reads Odd.Table, whose policies can hide rows from role \(role), and then their values "
                    + "stay unknown; ALTER ROLE \(role) BYPASSRLS;",
            ])
        for mend in try await told().compactMap({ $0.split(separator: ";").dropFirst().first }) {
            try database.run(String(mend))
        }
        #expect(try await told() == [])
    }

    @Test func aSlotOfAnotherKindIsAnErrorAndNoSlotIsNot() async throws {
        let slot = TestDatabase.slotName()
        try database.run("SELECT pg_create_physical_replication_slot('\(slot)')")
        defer { _ = try? database.run("SELECT pg_drop_replication_slot('\(slot)')") }
        let (configuration, _) = try Configuration.load(
            text: """
                sources: { shop: { connection: "\(database.connection)", slot: \(slot) } }
                events: { A: { from: insert into plain } }
                """)
        let told = await MappingCheck.live(configuration).told.filter { $0.severity == .error }
        #expect(told.count == 1)
        #expect(told.first?.message.contains("slot \(slot) is of physical replication") == true)
        #expect(told.first?.place?.line == 1)
        #expect(try await check("  A: { from: insert into plain }") == [])
        #expect(try database.run("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'never_made'") == [["0"]])
    }

    @Test func aServerThatIsNotThereDoesNotHideTheOthersOrTheMapping() async throws {
        let (configuration, _) = try Configuration.load(
            text: """
                sources:
                  gone: { connection: "host=/nowhere dbname=x" }
                  shop: { connection: "\(database.connection)", slot: never_made }
                events:
                  A: { from: insert into orders, when: status = , source: gone }
                  B: { from: insert into plain, when: statsu = 'x', source: shop }
                """)
        let check = await MappingCheck.live(configuration)
        #expect(check.missingServers == 1)
        #expect(check.errors == 2)
        #expect(check.told.filter { $0.severity == .error }.map { $0.place?.line } == [2, 5, 6])
    }

    @Test func manyTablesAreReadAsOneByOne() throws {
        let catalog = try Catalog(database.connection)
        let all = try catalog.allTables()
        #expect(all.map(\.name.description).contains("Odd.Table"))
        for table in all { #expect(try catalog.table(table.name) == table) }
        let named = try catalog.tables([TableName(schema: "public", name: "parted")], partitions: true)
        #expect(named.map(\.name.name) == ["parted", "parted_1", "parted_2"])
        #expect(named.map(\.replicaIdentity) == [.full, .full, .default])
        #expect(named.map { $0.root?.name } == [nil, "parted", "parted"])
        #expect(try catalog.tables([TableName(schema: "x", name: #"a"b\,{}"#)]) == [])
    }

    /// Asked of the server: a row with every column as long as it can be has none out of line.
    @Test func shortTextsAreNotStoredOutOfLine() throws {
        try database.run(
            """
            CREATE DOMAIN code AS varchar(30);
            CREATE TABLE short (id int PRIMARY KEY, a varchar(20), b char(20), c code, d numeric, e uuid);
            CREATE TABLE long (id int PRIMARY KEY, a varchar(400), b text, c int[], d jsonb, e bytea);
            ALTER TABLE short ALTER a SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL, ALTER c SET STORAGE EXTERNAL;
            INSERT INTO short SELECT 1, repeat('€', 20), repeat('€', 20), repeat('€', 30), 10 ^ 100, gen_random_uuid();
            """)
        let catalog = try Catalog(database.connection)
        let short = try #require(try catalog.table(TableName(schema: "public", name: "short")))
        #expect(short.columns.filter(\.canToast).map(\.name) == [])
        let long = try #require(try catalog.table(TableName(schema: "public", name: "long")))
        #expect(long.columns.filter(\.canToast).map(\.name) == ["a", "b", "c", "d", "e"])
        let size = try database.run(
            "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'short' AND reltoastrelid <> 0")
        #expect(size == [] || size == [["0"]])
    }
}
