import LodeCore
public import LodeJournal

/// Some events for one subscriber, in the journal's order.
public struct EventBatch: Sendable, RandomAccessCollection {
    /// Where an event is: a chunk, and a line of it.
    struct Place: Sendable {
        let chunk: EventChunk
        let line: Int32
    }

    let places: [Place]
    /// What the subscriber's cursor in the journal's file had passed when the batch was made: whatever
    /// crashes, every event up to here stays done, or set aside.
    public let floor: Position
    /// How often the subscriber was sent back to take events anew. With `journal` and a position it names
    /// a delivery that must have its effect once.
    public let generation: Int64
    /// The journal's own name: another journal counts its positions anew.
    public let journal: String
    /// Whether its events had been set aside: they come later than their place in the journal says.
    public let wasSetAside: Bool

    init(
        _ places: [Place], floor: Position = 0, generation: Int64 = 0, journal: String = "", wasSetAside: Bool = false
    ) {
        self.places = places
        self.floor = floor
        self.generation = generation
        self.journal = journal
        self.wasSetAside = wasSetAside
    }

    /// All events of a chunk.
    public init(
        _ chunk: EventChunk, floor: Position = 0, generation: Int64 = 0, journal: String = "",
        wasSetAside: Bool = false
    ) {
        self.init(
            chunk.lines.indices.map { Place(chunk: chunk, line: Int32(truncatingIfNeeded: $0)) }, floor: floor,
            generation: generation, journal: journal, wasSetAside: wasSetAside)
    }

    /// The same events with no higher floor than this.
    func with(floor most: Position) -> EventBatch {
        EventBatch(
            places, floor: Swift.min(floor, most), generation: generation, journal: journal, wasSetAside: wasSetAside)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { places.count }

    public subscript(index: Int) -> OutgoingEvent {
        let place = places[index]
        return OutgoingEvent(chunk: place.chunk, line: Int(place.line))
    }

    /// The events from `range`, as a batch of their own.
    public func part(_ range: Range<Int>) -> EventBatch {
        EventBatch(
            Array(places[range]), floor: floor, generation: generation, journal: journal, wasSetAside: wasSetAside)
    }

    /// Bytes of keys, data and attributes, about.
    public var size: Int { places.reduce(0) { $0 + Int($1.chunk.lines[Int($1.line)].bytes) } }

    /// The events as CloudEvents JSON, a line each.
    public var jsonLines: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(size * 2 + 256 * count)
        appendJSON(to: &out) { _, out in out.append(0x0A) }
        return out
    }

    /// Appends every event as CloudEvents JSON; after each, `separate` is asked, with the event's index.
    ///
    /// Faster than ``OutgoingEvent/json`` one by one: what events have in common is made once.
    public func appendJSON(to out: inout [UInt8], separate: (Int, inout [UInt8]) -> Void) {
        var index = 0
        while index < places.count {
            let chunk = places[index].chunk
            var source = chunk.blocks[Int(chunk.lines[Int(places[index].line)].block)].source
            var writer = chunk.writers[source]
            // A run of one chunk, which keeps the writer's state.
            while index < places.count, places[index].chunk === chunk {
                let line = chunk.lines[Int(places[index].line)]
                let placed = chunk.blocks[Int(line.block)]
                if placed.source != source {
                    source = placed.source
                    writer = chunk.writers[source]
                }
                let transaction = placed.block.transactions[Int(line.transaction)]
                if let (event, _) = try? placed.block.event(at: Int(line.start), of: transaction) {
                    writer?.append(event, of: placed.block, to: &out)
                }
                separate(index, &out)
                index += 1
            }
        }
    }
}
