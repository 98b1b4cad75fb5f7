import Foundation
import LodePostgres
import TestSupport
import Testing

/// What must never be on standard error or in the log: passwords and the values of rows.
struct SecretsTests {
    @Test(arguments: [
        "postgresql://lode:s3cret@127.0.0.1:1/shop", "host=127.0.0.1 port=1 user=lode password=s3cret",
        "postgresql://lode:top@s3cret@127.0.0.1:1/shop", "postgresql://lode:s3cret@127.0.0.1:port/shop",
        "host=127.0.0.1 port=1 password=s3cret sslmode=nonsense", "s3cret",
    ])
    func passwordsAreInNoMessage(connection: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            sources: { shop: { connection: "${SHOP}" } }
            http: none
            events: { Added: { from: insert into t } }
            subscribers: { file: { file: { path: events.jsonl } } }
            """, to: "lode.yaml")
        let environment = ["SHOP": connection]
        for arguments in [["check"], ["status"], ["record", "--output", folder.file("recording")]] {
            let result = try await LodeProgram.output(of: arguments + ["-c", file], environment: environment)
            #expect(result.status == 69, "\(arguments): \(result.error)")
            let told = result.out + result.error
            #expect(!told.contains("s3cret"), "\(arguments): \(told)")
        }
    }

    @Test func valuesOfRowsAreInNoLog() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE t (id int PRIMARY KEY, note text, more numeric); CREATE TABLE u (id int, note text)")
        let folder = try TemporaryFolder()
        let proxy = try FaultProxy(to: database.server)
        defer { proxy.end() }
        proxy.replace("[integer]:3 ", with: "[integer}:3 ")
        let file = try folder.write(
            """
            sources: { shop: { connection: "\(proxy.connection(to: database))", slot: \(TestDatabase.slotName()) } }
            http: none
            events:
              Added: { from: insert into t }
              Changed: { from: update t, when: changed(note) }
            subscribers:
              file: { file: { path: events.jsonl } }
              broken: { file: { path: no/such/folder/events.jsonl } }
            """, to: "lode.yaml")
        let daemon = try LodeProgram.start(["run", "-c", file, "--log-level", "debug"], log: folder.file("log"))
        defer {
            daemon.terminate()
            daemon.waitUntilExit()
        }
        try await eventually("the stream is open") { folder.text("log").contains("source streams") }
        try database.run("INSERT INTO t VALUES (1, 'rowsecret', 4711.0815)")
        try database.run("INSERT INTO u VALUES (1, 'rowsecret')")
        try database.run("UPDATE t SET note = 'rowsecret 2'")
        try await eventually("the events") { folder.text("events.jsonl").contains("4711.0815") }
        try await eventually("the other subscriber fails") { folder.text("log").contains("delivery failed") }
        proxy.cut()
        try await eventually("the source waits") { folder.text("log").contains("source waits") }
        try await eventually("the stream is open again") {
            folder.text("log").components(separatedBy: "source streams").count > 2
        }
        try database.run("INSERT INTO t VALUES (3, 'rowsecret', 4711.0815)")
        try await eventually("the source stops") { folder.text("log").contains("source stopped: at 0/") }
        let log = folder.text("log")
        #expect(!log.contains("rowsecret") && !log.contains("4711"), "\(log)")
    }
}
