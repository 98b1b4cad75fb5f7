/// The columns of a table as its records write them, learned once and then known by their bytes.
///
/// Almost every record has the columns of the one before, and old rows a part of them in the same
/// order: then matching a column with its definition is one comparison of bytes at the place where
/// it was expected, and nothing is looked up or allocated.
struct LearnedColumns: Sendable {
    struct Column: Sendable {
        /// `id[integer`, as the record writes it.
        let header: [UInt8]
        /// Index in the definition; nil when it has no such column.
        let target: Int?
        /// Whether the definition has it with just this type.
        let fits: Bool
        /// How the values read: the log's own type decides, for the log may be older.
        let kind: ValueKind
        /// `"id":`
        let jsonName: [UInt8]
    }

    private(set) var columns: [Column] = []

    /// PostgreSQL's limit is 1,600 columns (`MaxHeapAttributeNumber`); a table altered so often that
    /// twice that was learned starts anew.
    static let most = 3200

    /// The index of the column, which is looked for from `expected` on, then everywhere; nil: it is to be
    /// learned.
    func find(_ column: ColumnCell, in record: Span<UInt8>, expected: Int) -> Int? {
        let header = ByteRange(Int(column.name.start), Int(column.type.end))
        var index = expected
        while index < columns.count {
            if record.equals(header, columns[index].header) { return index }
            index += 1
        }
        index = 0
        while index < min(expected, columns.count) {
            if record.equals(header, columns[index].header) { return index }
            index += 1
        }
        return nil
    }

    /// Learns the column and returns its index.
    mutating func learn(_ column: ColumnCell, in record: Span<UInt8>, of definition: TableDefinition) -> Int {
        columns.append(Self.learned(column, in: record, definition: definition))
        return columns.count - 1
    }

    mutating func forgetWhenFull() {
        if columns.count >= Self.most { columns.removeAll() }
    }

    private static func learned(
        _ column: ColumnCell, in record: Span<UInt8>, definition: TableDefinition
    ) -> Column {
        let name = record.identifier(column.name)
        let type = record.string(column.type)
        let target = definition.columns.firstIndex { $0.name == name }
        let fits = target.map { definition.columns[$0].type == type } ?? false
        var quoted: [UInt8] = []
        JSONText.appendQuoted(name, to: &quoted)
        quoted.append(UInt8(ascii: ":"))
        return Column(
            header: record.bytes(ByteRange(Int(column.name.start), Int(column.type.end))),
            target: target, fits: fits,
            kind: target.flatMap { fits ? definition.columns[$0].kind : nil } ?? ValueKind(typeName: type),
            jsonName: quoted)
    }
}
