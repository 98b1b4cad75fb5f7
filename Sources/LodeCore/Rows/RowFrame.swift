/// A row at hand: where its record is, and where in that its columns' values are.
///
/// It owns nothing and counts no references, so that a rule may look at it as often as it likes: what it
/// points to is its ``RowSet``'s, which alone makes frames, and renews them when the memory moves.
///
/// SAFETY: `record`, `new` and `old` point into the buffer of the frame's slot or into the rows put aside,
/// both of which live as long as the ``RowSet``; no frame leaves it.
struct RowFrame: @unchecked Sendable {
    var record = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// Over the definition's columns. `.absent`: the log does not say; `.unchanged`: it says only that
    /// there is a value. Without any when the change has no such row.
    var new = UnsafeBufferPointer<Cell>(start: nil, count: 0)
    var old = UnsafeBufferPointer<Cell>(start: nil, count: 0)
    var kind = Change.Kind.begin
    /// Whether the record's columns are just the definition's.
    var fits = true
    /// The number of its table in ``RowSet/relations``; -1: a message, or nothing yet.
    var relation = -1
    /// Where it was put aside; nil: it comes from the stream.
    var place: RowPlace?

    /// A cell beyond the row is absent.
    @inline(__always)
    func cell(_ column: ColumnOperand) -> Cell { cell(column.row, column.column) }

    @inline(__always)
    func cell(_ side: RowSide, _ column: Int) -> Cell {
        let cells = side == .new ? new : old
        // SAFETY: the index is compared with the count; columns count from zero.
        return column < cells.count ? unsafe cells[column] : Cell(.absent)
    }

    /// What it points to is now `distance` bytes further on.
    mutating func move(by distance: Int) {
        record = UnsafeBufferPointer(start: record.baseAddress.map { $0 + distance }, count: record.count)
        let cellsApart = { (cells: UnsafeBufferPointer<Cell>) in
            UnsafeBufferPointer(
                start: cells.baseAddress.map { (UnsafeRawPointer($0) + distance).assumingMemoryBound(to: Cell.self) },
                count: cells.count)
        }
        new = cellsApart(new)
        old = cellsApart(old)
    }
}
