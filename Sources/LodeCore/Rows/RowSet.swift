/// The rows that expressions read: the one that set a rule off, and those it gathers.
///
/// Every row has a slot: 0 is the trigger's, the others are the rule's gathers in their order. A slot
/// holds one row at a time; ``lists`` says which rows a gather found. A row that was put aside is read where
/// it lies.
struct RowSet: ~Copyable, Sendable {
    private(set) var frames: [RowFrame] = [RowFrame()]
    /// Of each slot, what only some records need.
    private(set) var details: [RowDetails] = [RowDetails()]
    /// Of each gather, from slot 1 on: where its rows are among the transaction's.
    var lists: [[RowPlace]] = []
    /// The rows of the open transaction that were put aside.
    private(set) var transaction = TransactionRows()
    /// Rows put aside before this place have cells of definitions that have changed since: they are read again.
    private(set) var freshFrom = RowPlace(offset: 0)
    /// By the number that ``RelationIndex`` gave their names.
    var relations: [Relation] = []
    /// Of the event that a subscriber's `where` asks about, in the order of ``EventAttribute``.
    var attributes: [Value] = []
    /// The data of that event.
    var document: [UInt8] = []
    private let reader = RecordReader()
    /// The entry in slot 0 that was not put aside, or is read again.
    private var own = RowMemory()
    /// The same for the other slots.
    private var others: [RowBuffer] = []
    /// Slot 0's with values that the database gave.
    private var completed = RowMemory()

    init() {}

    /// A row alone, its cells in the order of the table's columns.
    init(record: [UInt8], new: [Cell], old: [Cell]) {
        var header = RowEntry.Header(record: record.count, kind: .update, relation: -1)
        header.newCount = UInt32(new.count)
        header.oldCount = UInt32(old.count)
        let cells = Self.begin(header, record.span, in: &own, showing: &frames[0])
        _ = cells.new.initialize(from: new)
        _ = cells.old.initialize(from: old)
    }

    mutating func reserve(slots: Int) {
        while frames.count < slots {
            frames.append(RowFrame())
            details.append(RowDetails())
            others.append(RowBuffer())
        }
        while lists.count < slots - 1 { lists.append([]) }
    }

    mutating func setMemory(bytes: Int, folder: String) {
        transaction.memoryBytes = bytes
        transaction.folder = folder
    }

    // MARK: - Taking a row

    /// Takes a record of the stream, whose head is in `change`, as slot 0's row.
    @inline(__always)
    mutating func take(_ record: Span<UInt8>, _ change: inout Change, relation: Int) throws(DecodeError) {
        frames[0].place = nil
        frames[0].relation = relation
        frames[0].kind = change.kind
        if relation >= 0, relations[relation].isWatched {
            try Self.read(record, &change, &relations[relation], relation, &details[0], in: &own, showing: &frames[0])
        } else {
            let header = RowEntry.Header(record: record.count, kind: change.kind, relation: relation)
            _ = Self.begin(header, record, in: &own, showing: &frames[0])
            swap(&details[0].change, &change)
        }
    }

    /// Reads the head of a slot's record.
    mutating func readHead(slot: Int) throws(DecodeError) {
        try reader.readHead(frames[slot].record.span, into: &details[slot].change)
        frames[slot].kind = details[slot].change.kind
    }

    /// Reads the columns of the slot's record, whose head was read, anew.
    private mutating func readAgain(slot: Int, relation number: Int) throws(DecodeError) {
        guard relations[number].isWatched else { return }
        // It may lie where it is read to.
        let record = Array(frames[slot].record)
        var change = Change()
        swap(&change, &details[slot].change)
        if slot == 0 {
            try Self.read(
                record.span, &change, &relations[number], number, &details[0], in: &own, showing: &frames[0])
        } else {
            try Self.read(
                record.span, &change, &relations[number], number, &details[slot], in: &others[slot - 1].memory,
                showing: &frames[slot])
        }
    }

    /// Writes the record and its cells into `memory`. What is said of a record that does not fit is in `details`.
    @inline(__always)
    private static func read(
        _ record: Span<UInt8>, _ change: inout Change, _ relation: inout Relation, _ number: Int,
        _ details: inout RowDetails, in memory: inout RowMemory, showing frame: inout RowFrame
    ) throws(DecodeError) {
        var header = RowEntry.Header(record: record.count, kind: change.kind, relation: number)
        let count = UInt32(clamping: relation.kinds.count)
        if change.kind != .delete { header.newCount = count }
        if change.kind != .insert { header.oldCount = count }
        let cells = begin(header, record, in: &memory, showing: &frame)
        cells.new.initialize(repeating: Cell(.absent))
        cells.old.initialize(repeating: Cell(.absent))
        if let template = relation.template,
            let parts = template.read(record, change, into: cells)
        {
            relation.complete(cells, change.kind, parts)
            frame.fits = true
            return
        }
        cells.new.update(repeating: Cell(.absent))
        cells.old.update(repeating: Cell(.absent))
        swap(&details.change, &change)
        try RecordReader().readTuples(record, into: &details.change)
        frame.fits = relation.resolve(&details, in: record, into: cells)
    }

    /// Begins an entry: writes its header and its record, and says where the cells go.
    ///
    /// SAFETY: `memory` has room for the whole entry, and the cells are not initialized.
    @inline(__always)
    private static func begin(
        _ header: RowEntry.Header, _ record: Span<UInt8>, in memory: inout RowMemory, showing frame: inout RowFrame
    ) -> RowCells {
        memory.reserve(header.length, keeping: 0)
        memory.base.storeBytes(of: header, as: RowEntry.Header.self)
        RowEntry.show(memory.base, header, in: &frame)
        frame.fits = true
        unsafe record.withUnsafeBytes { bytes in
            if let from = bytes.baseAddress {
                let to = memory.base + RowEntry.headerLength + header.cellsLength
                unsafe to.copyMemory(from: from, byteCount: bytes.count)
            }
        }
        return RowCells(
            new: UnsafeMutableBufferPointer(mutating: frame.new), old: UnsafeMutableBufferPointer(mutating: frame.old))
    }

    // MARK: - Rows put aside

    /// Puts slot 0's row aside, with its cells when its columns are just the table's: then it need not be read
    /// again.
    @inline(__always)
    mutating func putAside(ordinal: UInt32, lsn: LSN?) throws(SpillError) -> RowPlace {
        var header = RowEntry.header(at: own.base)
        header.ordinal = ordinal
        header.lsn = lsn?.rawValue ?? 0
        guard frames[0].fits else { return try append(Array(frames[0].record), header) }
        own.base.storeBytes(of: header, as: RowEntry.Header.self)
        // SAFETY: slot 0's entry is in `own` from its beginning on, `length` bytes of it.
        return try append(UnsafeRawBufferPointer(start: own.base, count: header.length))
    }

    /// Puts a record aside that is to be read again.
    mutating func putAside(_ record: [UInt8], relation: Int) throws(SpillError) -> RowPlace {
        try append(record, RowEntry.Header(record: record.count, kind: .message, relation: relation))
    }

    private mutating func append(_ record: [UInt8], _ like: RowEntry.Header) throws(SpillError) -> RowPlace {
        var header = like
        header.newCount = 0
        header.oldCount = 0
        var memory = RowMemory()
        var frame = RowFrame()
        _ = Self.begin(header, record.span, in: &memory, showing: &frame)
        return try append(UnsafeRawBufferPointer(start: memory.base, count: header.length))
    }

    @inline(__always)
    private mutating func append(_ entry: UnsafeRawBufferPointer) throws(SpillError) -> RowPlace {
        let before = transaction.base
        let used = transaction.end.offset
        let place = try transaction.append(entry)
        if transaction.base != before { moved(from: UnsafeRawBufferPointer(start: before, count: used)) }
        return place
    }

    /// Frames that point into the rows put aside follow them.
    private mutating func moved(from before: UnsafeRawBufferPointer) {
        guard let start = before.baseAddress else { return }
        for slot in frames.indices {
            guard let record = frames[slot].record.baseAddress.map({ UnsafeRawPointer($0) }), record >= start,
                record < start + before.count
            else { continue }
            frames[slot].move(by: transaction.base - start)
        }
    }

    /// What a position needs to be read as an entry.
    struct Entry {
        var place: RowPlace
        var next: RowPlace
        var relation: Int
        var ordinal: UInt32
        var lsn: LSN?
        /// Whether the row's cells came with it.
        var isResolved: Bool
    }

    /// Shows the entry at a place in the slot; what is not resolved is no row before ``prepare(_:_:)``.
    @inline(__always)
    mutating func open(_ place: RowPlace, in slot: Int) throws(SpillError) -> Entry {
        let base: UnsafeRawPointer
        if let inMemory = transaction.entry(at: place) {
            base = inMemory
        } else if slot == 0 {
            try transaction.readFile(place, into: &own)
            base = UnsafeRawPointer(own.base)
        } else {
            try transaction.readFile(place, into: &others[slot - 1].memory)
            base = UnsafeRawPointer(others[slot - 1].memory.base)
        }
        let header = RowEntry.header(at: base)
        frames[slot].place = nil
        frames[slot].fits = true
        RowEntry.show(base, header, in: &frames[slot])
        return Entry(
            place: place, next: RowPlace(offset: place.offset + header.length), relation: Int(header.relation),
            ordinal: header.ordinal, lsn: header.lsn == 0 ? nil : LSN(header.lsn), isResolved: header.isResolved)
    }

    /// Makes the entry that was just opened in the slot a row.
    @inline(__always)
    mutating func prepare(_ slot: Int, _ entry: Entry) throws(DecodeError) {
        frames[slot].relation = entry.relation
        if !entry.isResolved || entry.place < freshFrom {
            try readHead(slot: slot)
            if entry.relation >= 0 { try readAgain(slot: slot, relation: entry.relation) }
        }
        frames[slot].place = entry.place
    }

    /// Takes one of the transaction's rows to hand.
    @inline(__always)
    mutating func load(_ place: RowPlace, into slot: Int) throws(RowError) {
        if frames[slot].place == place { return }
        let entry: Entry
        do throws(SpillError) { entry = try open(place, in: slot) } catch { throw .spill(error) }
        do throws(DecodeError) { try prepare(slot, entry) } catch { throw .decode(error) }
    }

    /// Slot 0 has no row.
    mutating func showNothing() { frames[0] = RowFrame() }

    /// Puts values in the place of those that the log left out of slot 0's row; nil is null. Returns the row as
    /// it was, for ``restore(_:)``.
    mutating func substitute(_ values: [(column: Int, text: [UInt8]?)]) -> RowFrame {
        let logged = frames[0]
        var record = Array(logged.record)
        var header = RowEntry.Header(record: 0, kind: logged.kind, relation: logged.relation)
        header.newCount = UInt32(logged.new.count)
        header.oldCount = UInt32(logged.old.count)
        var replaced: [(Int, Cell)] = []
        for (column, text) in values where column < logged.new.count {
            let start = record.count
            if let text { record += text }
            replaced.append((column, text == nil ? Cell(.null) : Cell(.quoted, ByteRange(start, record.count))))
        }
        header.recordCount = UInt32(record.count)
        let cells = Self.begin(header, record.span, in: &completed, showing: &frames[0])
        _ = cells.new.initialize(from: logged.new)
        _ = cells.old.initialize(from: logged.old)
        for (column, cell) in replaced { cells.new[column] = cell }
        frames[0].fits = logged.fits
        return logged
    }

    /// SAFETY: the frame is slot 0's from before ``substitute(_:)``, and its entry was not touched since.
    mutating func restore(_ logged: RowFrame) { frames[0] = logged }

    /// The table that slot 0's truncate is about.
    mutating func setTruncated(_ table: ByteRange) { details[0].change.table = table }

    // MARK: - The end of things

    /// The tables' definitions change: what was put aside by them is to be read again.
    mutating func definitionsChanged() {
        freshFrom = transaction.end
        for slot in frames.indices { frames[slot].place = nil }
    }

    /// The transaction is over.
    mutating func removeAll() {
        freshFrom = RowPlace(offset: 0)
        for slot in frames.indices { frames[slot] = RowFrame() }
        transaction.removeAll()
        if own.capacity > Self.keptCapacity { own = RowMemory() }
        if completed.capacity > Self.keptCapacity { completed = RowMemory() }
    }

    /// A record of more bytes than this does not leave its storage behind.
    private static let keptCapacity = 1 << 20
}

/// What of a record only some need: those whose columns are not just the table's, messages and truncates.
struct RowDetails: Sendable {
    var change = Change()
    /// Of each column of the record's rows, which learned column it is.
    var newColumns: [Int] = []
    var oldColumns: [Int] = []
}

/// Where the cells of a row are written.
///
/// SAFETY: both point into memory that whoever made it owns, and do not outlive the call it is handed to.
struct RowCells {
    let new: UnsafeMutableBufferPointer<Cell>
    let old: UnsafeMutableBufferPointer<Cell>
}

/// The memory of a slot that is not the first.
///
/// SAFETY: one ``RowSet``, which is not copied, has it to itself.
private final class RowBuffer: @unchecked Sendable {
    var memory = RowMemory(capacity: 16)
}

extension RowEntry.Header {
    init(record count: Int, kind: Change.Kind, relation: Int) {
        self.init(
            recordCount: UInt32(truncatingIfNeeded: count), relation: Int32(truncatingIfNeeded: relation), ordinal: 0,
            newCount: 0, oldCount: 0, lsn: 0, kind: kind.rawValue)
    }
}

/// A row put aside that cannot be had again.
enum RowError: Error, Hashable {
    case spill(SpillError)
    case decode(DecodeError)
}
