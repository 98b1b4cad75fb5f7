import Foundation
import LodeConfiguration
import LodeCore
import LodeDelivery
import LodeJournal
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// `/events` page by page, on a real daemon.
struct FeedPageTests {
    private static let mapping = """
          Added: { from: insert into t, key: owner }
          Removed: { from: delete from t, key: owner }
        """
    private static let schema =
        "CREATE TABLE t (id int PRIMARY KEY, owner text, note text); ALTER TABLE t REPLICA IDENTITY FULL"

    private static func daemon(
        journal: String = "{ path: lode.journal }", http: String = "{ listen: \"127.0.0.1:0\" }",
        limits: EndpointLimits = EndpointLimits()
    ) async throws -> (TestDatabase, RunningDaemon, FeedClient) {
        let database = try TemporaryPostgres.shared.get().database(schema)
        let daemon = try RunningDaemon(database, events: mapping, journal: journal, http: http, limits: limits)
        try await daemon.ready()
        return (database, daemon, try await daemon.client())
    }

    @Test func pagesHaveWholeEventsAndTheNextCursor() async throws {
        let (database, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        try database.run("INSERT INTO t SELECT i, 'o' || i % 2, 'ä\"\n' FROM generate_series(1, 5) i")
        try await eventually("five events") { daemon.events.count == 5 }
        let lines = daemon.lines
        let first = try await client.ask("/events?after=0&limit=2")
        #expect(first.status == 200)
        #expect(first.headers["content-type"] == "application/json")
        #expect(first.text == "{\"events\":[\(lines[0]),\(lines[1])],\"next\":2}\n")
        let second = try await client.ask("/events?after=2&limit=1000")
        #expect(second.text == "{\"events\":[\(lines[2...].joined(separator: ","))],\"next\":5}\n")
        #expect(try await client.ask("/events?after=5").text == "{\"events\":[],\"next\":5}\n")
        try await daemon.stop()
    }

    @Test func filtersPassWhatDoesNotFit() async throws {
        let (database, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        try database.run("INSERT INTO t VALUES (1, 'ann', ''), (2, 'bob', ''), (3, 'a b+c,ö', ''), (4, NULL, '')")
        try database.run("DELETE FROM t WHERE id = 1")
        try await eventually("five events") { daemon.events.count == 5 }
        func subjects(_ query: String) async throws -> [String?] { try await client.page(query).events.map(\.subject) }
        #expect(try await subjects("key=ann") == ["ann", "ann"])
        #expect(try await subjects("key=ann&types=Add*") == ["ann"])
        #expect(try await subjects("types=Removed,Nothing*") == ["ann"])
        #expect(try await subjects("types=Removed%2CAdded&limit=1") == ["ann"])
        #expect(try await subjects("key=a+b%2Bc%2C%C3%B6") == ["a b+c,ö"])
        #expect(try await client.page("key=nobody") == .init(events: [], next: 5))
        #expect(try await client.page("types=Added&after=4") == .init(events: [], next: 5))
        #expect(try await client.page("types=Added&limit=1").next == 1)
        try await daemon.stop()
    }

    @Test func everyBeginningIsUnderstood() async throws {
        let (database, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        try database.run("INSERT INTO t VALUES (1, '1', '')")
        try await eventually("one event") { daemon.events.count == 1 }
        try await Task.sleep(for: .milliseconds(50))
        try database.run("INSERT INTO t VALUES (2, '2', '')")
        try await eventually("two events") { daemon.events.count == 2 }
        func subjects(_ query: String) async throws -> [String?] { try await client.page(query).events.map(\.subject) }
        for query in ["", "from=earliest", "after=0", "at=0", "at=1", "from=1", "from=2000-01-01"] {
            #expect(try await subjects(query) == ["1", "2"], "\(query)")
        }
        for query in ["after=1", "at=2", "from=2"] { #expect(try await subjects(query) == ["2"], "\(query)") }
        for query in ["from=latest", "after=2", "at=3", "from=2999-01-01T00:00:00+02:00"] {
            #expect(try await client.page(query) == .init(events: [], next: 2), "\(query)")
        }
        let second = try #require(daemon.events[1].time)
        #expect(try await subjects("from=\(second)") == ["2"])
        try await daemon.stop()
    }

    @Test func mistakesAreToldByTheirNames() async throws {
        let (_, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        let mistakes: [(String, Int, String)] = [
            ("/events?limt=3", 400, "there is no parameter “limt”; did you mean limit?"),
            ("/events?foo", 400, "there are after, at, from, types, key, limit, wait"),
            ("/events?limit=0", 400, "limit: “0” is not a number from 1 to 1000"),
            ("/events?limit=1001", 400, "limit: “1001”"), ("/events?limit=", 400, "limit: “”"),
            ("/events?after=-1", 400, "after: “-1” is not a position"),
            ("/events?after=1e3", 400, "after: “1e3”"),
            ("/events?after=99999999999999999999", 400, "is not a position"),
            ("/events?after=9223372036854775807", 400, "is not there yet; the last is 0"),
            ("/events?at=2", 400, "position 2 is not there yet; the last is 0"),
            ("/events?from=yesterday", 400, "from: “yesterday” is no beginning; write earliest, latest"),
            ("/events?wait=61s", 400, "wait: “61s”"), ("/events?wait=10", 400, "write it with its unit"),
            ("/events?types=,", 400, "types is empty"), ("/events?key=%FF", 400, "percent-encoded UTF-8"),
            ("/events?limit=1&limit=2", 400, "limit is given twice"),
            ("/events?after=0&from=latest", 400, "after and from are both given"),
            ("/event", 404, "/events, /health/live"), ("/events/", 404, "there is nothing here"),
        ]
        for (path, status, words) in mistakes {
            let answer = try await client.ask(path)
            let body = try JSONDecoder().decode([String: String].self, from: Data(answer.body))
            #expect(answer.status == status, "\(path): \(answer.text)")
            #expect(body["error"]?.contains(words) == true, "\(path): \(answer.text)")
        }
        let bad = try await client.ask(
            "/events", headers: ["Last-Event-ID": "x", "Accept": "text/event-stream"])
        #expect(bad.status == 400)
        for method in ["POST", "HEAD", "DELETE", "OPTIONS"] {
            let answer = try await client.ask("/events", method: method)
            #expect(answer.status == 405, "\(method)")
            #expect(answer.headers["allow"] == "GET", "\(method)")
        }
        try await daemon.stop()
    }

    /// An event ends a poll that would last a minute; the limit of the test says that it did.
    @Test func longPollWakesWhenAFittingEventComesAndNotBefore() async throws {
        let (database, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        let answer = Task { try await client.page("wait=60s&key=wanted") }
        try await Task.sleep(for: .milliseconds(300))
        try database.run("INSERT INTO t VALUES (1, 'other', '')")
        try await Task.sleep(for: .milliseconds(300))
        try database.run("INSERT INTO t VALUES (2, 'wanted', ''), (3, 'later', '')")
        let page = try await within(.seconds(40)) { try await answer.value }
        #expect(page.events.map(\.subject) == ["wanted"])
        #expect(page.next == 3)
        #expect(try await client.page("wait=200ms&after=3") == .init(events: [], next: 3))
        #expect(try await client.page("wait=60s&after=2").next == 3)
        try await daemon.stop()
    }

    @Test func largeEventsMakeSmallPages() async throws {
        let (database, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        try database.run("INSERT INTO t SELECT i, i::text, repeat('x', 1500000) FROM generate_series(1, 8) i")
        try await eventually("eight events") { daemon.events.count == 8 }
        var (next, seen, pages): (Int64, [String?], Int) = (0, [], 0)
        while next < 8 {
            let answer = try await client.ask("/events?after=\(next)&limit=1000")
            #expect(answer.body.count < FeedPlaces.pageBytes + 2_000_000)
            let page = try JSONDecoder().decode(FeedClient.Page.self, from: Data(answer.body))
            try #require(page.next > next)
            (next, seen, pages) = (page.next, seen + page.events.map(\.subject), pages + 1)
        }
        #expect(seen == (1...8).map { "\($0)" })
        #expect(pages >= 3)
        try await daemon.stop()
    }

    @Test func lookingForARareKeyIsBoundedAndGoesOn() async throws {
        let (database, daemon, client) = try await Self.daemon()
        defer { daemon.cancel() }
        let session = try database.session()
        for part in 0..<5 {
            _ = try session.query(
                "INSERT INTO t SELECT i, i, repeat('x', 20000) FROM generate_series(\(part * 1000 + 1), \(part * 1000 + 1000)) i"
            )
        }
        try await eventually("all") { daemon.events.count == 5000 }
        var (next, seen, requests): (Int64, [String?], Int) = (0, [], 0)
        while next < 5000 {
            let page = try await client.page("after=\(next)&key=5000&wait=60s")
            try #require(page.next > next)
            (next, seen, requests) = (page.next, seen + page.events.map(\.subject), requests + 1)
        }
        #expect(seen == ["5000"])
        #expect(requests > 1, "a hundred megabytes are more than one request looks at")
        try await daemon.stop()
    }

    @Test func roomForPagesShrinksAndComesBack() {
        let places = FeedPlaces(most: 1)
        var rooms = (0..<2000).map { _ in places.room() }
        #expect(rooms.first?.bytes == FeedPlaces.pageBytes)
        #expect(rooms.last?.bytes == FeedPlaces.smallestPage)
        #expect(rooms.reduce(0) { $0 + $1.bytes } < FeedPlaces.allPagesBytes + 2000 * FeedPlaces.smallestPage)
        rooms.removeAll()
        #expect(places.room().bytes == FeedPlaces.pageBytes)
    }

    @Test func whatIsNoLongerKeptIsToldWithTheFirstPositionThatIs() async throws {
        let (database, first, _) = try await Self.daemon()
        for id in 1...4 {
            try database.run("INSERT INTO t VALUES (\(id), '\(id)', '')")
            try await eventually("event \(id)") { first.events.count == id }
        }
        try await first.stop()
        let journal = try Journal.open(first.folder.file("lode.journal"))
        // Two blocks are within so few bytes, the two before them are not.
        let bytes = try await journal.blocks(after: 2).reduce(0) { $0 + $1.block.body.count }
        #expect(try journal.prune(olderThan: nil, sizeBytes: Int64(bytes), keeping: []) == 2)
        try journal.close()
        let second = try first.again()
        defer { second.cancel() }
        let client = try await second.client()
        for accept in ["*/*", "text/event-stream"] {
            for query in ["after=0", "after=1", "at=2"] {
                let gone = try await client.ask("/events?\(query)", headers: ["Accept": accept])
                #expect(gone.status == 410, "\(query): \(gone.text)")
                #expect(gone.text.hasSuffix(",\"first\":3}\n"), "\(gone.text)")
            }
        }
        for query in ["after=2", "at=3", "from=earliest"] {
            #expect(try await client.page(query).events.map(\.subject) == ["3", "4"], "\(query)")
        }
        try await second.stop()
    }

    @Test func withoutAJournalThereIsNoFeed() async throws {
        let (_, daemon, client) = try await Self.daemon(journal: "none")
        defer { daemon.cancel() }
        let answer = try await client.ask("/events")
        #expect(answer.status == 404)
        #expect(answer.text.contains("journal: none"))
        #expect(try await client.ask("/metrics").status == 200)
        try await daemon.stop()
    }

    @Test func onlySoManyRequestsWaitAndTheOthersAreToldToComeBack() async throws {
        var limits = EndpointLimits()
        limits.waiting = 2
        let (database, daemon, client) = try await Self.daemon(limits: limits)
        defer { daemon.cancel() }
        let first = try client.stream()
        let second = try client.stream()
        try await eventually("two streams") { first.connection.status == 200 && second.connection.status == 200 }
        let refused = try await client.ask("/events?wait=1s")
        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] == "5")
        #expect(try await client.ask("/events", headers: ["Accept": "text/event-stream"]).status == 503)
        #expect(try await client.ask("/events").status == 200)
        first.connection.close()
        try await eventually("the place is free") { try await client.ask("/events?wait=10ms").status == 200 }
        try database.run("INSERT INTO t VALUES (1, '1', '')")
        try await eventually("the other stream goes on") { second.events.count == 1 }
        try await daemon.stop()
    }
}

/// Fails when something takes longer than anybody would wait for it.
func within<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw TestFailure("not within \(limit)")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw TestFailure("nothing came") }
        return value
    }
}
