import Foundation
import LodeConfiguration
import LodeDelivery
import Synchronization
import TestSupport
import Testing

@testable import Lode

@Suite(.blocking, .timeLimit(.minutes(10)))
struct WebhookRequestTests {
    private let traced = SampleEvent(
        "com.example.Ordered", key: "Euro € \"%\"", data: #"{"a":[1,2.50]}"#,
        context: #","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"a=1, b=2","#
            + #""actor":"Zoë""#)

    @Test func aStructuredRequestIsTheEventItself() async throws {
        let peer = try HTTPPeer()
        let batch = try Webhooks.one(traced)
        let report = try await Webhooks.deliver(batch, to: peer.url("/in/events?shop=1"))
        #expect(report.letters == "d")
        let request = try #require(peer.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/in/events?shop=1")
        #expect(request["host"] == "127.0.0.1:\(peer.port)")
        #expect(request["content-type"] == "application/cloudevents+json")
        #expect(request["user-agent"] == "lode/\(LodeDaemon.version)")
        #expect(request["traceparent"] == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        #expect(request["tracestate"] == "a=1, b=2")
        #expect(request["webhook-id"] == batch[0].id)
        #expect(request.body == batch[0].json)
        #expect(!request.headers.contains { $0.name.lowercased().hasPrefix("ce-") })
    }

    @Test func aBinaryRequestHasTheAttributesInHeaders() async throws {
        let peer = try HTTPPeer()
        let batch = try Webhooks.one(traced)
        let report = try await Webhooks.deliver(batch, to: peer.url()) { $0.mode = .binary }
        #expect(report.letters == "d")
        let request = try #require(peer.requests.first)
        #expect(request["content-type"] == "application/json")
        #expect(request.text == #"{"a":[1,2.50]}"#)
        #expect(request["ce-specversion"] == "1.0")
        #expect(request["ce-id"] == "00000000000003E8-1-com%252Eexample%252EOrdered")
        #expect(request["webhook-id"] == "00000000000003E8-1-com%2Eexample%2EOrdered")
        #expect(request["ce-source"] == SampleEvents.source)
        #expect(request["ce-type"] == "com.example.Ordered")
        #expect(request["ce-subject"] == "Euro%20%E2%82%AC%20%22%25%22")
        #expect(request["ce-partitionkey"] == "Euro%20%E2%82%AC%20%22%25%22")
        #expect(request["ce-time"] == "2023-11-14T22:13:20.000001Z")
        #expect(request["ce-sequence"] == "00000000000003E8-0000000001-00")
        #expect(request["ce-actor"] == "Zo%C3%AB")
        #expect(request["ce-tracestate"] == "a=1,%20b=2")
        #expect(request["tracestate"] == "a=1, b=2")
    }

    @Test func anEventWithoutDataHasNoBodyAndNoContentType() async throws {
        let peer = try HTTPPeer()
        _ = try await Webhooks.deliver(Webhooks.one(SampleEvent(data: nil)), to: peer.url()) { $0.mode = .binary }
        let request = try #require(peer.requests.first)
        #expect(request.body.isEmpty)
        #expect(request["content-type"] == nil)
        #expect(request["ce-subject"] == nil)
        #expect(request["content-length"] == "0")
    }

    @Test func aBatchIsAnArrayInOneRequest() async throws {
        let peer = try HTTPPeer()
        let batch = try SampleEvents.batch((1...100).map { SampleEvent(key: "\($0 % 3)", data: "\($0)") })
        let report = try await Webhooks.deliver(batch, to: peer.url()) { $0.mode = .batch }
        #expect(report.letters == "done")
        #expect(peer.requests.count == 1)
        let request = try #require(peer.requests.first)
        #expect(request["content-type"] == "application/cloudevents-batch+json")
        #expect(request["webhook-id"] == batch[0].id)
        let texts = batch.map { String(decoding: $0.json, as: UTF8.self) }
        #expect(request.text == "[" + texts.joined(separator: ",") + "]")
    }

    /// The engine brings the same batch again; only the time and the signature over it may change.
    @Test func aRetryIsTheSameRequest() async throws {
        let peer = try HTTPPeer { _ in .answer(503) }
        let handler = try Webhooks.handler(peer.url()) {
            $0.mode = .batch
            $0.secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
        }
        let batch = try SampleEvents.batch([SampleEvent(key: "1"), SampleEvent(key: "2")])
        for _ in 0..<2 { #expect(await handler.deliver(batch).letters == "failed") }
        await handler.close()
        let requests = peer.requests
        #expect(requests[0].body == requests[1].body)
        #expect(requests[0]["webhook-id"] == requests[1]["webhook-id"])
        for request in requests {
            let expected = WebhookSignature(secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]).value(
                id: try #require(request["webhook-id"]), timestamp: try #require(request["webhook-timestamp"]),
                body: request.body)
            #expect(request["webhook-signature"] == expected)
        }
    }

    @Test func eventsComeInOrderOverConnectionsThatAreKept() async throws {
        let peer = try HTTPPeer()
        let batch = try SampleEvents.batch((1...50).map { SampleEvent(key: "k", data: "\($0)") })
        let report = try await Webhooks.deliver(batch, to: peer.url()) { $0.mode = .binary }
        #expect(report.letters == String(repeating: "d", count: 50))
        #expect(peer.requests.map(\.text) == (1...50).map { "\($0)" })
        // A request may come before the one before it has given its connection back.
        #expect(peer.accepted <= 5)
        // It was closed with the handler.
        try await eventually("no connection is left") { peer.open == 0 }
    }

    @Test func nothingIsSentAfterAnEventThatFailed() async throws {
        let peer = try HTTPPeer { $0.text == "2" ? .answer(503) : .answer(200, body: "fine") }
        let batch = try SampleEvents.batch((1...3).map { SampleEvent(key: "k", data: "\($0)") })
        let report = try await Webhooks.deliver(batch, to: peer.url()) { $0.mode = .binary }
        #expect(report.letters == "df")
        #expect(peer.requests.map(\.text) == ["1", "2"])
    }

    @Test func batchesGoSideBySide() async throws {
        let met = Mutex(0)
        // Nobody is answered before all four are there.
        let peer = try HTTPPeer { _ in
            met.withLock { $0 += 1 }
            while met.withLock({ $0 }) < 4 { usleep(1000) }
            return .answer(204)
        }
        let handler = try Webhooks.handler(peer.url()) { $0.concurrency = 4 }
        #expect(handler.traits.concurrency == 4)
        #expect(handler.traits.batchEvents == 1)
        let letters = await withTaskGroup(of: String.self) { group in
            for index in 0..<4 {
                group.addTask {
                    guard let batch = try? SampleEvents.batch([SampleEvent(key: "\(index)")]) else { return "?" }
                    return await handler.deliver(batch).letters
                }
            }
            return await group.reduce("", +)
        }
        await handler.close()
        #expect(letters == "dddd")
        #expect(peer.accepted == 4)
    }

    @Test func theFilesHeadersAndTheURLsUserAreSent() async throws {
        let peer = try HTTPPeer()
        let url = "http://us%40er:p%3Aw@127.0.0.1:\(peer.port)/x"
        _ = try await Webhooks.deliver(Webhooks.one(), to: url) {
            $0.headers = [
                NamedText(name: "X-Shop", text: "main"), NamedText(name: "User-Agent", text: "shop"),
                NamedText(name: "X-Many", text: "1"), NamedText(name: "x-many", text: "2"),
            ]
        }
        let request = try #require(peer.requests.first)
        #expect(request["x-shop"] == "main")
        #expect(request["user-agent"] == "shop")
        #expect(request.headers.filter { $0.name.lowercased() == "x-many" }.map(\.value) == ["1", "2"])
        #expect(request["authorization"] == "Basic " + Data("us@er:p:w".utf8).base64EncodedString())
        #expect(request["host"] == "127.0.0.1:\(peer.port)")
    }

    @Test func theBearersFileIsReadAgain() async throws {
        let folder = try TemporaryFolder()
        let peer = try HTTPPeer()
        let file = folder.file("token")
        let handler = try Webhooks.handler(peer.url()) { $0.bearerFile = file }
        let missing = try #require(await handler.deliver(Webhooks.one()).failure)
        #expect(missing.verdict == .retry)
        #expect(missing.fault == .peer)
        #expect(missing.reason.contains("cannot be read"))
        for token in ["first", "second"] {
            try folder.write("\(token)\r\n", to: "token")
            #expect(await handler.deliver(try Webhooks.one()).letters == "d")
        }
        try folder.write("two words", to: "token")
        let wrong = try #require(await handler.deliver(Webhooks.one()).failure)
        #expect(wrong.fault == .peer)
        #expect(!wrong.reason.contains("two words"))
        try folder.write(" \n", to: "token")
        #expect(await handler.deliver(try Webhooks.one()).failure?.reason.contains("no token") == true)
        await handler.close()
        #expect(peer.requests.map { $0["authorization"] } == ["Bearer first", "Bearer second"])
    }

    @Test(arguments: ["http://", "http://:80/", "unix:///tmp/x", "mailto:a@b"])
    func aURLThatNothingCanBeSentToIsAnError(url: String) {
        #expect(throws: Diagnostics.self) { try Webhooks.handler(url) }
    }
}
