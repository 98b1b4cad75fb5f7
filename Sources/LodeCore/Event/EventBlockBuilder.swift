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
            block.types.append(names[rule])
        }
        eventStart = block.body.count
        // The length comes at the event's end.
        let place = UInt64(ordinal) << 32
        let what = UInt64(rank) | UInt64(typeOfRule[rule]) << 16 | UInt64(EventBlock.noKey) << 32
        block.body.appendLittleEndian(place)
        block.body.appendLittleEndian(what)
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

    mutating func commit(position: CommitPosition, time: Timestamp?) {
        if openCount > 0 {
            block.transactions.append(TransactionHeader(position: position, time: time, count: openCount))
        }
        closedCount += openCount
        openCount = 0
        openStart = block.body.count
    }

    mutating func rollback() {
        block.body.removeSubrange(openStart...)
        openCount = 0
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
            for rule in typeOfRule.indices { typeOfRule[rule] = .max }
        }
        // The next block will be about as large as this one.
        block.body.reserveCapacity(64 * 1024)
    }
}
