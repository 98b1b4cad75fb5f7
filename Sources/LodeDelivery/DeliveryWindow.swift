import DequeModule
import LodeJournal

/// The events that were read and are not all done: what the cursor may not pass yet.
///
/// Events get serial numbers in the journal's order. Small: sixteen bytes an event, whose bytes are
/// elsewhere.
struct DeliveryWindow: Sendable {
    private struct Slot {
        var position: Position
        var isDone: Bool
        /// Of the chunk that ends here; nil: an event.
        var end: Int?
    }

    private var slots: Deque<Slot> = []
    private var firstSerial = 0
    /// Every event up to here is done, or none of the subscriber's.
    private(set) var cursor: Position
    /// How many events are not passed, done or not.
    private(set) var count = 0
    /// Bytes of the chunks that are not passed whole.
    private(set) var bytes = 0
    private var chunks: Deque<EventChunk> = []

    init(cursor: Position) { self.cursor = cursor }

    /// The first chunk that is not passed whole.
    var oldest: EventChunk? { chunks.first }

    /// - Returns: The serial of the chunk's first event; its others follow.
    mutating func append(_ chunk: EventChunk) -> Int {
        let serial = firstSerial + slots.count
        for line in chunk.lines { slots.append(Slot(position: line.position, isDone: false)) }
        slots.append(Slot(position: chunk.last, isDone: true, end: chunk.size))
        count += chunk.count
        bytes += chunk.size
        chunks.append(chunk)
        pass()
        return serial
    }

    mutating func markDone(_ serial: Int) {
        let index = serial - firstSerial
        guard slots.indices.contains(index) else { return }
        slots[index].isDone = true
    }

    /// Moves the cursor over what is done.
    mutating func pass() {
        while let first = slots.first, first.isDone {
            cursor = max(cursor, first.position)
            slots.removeFirst()
            firstSerial += 1
            if let size = first.end {
                bytes -= size
                chunks.removeFirst()
            } else {
                count -= 1
            }
        }
    }
}
