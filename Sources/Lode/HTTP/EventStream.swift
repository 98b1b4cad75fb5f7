import Hummingbird
import LodeCore
import LodeDelivery
import LodeJournal
import NIOCore
import ServiceLifecycle

/// The feed as server-sent events (WHATWG HTML, section 9.2): `id` the position, `data` the CloudEvent.
///
/// No `event:` line: a browser's `onmessage` would not hear of such an event, and the type is in the data.
struct EventStream {
    let request: FeedRequest
    let reader: FeedReader
    let client: ClientWriter
    let keepAlive: Duration
    /// The last position that the client has heard of, or need not.
    private var cursor: Position
    private var sent = 0
    private var lastSent = ContinuousClock.now
    private var lastEvent = ContinuousClock.now

    /// - Throws: ``Refusal``, ``JournalError``
    init(
        _ request: FeedRequest, reader: FeedReader, client: ClientWriter, keepAlive: Duration
    ) async throws {
        self.request = request
        self.reader = reader
        self.client = client
        self.keepAlive = keepAlive
        cursor = try await reader.position(before: request.start)
        // A position that is gone is told before the stream begins, while there is a status to tell it by.
        _ = try await reader.chunk(after: cursor, for: EventFilter(takesType: { _ in false }))
    }

    /// Sends events as they come, until the client goes, the daemon stops, or the request's limit or
    /// wait is over.
    mutating func run(to writer: inout any ResponseBodyWriter) async throws {
        // An id without data is no event, but a client that comes back names it: nothing is missed that
        // came before the first event.
        try await send("retry: 2000\nid: \(cursor)\n\n", to: &writer)
        let filter = reader.filter(for: request)
        while !isOver {
            do {
                if let chunk = try await reader.chunk(after: cursor, for: filter) {
                    try await send(chunk, to: &writer)
                } else {
                    let alive = lastSent + keepAlive
                    let deadline = min(alive, request.wait.map { lastEvent + $0 } ?? alive)
                    await reader.wait(past: cursor, until: deadline)
                }
            } catch let refusal as Refusal {
                // The client was too slow. When it comes back it gets this with its status.
                try await send(": \(refusal.message)\n\n", to: &writer)
                return
            }
            if !isOver, ContinuousClock.now - lastSent >= keepAlive {
                try await send(": keep-alive\nid: \(cursor)\n\n", to: &writer)
            }
        }
    }

    private var isOver: Bool {
        if Task.isCancelled || Task.isShuttingDownGracefully { return true }
        if let limit = request.limit, sent >= limit { return true }
        if let wait = request.wait, cursor >= reader.journal.lastPosition {
            return ContinuousClock.now - lastEvent >= wait
        }
        return false
    }

    private mutating func send(_ chunk: EventChunk, to writer: inout any ResponseBodyWriter) async throws {
        let batch = EventBatch(chunk)
        var index = 0
        while index < batch.count, !isOver {
            let most = request.limit.map { $0 - sent } ?? .max
            let part = batch.part(from: index, most: most, bytes: ClientWriter.slice)
            var out: [UInt8] = []
            Self.appendID(part[0].position, to: &out)
            part.appendJSON(to: &out) { place, out in
                JSONText.append("\n\n", to: &out)
                if place + 1 < part.count { Self.appendID(part[place + 1].position, to: &out) }
            }
            try await client.send(ByteBuffer(bytes: out), to: &writer)
            index += part.count
            sent += part.count
            cursor = part[part.count - 1].position
            lastSent = .now
            lastEvent = .now
        }
        if index == batch.count { cursor = chunk.last }
    }

    private static func appendID(_ position: Position, to out: inout [UInt8]) {
        JSONText.append("id: ", to: &out)
        JSONText.append(position, to: &out)
        JSONText.append("\ndata: ", to: &out)
    }

    private mutating func send(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
        try await client.send(ByteBuffer(string: text), to: &writer)
        lastSent = .now
    }
}
