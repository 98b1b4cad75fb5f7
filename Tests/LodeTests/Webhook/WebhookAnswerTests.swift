import AsyncHTTPClient
import Foundation
import LodeDelivery
import NIOHTTP1
import TestSupport
import Testing

@testable import Lode

@Suite(.blocking, .timeLimit(.minutes(10)))
struct WebhookAnswerTests {
    @Test(arguments: [
        (200, "done"), (201, "done"), (204, "done"), (299, "done"), (301, "park"), (302, "park"), (304, "park"),
        (307, "park"), (400, "park"), (401, "park"), (404, "park"), (408, "retry"), (410, "pause"), (413, "park"),
        (422, "park"), (425, "retry"), (429, "retry"), (499, "park"), (500, "retry"), (501, "retry"), (503, "retry"),
        (599, "retry"), (600, "retry"), (999, "retry"),
    ])
    func eachStatusHasItsMeaning(status: Int, meaning: String) {
        let answer = WebhookAnswer(HTTPClientResponse(status: .init(statusCode: status)))
        switch answer.outcome(now: Date()) {
        case .done: #expect(meaning == "done")
        case .failed(let failure):
            #expect("\(failure.verdict)" == meaning)
            #expect(failure.fault == .event)
            #expect(failure.reason.hasPrefix("\(status)"))
        case .untried: Issue.record("untried")
        }
    }

    @Test func theReasonIsOneLineInThePeersWords() async throws {
        let peer = try HTTPPeer { _ in
            .answer(
                422, headers: [("content-type", "application/json")],
                body: " {\"error\":\r\n\t\"no such\u{1B}[31m customer\u{202E}\u{0}\"}\u{2028}\n")
        }
        let failure = try #require(try await Webhooks.deliver(Webhooks.one(), to: peer.url()).failure)
        #expect(failure.reason == #"422 Unprocessable Entity: {"error": "no such [31m customer "}"#)
    }

    @Test func aLongReasonIsCutAndAPageLeftOut() async throws {
        let peer = try HTTPPeer { request in
            request.target == "/page"
                ? .answer(503, headers: [("Content-Type", "text/html; charset=utf-8")], body: "<html>secret</html>")
                : .answer(500, body: String(repeating: "ä", count: 100_000))
        }
        let page = try #require(try await Webhooks.deliver(Webhooks.one(), to: peer.url("/page")).failure)
        #expect(page.reason == "503 Service Unavailable")
        let long = try #require(try await Webhooks.deliver(Webhooks.one(), to: peer.url("/long")).failure)
        #expect(long.verdict == .retry)
        #expect(long.reason == "500 Internal Server Error: " + String(repeating: "ä", count: 300) + "…")
    }

    @Test func aRedirectIsNotFollowedAndParks() async throws {
        let other = try HTTPPeer()
        let peer = try HTTPPeer { _ in
            .answer(307, headers: [("location", "http://u:p@127.0.0.1:\(other.port)/new?token=x")])
        }
        let failure = try #require(try await Webhooks.deliver(Webhooks.one(), to: peer.url()).failure)
        #expect(failure.verdict == .park)
        #expect(
            failure.reason
                == "307 Temporary Redirect; redirects are not followed: it points to http://127.0.0.1:\(other.port)/new"
        )
        #expect(other.accepted == 0)
    }

    @Test func aBatchIsReportedAsOne() async throws {
        for (status, verdict) in [(400, DeliveryFailure.Verdict.park), (503, .retry), (410, .pause)] {
            let peer = try HTTPPeer { _ in .answer(status) }
            let batch = try SampleEvents.batch([SampleEvent(key: "1"), SampleEvent(key: "2")])
            let report = try await Webhooks.deliver(batch, to: peer.url()) { $0.mode = .batch }
            #expect(report.letters == "failed")
            #expect(report.failure?.verdict == verdict)
        }
    }

    @Test func thePeersPauseIsHandedOn() async throws {
        let peer = try HTTPPeer { _ in .answer(429, headers: [("Retry-After", " 120 ")]) }
        let failure = try #require(try await Webhooks.deliver(Webhooks.one(), to: peer.url()).failure)
        #expect(failure.retryAfter == .seconds(120))
    }

    /// RFC 9110, 10.2.3 and 5.6.7; `now` is the date of its examples.
    @Test(arguments: [
        ("120", 120), ("0", nil), ("-1", nil), ("", nil), ("soon", nil), ("1.5", nil), ("3601", 3600),
        ("99999999999999999999999", 3600), ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
        ("Sunday, 06-Nov-94 08:50:37 GMT", 60), ("Sun Nov  6 08:50:37 1994", 60), ("sun, 06 nov 1994 08:50:37 gmt", 60),
        ("Sun, 06 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49:36 GMT", nil),
        ("Sun, 06 Nov 2094 08:49:37 GMT", 3600), ("Sun, 31 Feb 1995 08:49:37 GMT", nil),
        ("Sun, 06 Nov 1994 24:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:50:60 GMT", 82),
        ("Sun, 06 Foo 1994 08:50:37 GMT", nil), ("06 Nov 1994", nil),
    ])
    func retryAfterIsReadInAllItsForms(value: String, seconds: Int?) {
        let now = Date(timeIntervalSince1970: 784_111_777)
        #expect(RetryAfter.pause(value, answeredAt: nil, now: now) == seconds.map { .seconds($0) })
    }

    @Test func aWrongClockDoesNotCount() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(
            RetryAfter.pause("Sun, 06 Nov 1994 08:50:07 GMT", answeredAt: date, now: Date()) == .seconds(30))
    }

    /// More than 50 years ahead is the past: RFC 9110, 5.6.7.
    @Test func aYearOfTwoDigitsIsNear() {
        let now = Date(timeIntervalSince1970: 1_767_225_600)
        #expect(HTTPDate.date("Sunday, 06-Nov-94 08:49:37 GMT", now: now)?.timeIntervalSince1970 == 784_111_777)
        #expect(
            HTTPDate.date("Friday, 06-Nov-26 08:49:37 GMT", now: now)
                == HTTPDate.date("Fri, 06 Nov 2026 08:49:37 GMT", now: now))
    }
}
