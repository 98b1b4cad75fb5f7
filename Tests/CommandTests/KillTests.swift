import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// The built program, killed in the middle of its work.
struct KillTests {
    private struct Line: Decodable {
        var id: String
        var subject: String
        var data: Row

        struct Row: Decodable {
            var id: Int
            var version: Int
        }
    }

    /// Every committed row's event is in the file, repeats only with the same id and bytes, each key in
    /// order, and a recording of the same log replays to the same events.
    @Test(.timeLimit(.minutes(5))) func nothingIsLostInventedOrOutOfOrderOverTwentyKills() async throws {
        var random = SeededGenerator(for: "twenty kills")
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE t (id int PRIMARY KEY, version int, filler text); ALTER TABLE t REPLICA IDENTITY FULL")
        let folder = try TemporaryFolder()
        let (slot, second) = (TestDatabase.slotName(), TestDatabase.slotName())
        let yaml = try folder.write(
            """
            sources: { shop: { connection: "\(database.connection)", slot: \(slot), heartbeat: 1s } }
            journal: { path: lode.journal }
            http: none
            events:
              Added: { from: insert into t, data: { id: id, version: version } }
              Changed: { from: update t, when: changed(version), key: id, data: { id: id, version: version } }
            subscribers: { file: { file: { path: events.jsonl } } }
            """, to: "lode.yaml")
        try database.makeSlot(slot)
        try database.makeSlot(second)

        let seed = random.next()
        async let writer = BlockingThread.run(named: "writer") { try Self.write(database, seed: seed) }
        for _ in 1...20 {
            let daemon = try LodeProgram.start(["run", "--config", yaml], log: folder.file("log"))
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...700, using: &random)))
            kill(daemon.processIdentifier, SIGKILL)
            daemon.waitUntilExit()
        }
        let expected = try await writer
        let daemon = try LodeProgram.start(["run", "--config", yaml], log: folder.file("last log"))
        try await eventually("the last row's event", within: .seconds(60)) {
            folder.text("events.jsonl").contains("\"subject\":\"-1\"")
        }
        // Signals are only its own from then on; the event may be of the daemon before.
        try await eventually("it runs") { folder.text("last log").contains("source streams") }
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0, "a terminated daemon ends cleanly: \(folder.text("last log").suffix(2000))")

        let lines = folder.text("events.jsonl").split(separator: "\n").map(String.init)
        let unique = try check(lines, expected: expected)

        let recorded = try await LodeProgram.output(of: [
            "record", "--config", yaml, "--slot", second, "--output", folder.file("recording"), "--until",
            "\(try database.position())", "--for", "20s",
        ])
        #expect(recorded.status == 0, "\(recorded.error)")
        let replay = try await LodeProgram.output(of: ["replay", "--config", yaml, folder.file("recording")])
        #expect(replay.status == 0, "\(replay.error)")
        #expect(replay.out.split(separator: "\n").map(String.init) == unique)
        let again = try await LodeProgram.output(of: ["replay", "--config", yaml, folder.file("recording")])
        #expect(again.out == replay.out)
    }

    /// The lines without repeats, in the order of their first coming.
    private func check(_ lines: [String], expected: [Int: Int]) throws -> [String] {
        var bytesOfID: [String: String] = [:]
        var versions: [Int: Int] = [:]
        var unique: [String] = []
        for line in lines {
            let event = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            if let before = bytesOfID[event.id] {
                #expect(before == line, "a repeat has the same bytes")
                continue
            }
            bytesOfID[event.id] = line
            unique.append(line)
            #expect(event.data.version == versions[event.data.id, default: 0] + 1, "a key's events are in order")
            versions[event.data.id] = event.data.version
        }
        versions[-1] = nil
        #expect(versions == expected)
        return unique
    }

    /// Random inserts, updates and rollbacks for about ten seconds; the committed version of every row.
    private static func write(_ database: TestDatabase, seed: UInt64) throws -> [Int: Int] {
        var random = SeededGenerator(seed: seed)
        let session = try database.session()
        var versions: [Int: Int] = [:]
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            var next = versions
            _ = try session.query("BEGIN")
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let id = Int.random(in: 1...200, using: &random)
                next[id, default: 0] += 1
                _ = try session.query(
                    "INSERT INTO t VALUES (\(id), 1, 'a''b\nCOMMIT 5') ON CONFLICT (id) DO UPDATE SET version = t.version + 1"
                )
            }
            if Int.random(in: 0..<5, using: &random) == 0 {
                _ = try session.query("ROLLBACK")
            } else {
                _ = try session.query("COMMIT")
                versions = next
            }
            usleep(2000)
        }
        _ = try session.query("INSERT INTO t VALUES (-1, 1, '')")
        return versions
    }
}
