/// Gathers events into a block as their transactions come along.
///
/// The events of the open transaction stand at the block's end without a header; its commit gives
/// them one, an interruption cuts them off.
struct EventBlockBuilder: ~Copyable {
    private(set) var block = EventBlock()
    /// The event that was begun: key and data are appended to it directly.
    var event = ByteText()
    /// Where in the body the open transaction's events begin.
    private var openStart = 0
    private(set) var openCount = 0
    private(set) var closedCount = 0
    /// Of each rule, its index in `block.types`; `UInt16.max`: not yet.
    private var typeOfRule: [UInt16]
    private let names: [String]
    /// Types that services gave their events, by their place in `block.types`.
    private var ownTypes: [EventType: UInt16] = [:]
    /// An event of more bytes than this does not leave its storage behind.
    private static let keptCapacity = 1 << 20

    init(names: [String]) {
        self.names = names
        typeOfRule = Array(repeating: .max, count: names.count)
    }

    var openBytes: Int { block.body.count - openStart }
    var closedBytes: Int { openStart }

    // MARK: - One event: begin, append the key, end the key, append the data, end

    mutating func beginEvent(rule: Int, ordinal: UInt32, rank: UInt16) {
        if typeOfRule[rule] == .max {
            typeOfRule[rule] = UInt16(clamping: block.types.count)
            block.types.append(EventType(name: names[rule]))
        }
        event.removeAll(keeping: Self.keptCapacity)
        // The length comes at the event's end.
        let place = UInt64(ordinal) << 32
        let what = UInt64(rank) | UInt64(typeOfRule[rule]) << 16 | UInt64(EventBlock.noKey) << 32
        event.appendLittleEndian(place)
        event.appendLittleEndian(what)
        event.appendLittleEndian(UInt32(EventBlock.noID))
    }

    /// Gives the event that was begun a type of its own. False: a block holds no more types.
    mutating func setType(_ own: String, rule: Int) -> Bool {
        let type = EventType(name: names[rule], own: own)
        let place: UInt16
        if let known = ownTypes[type] {
            place = known
        } else {
            guard block.types.count < Int(UInt16.max) - 1, own.utf8.count < Int(UInt16.max) else { return false }
            place = UInt16(block.types.count)
            block.types.append(type)
            ownTypes[type] = place
        }
        event.setLittleEndian(place, at: 10)
        return true
    }

    /// After the key: an id of the service's own. False: it is too long.
    mutating func appendID(_ id: [UInt8]) -> Bool {
        guard id.count < Int(EventBlock.noID) else { return false }
        event.append(id.span)
        event.setLittleEndian(UInt16(id.count), at: 16)
        return true
    }

    /// After the id: further attributes, as JSON members with a comma before each.
    mutating func appendMarks(_ marks: [UInt8]) {
        guard marks.count <= Int(UInt16.max) else { return }
        event.append(marks.span)
        event.setLittleEndian(UInt16(marks.count), at: 18)
    }

    /// Says that what was appended since the event's beginning is its key.
    mutating func endKey() {
        event.setLittleEndian(UInt32(event.count - EventBlock.fixedLength), at: 12)
    }

    /// An event that is not ended is given up by the next one's beginning.
    mutating func endEvent() {
        event.setLittleEndian(UInt32(event.count - 4), at: 0)
        block.body.append(contentsOf: event.bytes)
        openCount += 1
    }

    // MARK: - Transactions

    mutating func commit(position: CommitPosition, time: Timestamp?, context: [UInt8] = []) {
        if openCount > 0 {
            block.transactions.append(
                TransactionHeader(position: position, time: time, count: openCount, context: context))
        }
        closedCount += openCount
        openCount = 0
        openStart = block.body.count
    }

    mutating func rollback() {
        block.body.removeSubrange(openStart...)
        openCount = 0
    }

    /// Where the open transaction's events end now, to come back to.
    struct Mark {
        fileprivate var bytes: Int
        fileprivate var count: Int
    }

    var mark: Mark { Mark(bytes: block.body.count, count: openCount) }

    /// Takes back the events since `mark`, which lies in the open transaction.
    mutating func rollback(to mark: Mark) {
        if block.body.count > mark.bytes { block.body.removeSubrange(mark.bytes...) }
        openCount = mark.count
    }

    /// The committed events so far; the open transaction's stay.
    mutating func takeClosed() -> EventBlock? {
        guard closedCount > 0 else { return nil }
        var taken = block
        var next = EventBlock(types: openCount == 0 ? [] : block.types)
        if openCount > 0 {
            next.body = Array(block.body[openStart...])
            taken.body.removeSubrange(openStart...)
        }
        reset(to: next)
        return taken
    }

    /// The open transaction's events so far, without a header; the committed ones must have been
    /// taken before.
    mutating func takeOpen() -> (block: EventBlock, count: Int) {
        precondition(closedCount == 0, "committed events must be taken before those of the open transaction")
        let taken = (block, openCount)
        openCount = 0
        reset(to: EventBlock())
        return taken
    }

    private mutating func reset(to next: EventBlock) {
        block = next
        openStart = 0
        closedCount = 0
        if next.types.isEmpty {
            ownTypes.removeAll(keepingCapacity: true)
            for rule in typeOfRule.indices { typeOfRule[rule] = .max }
        }
        // The next block will be about as large as this one.
        block.body.reserveCapacity(64 * 1024)
    }
}
