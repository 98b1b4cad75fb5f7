import Foundation
import LodeCore
import LodeDelivery
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// `/events` as server-sent events, read by a client that knows nothing but the standard.
struct EventStreamTests {
    private static let mapping = "  Added: { from: insert into t, key: owner }"
    private static let schema = "CREATE TABLE t (id int PRIMARY KEY, owner text, note text)"

    private static func daemon(
        limits: EndpointLimits = EndpointLimits()
    ) async throws -> (TestDatabase, RunningDaemon, FeedClient) {
        let database = try TemporaryPostgres.shared.get().database(schema)
        let daemon = try RunningDaemon(
            database, events: mapping, http: "{ listen: \"127.0.0.1:0\" }", limits: limits)
        try await daemon.ready()
        return (database, daemon, try await daemon.client())
    }

    @Test func streamHasEveryEventWithItsPositionAndLives() async throws {
        var limits = EndpointLimits()
        limits.keepAlive = .milliseconds(200)
        let (database, daemon, client) = try await Self.daemon(limits: limits)
        defer { daemon.cancel() }
        try database.run("INSERT INTO t VALUES (1, '1', E'two\\nlines\\r\\n'), (2, '2', '')")
        let stream = try client.stream()
        try await eventually("two events") { stream.events.count == 2 }
        try database.run("INSERT INTO t VALUES (3, '3', '')")
        try await eventually("a third") { stream.events.count == 3 }
        #expect(stream.events.map(\.id) == ["1", "2", "3"])
        try await eventually("the handler has them") { daemon.events.count == 3 }
        #expect(stream.events.map(\.data) == daemon.lines)
        #expect(stream.connection.text.contains("text/event-stream"))
        #expect(stream.connection.body.text.hasPrefix("retry: 2000\nid: 0\n\n"))
        try await eventually("it says that it lives") {
            stream.connection.body.text.hasSuffix(": keep-alive\nid: 3\n\n")
        }
        try await daemon.stop()
        try await eventually("the stream ends whole") { stream.connection.body.isWhole }
    }

    @Test func filteredStreamTellsHowFarItLookedAndEndsWhereItWasTold() async throws {
        var limits = EndpointLimits()
        limits.keepAlive = .milliseconds(100)
        let (database, daemon, client) = try await Self.daemon(limits: limits)
        defer { daemon.cancel() }
        try database.run("INSERT INTO t SELECT i, i % 10, '' FROM generate_series(1, 100) i")
        try await eventually("all") { daemon.events.count == 100 }
        let rare = try client.stream("key=7")
        try await eventually("ten") { rare.events.count == 10 }
        try await eventually("it looked at the rest") { rare.received.lastID == "100" }
        let few = try client.stream("types=Added&limit=3&after=10")
        try await eventually("three and the end") { few.connection.body.isWhole }
        #expect(few.events.map(\.id) == ["11", "12", "13"])
        let all = try client.stream("wait=0s")
        try await eventually("all and the end") { all.connection.body.isWhole }
        #expect(all.events.map(\.id) == (1...100).map { "\($0)" })
        // The header of a browser that comes back wins over the URL that it was first given.
        let again = try client.stream("from=earliest&wait=0s", headers: ["Last-Event-ID: 98"])
        try await eventually("the end") { again.connection.body.isWhole }
        #expect(again.events.map(\.id) == ["99", "100"])
        try await daemon.stop()
    }

    /// Pages and streams of random sizes, cut at random moments while rows are written: together just the
    /// journal, each event once, in order, in its own bytes.
    @Test func anyWayOfReadingGivesExactlyTheJournal() async throws {
        var random = SeededGenerator(for: "feed reading")
        let (database, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        let total = 2000
        let seed = random.next()
        async let writer: Void = BlockingThread.run(named: "writer") {
            var random = SeededGenerator(seed: seed)
            let session = try database.session()
            var id = 0
            while id < total {
                let count = min(total - id, Int.random(in: 1...60, using: &random))
                _ = try session.query(
                    "INSERT INTO t SELECT i, i % 5, repeat('x', i % 50 * 20) FROM generate_series(\(id + 1), \(id + count)) i"
                )
                id += count
                BlockingThread.sleep(.milliseconds(Int.random(in: 0...40, using: &random)))
            }
        }
        var lines: [String] = []
        while lines.count < total {
            let cursor = lines.count
            if Bool.random(using: &random) {
                let limit = Int.random(in: 1...300, using: &random)
                let wait = Int.random(in: 0...300, using: &random)
                let answer = try await client.ask("/events?after=\(cursor)&limit=\(limit)&wait=\(wait)ms")
                let page = try JSONDecoder().decode(FeedClient.Page.self, from: Data(answer.body))
                try #require(page.next == Int64(cursor + page.events.count))
                try #require(page.events.count <= limit)
                lines += Self.events(ofPage: answer.text)
            } else {
                let stream = try client.stream(headers: ["Last-Event-ID: \(cursor)"])
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...150, using: &random)))
                stream.connection.close()
                let events = stream.events
                try #require(events.map(\.id) == events.indices.map { "\(cursor + $0 + 1)" })
                lines += events.map(\.data)
            }
        }
        try await writer
        try await eventually("the handler has all") { daemon.events.count == total }
        #expect(lines == daemon.lines)
        try await daemon.stop()
    }

    /// The page's own bytes: what stands between the events is the only `},{"specversion"`.
    private static func events(ofPage text: String) -> [String] {
        guard let end = text.range(of: "],\"next\":", options: .backwards) else { return [] }
        let body = text[..<end.lowerBound].dropFirst("{\"events\":[".count)
        guard !body.isEmpty else { return [] }
        let parts = body.components(separatedBy: ",{\"specversion\"")
        return [parts[0]] + parts.dropFirst().map { "{\"specversion\"" + $0 }
    }

    @Test func clientThatDoesNotReadHoldsNobodyAndIsCutOff() async throws {
        var limits = EndpointLimits()
        limits.stalledClient = .seconds(2)
        limits.waiting = 3
        let (database, daemon, client) = try await Self.daemon(limits: limits)
        defer { daemon.cancel() }
        try database.run("INSERT INTO t SELECT i, i, repeat('x', 10000) FROM generate_series(1, 4000) i")
        try await eventually("all") { daemon.events.count == 4000 }
        let slow = try client.stream(reads: false)
        let page = try RawConnection(
            port: client.port, request: "GET /events?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n", reads: false)
        let quick = try client.stream("wait=0s")
        try await eventually("the quick one has all") { quick.connection.body.isWhole }
        #expect(quick.events.map(\.id) == (1...4000).map { "\($0)" })
        try database.run("INSERT INTO t VALUES (5000, 'new', '')")
        try await eventually("it goes on") { daemon.events.count == 4001 }
        try await Task.sleep(for: .seconds(3))
        for connection in [slow.connection, page] {
            var total = 0
            try await eventually("it was cut off") {
                let (count, isOver) = connection.drain()
                total += count
                return isOver
            }
            #expect(total < 8_000_000, "what fits the system's own buffers, not all that there is")
        }
        try await eventually("its place is free") {
            let streams = try (1...3).map { _ in try client.stream("from=latest") }
            try await eventually("answers") { streams.allSatisfy { $0.connection.status != nil } }
            return streams.allSatisfy { $0.connection.status == 200 }
        }
        try await daemon.stop()
    }

    /// The program, told to end while a stream, a waiting poll and a client that does not read are open.
    @Test func shutdownEndsStreamsAndPollsAtOnce() async throws {
        let database = try TemporaryPostgres.shared.get().database(Self.schema)
        let folder = try TemporaryFolder()
        let yaml = try folder.write(
            """
            sources: { shop: { connection: "\(database.connection)", slot: \(TestDatabase.slotName()), heartbeat: 1s } }
            journal: { path: lode.journal }
            http: { listen: "127.0.0.1:0" }
            events:
            \(Self.mapping)
            subscribers: { file: { file: { path: events.jsonl } } }
            """, to: "lode.yaml")
        let program = try LodeProgram.start(["run", "--config", yaml], log: folder.file("log"))
        defer { if program.isRunning { kill(program.processIdentifier, SIGKILL) } }
        try await eventually("it streams") { folder.text("log").contains("source streams") }
        let port = try #require(
            folder.text("log").firstMatch(of: /address=127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
        try database.run("INSERT INTO t SELECT i, i, repeat('x', 10000) FROM generate_series(1, 3000) i")
        let client = FeedClient(port: port)
        try await eventually("all are there") { try await client.page("from=latest").next == 3000 }
        let stream = try client.stream("after=3000")
        let slow = try client.stream(reads: false)
        let poll = Task { try await client.ask("/events?after=3000&wait=60s") }
        try await eventually("the stream is open") { stream.received.lastID == "3000" }
        try await Task.sleep(for: .milliseconds(300))
        program.terminate()
        try await eventually("it ends", within: .seconds(20)) { !program.isRunning }
        #expect(program.terminationStatus == 0, "\(folder.text("log").suffix(2000))")
        try await eventually("the stream ended whole") { stream.connection.body.isWhole && stream.connection.isOver }
        #expect(try await poll.value.text == "{\"events\":[],\"next\":3000}\n")
        slow.connection.close()
    }
}
