import DequeModule
import LodeJournal

/// Of which key a lane is. An event without a key has a lane to itself.
enum LaneKey: Hashable, Sendable {
    case key([UInt8])
    case alone(Position)

    init(_ event: OutgoingEvent) { self = event.key.map { .key($0) } ?? .alone(event.position) }

    var bytes: [UInt8]? {
        guard case .key(let bytes) = self else { return nil }
        return bytes
    }
}

/// An event in the engine.
struct Entry: Sendable {
    let place: EventBatch.Place
    /// In the window; -1: it comes from the shelf.
    let serial: Int

    var event: OutgoingEvent { OutgoingEvent(chunk: place.chunk, line: Int(place.line)) }
    var size: Int { Int(place.chunk.lines[Int(place.line)].bytes) }
}

/// One key's events that are set aside: the first failed, the others wait behind it. They are in the
/// journal's file; here are their number and the first few.
struct Shelf: Sendable {
    enum Phase: Equatable, Sendable {
        /// Until a person retries or skips it.
        case parked
        /// Delivered again at this time.
        case due(ContinuousClock.Instant)
        /// Asked of the journal.
        case loading
        case inFlight
    }

    /// The first one's position.
    var first: Position
    var count: Int
    /// The first ones, as far as they are at hand.
    var head: Deque<Entry> = []
    var phase: Phase
    /// Of the first one, so far.
    var attempts = 0
    var firstFailure: ContinuousClock.Instant
}

/// One key's events that are in the window.
struct Lane: Sendable {
    /// The ticket of the batch that its events are in; nil: none.
    var flight: Int?
    /// They come after what is in flight.
    var waiting: Deque<Entry> = []
    var shelf: Shelf?

    var isIdle: Bool { flight == nil && waiting.isEmpty && shelf == nil }
}
