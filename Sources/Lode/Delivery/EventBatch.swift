import LodeCore
import LodeJournal

/// Some events for one subscriber, in order, with where its cursor stands when they are done.
public struct EventBatch: Sendable {
    /// Where one event's JSON is.
    struct Line: Sendable {
        var bytes: ByteRange
        var position: Position
        var block: Int
        var event: EventView
    }

    let blocks: [PlacedBlock]
    private(set) var lines: [Line] = []
    /// CloudEvents, a line each.
    private(set) var jsonLines: [UInt8] = []
    /// The last position looked at, whether or not its event was for the subscriber.
    let last: Position

    public var count: Int { lines.count }
    public var isEmpty: Bool { lines.isEmpty }

    /// - Parameters:
    ///   - position: The cursor: what is up to here was delivered before.
    ///   - writers: By the source's number in the journal.
    init(
        _ blocks: [PlacedBlock], after position: Position, for filter: EventFilter, writers: [Int64: CloudEventWriter]
    ) throws {
        self.blocks = blocks
        last = blocks.last?.last ?? position
        jsonLines.reserveCapacity(blocks.reduce(0) { $0 + $1.block.body.count * 2 })
        for (number, placed) in blocks.enumerated() {
            let block = placed.block
            let takes = block.types.map(filter.takes)
            guard takes.contains(true), let writer = writers[placed.source] else { continue }
            var at = placed.first
            try block.visitEvents { event in
                defer { at += 1 }
                guard at > position, takes[Int(event.type)] else { return true }
                let start = jsonLines.count
                writer.append(event, of: block, to: &jsonLines)
                lines.append(
                    Line(bytes: ByteRange(start, jsonLines.count), position: at, block: number, event: event))
                jsonLines.append(0x0A)
                return true
            }
        }
    }

    /// What is left when the first `count` events are done.
    func dropping(first count: Int) -> EventBatch {
        var rest = self
        guard count > 0 else { return self }
        let start = Int(lines.count > count ? lines[count].bytes.start : Int32(jsonLines.count))
        rest.jsonLines.removeFirst(start)
        rest.lines = lines.dropFirst(count).map { line in
            var moved = line
            moved.bytes = ByteRange(Int(line.bytes.start) - start, Int(line.bytes.end) - start)
            return moved
        }
        return rest
    }

    /// The events one by one, as Swift values.
    public func events(source: (Int64) -> String, typePrefix: String) -> [Event] {
        lines.map { line in
            let placed = blocks[line.block]
            let type = placed.block.types[Int(line.event.type)]
            var id: [UInt8] = []
            if let own = line.event.id {
                id += placed.block.body[own.range]
            } else {
                CloudEventWriter.appendID(line.event, type: type.name, to: &id)
            }
            var sequence: [UInt8] = []
            CloudEventWriter.appendSequence(line.event, to: &sequence)
            return Event(
                id: String(decoding: id, as: UTF8.self), source: source(placed.source), type: type.text(prefix: typePrefix),
                key: line.event.key.map { String(decoding: placed.block.body[$0.range], as: UTF8.self) },
                time: line.event.transaction.time, sequence: String(decoding: sequence, as: UTF8.self),
                position: line.position,
                data: line.event.data.map { Array(placed.block.body[$0.range]) } ?? Array("null".utf8),
                json: Array(jsonLines[line.bytes.range]))
        }
    }
}

/// Which events a subscriber takes.
struct EventFilter: Sendable {
    let takesType: @Sendable (String) -> Bool
    let typePrefix: String

    func takes(_ type: EventType) -> Bool { takesType(type.text(prefix: typePrefix)) }
}
