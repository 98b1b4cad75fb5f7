/// A row at hand: a copy of its record, and where its columns' values are in it.
///
/// The copy is made once and its storage is used again for the next row, so that what an expression
/// reads does not depend on where the record came from: the stream, or the rows put aside.
struct RowFrame: Sendable {
    private(set) var record: [UInt8] = []
    var change = Change()
    var rows = RowResolver()
    /// The number of its table in ``RowSet/relations``; -1: a message, or nothing yet.
    var relation = -1
    /// Where it was put aside; nil: it comes from the stream.
    var place: RowPlace?
    /// Whether ``change`` has the record's own columns; a row put aside that fits its table's definition
    /// comes back without.
    var hasColumns = false

    /// A record of more bytes than this does not leave its storage behind.
    private static let keptCapacity = 1 << 20

    init() {}

    init(record: [UInt8], new: [Cell], old: [Cell]) {
        self.record = record
        rows = RowResolver(new: new, old: old)
    }

    mutating func copy(_ bytes: Span<UInt8>) {
        if record.capacity > Self.keptCapacity, bytes.count < Self.keptCapacity / 2 { record = [] }
        record.removeAll(keepingCapacity: true)
        record.append(bytes)
        place = nil
        hasColumns = false
    }

    /// Takes a row that was put aside, with its cells.
    mutating func take(_ kind: Change.Kind, new: UnsafeRawBufferPointer, old: UnsafeRawBufferPointer) {
        change.kind = kind
        rows.take(new: new, old: old)
    }

    mutating func readHead(with reader: RecordReader) throws(DecodeError) {
        var change = take()
        defer { self.change = change }
        try reader.readHead(record.span, into: &change)
    }

    mutating func readTuples(with reader: RecordReader) throws(DecodeError) {
        var change = take()
        defer { self.change = change }
        try reader.readTuples(record.span, into: &change)
        hasColumns = true
    }

    /// The change, to be put back: its arrays are filled in place.
    private mutating func take() -> Change {
        var taken = Change()
        swap(&taken, &change)
        return taken
    }

    mutating func resolve(_ relation: inout Relation) {
        var resolver = RowResolver()
        swap(&resolver, &rows)
        resolver.resolve(change, in: record.span, relation: &relation)
        swap(&resolver, &rows)
    }

    /// Puts a value in the place of one that the log left out; nil is null.
    mutating func substitute(_ text: [UInt8]?, for column: Int) {
        guard column < rows.new.count else { return }
        guard let text else { return rows.replace(column, with: Cell(.null)) }
        let start = record.count
        record += text
        rows.replace(column, with: Cell(.quoted, ByteRange(start, record.count)))
    }

    @inline(__always)
    func cell(_ column: ColumnOperand) -> Cell {
        let place = column.column
        switch column.row {
        case .new: return place < rows.new.count ? rows.new[place] : Cell(.absent)
        case .old: return place < rows.old.count ? rows.old[place] : Cell(.absent)
        }
    }
}
