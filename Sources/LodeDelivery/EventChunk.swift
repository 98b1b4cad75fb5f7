public import LodeCore
public import LodeJournal

/// A stretch of the journal as one subscriber sees it: the events that are for it, by their places in
/// the journal's own bytes. Nothing is copied or rendered before somebody asks for it.
public final class EventChunk: Sendable {
    /// Where one event is.
    struct Line: Sendable {
        let position: Position
        /// Its block's index in `blocks`, its transaction's in the block, its start in the block's body.
        let block: Int32
        let transaction: Int32
        let start: Int32
        /// Of its key, data and attributes.
        let bytes: Int32
    }

    let blocks: [PlacedBlock]
    let lines: [Line]
    /// The last position looked at, whether or not its event was for the subscriber.
    public let last: Position
    /// Bytes of its blocks, all of them.
    public let size: Int
    /// By a source's number in the journal.
    let writers: [Int64: CloudEventWriter]
    let typePrefix: String

    public var count: Int { lines.count }

    /// - Parameters:
    ///   - cursor: What is up to here is left out.
    ///   - writers: Of the blocks' sources, by their number in the journal.
    /// - Throws: `BlockError` when bytes of the journal are damaged.
    public init(
        _ blocks: [PlacedBlock], after cursor: Position, for filter: EventFilter, writers: [Int64: CloudEventWriter],
        typePrefix: String
    ) throws {
        self.blocks = blocks
        self.writers = writers
        self.typePrefix = typePrefix
        last = max(cursor, blocks.last?.last ?? cursor)
        size = blocks.reduce(0) { $0 + $1.block.body.count }
        var lines: [Line] = []
        lines.reserveCapacity(blocks.reduce(0) { $0 + $1.block.count })
        for (number, placed) in blocks.enumerated() {
            let block = placed.block
            let takes = block.types.map { filter.takesType($0.text(prefix: typePrefix)) }
            guard takes.contains(true) else { continue }
            let source = writers[placed.source]?.sourceText ?? ""
            var position = placed.first
            var start = 0
            for (index, transaction) in block.transactions.enumerated() {
                for _ in 0..<transaction.count {
                    let (event, end) = try block.event(at: start, of: transaction)
                    if position > cursor, takes[Int(event.type)],
                        filter.takes(event, of: block, source: source, typePrefix: typePrefix)
                    {
                        lines.append(
                            Line(
                                position: position, block: Int32(truncatingIfNeeded: number),
                                transaction: Int32(truncatingIfNeeded: index),
                                start: Int32(truncatingIfNeeded: start), bytes: Int32(truncatingIfNeeded: end - start)))
                    }
                    start = end
                    position += 1
                }
            }
        }
        self.lines = lines
    }

    /// The event of a line. The bytes were walked over when the chunk was made.
    func view(_ line: Int) -> EventView? {
        let line = lines[line]
        let block = blocks[Int(line.block)].block
        let transaction = block.transactions[Int(line.transaction)]
        return try? block.event(at: Int(line.start), of: transaction).event
    }

    /// One event in a block of its own, which needs nothing else of the journal.
    func extracted(_ number: Int) -> PlacedBlock {
        let line = lines[number]
        let placed = blocks[Int(line.block)]
        var body = Array(placed.block.body[Int(line.start)..<Int(line.start) + Int(line.bytes)])
        var type = EventType(name: "")
        if let view = view(number) { type = placed.block.types[Int(view.type)] }
        // Its type is the only one of the new block: see the layout of ``EventBlock``.
        body[10] = 0
        body[11] = 0
        var transaction = placed.block.transactions[Int(line.transaction)]
        transaction.count = 1
        return PlacedBlock(
            first: line.position, source: placed.source,
            block: EventBlock(types: [type], transactions: [transaction], body: body))
    }
}

extension EventChunk {
    /// When its first event was committed.
    var firstTime: Timestamp? {
        lines.first.flatMap { blocks[Int($0.block)].block.transactions[Int($0.transaction)].time }
    }
}
