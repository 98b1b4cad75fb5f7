import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// The built program's exit codes and last words.
struct ExitCodeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Nobody listens on port 1.
    private static let nowhere = "host=127.0.0.1 port=1 dbname=shop user=lode connect_timeout=2"

    private func configuration(
        _ connection: String, events: String = "Added: { from: insert into t }", rest: String = "",
        to name: String = "lode.yaml"
    ) throws -> String {
        try folder.write(
            """
            sources: { shop: { connection: "\(connection)", slot: \(TestDatabase.slotName()) } }
            journal: { path: lode.journal }
            http: none
            events:
              \(events)
            subscribers: { file: { file: { path: events.jsonl } } }
            \(rest)
            """, to: name)
    }

    private func database(_ schema: String = "CREATE TABLE t (id int PRIMARY KEY)") throws -> TestDatabase {
        try TemporaryPostgres.shared.get().database(schema)
    }

    private func expect(
        _ status: Int32, _ arguments: [String], says words: String = "", lines: Int? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let result = try await LodeProgram.output(of: arguments)
        #expect(result.status == status, "\(arguments): \(result.error)", sourceLocation: location)
        #expect(result.error.contains(words), "\(arguments): \(result.error)", sourceLocation: location)
        if let lines {
            #expect(result.error.split(separator: "\n").count == lines, "\(result.error)", sourceLocation: location)
        }
    }

    // MARK: - 64

    @Test(arguments: [
        ["nonsense"], ["decode"], ["record"], ["run", "--nonsense"], ["record", "-o", "x", "--until", "nowhere"],
        ["record", "-o", "x", "--transactions", "many"], ["tail", "--from", "sometime"],
    ])
    func wrongUsageIs64(arguments: [String]) async throws {
        try await expect(64, arguments, says: "Usage: lode")
    }

    @Test func sourceThatIsNotThereIs64() async throws {
        let file = try configuration(Self.nowhere)
        try await expect(
            64, ["record", "-c", file, "-o", folder.file("x"), "--source", "other"], says: "there is no source")
    }

    // MARK: - 78

    @Test(arguments: ["run", "check", "tail", "status", "health"])
    func configurationThatIsMissingOrWrongIs78(command: String) async throws {
        try await expect(78, [command, "-c", folder.file("none.yaml")], says: "there is no file", lines: 1)
        let wrong = try folder.write("sources: { shop: { conection: x } }\n", to: "wrong.yaml")
        try await expect(78, [command, "-c", wrong], says: "wrong.yaml:1:20: error: ")
    }

    @Test func mappingThatDoesNotFitTheDatabaseIs78() async throws {
        let database = try database()
        let file = try configuration(
            database.connection, events: "Added: { from: insert into t, when: nothing = 1 }")
        for command in ["check", "run"] { try await expect(78, [command, "-c", file], says: "lode.yaml:5:") }
    }

    @Test func serverThatIsNotReadyForLodeFailsTheCheckWithTheSQL() async throws {
        let server = try TemporaryPostgres(settings: ["wal_level = replica"])
        let database = try server.database("CREATE TABLE t (id int PRIMARY KEY); CREATE ROLE plain LOGIN")
        let file = try configuration(server.connection(to: database.name, user: "plain"))
        try await expect(78, ["check", "-c", file], says: "ALTER SYSTEM SET wal_level = 'logical';", lines: 2)
        try await expect(78, ["check", "-c", file], says: "ALTER ROLE plain REPLICATION;")
    }

    @Test func journalNoneLeavesNothingToTail() async throws {
        let file = try folder.write(
            "sources: { shop: { connection: \"\(Self.nowhere)\" } }\njournal: none\nhttp: { listen: 127.0.0.1:1 }\n"
                + "events: { Added: { from: insert into t } }\nsubscribers: { out: { stdout: {} } }\n", to: "none.yaml")
        try await expect(78, ["tail", "-c", file], says: "journal: none", lines: 1)
        try await expect(1, ["health", "-c", file], says: "is `lode run` running?")
    }

    // MARK: - 69

    @Test func commandsThatCannotWaitForAServerExitWith69() async throws {
        let file = try configuration(Self.nowhere)
        try await expect(69, ["check", "-c", file], says: "Connection refused", lines: 1)
        try await expect(69, ["record", "-c", file, "-o", folder.file("x")], says: "Connection refused", lines: 1)
        let status = try await LodeProgram.output(of: ["status", "--json", "-c", file])
        #expect(status.status == 69)
        #expect(status.out.contains("Connection refused"))
    }

    @Test func daemonWaitsForItsServer() async throws {
        let file = try configuration(Self.nowhere)
        let daemon = try LodeProgram.start(["run", "-c", file], log: folder.file("log"))
        try await eventually("it says so") { folder.text("log").contains("Connection refused") }
        #expect(daemon.isRunning)
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
    }

    @Test func filesThatCannotBeHadAre69() async throws {
        let file = try configuration(Self.nowhere)
        try await expect(69, ["decode", folder.file("none")], says: "cannot be read: No such file", lines: 1)
        try await expect(
            69, ["replay", "-c", file, folder.file("none")], says: "cannot be read: No such file", lines: 1)
        try await expect(
            69, ["record", "-c", file, "-o", folder.file("no/folder")], says: "cannot be written", lines: 1)
        try await expect(69, ["tail", "-c", file], says: "there is no journal", lines: 1)
        #expect(!FileManager.default.fileExists(atPath: folder.file("lode.journal")), "looking makes nothing")
    }

    @Test func journalThatIsNoneOrInUseIs69() async throws {
        let file = try configuration(Self.nowhere)
        try folder.write(String(repeating: "this is no journal ", count: 100), to: "lode.journal")
        try await expect(69, ["run", "-c", file], says: "not a journal", lines: 1)
        try FileManager.default.removeItem(atPath: folder.file("lode.journal"))
        let daemon = try LodeProgram.start(["run", "-c", file], log: folder.file("log"))
        defer {
            daemon.terminate()
            daemon.waitUntilExit()
        }
        try await eventually("the first daemon has it") { folder.text("log").contains("Connection refused") }
        try await expect(69, ["run", "-c", file], says: "another lode uses the journal", lines: 1)
    }

    // MARK: - 0 and 1

    @Test func checkTellsGoodFromRiskyFromWrong() async throws {
        let database = try database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        let good = try configuration(database.connection)
        try await expect(0, ["check", "-c", good, "--strict"], says: "1 event, 0 warnings", lines: 1)
        // The old note is not in the log under the default replica identity.
        let risky = try configuration(
            database.connection, events: "Changed: { from: update t, when: changed(note) }", to: "risky.yaml")
        try await expect(0, ["check", "-c", risky], says: "REPLICA IDENTITY FULL")
        try await expect(1, ["check", "-c", risky, "--strict"], says: "warning:")
    }

    private static let whole = """
        BEGIN 529
        table public.t: INSERT: id[integer]:1
        COMMIT 529

        """

    @Test(arguments: [
        ("BEGIN 530\ntable public.t: INSERT: id[integer]:2\n", 4, 54),
        ("BEGIN 530\ntable public.t: INSERT: id[inte", 5, 64),
        ("BEGIN 530\ntable public.t: INSERT: id[integer]=rowsecret\nCOMMIT 530\n", 5, 64),
        ("garbage rowsecret\n", 4, 54),
    ])
    func recordingThatIsCutOrDamagedIsToldByLineAndOffsetAfterWhatIsWhole(
        rest: String, line: Int, offset: Int
    ) async throws {
        let recording = try folder.write(Self.whole + rest, to: "recording")
        let decoded = try await LodeProgram.output(of: ["decode", recording])
        #expect(decoded.status == 1)
        #expect(decoded.error.hasPrefix("\(recording):\(line):"), "\(decoded.error)")
        #expect(decoded.error.contains("(byte "))
        #expect(decoded.error.split(separator: "\n").count == 1 && !decoded.error.contains("rowsecret"))
        let kinds = decoded.out.split(separator: "\n").prefix(3).map { $0.prefix(15) }
        #expect(kinds == ["{\"kind\":\"begin\"", "{\"kind\":\"insert", "{\"kind\":\"commit"])

        let file = try configuration(Self.nowhere, events: "Added: { from: insert into t, key: id }")
        let replayed = try await LodeProgram.output(of: ["replay", "-c", file, recording])
        #expect(replayed.status == 1)
        #expect(replayed.error.contains("\(recording):\(line):") && !replayed.error.contains("rowsecret"))
        #expect(replayed.out.split(separator: "\n").count == 1, "the whole transaction's event: \(replayed.out)")
    }

    @Test func recordingOfAnotherKindAndOfANewerVersionAreRefused() async throws {
        try await expect(1, ["decode", try folder.write("%PDF-1.4\nx\n", to: "pdf")], says: "pdf:1:1: error: ")
        let newer = try folder.write("{\"lode\":99,\"source\":\"shop\"}\n", to: "newer")
        try await expect(1, ["decode", newer], says: "newer:1:")
    }
}
