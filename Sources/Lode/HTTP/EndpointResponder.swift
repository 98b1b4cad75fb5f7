import HTTPTypes
import Hummingbird
import LodeCore
import LodeJournal
import Logging
import NIOCore

/// A request's connection, beside what Hummingbird knows of it.
struct EndpointContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// What answers a GET of one path.
struct EndpointRoute: Sendable {
    /// Whether it is answered without the token.
    var isOpen = false
    var answer: @Sendable (Request, EndpointContext) async throws -> Response
}

/// Finds a request's route. A table of its own, for the paths are few and fixed, and whoever misses one
/// or its method is told in JSON what there is.
struct EndpointResponder: HTTPResponder {
    let routes: [String: EndpointRoute]
    let token: EndpointToken?
    /// Not nil: everybody on this machine may ask, under this name, `localhost` or an address.
    let trustedHost: String?
    let logger: Logger

    func respond(to request: Request, context: EndpointContext) async throws -> Response {
        do {
            return try await answer(request, context)
        } catch let refusal as Refusal {
            return refusal.response
        } catch let error as JournalError {
            logger.error("http: \(error.message)")
            return Refusal(.serviceUnavailable, "the journal cannot be read; the daemon's log says why").response
        }
    }

    private func answer(_ request: Request, _ context: EndpointContext) async throws -> Response {
        try checkHost(request)
        guard let route = routes[request.uri.path] else {
            throw Refusal(.notFound, "there is nothing here; there are \(routes.keys.sorted().joined(separator: ", "))")
        }
        guard request.method == .get else {
            throw Refusal(.methodNotAllowed, "only GET is answered here", headers: [.allow: "GET"])
        }
        guard route.isOpen || token?.isCarried(by: request) ?? true else {
            throw Refusal(.unauthorized, "a bearer token is needed", headers: [.wwwAuthenticate: "Bearer"])
        }
        return try await route.answer(request, context)
    }

    /// Without a token, a page of a stranger's must not read events through somebody's browser by giving
    /// its own name this machine's address (DNS rebinding): names other than ours are refused.
    private func checkHost(_ request: Request) throws(Refusal) {
        guard let trustedHost, let authority = request.head.authority, !authority.isEmpty else { return }
        let host = Self.host(of: authority)
        let isAddress = host.contains(":") || host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
        guard isAddress || host == "localhost" || host == trustedHost.lowercased() else {
            throw Refusal(
                .misdirectedRequest, "without a token_file only localhost is answered for, not other host names")
        }
    }

    /// `[::1]:8642` is `::1`.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return authority.prefix { $0 != ":" }.lowercased()
    }
}

/// A request is not answered as it wanted; JSON says why.
struct Refusal: Error {
    var status: HTTPResponse.Status
    var message: String
    var headers: HTTPFields
    /// Of positions no longer kept: the first that is.
    var first: Position?

    init(_ status: HTTPResponse.Status, _ message: String, headers: HTTPFields = [:], first: Position? = nil) {
        self.status = status
        self.message = message
        self.headers = headers
        self.first = first
    }

    var response: Response {
        var body: [UInt8] = []
        JSONText.append("{\"error\":", to: &body)
        JSONText.appendQuoted(message, to: &body)
        if let first {
            JSONText.append(",\"first\":", to: &body)
            JSONText.append(first, to: &body)
        }
        JSONText.append("}\n", to: &body)
        var response = Response.json(status, body)
        for field in headers { response.headers.append(field) }
        return response
    }
}

extension Response {
    static func json(_ status: HTTPResponse.Status, _ bytes: [UInt8]) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
