import AsyncHTTPClient
import Foundation
import LodeDelivery
import NIOHTTP1

/// What came back, and what it means for the events that were sent.
struct WebhookAnswer: Sendable {
    var status: Int
    /// The status in words: the standard's, or the peer's own for a code that no standard has.
    var phrase: String
    var retryAfter: String?
    /// When the peer says it answered.
    var date: String?
    var location: String?
    var contentType: String?
    /// The beginning of the body.
    var body: [UInt8] = []

    /// Of the body, in a reason.
    private static let wordsLength = 300

    init(_ response: HTTPClientResponse) {
        status = Int(response.status.code)
        phrase = response.status.reasonPhrase
        retryAfter = response.headers.first(name: "retry-after")
        date = response.headers.first(name: "date")
        location = response.headers.first(name: "location")
        contentType = response.headers.first(name: "content-type")
    }

    func outcome(now: Date) -> EventOutcome {
        switch status {
        case 200..<300:
            .done
        case 300..<400:
            .failed(DeliveryFailure(.park, .event, "\(statusText); redirects are not followed\(redirection)"))
        case 410:
            // Standard Webhooks 1.0, “Server disable”: the receiver wants no more.
            .failed(DeliveryFailure(.pause, .event, reason))
        case 400..<500 where ![408, 425, 429].contains(status):
            .failed(DeliveryFailure(.park, .event, reason))
        default:
            // 5xx, and codes that no standard has: RFC 9110, 15, reads those as a server's error.
            .failed(
                DeliveryFailure(
                    .retry, .event, reason,
                    retryAfter: retryAfter.flatMap { RetryAfter.pause($0, answeredAt: date, now: now) }))
        }
    }

    private var statusText: String { ("\(status) " + OneLine.text(phrase.utf8, most: 80)).trimmed }

    /// Status and body in one line. A page for browsers says nothing that the status does not.
    private var reason: String {
        let isPage = contentType?.lowercased().contains("html") ?? false
        let words = isPage ? "" : OneLine.text(body, most: Self.wordsLength)
        return words.isEmpty ? statusText : "\(statusText): \(words)"
    }

    /// Without the query and the user, which may be secret.
    private var redirection: String {
        guard let location, var parts = URLComponents(string: location) else { return "" }
        parts.query = nil
        parts.fragment = nil
        parts.user = nil
        parts.password = nil
        return parts.string.map { ": it points to " + OneLine.text($0.utf8, most: 200) } ?? ""
    }
}

/// Text of a peer's in one line that a terminal and a log can take.
enum OneLine {
    /// Blanks and control characters, any number of them, are one space; what is longer than `most` characters
    /// ends in `…`.
    static func text(_ bytes: some Collection<UInt8>, most: Int) -> String {
        var out = ""
        var length = 0
        var isBlank = true
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let mark = scalar.properties.generalCategory
            switch mark {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .unassigned,
                .surrogate:
                if !isBlank { out += " " }
                isBlank = true
            default:
                if length == most { return out.trimmed + "…" }
                out.unicodeScalars.append(scalar)
                length += 1
                isBlank = false
            }
        }
        return out.trimmed
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
