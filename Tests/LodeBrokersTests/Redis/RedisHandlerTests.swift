import Foundation
import LodeConfiguration
import LodeDelivery
import TestSupport
import Testing

@testable import LodeBrokers

/// Against a real redis-server, read back by redis-cli.
@Suite(.blocking) struct RedisHandlerTests {
    private static func orders(_ count: Int, from first: Int = 0) -> [SampleEvent] {
        (first..<first + count).map { SampleEvent("OrderPlaced", key: "\($0)", data: "{\"n\":\($0)}") }
    }

    @Test func anEntryHasTheFieldsOfTheContract() async throws {
        let server = try TemporaryRedis()
        let handler = try RedisHandler(RedisSettings(url: server.url, stream: "shop.{type}", create: true))
        let batch = try SampleEvents.batch([
            SampleEvent("OrderPlaced", key: "42", data: "{\"name\":\"Zoë \\\"Z\\\"\\n\",\"total\":99.50}"),
            SampleEvent("NothingKnown", key: nil, data: nil),
        ])
        #expect(await handler.deliver(batch).isDone)
        let entry = try #require(server.entries(of: "shop.OrderPlaced").first)
        #expect(entry.fields.map { $0[0] } == ["id", "type", "key", "event"])
        #expect(entry["id"] == batch[0].id && entry["type"] == "OrderPlaced" && entry["key"] == "42")
        #expect(entry["event"].map { Array($0.utf8) } == batch[0].json)
        let other = try #require(server.entries(of: "shop.NothingKnown").first)
        #expect(other.fields.map { $0[0] } == ["id", "type", "event"])
        await handler.close()
        #expect(try server.run("client", "list", "type", "normal").split(separator: "\n").count == 1)
    }

    @Test func thousandsArriveInTheJournalsOrder() async throws {
        let server = try TemporaryRedis()
        let handler = try RedisHandler(RedisSettings(url: server.url, stream: "shop", create: true))
        for round in 0..<3 {
            let batch = try SampleEvents.batch(Self.orders(3000, from: round * 3000), first: Int64(round * 3000 + 1))
            #expect(await handler.deliver(batch).isDone)
        }
        #expect(try server.entries(of: "shop").compactMap { $0["key"] } == (0..<9000).map { "\($0)" })
        await handler.close()
    }

    @Test func aBatchHasOneEventOfAKey() throws {
        let handler = try RedisHandler(RedisSettings(url: "redis://localhost", stream: "s"))
        #expect(handler.traits.keyOrder == .onePerBatch && handler.traits.concurrency == 1)
    }

    @Test func aStreamThatIsNotThereIsNotMade() async throws {
        let server = try TemporaryRedis()
        let handler = try RedisHandler(RedisSettings(url: server.url, stream: "shop.{type}"))
        try server.run("xadd", "shop.OrderPlaced", "*", "made", "by hand")
        let batch = try SampleEvents.batch([
            SampleEvent("OrderPlaced", key: "1"), SampleEvent("OrderOpened", key: "2"),
            SampleEvent("OrderPlaced", key: "3"),
        ])
        let outcomes = await handler.deliver(batch).outcomes
        #expect(outcomes.map(\.isDone) == [true, false, true])
        let failure = try #require(outcomes[1].failure)
        #expect(failure.verdict == .retry && failure.fault == .event)
        #expect(failure.reason.contains("shop.OrderOpened is not there") && failure.reason.contains("create: true"))
        #expect(try server.run("exists", "shop.OrderOpened") == "0")
        await handler.close()
    }

    @Test func aStreamIsTrimmed() async throws {
        let server = try TemporaryRedis(settings: ["stream-node-max-entries": "10"])
        let handler = try RedisHandler(RedisSettings(url: server.url, stream: "shop", trim: 100, create: true))
        #expect(try await handler.deliver(SampleEvents.batch(Self.orders(1000))).isDone)
        let length = try #require(Int(server.run("xlen", "shop")))
        #expect((100...110).contains(length))
        await handler.close()
    }

    @Test func aRefusedEventHoldsUpNoOther() async throws {
        let server = try TemporaryRedis()
        let handler = try RedisHandler(RedisSettings(url: server.url, stream: "shop.{type}", create: true))
        try server.run("set", "shop.OrderOpened", "a text")
        let batch = try SampleEvents.batch([
            SampleEvent("OrderPlaced", key: "1"), SampleEvent("OrderOpened", key: "2"),
            SampleEvent("OrderPlaced", key: "3"),
        ])
        let outcomes = await handler.deliver(batch).outcomes
        #expect(outcomes.map(\.isDone) == [true, false, true])
        #expect(outcomes[1].failure?.fault == .event && outcomes[1].failure?.reason.hasPrefix("WRONGTYPE") == true)
        await handler.close()
    }

    @Test func fullMemoryIsThePeersFault() async throws {
        let server = try TemporaryRedis(settings: ["maxmemory": "1500kb", "maxmemory-policy": "noeviction"])
        let handler = try RedisHandler(RedisSettings(url: server.url, stream: "shop", create: true))
        let text = String(repeating: "x", count: 4000)
        let events = (0..<500).map { SampleEvent(key: "\($0)", data: "{\"t\":\"\(text)\"}") }
        let outcomes = try await handler.deliver(SampleEvents.batch(events)).outcomes
        let failures = outcomes.compactMap(\.failure)
        #expect(!failures.isEmpty)
        #expect(failures.allSatisfy { $0.fault == .peer && $0.verdict == .retry && $0.reason.hasPrefix("OOM ") })
        // What it says is done is there, and nothing else.
        let done = outcomes.indices.filter { outcomes[$0].isDone }.map { "\($0)" }
        #expect(try server.entries(of: "shop").compactMap { $0["key"] } == done)
        try server.run("config", "set", "maxmemory", "0")
        #expect(try await handler.deliver(SampleEvents.batch(Self.orders(1, from: 1000))).isDone)
        await handler.close()
    }

    @Test func aPasswordOfAnySignsLogsIn() async throws {
        let server = try TemporaryRedis(settings: ["requirepass": "p@ss/w:rd%", "databases": "4"])
        let url = "redis://default:p%40ss%2Fw%3Ard%25@127.0.0.1:\(server.port)/3"
        let handler = try RedisHandler(RedisSettings(url: url, stream: "shop", create: true))
        #expect(try await handler.deliver(SampleEvents.batch(Self.orders(2))).isDone)
        #expect(try server.entries(of: "shop", password: "p@ss/w:rd%", database: 3).count == 2)
        await handler.close()
    }

    @Test(arguments: ["redis://:wrong-secret@", "redis://nobody:wrong-secret@", "redis://"])
    func aWrongPasswordIsThePeersFault(beginning: String) async throws {
        let server = try TemporaryRedis(settings: ["requirepass": "right-secret"])
        let handler = try RedisHandler(RedisSettings(url: "\(beginning)127.0.0.1:\(server.port)", stream: "shop"))
        let failure = try #require(await handler.deliver(SampleEvents.batch(Self.orders(2))).failure)
        #expect(failure.verdict == .retry && failure.fault == .peer)
        #expect(failure.reason.contains("WRONGPASS") || failure.reason.contains("NOAUTH"), "\(failure.reason)")
        #expect(!failure.reason.contains("secret"))
        await handler.close()
    }

    @Test func aLoginThatMayOnlyAppendIsEnough() async throws {
        let server = try TemporaryRedis()
        try server.run("acl", "setuser", "lode", "on", ">secret", "~shop.OrderPlaced", "+xadd")
        let url = "redis://lode:secret@127.0.0.1:\(server.port)"
        let handler = try RedisHandler(RedisSettings(url: url, stream: "shop.{type}", create: true))
        let outcomes = try await handler.deliver(
            SampleEvents.batch([SampleEvent("OrderPlaced", key: "1"), SampleEvent("OrderOpened", key: "2")])
        ).outcomes
        #expect(outcomes.map(\.isDone) == [true, false])
        #expect(outcomes[1].failure?.fault == .event && outcomes[1].failure?.reason.hasPrefix("NOPERM") == true)
        await handler.close()
    }

    @Test func aDatabaseThatIsNotThereIsThePeersFault() async throws {
        let server = try TemporaryRedis()
        let handler = try RedisHandler(RedisSettings(url: server.url + "/99", stream: "shop"))
        let failure = try #require(await handler.deliver(SampleEvents.batch(Self.orders(1))).failure)
        #expect(failure.fault == .peer && failure.reason.contains("DB index is out of range"))
        await handler.close()
    }
}

extension DeliveryReport {
    var isDone: Bool {
        switch self {
        case .done: true
        case .failed: false
        case .each(let outcomes): !outcomes.isEmpty && outcomes.allSatisfy(\.isDone)
        }
    }

    var outcomes: [EventOutcome] { if case .each(let outcomes) = self { outcomes } else { [] } }
    var failure: DeliveryFailure? {
        switch self {
        case .done: nil
        case .failed(let failure): failure
        case .each(let outcomes): outcomes.lazy.compactMap(\.failure).first
        }
    }
}

extension EventOutcome {
    var isDone: Bool { if case .done = self { true } else { false } }
    var failure: DeliveryFailure? { if case .failed(let failure) = self { failure } else { nil } }
}
