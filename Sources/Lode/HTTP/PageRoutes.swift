import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/`: a page for people, which reads health, metrics and the feed as any client does. The page itself
/// tells nothing and is open; what it reads needs the token, for which it asks.
enum PageRoutes {
    static var all: [String: EndpointRoute] {
        let html = ByteBuffer(string: StatusPage.html)
        let headers = headers
        return [
            "/": EndpointRoute(isOpen: true) { _, _ in
                Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: html))
            }
        ]
    }

    private static var headers: HTTPFields {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache", .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
        ]
        if let referrer = HTTPField.Name("Referrer-Policy") { headers[referrer] = "no-referrer" }
        return headers
    }

    /// The page's own style and script, by their digests, and this endpoint: nothing else (CSP Level 3).
    private static var policy: String {
        "default-src 'none'; style-src '\(digest(StatusPage.style))'; script-src '\(digest(StatusPage.script))'; "
            + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    private static func digest(_ text: String) -> String {
        "sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())"
    }
}
