import Foundation
import LodeCore
import LodePostgres
import TestSupport
import Testing

@testable import Lode

/// Stops and starts at bad moments: the journal has every event, once.
struct RestartTests {
    private let events = "  Added: { from: insert into t }"

    private func journal(_ daemon: RunningDaemon) async throws -> [Event] {
        let view = try JournalView(path: daemon.folder.file("lode.journal"))
        var all: [Event] = []
        var position = try await view.position(before: .earliest)
        while let next = try await view.events(after: position) {
            all += next.events
            position = next.last
        }
        return all
    }

    @Test func transactionsThatWereOpenAtTheStopComeOnceAndWhole() async throws {
        // A server of its own: an open transaction holds up the slots of all other tests.
        let database = try TemporaryPostgres().database("CREATE TABLE t (id int PRIMARY KEY)")
        let first = try RunningDaemon(database, events: events)
        try await first.ready()
        let (open, other) = (try database.session(), try database.session())
        _ = try open.query("BEGIN")
        _ = try open.query("INSERT INTO t VALUES (1)")
        _ = try other.query("INSERT INTO t VALUES (2)")
        try await eventually("the short transaction's event") { first.events.count == 1 }
        try await first.stop()
        // It began before the position that the journal has, and commits after it.
        _ = try open.query("INSERT INTO t VALUES (3)")
        _ = try open.query("COMMIT")
        let second = try first.again()
        defer { second.cancel() }
        try await eventually("the long transaction's events") { second.events.count >= 2 }
        _ = try other.query("INSERT INTO t VALUES (4)")
        try await eventually("the next") { second.events.count >= 3 }
        try await second.stop()
        let all = try await journal(second)
        #expect(all.map(\.key) == ["2", "1", "3", "4"])
        #expect(Set(all.map(\.id)).count == 4)
    }

    @Test func stopsInTheMiddleOfALargeTransactionDoubleNothing() async throws {
        var random = SeededGenerator(for: "stops in a large transaction")
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY, note text)")
        var daemon = try RunningDaemon(database, events: events)
        try await daemon.ready()
        try database.run("INSERT INTO t SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i")
        for _ in 1...3 {
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...150, using: &random)))
            try await daemon.stop()
            daemon = try daemon.again()
        }
        try database.run("INSERT INTO t VALUES (20001, 'last')")
        let last = daemon
        try await eventually("the last event", within: .seconds(60)) { last.events.last?.key == "20001" }
        try await daemon.stop()
        let all = try await journal(daemon)
        #expect(all.map(\.key) == (1...20001).map { "\($0)" })
        #expect(Set(all.map(\.id)).count == 20001)
    }
}
