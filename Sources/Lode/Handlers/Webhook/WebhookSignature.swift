import Crypto
import Foundation
import NIOHTTP1

/// The signature of Standard Webhooks 1.0 (“Signature scheme”): HMAC-SHA256 of id, time and body, joined by
/// full stops, once with each secret.
struct WebhookSignature: Sendable {
    private let keys: [SymmetricKey]

    /// - Parameter secrets: `whsec_` and Base64, or Base64 alone. The configuration has checked them.
    init(secrets: [String]) {
        keys = secrets.compactMap { secret in
            Data(base64Encoded: secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret)
                .map { SymmetricKey(data: $0) }
        }
    }

    /// Adds `webhook-id` and `webhook-timestamp`, and `webhook-signature` when there is a secret.
    func sign(id: String, body: [UInt8], in headers: inout HTTPHeaders, at time: Date = Date()) {
        let timestamp = String(Int64(time.timeIntervalSince1970))
        headers.replaceOrAdd(name: "webhook-id", value: id)
        headers.replaceOrAdd(name: "webhook-timestamp", value: timestamp)
        guard !keys.isEmpty else { return }
        headers.replaceOrAdd(name: "webhook-signature", value: value(id: id, timestamp: timestamp, body: body))
    }

    /// `v1,` and Base64 for each secret, the first first, with spaces between.
    func value(id: String, timestamp: String, body: [UInt8]) -> String {
        let head = Array("\(id).\(timestamp).".utf8)
        return keys.map { key in
            var code = HMAC<SHA256>(key: key)
            code.update(data: head)
            code.update(data: body)
            return "v1," + Data(code.finalize()).base64EncodedString()
        }.joined(separator: " ")
    }
}
