import LodeCore
import LodeDelivery
import LodeJournal
import ServiceLifecycle

/// One answer of the feed: `{"events": [...], "next": POSITION}`.
struct FeedPage {
    private(set) var body = Array("{\"events\":[".utf8)
    private(set) var count = 0
    /// Everything up to here is in the page or was not asked for.
    private(set) var next: Position
    /// Memory for its events.
    private(set) var room: FeedPlaces.Room?

    /// Looking for a rare key ends after so many bytes of the journal, or so long; the client asks on.
    static let mostLookedAt = 64 << 20
    static let longestLook = Duration.seconds(2)

    /// - Parameter places: Where the page gets its room once there are events; one event may need more.
    /// - Throws: ``Refusal``, ``JournalError``
    static func read(
        _ request: FeedRequest, with reader: FeedReader, in places: FeedPlaces
    ) async throws -> FeedPage {
        var page = FeedPage(next: try await reader.position(before: request.start))
        let filter = reader.filter(for: request)
        let begun = ContinuousClock.now
        let deadline = begun + (request.wait ?? .zero)
        let limit = request.limit ?? FeedRequest.usualLimit
        var lookedAt = 0
        var lookingSince = begun
        while !Task.isCancelled {
            if let chunk = try await reader.chunk(after: page.next, for: filter) {
                let room = page.room ?? places.room()
                if chunk.count > 0 { page.room = room }
                page.append(chunk, limit: limit, bytes: room.bytes)
                lookedAt += chunk.size
                if page.count >= limit || page.body.count >= room.bytes || page.next < chunk.last { break }
                if lookedAt >= mostLookedAt || ContinuousClock.now - lookingSince > longestLook { break }
            } else {
                guard page.count == 0, ContinuousClock.now < deadline, !Task.isShuttingDownGracefully else { break }
                await reader.wait(past: page.next, until: deadline)
                lookingSince = ContinuousClock.now
            }
        }
        page.finish()
        return page
    }

    private init(next: Position) { self.next = next }

    private mutating func append(_ chunk: EventChunk, limit: Int, bytes: Int) {
        let batch = EventBatch(chunk)
        var index = 0
        while index < batch.count, count < limit, body.count < bytes {
            let part = batch.part(from: index, most: limit - count, bytes: bytes - body.count)
            if count > 0 { body.append(UInt8(ascii: ",")) }
            part.appendJSON(to: &body) { place, out in
                if place + 1 < part.count { out.append(UInt8(ascii: ",")) }
            }
            index += part.count
            count += part.count
        }
        next = index < batch.count ? batch[index].position - 1 : chunk.last
    }

    private mutating func finish() {
        JSONText.append("],\"next\":", to: &body)
        JSONText.append(next, to: &body)
        JSONText.append("}\n", to: &body)
    }
}

extension EventBatch {
    /// The next few events, of about so many bytes: what an event has beside its own bytes shows only
    /// when it is written, so the parts are small.
    func part(from start: Int, most: Int, bytes: Int) -> EventBatch {
        var end = start
        var size = 0
        while end < count, end - start < Swift.min(most, 32) {
            size += self[end].size + 256
            if size > bytes, end > start { break }
            end += 1
        }
        return part(start..<end)
    }
}
