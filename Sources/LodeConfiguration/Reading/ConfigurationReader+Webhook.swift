import Foundation
import LodeCore

extension ConfigurationReader {
    static let webhookKeys = [
        "url", "secret", "secrets", "mode", "concurrency", "timeout", "headers", "bearer_file", "allow_private",
        "ca_file",
    ]

    mutating func readWebhook(_ entry: YAMLEntry) -> WebhookSettings? {
        let example = "write “webhook: { url: https://example.com/events }”"
        guard let section = readKind(entry, keys: Self.webhookKeys, example: example),
            let url = readRequired("url", in: section, of: entry, example: example)
        else { return nil }
        checkURL(url, schemes: ["http", "https"], example: "https://example.com/events")
        var webhook = WebhookSettings(url: url.source.text)
        if let secret = section["secret"] {
            if let second = section["secrets"] {
                error(at: second.key.place, "“secret” and “secrets” are both there; put all into “secrets”")
            }
            if let text = readText(secret) { webhook.secrets = readSecrets([text]) }
        } else if let secrets = section["secrets"] {
            webhook.secrets = readSecrets(readTexts(secrets, example: "write “secrets: [NEW, OLD]”"))
        }
        webhook.mode = section["mode"].flatMap { readChoice($0, as: WebhookSettings.Mode.self) } ?? webhook.mode
        webhook.concurrency = section["concurrency"].flatMap { readCount($0, most: 1000) } ?? webhook.concurrency
        webhook.timeout = section["timeout"].flatMap { readDuration($0) } ?? webhook.timeout
        webhook.headers = section["headers"].map { readHeaders($0) } ?? []
        webhook.bearerFile = section["bearer_file"].flatMap { readPath($0) }
        webhook.allowPrivate = section["allow_private"].flatMap { readFlag($0) } ?? webhook.allowPrivate
        webhook.caFile = section["ca_file"].flatMap { readPath($0) }
        return webhook
    }

    /// What a secret may be: Standard Webhooks 1.0, “Signature scheme”: 24 to 64 bytes, in Base64, after `whsec_`.
    private mutating func readSecrets(_ scalars: [YAMLScalar]) -> [String] {
        for scalar in scalars {
            let text = scalar.source.text
            let encoded = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
            var place = scalar.source.place
            place?.lineText = nil
            guard let bytes = Data(base64Encoded: encoded) else {
                error(at: place, "a secret is not Base64; “echo whsec_$(openssl rand -base64 32)” makes one")
                continue
            }
            if !(16...128).contains(bytes.count) {
                error(
                    at: place,
                    "a secret has \(bytes.count) bytes; take 24 to 64, as “echo whsec_$(openssl rand -base64 32)” makes"
                )
            }
        }
        return scalars.map(\.source.text)
    }

    /// Header names are tokens of RFC 9110, 5.6.2; values have no control characters (5.5).
    private mutating func readHeaders(_ entry: YAMLEntry) -> [NamedText] {
        let headers = readNamedTexts(entry, example: "write “headers: { X-Shop: main }”")
        for header in headers {
            let token = "!#$%&'*+-.^_`|~"
            let isToken = header.name.utf8.allSatisfy { byte in
                byte.isDigit || (byte | 0x20) &- 97 < 26 || token.utf8.contains(byte)
            }
            if header.name.isEmpty || !isToken {
                error(at: entry.key.place, "“\(header.name)” cannot name a header; use letters, digits and hyphens")
            }
            if header.text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                error(at: entry.key.place, "header “\(header.name)” has a control character in its value; remove it")
            }
            let lower = header.name.lowercased()
            let isOurs = lower.hasPrefix("ce-") || lower.hasPrefix("webhook-") || Self.ownHeaders.contains(lower)
            if isOurs {
                error(at: entry.key.place, "header “\(header.name)” is Lode's own to set; remove it")
            }
        }
        return headers
    }

    private static let ownHeaders: Set<String> = ["content-type", "content-length", "host", "transfer-encoding"]
}
