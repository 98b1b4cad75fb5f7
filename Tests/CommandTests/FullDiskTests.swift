import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

/// The built daemon on a file system of eight megabytes that fills up.
struct FullDiskTests {
    private struct Line: Decodable {
        var id: String
        var subject: String
    }

    /// Mounts, fills, runs the daemon, and makes room when a file appears. In a mount namespace of its
    /// own, which ends with it.
    private static let script = """
        mount -t tmpfs -o size=8m lode "$1/disk" || exit 99
        "$2" run -c "$1/lode.yaml" & daemon=$!
        trap 'kill -TERM $daemon' TERM
        while [ ! -e "$1/room" ] && kill -0 $daemon 2>/dev/null; do sleep 0.1; done
        mount -o remount,size=128m "$1/disk"
        while kill -0 $daemon 2>/dev/null; do wait $daemon; status=$?; done
        exit $status
        """

    @Test(.timeLimit(.minutes(3))) func fullDiskConfirmsNothingAndRoomLetsItGoOn() async throws {
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        let folder = try TemporaryFolder()
        let slot = TestDatabase.slotName()
        try FileManager.default.createDirectory(atPath: folder.file("disk"), withIntermediateDirectories: false)
        try folder.write(
            """
            sources: { shop: { connection: "\(database.connection)", slot: \(slot), heartbeat: 1s } }
            journal: { path: disk/lode.journal }
            http: none
            events: { Added: { from: insert into t } }
            subscribers: { file: { file: { path: events.jsonl } } }
            """, to: "lode.yaml")
        func confirmed() throws -> LSN? {
            (try database.run("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '\(slot)'")
                .first?.first ?? nil).flatMap { LSN($0) }
        }
        let daemon = try LodeProgram.start(
            arguments: [
                "unshare", getuid() == 0 ? "-m" : "-rm", "sh", "-c", Self.script, "full-disk", folder.path,
                LodeProgram.path(),
            ], log: folder.file("log"))
        defer {
            daemon.terminate()
            daemon.waitUntilExit()
        }
        try await eventually("the stream is open") {
            guard daemon.isRunning else {
                throw TestFailure(
                    "no file system can be mounted here, so this cannot be tested; run it as root, or where user "
                        + "namespaces are allowed: \(folder.text("log"))")
            }
            return folder.text("log").contains("source streams")
        }
        // One transaction that is staged, and many that are not.
        try database.run("INSERT INTO t VALUES (1, 'fits')")
        try await eventually("the first event") { folder.text("events.jsonl").contains("\"subject\":\"1\"") }
        let session = try database.session()
        let before = try database.position()
        for turn in 0..<40 {
            _ = try session.query(
                "INSERT INTO t SELECT 2 + \(turn) * 300 + i, repeat('x', 1000) FROM generate_series(0, 299) i")
        }
        let behind = try database.position()
        try await eventually("it says so", within: .seconds(60)) {
            let log = folder.text("log")
            return log.contains("source waits") && log.contains("disk")
        }
        // What was safe before is still told, with the next status.
        try await Task.sleep(for: .seconds(2))
        let stuck = try #require(try confirmed())
        #expect(stuck < behind)
        for _ in 1...10 {
            try await Task.sleep(for: .milliseconds(200))
            #expect(try confirmed() == stuck, "nothing more is confirmed")
        }
        #expect(stuck >= before, "what was written before is confirmed")
        #expect(daemon.isRunning)

        try folder.write("", to: "room")
        try await eventually("every event", within: .seconds(60)) {
            folder.text("events.jsonl").contains("\"subject\":\"12001\"")
        }
        try await eventually("the slot moves") { (try confirmed() ?? .zero) >= behind }
        let lines = try folder.text("events.jsonl").split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        #expect(lines.map(\.subject) == (1...12001).map { "\($0)" })
        #expect(Set(lines.map(\.id)).count == 12001)
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0, "\(folder.text("log").suffix(1000))")
        #expect(folder.text("log").contains("the journal can be written again"))
    }
}
