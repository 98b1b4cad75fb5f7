import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Where requests go, read once.
struct WebhookTarget: Sendable {
    /// As the HTTP client takes it out of the URL: a name, or an address without brackets.
    let host: String
    /// Host and port for messages: a path or a query may hold a secret.
    let shown: String
    /// `Basic` and the URL's user and password; nil: it has none.
    let authorization: String?
    private let url: String

    /// Nil: the HTTP client cannot send to such a URL.
    init?(_ text: String) {
        guard let url = URL(string: text), let request = try? HTTPClient.Request(url: url, method: .POST),
            request.scheme == "http" || request.scheme == "https"
        else { return nil }
        self.url = text
        // The client's own way to the host, for an address that was checked under another name than the
        // client asks for would not be used.
        guard let host = url.host, !host.isEmpty else { return nil }
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        shown = "\(self.host.contains(":") ? "[\(self.host)]" : self.host):\(request.port)"
        let parts = URLComponents(string: text)
        authorization = parts?.user.map { user in
            "Basic " + Data("\(user):\(parts?.password ?? "")".utf8).base64EncodedString()
        }
    }

    /// Whether the host is an address already. The client decides it by the same call.
    var isAddress: Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }

    func request(_ message: WebhookMessage) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = message.headers
        if message.body.readableBytes > 0 { request.body = .bytes(message.body) }
        return request
    }
}
