import Foundation
import NIOHTTP1
import Testing

@testable import Lode

struct WebhookSignatureTests {
    private let published = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let body = Array(#"{"test": 2432232314}"#.utf8)

    /// The vector that the Standard Webhooks libraries are tested with.
    @Test func signsThePublishedVector() {
        var headers = HTTPHeaders()
        WebhookSignature(secrets: [published]).sign(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: body, in: &headers,
            at: Date(timeIntervalSince1970: 1_614_265_330.9))
        #expect(headers["webhook-id"] == ["msg_p5jXN8AQM9LWM0D4loKWxJek"])
        #expect(headers["webhook-timestamp"] == ["1614265330"])
        #expect(headers["webhook-signature"] == ["v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="])
    }

    @Test func theFirstSecretSignsFirst() {
        let other = "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
        let both = WebhookSignature(secrets: [other, published]).value(id: "a", timestamp: "1", body: body)
        let each = [other, published].map {
            WebhookSignature(secrets: [$0]).value(id: "a", timestamp: "1", body: body)
        }
        #expect(both == each.joined(separator: " "))
        #expect(each[0] != each[1])
    }

    @Test func withoutASecretThereIsNoSignature() {
        var headers = HTTPHeaders()
        WebhookSignature(secrets: []).sign(id: "a", body: [], in: &headers)
        #expect(headers["webhook-id"] == ["a"])
        #expect(headers["webhook-signature"].isEmpty)
    }

    /// The example of the CloudEvents HTTP binding 1.0.2, 3.1.3.2, and what it names.
    @Test(arguments: [
        ("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80"), ("a\"b", "a%22b"), ("100%", "100%25"), ("a\r\nb", "a%0D%0Ab"),
        ("plain-~!", "plain-~!"), ("", ""), ("\u{7F}", "%7F"),
    ])
    func attributesAreEncodedAsTheBindingSays(value: String, header: String) {
        #expect(CloudEventHeader.encoded(value.utf8) == header)
    }

    @Test func anIdThatCanBeAHeaderIsLeftAlone() {
        #expect(CloudEventHeader.identifier(Array("00-1-com%2Eexample".utf8)) == "00-1-com%2Eexample")
        #expect(CloudEventHeader.identifier(Array("a b\r\n".utf8)) == "a%20b%0D%0A")
    }
}
