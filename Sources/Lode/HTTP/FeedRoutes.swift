import HTTPTypes
import Hummingbird
import LodeDelivery
import LodeJournal
import NIOCore

/// `/events`: pages of events, and a stream of them.
struct FeedRoutes: Sendable {
    /// nil: there is no journal.
    private let reader: FeedReader?
    private let places: FeedPlaces
    private let limits: EndpointLimits

    init(_ reader: FeedReader?, limits: EndpointLimits) {
        self.reader = reader
        self.limits = limits
        places = FeedPlaces(most: limits.waiting)
    }

    var all: [String: EndpointRoute] {
        ["/events": EndpointRoute { request, context in try await answer(request, context) }]
    }

    private func answer(_ request: Request, _ context: EndpointContext) async throws -> Response {
        guard let reader else {
            throw Refusal(.notFound, "the configuration has `journal: none`, so there are no events to read here")
        }
        let isStream = request.headers[values: .accept].contains { $0.lowercased().contains("text/event-stream") }
        let wanted = try FeedRequest(
            query: request.uri.query, lastEventID: request.headers[.lastEventID],
            typePrefix: reader.directory.typePrefix)
        let client = ClientWriter(channel: context.channel, patience: limits.stalledClient)
        return isStream
            ? try await stream(wanted, reader, client, request) : try await page(wanted, reader, client)
    }

    private func page(_ wanted: FeedRequest, _ reader: FeedReader, _ client: ClientWriter) async throws -> Response {
        var waiting: FeedPlaces.Place?
        if wanted.wait ?? .zero > .zero { waiting = try takePlace() }
        let page = try await FeedPage.read(wanted, with: reader, in: places)
        withExtendedLifetime(waiting) {}
        let body = ByteBuffer(bytes: page.body)
        var response = Response.json(.ok, [])
        guard body.readableBytes > ClientWriter.slice else {
            response.body = ResponseBody(byteBuffer: body)
            return response
        }
        response.body = ResponseBody(contentLength: body.readableBytes) { writer in
            try await client.send(body, to: &writer)
            try await client.finish(writer)
            withExtendedLifetime(page.room) {}
        }
        return response
    }

    private func stream(
        _ wanted: FeedRequest, _ reader: FeedReader, _ client: ClientWriter, _ request: Request
    ) async throws -> Response {
        let place = try takePlace()
        let stream = try await EventStream(wanted, reader: reader, client: client, keepAlive: limits.keepAlive)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store",
                // nginx would hold events back otherwise.
                .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                var stream = stream
                do {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        try await stream.run(to: &writer)
                    }
                } catch is CancellationError {
                    // The client has gone, or the daemon goes.
                }
                try await client.finish(writer)
                withExtendedLifetime(place) {}
            })
    }

    private func takePlace() throws(Refusal) -> FeedPlaces.Place {
        if let place = places.wait() { return place }
        throw Refusal(
            .serviceUnavailable, "\(limits.waiting) requests wait already; come again later, or ask without wait",
            headers: [.retryAfter: "5"])
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = parsed("Last-Event-ID")
    fileprivate static let accelBuffering = parsed("X-Accel-Buffering")

    private static func parsed(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("the names above are tokens") }
        return name
    }
}
