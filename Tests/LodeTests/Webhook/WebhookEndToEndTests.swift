import Foundation
import LodeDelivery
import Synchronization
import TestSupport
import Testing

@testable import Lode

/// From a committed row to a receiver, with the delivery engine in between.
@Suite(.blocking, .timeLimit(.minutes(10)))
struct WebhookEndToEndTests {
    private func daemon(mode: String, peer: HTTPPeer) throws -> (RunningDaemon, TestDatabase) {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE orders (id int PRIMARY KEY, version int)")
        let daemon = try RunningDaemon(
            database,
            events: """
                  OrderPlaced: { from: insert into orders }
                  OrderChanged: { from: update orders }
                """,
            subscribers: """
                  hook:
                    webhook: { url: "\(peer.url())", mode: \(mode), concurrency: 4 }
                    retry: { attempts: 5, first: 10ms }
                """)
        return (daemon, database)
    }

    private func status(_ daemon: RunningDaemon) -> SubscriberStatus? {
        daemon.daemon.health.subscribers.first { $0.name == "hook" }
    }

    /// Order 3 is refused for a while, order 7 for ever; nobody else is held up, and each key's events keep their order.
    @Test(arguments: ["structured", "binary", "batch"])
    func aRefusedEventIsSetAsideAndTheOthersArrive(mode: String) async throws {
        let busy = Mutex(2)
        let peer = try HTTPPeer { request in
            let text = request.text
            let isOf = { (key: String) in text.contains("\"id\":\(key),") }
            if isOf("7") { return .answer(422, body: "no such customer") }
            if isOf("3"), busy.withLock({ $0 > 0 }) {
                busy.withLock { $0 -= 1 }
                return .answer(503)
            }
            return .answer(204)
        }
        let (daemon, database) = try daemon(mode: mode, peer: peer)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO orders SELECT i, 1 FROM generate_series(1, 20) i")
        for version in 2...5 { try database.run("UPDATE orders SET version = \(version)") }
        // Order 7 is set aside with its four later events.
        try await eventually("95 events arrive and 5 are parked") {
            let status = status(daemon)
            return status?.counts.delivered == 95 && status?.parked == 5
        }
        #expect(status(daemon)?.failure?.contains("422 Unprocessable Entity: no such customer") != false)
        // What was answered with 204, by order.
        let taken = peer.requests.filter { !$0.text.contains("\"id\":7,") }.map(\.text)
        for order in 1...20 where order != 7 {
            var versions: [Int] = []
            let pattern = try Regex("\"id\":\(order),\"version\":(\\d)", as: (Substring, Substring).self)
            for match in taken.flatMap({ $0.matches(of: pattern) }) {
                // A repeat, after a batch that failed as a whole.
                if let version = Int(match.1), version > (versions.last ?? 0) { versions.append(version) }
            }
            #expect(versions == [1, 2, 3, 4, 5], "order \(order)")
        }
        try await daemon.stop()
        try await eventually("no connection is left") { peer.open == 0 }
    }

    @Test func aReceiverThatIsGonePausesItsSubscriber() async throws {
        let peer = try HTTPPeer { _ in .answer(410, body: "moved out") }
        let (daemon, database) = try daemon(mode: "structured", peer: peer)
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO orders VALUES (1, 1)")
        try await eventually("the subscriber pauses") { status(daemon)?.paused != nil }
        #expect(status(daemon)?.paused?.contains("410 Gone: moved out") == true)
        #expect(peer.requests.count == 1)
        try await daemon.stop()
    }
}
