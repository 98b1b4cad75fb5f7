import LodeCore
import LodeJournal

/// Some events for one subscriber, in order, with where its cursor stands when they are done.
public struct EventBatch: Sendable {
    /// Where one event's JSON is.
    struct Line: Sendable {
        var bytes: ByteRange
        var position: Position
        var block: Int32
        /// The index of its transaction in the block, and where it starts in the block's body.
        var transaction: Int32
        var start: Int32
    }

    let blocks: [PlacedBlock]
    private(set) var lines: [Line] = []
    /// CloudEvents, a line each.
    private(set) var jsonLines: [UInt8] = []
    /// The last position looked at, whether or not its event was for the subscriber.
    let last: Position
    /// How many bytes its blocks have.
    let size: Int

    public var count: Int { lines.count }
    public var isEmpty: Bool { lines.isEmpty }

    /// - Parameters:
    ///   - cursor: What is up to here was delivered before.
    ///   - writers: By the source's number in the journal.
    init(
        _ blocks: [PlacedBlock], after cursor: Position, for filter: EventFilter, writers: [Int64: CloudEventWriter]
    ) throws {
        self.blocks = blocks
        last = blocks.last?.last ?? cursor
        size = blocks.reduce(0) { $0 + $1.block.body.count }
        jsonLines.reserveCapacity(size * 2)
        lines.reserveCapacity(blocks.reduce(0) { $0 + $1.block.count })
        for (number, placed) in blocks.enumerated() {
            let block = placed.block
            let takes = block.types.map(filter.takes)
            guard takes.contains(true), var writer = writers[placed.source] else { continue }
            var position = placed.first
            var start = 0
            for (index, transaction) in block.transactions.enumerated() {
                for _ in 0..<transaction.count {
                    let (event, end) = try block.event(at: start, of: transaction)
                    if position > cursor, takes[Int(event.type)],
                        filter.takes(event, of: block, source: writer.sourceText)
                    {
                        let lineStart = jsonLines.count
                        writer.append(event, of: block, to: &jsonLines)
                        lines.append(
                            Line(
                                bytes: ByteRange(lineStart, jsonLines.count), position: position,
                                block: Int32(truncatingIfNeeded: number), transaction: Int32(truncatingIfNeeded: index),
                                start: Int32(truncatingIfNeeded: start)))
                        jsonLines.append(0x0A)
                    }
                    start = end
                    position += 1
                }
            }
        }
    }

    /// The event of a line, and the block that has it.
    func event(of line: Line) throws -> (event: EventView, block: EventBlock) {
        let block = blocks[Int(line.block)].block
        let transaction = block.transactions[Int(line.transaction)]
        return (try block.event(at: Int(line.start), of: transaction).event, block)
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
    public func events(source: (Int64) -> String, typePrefix: String) throws -> [Event] {
        try lines.map { line in
            let (event, block) = try event(of: line)
            let type = block.types[Int(event.type)]
            var id: [UInt8] = []
            if let own = event.id {
                id += block.body[own.range]
            } else {
                CloudEventWriter.appendID(event, type: type.name, to: &id)
            }
            var sequence: [UInt8] = []
            CloudEventWriter.appendSequence(event, to: &sequence)
            return Event(
                id: String(decoding: id, as: UTF8.self), source: source(blocks[Int(line.block)].source),
                type: type.text(prefix: typePrefix),
                key: event.key.map { String(decoding: block.body[$0.range], as: UTF8.self) },
                time: event.transaction.time, sequence: String(decoding: sequence, as: UTF8.self),
                position: line.position,
                data: event.data.map { Array(block.body[$0.range]) } ?? Array("null".utf8),
                json: Array(jsonLines[line.bytes.range]))
        }
    }
}

/// Which events a subscriber takes.
struct EventFilter: Sendable {
    /// Among those of its types; nil: all.
    var condition: EventCondition?
    let takesType: @Sendable (String) -> Bool
    let typePrefix: String

    func takes(_ type: EventType) -> Bool { takesType(type.text(prefix: typePrefix)) }

    func takes(_ event: EventView, of block: EventBlock, source: String) -> Bool {
        condition?.takes(event, of: block, source: source, typePrefix: typePrefix) ?? true
    }
}
