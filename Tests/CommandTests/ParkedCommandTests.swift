import Foundation
import LodePostgres
import TestSupport
import Testing

/// `lode parked` and `lode subscribers`, beside a running daemon and without one.
@Suite(.blocking) struct ParkedCommandTests {
    private struct Line: Decodable {
        var id: String
        var key: String?
        var waitsBehind: Bool
        var reason: String?
    }

    private func parked(_ yaml: String) throws -> [Line] {
        let output = try LodeProgram.run(["parked", "list", "--json", "--config", yaml])
        #expect(output.status == 0, "\(output.error)")
        return try output.out.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    /// A handler that takes no 7, until it is told to.
    private static let handler = """
        import json, os, sys
        folder = os.path.dirname(os.path.abspath(__file__))
        for line in sys.stdin:
            event = json.loads(line)
            if event["subject"] == "7" and not os.path.exists(folder + "/open"):
                answer = {"id": event["id"], "error": "no seven here", "park": True}
            else:
                with open(folder + "/taken", "a") as file: file.write(event["type"] + event["subject"] + "\\n")
                answer = {"id": event["id"], "ok": True}
            print(json.dumps(answer), flush=True)
        """

    @Test func parkedEventsAreShownRetriedAndSkipped() async throws {
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY, n int)")
        let slot = TestDatabase.slotName()
        let folder = try TemporaryFolder()
        try folder.write(Self.handler, to: "handler.py")
        let yaml = try folder.write(
            """
            sources: { shop: { connection: "\(database.connection)", slot: \(slot), heartbeat: 1s } }
            journal: { path: lode.journal }
            http: none
            events:
              Added: { from: insert into t }
              Changed: { from: update t }
            subscribers:
              program: { exec: { command: [python3, "\(folder.file("handler.py"))"] } }
            """, to: "lode.yaml")
        try database.makeSlot(slot)
        var daemon = try LodeProgram.start(["run", "--config", yaml], log: folder.file("log"))
        try database.run(
            "INSERT INTO t SELECT i, 0 FROM generate_series(1, 9) i; UPDATE t SET n = 1 WHERE id IN (7, 8)")
        try await eventually("the others") { folder.text("taken").split(separator: "\n").count == 9 }
        try await eventually("two are set aside") { try parked(yaml).count == 2 }
        let lines = try parked(yaml)
        #expect(lines.map(\.key) == ["7", "7"])
        #expect(lines.map(\.waitsBehind) == [false, true])
        #expect(lines[0].reason?.contains("no seven here") == true)
        let shown = try LodeProgram.run(["parked", "show", lines[0].id, "--config", yaml])
        #expect(shown.out.contains(#""subject":"7""#) && shown.error.contains("no seven here"))
        let behind = try LodeProgram.run(["parked", "retry", "program", "--id", lines[1].id, "--config", yaml])
        #expect(behind.status == 1 && behind.error.contains("waits behind"), "\(behind.error)")
        let status = try LodeProgram.run(["status", "--json", "--config", yaml])
        #expect(status.out.contains(#""parked":2"#))

        // Retried in vain, then with success: both come, in their order.
        #expect(try LodeProgram.run(["parked", "retry", "program", "--config", yaml]).status == 0)
        try await eventually("it is set aside again") { try parked(yaml).count == 2 }
        try folder.write("", to: "open")
        #expect(try LodeProgram.run(["parked", "retry", "program", "--key", "7", "--config", yaml]).status == 0)
        try await eventually("both are taken") { folder.text("taken").hasSuffix("Added7\nChanged7\n") }
        try await eventually("nothing is set aside") { try parked(yaml).isEmpty }

        // Without a daemon.
        try FileManager.default.removeItem(atPath: folder.file("open"))
        try database.run("UPDATE t SET n = 2 WHERE id = 7; UPDATE t SET n = 3 WHERE id = 7")
        try await eventually("two are set aside again") { try parked(yaml).count == 2 }
        daemon.terminate()
        daemon.waitUntilExit()
        let skipped = try LodeProgram.run(["parked", "skip", "program", "--config", yaml])
        #expect(skipped.status == 0, "\(skipped.error)")
        #expect(try parked(yaml).map(\.waitsBehind) == [true])
        #expect(
            try LodeProgram.run(["parked", "list", "--skipped", "--json", "--config", yaml]).out.contains("no seven"))
        #expect(try LodeProgram.run(["subscribers", "pause", "program", "--config", yaml]).status == 0)
        try folder.write("", to: "open")
        daemon = try LodeProgram.start(["run", "--config", yaml], log: folder.file("second log"))
        defer {
            daemon.terminate()
            daemon.waitUntilExit()
        }
        try await eventually("it runs") { folder.text("second log").contains("source streams") }
        try await Task.sleep(for: .milliseconds(500))
        #expect(folder.text("taken").split(separator: "\n").count == 11, "it is paused")
        let unknown = try LodeProgram.run(["subscribers", "resume", "progam", "--config", yaml])
        #expect(unknown.status == 1 && unknown.error.contains("did you mean “program”?"), "\(unknown.error)")
        #expect(try LodeProgram.run(["subscribers", "resume", "program", "--config", yaml]).status == 0)
        try await eventually("the one behind") { folder.text("taken").split(separator: "\n").count == 12 }
        let rewound = try LodeProgram.run(["subscribers", "rewind", "program", "--to", "earliest", "--config", yaml])
        #expect(rewound.status == 0, "\(rewound.error)")
        try await eventually("all anew") { folder.text("taken").split(separator: "\n").count == 12 + 13 }
        let early = try LodeProgram.run(["subscribers", "rewind", "program", "--to", "0", "--config", yaml])
        #expect(
            early.status == 1 && early.error.contains("the first event that is kept has position 1"), "\(early.error)")
    }
}
