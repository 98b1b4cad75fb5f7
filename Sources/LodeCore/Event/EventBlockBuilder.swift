/// Gathers events into a block as their transactions come along.
///
/// The events of the open transaction stand at the block's end without a header; its commit gives
/// them one, an interruption cuts them off.
struct EventBlockBuilder {
    /// Key and data are appended to its body directly.
    var block = EventBlock()
    /// Where in the body the open transaction's events begin.
    private var openStart = 0
    private(set) var openCount = 0
    private(set) var closedCount = 0
    /// Of each rule, its index in `block.types`; `UInt16.max`: not yet.
    private var typeOfRule: [UInt16]
    private let names: [String]
    /// Types that services gave their events, by their place in `block.types`.
    private var ownTypes: [EventType: UInt16] = [:]
    private var eventStart = 0

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
        eventStart = block.body.count
        // The length comes at the event's end.
        let place = UInt64(ordinal) << 32
        let what = UInt64(rank) | UInt64(typeOfRule[rule]) << 16 | UInt64(EventBlock.noKey) << 32
        block.body.appendLittleEndian(place)
        block.body.appendLittleEndian(what)
        block.body.appendLittleEndian(UInt32(EventBlock.noID))
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
        block.body[eventStart + 10] = UInt8(truncatingIfNeeded: place)
        block.body[eventStart + 11] = UInt8(truncatingIfNeeded: place >> 8)
        return true
    }

    /// After the key: an id of the service's own. False: it is too long.
    mutating func appendID(_ id: [UInt8]) -> Bool {
        guard id.count < Int(EventBlock.noID) else { return false }
        block.body += id
        setU16(UInt16(id.count), at: 16)
        return true
    }

    /// After the id: further attributes, as JSON members with a comma before each.
    mutating func appendMarks(_ marks: [UInt8]) {
        guard marks.count <= Int(UInt16.max) else { return }
        block.body += marks
        setU16(UInt16(marks.count), at: 18)
    }

    private mutating func setU16(_ value: UInt16, at offset: Int) {
        block.body[eventStart + offset] = UInt8(truncatingIfNeeded: value)
        block.body[eventStart + offset + 1] = UInt8(truncatingIfNeeded: value >> 8)
    }

    /// Says that what was appended to the body since the event's beginning is its key.
    mutating func endKey() {
        let length = block.body.count - eventStart - EventBlock.fixedLength
        block.body.setLittleEndian(UInt32(length), at: eventStart + 12)
    }

    /// Gives up the event that was begun.
    mutating func cancelEvent() {
        block.body.removeSubrange(eventStart...)
    }

    mutating func endEvent() {
        block.body.setLittleEndian(UInt32(block.body.count - eventStart - 4), at: eventStart)
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
        block.body.removeSubrange(mark.bytes...)
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
