/// The rows that expressions read: the one that set a rule off, and those it gathers.
///
/// Every row has a slot: 0 is the trigger's, the others are the rule's gathers in their order. A slot
/// holds one row at a time; ``lists`` says which rows a gather found.
struct RowSet: Sendable {
    var frames: [RowFrame] = [RowFrame()]
    /// Of each gather, from slot 1 on: where its rows are among the transaction's.
    var lists: [[RowPlace]] = []
    /// The rows of the open transaction that were put aside.
    var transaction = TransactionRows()
    /// Rows put aside before this place have cells of definitions that have changed since: they are read again.
    private(set) var freshFrom = RowPlace(offset: 0)
    /// By the number that ``RelationIndex`` gave their names.
    var relations: [Relation] = []
    /// Of the event that a subscriber's `where` asks about, in the order of ``EventAttribute``.
    var attributes: [Value] = []
    private let reader = RecordReader()

    init() {}

    init(_ frame: RowFrame) { frames = [frame] }

    mutating func reserve(slots: Int) {
        while frames.count < slots { frames.append(RowFrame()) }
        while lists.count < slots - 1 { lists.append([]) }
    }

    /// Reads the columns of the slot's record, whose head is in its change.
    mutating func resolve(slot: Int, relation number: Int) throws(DecodeError) {
        frames[slot].relation = number
        try frames[slot].readTuples(with: reader)
        guard relations[number].isWatched else { return }
        frames[slot].resolve(&relations[number])
    }

    /// The tables' definitions change: what was put aside by them is to be read again.
    mutating func definitionsChanged() {
        freshFrom = transaction.end
        for slot in frames.indices { frames[slot].place = nil }
    }

    /// The transaction is over.
    mutating func removeAll() {
        freshFrom = RowPlace(offset: 0)
        transaction.removeAll()
        for slot in frames.indices { frames[slot].place = nil }
    }

    /// Makes the entry that was just read into the slot's frame a row.
    mutating func prepare(_ slot: Int, _ entry: TransactionRows.Entry) throws(DecodeError) {
        frames[slot].relation = entry.relation
        if !entry.isResolved || entry.place < freshFrom {
            try frames[slot].readHead(with: reader)
            if entry.relation >= 0 { try resolve(slot: slot, relation: entry.relation) }
        }
        frames[slot].place = entry.place
    }

    /// The record's own columns, for a row that came back with its cells alone.
    mutating func readColumns(slot: Int) throws(DecodeError) {
        guard !frames[slot].hasColumns, frames[slot].relation >= 0 else { return }
        try frames[slot].readHead(with: reader)
        try frames[slot].readTuples(with: reader)
    }

    /// Takes one of the transaction's rows to hand.
    mutating func load(_ place: RowPlace, into slot: Int) throws(RowError) {
        if frames[slot].place == place { return }
        do {
            let entry = try transaction.read(place, into: &frames[slot])
            try prepare(slot, entry)
        } catch let error as SpillError {
            throw .spill(error)
        } catch let error as DecodeError {
            throw .decode(error)
        } catch {
            throw .spill(SpillError("\(error)"))
        }
    }
}

/// A row put aside that cannot be had again.
enum RowError: Error, Hashable {
    case spill(SpillError)
    case decode(DecodeError)
}
