import Foundation
import LodeDelivery
import TestSupport
import Testing

@testable import Lode

@Suite(.blocking, .timeLimit(.minutes(10)))
struct WebhookFaultTests {
    private func failure(
        timeout: Duration = .milliseconds(400), _ reply: HTTPPeer.Reply
    ) async throws -> (DeliveryFailure, HTTPPeer) {
        let peer = try HTTPPeer { _ in reply }
        let report = try await Webhooks.deliver(Webhooks.one(), to: peer.url()) { $0.timeout = timeout }
        return (try #require(report.failure), peer)
    }

    @Test func aPeerThatIsDownIsThePeersFault() async throws {
        let peer = try HTTPPeer()
        peer.end()
        let failure = try #require(try await Webhooks.deliver(Webhooks.one(), to: peer.url()).failure)
        #expect(failure == DeliveryFailure(.retry, .peer, "127.0.0.1:\(peer.port): Connection refused"))
        let named = try #require(
            try await Webhooks.deliver(Webhooks.one(), to: peer.url(host: "localhost")).failure)
        #expect(named == DeliveryFailure(.retry, .peer, "localhost:\(peer.port): Connection refused"))
    }

    @Test func aNameThatDoesNotExistIsThePeersFault() async throws {
        let report = try await Webhooks.deliver(
            Webhooks.one(), to: "http://user:secret@nobody.invalid/hidden?token=secret")
        let failure = try #require(report.failure)
        #expect(failure.fault == .peer)
        #expect(failure.verdict == .retry)
        #expect(failure.reason == "nobody.invalid:80: the name cannot be resolved")
    }

    @Test func plainHTTPWhereTLSIsExpectedIsThePeersFault() async throws {
        let peer = try HTTPPeer()
        let failure = try #require(
            try await Webhooks.deliver(Webhooks.one(), to: "https://127.0.0.1:\(peer.port)/") {
                $0.timeout = .milliseconds(500)
            }.failure)
        #expect(failure.fault == .peer)
        #expect(failure.verdict == .retry)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", "HTTP/1.1 100 Continue\r\n\r\n",
    ])
    func aPeerThatHangsCostsAnAttempt(beginning: String) async throws {
        let (failure, peer) = try await failure(.stall(beginning))
        #expect(failure.verdict == .retry)
        #expect(failure.fault == .event)
        #expect(failure.reason.contains("no whole answer within 400"))
        #expect(peer.requests.count == 1)
        try await eventually("no connection is left") { peer.open == 0 }
    }

    @Test(arguments: ["", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"])
    func aResetCostsAnAttempt(beginning: String) async throws {
        for reply in [HTTPPeer.Reply.reset(beginning), .raw(beginning)] {
            let (failure, _) = try await failure(timeout: .seconds(10), reply)
            #expect(failure.verdict == .retry)
            #expect(failure.fault == .event)
        }
    }

    /// An answer that comes before the request's end, and a connection that ends at once: many times, for what goes
    /// wrong here is a matter of moments.
    @Test(arguments: [0, 10, 1 << 20])
    func anAnswerInAHurryIsTaken(size: Int) async throws {
        let peer = try HTTPPeer(isHasty: true) { _ in .raw("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") }
        let batch = try Webhooks.one(SampleEvent(data: "\"\(String(repeating: "x", count: size))\""))
        for _ in 0..<(size > 10 ? 20 : 100) {
            let handler = try Webhooks.handler(peer.url())
            for _ in 0..<3 {
                let report = await handler.deliver(batch)
                #expect(report.letters == "d" || report.failure?.fault == .event)
            }
            await handler.close()
        }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/9.9 abc\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"])
    func garbageCostsAnAttempt(bytes: String) async throws {
        let (failure, _) = try await failure(timeout: .seconds(10), .raw(bytes))
        #expect(failure.verdict == .retry)
        #expect(failure.fault == .event)
        #expect(!failure.reason.utf8.contains { $0 < 0x20 })
    }

    /// The status says it all; what comes after is neither kept nor waited for.
    @Test(arguments: [(200, "d"), (500, "f")])
    func anEndlessBodyIsGivenUp(status: Int, letters: String) async throws {
        let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
        let peer = try HTTPPeer { _ in
            .endless("HTTP/1.1 \(status) X\r\ntransfer-encoding: chunked\r\n\r\n", again: chunk)
        }
        let report = try await Webhooks.deliver(Webhooks.one(), to: peer.url()) { $0.timeout = .seconds(3600) }
        #expect(report.letters == letters)
        try await eventually("no connection is left") { peer.open == 0 }
        // What the sockets on the way hold, and no more.
        #expect(peer.sent < 32 << 20)
    }

    @Test func anEndlessBodyThatDripsIsATimeout() async throws {
        let (failure, peer) = try await failure(
            .endless(
                "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n", again: "1\r\nx\r\n", pauseMilliseconds: 5))
        #expect(failure.fault == .event)
        #expect(failure.reason.contains("no whole answer"))
        try await eventually("no connection is left") { peer.open == 0 }
    }

    @Test(arguments: ["x-more: \(String(repeating: "y", count: 1000))\r\n", "x"])
    func endlessHeadersAreAnError(again: String) async throws {
        let (failure, peer) = try await failure(timeout: .seconds(20), .endless("HTTP/1.1 200 OK\r\n", again: again))
        #expect(failure.verdict == .retry)
        #expect(failure.fault == .event)
        try await eventually("no connection is left") { peer.open == 0 }
        #expect(peer.sent < 32 << 20)
    }

    @Test func endlessPreliminaryAnswersAreATimeout() async throws {
        let (failure, peer) = try await failure(
            timeout: .seconds(1), .endless("", again: "HTTP/1.1 103 Early Hints\r\n\r\n", pauseMilliseconds: 1))
        #expect(failure.fault == .event)
        try await eventually("no connection is left") { peer.open == 0 }
    }

    @Test func aPeerThatComesBackIsFoundAgain() async throws {
        let first = try HTTPPeer()
        let handler = try Webhooks.handler(first.url())
        #expect(await handler.deliver(try Webhooks.one()).letters == "d")
        first.end()
        try await eventually("no connection is left") { first.open == 0 }
        let down = try #require(await handler.deliver(try Webhooks.one()).failure)
        #expect(down.verdict == .retry)
        let second = try HTTPPeer(port: first.port)
        // The connection that the first one closed may still be tried once.
        var letters = ""
        while letters != "d" { letters = await handler.deliver(try Webhooks.one()).letters }
        #expect(second.requests.count == 1)
        await handler.close()
    }

    @Test func cancellationReturnsSoonWithNothingTried() async throws {
        let peer = try HTTPPeer { _ in .stall("") }
        let handler = try Webhooks.handler(peer.url()) { $0.timeout = .seconds(3600) }
        let batch = try SampleEvents.batch([SampleEvent(key: "1"), SampleEvent(key: "2")])
        let task = Task { await handler.deliver(batch) }
        try await eventually("the request is there") { peer.requests.count == 1 }
        task.cancel()
        #expect(await task.value.letters == "u")
        try await eventually("no connection is left") { peer.open == 0 }
        await handler.close()
    }

    @Test func anEventThatIsTooLargeIsThePeersToRefuse() async throws {
        let peer = try HTTPPeer { $0.body.count > 1 << 20 ? .answer(413, body: "too large") : .answer(204) }
        let large = SampleEvent(data: "\"\(String(repeating: "x", count: 2 << 20))\"")
        let failure = try #require(try await Webhooks.deliver(Webhooks.one(large), to: peer.url()).failure)
        #expect(failure.verdict == .park)
        #expect(failure.reason == "413 Payload Too Large: too large")
        #expect(peer.requests.first?.body.count == (2 << 20) + (try Webhooks.one(large)[0].json.count - (2 << 20)))
    }

    @Test func closingLeavesNoConnection() async throws {
        let peer = try HTTPPeer()
        let handler = try Webhooks.handler(peer.url())
        #expect(await handler.deliver(try Webhooks.one()).letters == "d")
        #expect(peer.open == 1)
        await handler.close()
        try await eventually("no connection is left") { peer.open == 0 }
        #expect(await handler.deliver(try Webhooks.one()).letters == "f")
        // One that was never used has nothing to close.
        let unused = try Webhooks.handler(peer.url())
        await unused.close()
    }
}
