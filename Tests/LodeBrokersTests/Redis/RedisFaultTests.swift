import Foundation
import LodeConfiguration
import LodeDelivery
import TestSupport
import Testing

@testable import LodeBrokers

/// A server that goes, hangs, cuts, or is none.
@Suite(.blocking) struct RedisFaultTests {
    private static let impatient = RedisConnection.Times(connect: .seconds(5), answer: .seconds(1))

    private static func handler(
        _ url: String, stream: String = "shop", _ times: RedisConnection.Times = RedisConnection.Times()
    ) throws -> RedisHandler {
        try RedisHandler(RedisSettings(url: url, stream: stream, create: true), times: times)
    }

    private static func batch(_ count: Int, first: Int64 = 1) throws -> EventBatch {
        try SampleEvents.batch((0..<count).map { SampleEvent(key: "\(first + Int64($0))") }, first: first)
    }

    @Test func aServerThatIsDownIsThePeersFault() async throws {
        let server = try TemporaryRedis(settings: ["appendonly": "yes"])
        let handler = try Self.handler(server.url)
        #expect(try await handler.deliver(Self.batch(2)).isDone)
        server.stop()
        for _ in 0..<2 {
            let failure = try #require(await handler.deliver(Self.batch(2, first: 3)).failure)
            #expect(failure.fault == .peer && failure.verdict == .retry)
            #expect(failure.reason.contains("127.0.0.1:\(server.port)"))
        }
        try server.start()
        #expect(try await handler.deliver(Self.batch(2, first: 3)).isDone)
        #expect(try server.entries(of: "shop").compactMap { $0["key"] } == ["1", "2", "3", "4"])
        await handler.close()
    }

    @Test func aNameThatNobodyHasIsThePeersFault() async throws {
        let failure = try #require(
            await Self.handler("redis://nobody.invalid").deliver(Self.batch(1)).failure)
        #expect(failure.fault == .peer && failure.reason.contains("nobody.invalid:6379"), "\(failure.reason)")
    }

    @Test func anAnswerThatDoesNotComeEndsTheConnection() async throws {
        let server = try TemporaryRedis()
        let proxy = try FaultProxy(toSocket: server.socket)
        let handler = try Self.handler("redis://127.0.0.1:\(proxy.port)", Self.impatient)
        #expect(try await handler.deliver(Self.batch(1)).isDone)
        proxy.set(.frozen)
        let failure = try #require(await handler.deliver(Self.batch(3, first: 2)).failure)
        #expect(failure.fault == .peer && failure.reason.contains("no answer within 1 s"))
        proxy.set(.forward)
        #expect(try await handler.deliver(Self.batch(3, first: 2)).isDone)
        let keys = try server.entries(of: "shop").compactMap { $0["key"] }
        // Whether what was under way arrived cannot be known; it is in order either way.
        #expect(keys == ["1", "2", "3", "4"] || keys == ["1", "2", "3", "4", "2", "3", "4"])
        await handler.close()
        proxy.end()
    }

    @Test func aServerThatIsFrozenAndGoesOnHasEveryEventInOrder() async throws {
        let server = try TemporaryRedis()
        let handler = try Self.handler(server.url, Self.impatient)
        #expect(try await handler.deliver(Self.batch(1)).isDone)
        let process = try #require(server.processID)
        kill(process, SIGSTOP)
        for _ in 0..<2 { #expect(try await handler.deliver(Self.batch(3, first: 2)).failure?.fault == .peer) }
        kill(process, SIGCONT)
        #expect(try await handler.deliver(Self.batch(3, first: 2)).isDone)
        #expect(try await handler.deliver(Self.batch(1, first: 5)).isDone)
        let entries = try server.entries(of: "shop")
        var first: [String] = []
        for entry in entries.compactMap({ $0["key"] }) where !first.contains(entry) { first.append(entry) }
        #expect(first == ["1", "2", "3", "4", "5"])
        // A repeat is known by its id.
        #expect(Set(entries.compactMap { $0["id"] }).count == 5)
        await handler.close()
    }

    @Test func aConnectionThatIsCutTellsWhatWasAnswered() async throws {
        let server = try TemporaryRedis()
        let proxy = try FaultProxy(toSocket: server.socket)
        let handler = try Self.handler("redis://127.0.0.1:\(proxy.port)")
        #expect(try await handler.deliver(Self.batch(1)).isDone)
        var next: Int64 = 2
        var sawCut = false
        for round in 0..<40 where !sawCut {
            let batch = try Self.batch(2000, first: next)
            async let report = handler.deliver(batch)
            try await Task.sleep(for: .milliseconds(round % 8))
            proxy.cut()
            let outcomes = await report.outcomes
            let done = outcomes.prefix { $0.isDone }.count
            // Answers come in order, so what is done is a beginning of the batch.
            #expect(!outcomes.dropFirst(done).contains { $0.isDone })
            let there = Set(try server.entries(of: "shop").compactMap { $0["id"] })
            for index in 0..<done { #expect(there.contains(batch[index].id)) }
            sawCut = done < 2000
            next += Int64(done)
        }
        #expect(sawCut)
        #expect(try await handler.deliver(Self.batch(10, first: next)).isDone)
        await handler.close()
        proxy.end()
    }

    /// One that speaks another protocol, and one that never stops.
    @Test(arguments: [
        "import sys; c.sendall(b'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'); c.recv(9)",
        "while True: c.sendall(b'+' + b'x' * 65536)", "while True: c.sendall(b'+OK\\r\\n' * 1000)",
        "c.recv(9); c.sendall(b'+PONG\\r\\n'); c.recv(9); c.sendall(b'*2\\r\\n$1\\r\\n'); c.recv(9)",
        "c.recv(9); c.sendall(b'+PONG\\r\\n'); c.recv(9); c.sendall(b'$1000000000000\\r\\n'); c.recv(9)",
    ])
    func aServerThatIsNoRedisIsThePeersFault(answer: String) async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write(
            """
            import socket, sys
            s = socket.create_server(('127.0.0.1', 0))
            open(sys.argv[1], 'w').write(str(s.getsockname()[1]) + '\\n')
            c, _ = s.accept()
            try:
                \(answer)
            except OSError:
                pass
            """, to: "server.py")
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = ["python3", script, folder.file("port")]
        try server.run()
        try await eventually("the server listens") { folder.text("port").hasSuffix("\n") }
        let port = folder.text("port").trimmingCharacters(in: .newlines)
        let handler = try Self.handler("redis://127.0.0.1:\(port)", Self.impatient)
        let failure = try #require(await handler.deliver(Self.batch(2)).failure)
        #expect(failure.fault == .peer && failure.verdict == .retry, "\(failure.reason)")
        #expect(failure.reason.utf8.count < 400)
        await handler.close()
        server.terminate()
        server.waitUntilExit()
    }

    @Test func anEventThatIsTooLargeIsParkedAlone() async throws {
        // The least that can be set.
        let server = try TemporaryRedis(settings: ["proto-max-bulk-len": "1mb"])
        let handler = try Self.handler(server.url)
        let text = String(repeating: "x", count: 3 << 20)
        let batch = try SampleEvents.batch([
            SampleEvent(key: "1"), SampleEvent(key: "2", data: "\"\(text)\""), SampleEvent(key: "3"),
        ])
        // The server may close before its words are read; then the attempt counts for this event alone.
        var parked = false
        for _ in 0..<10 where !parked {
            let outcomes = await handler.deliver(batch).outcomes
            #expect(outcomes[0].isDone && !outcomes[2].isDone)
            let failure = try #require(outcomes[1].failure)
            #expect(failure.fault == .event, "\(failure.reason)")
            #expect(outcomes[2].failure == nil)
            parked = failure.verdict == .park
            if parked { #expect(failure.reason.contains("invalid bulk length")) }
        }
        #expect(parked)
        #expect(await handler.deliver(batch.part(2..<3)).isDone)
        await handler.close()
    }

    @Test func aCancelledDeliveryReturnsSoon() async throws {
        let server = try TemporaryRedis()
        let proxy = try FaultProxy(toSocket: server.socket)
        let patient = RedisConnection.Times(connect: .seconds(500), answer: .seconds(500))
        let handler = try Self.handler("redis://127.0.0.1:\(proxy.port)", patient)
        #expect(try await handler.deliver(Self.batch(1)).isDone)
        proxy.set(.frozen)
        let batch = try Self.batch(3, first: 2)
        for _ in 0..<2 {
            // The second is cancelled while it logs in.
            let task = Task { await handler.deliver(batch) }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            let report = await task.value
            #expect(report.failure == nil && report.outcomes.allSatisfy { !$0.isDone })
        }
        await handler.close()
        proxy.end()
    }
}
