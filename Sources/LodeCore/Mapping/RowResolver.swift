/// Turns the columns that a record has into rows over the table's definition, where every column is
/// a value, null or unknown.
///
/// The log leaves nulls out of old rows, and everything that the replica identity does not carry:
/// which of the two an absent column is, only the catalog says (`tuple_to_stringinfo` in
/// test_decoding.c, `ExtractReplicaIdentity` in heapam.c).
struct RowResolver: Sendable {
    /// Over the definition's columns. `.absent`: the log does not say; `.unchanged`: it says only that
    /// there is a value.
    private(set) var new: [Cell] = []
    private(set) var old: [Cell] = []
    /// Of each column of the record's rows, which learned column it is.
    private(set) var newColumns: [Int] = []
    private(set) var oldColumns: [Int] = []
    /// Whether the record's columns are just the definition's.
    private(set) var fits = true

    init(new: [Cell] = [], old: [Cell] = []) {
        self.new = new
        self.old = old
    }

    /// Takes cells as ``TransactionRows`` put them aside, of a record whose columns are just the definition's.
    ///
    /// SAFETY: the bytes are those of an array of cells of this process; a cell is plain bytes without
    /// references, and the copy goes to an array's own storage, whatever the source's alignment.
    mutating func take(new newBytes: UnsafeRawBufferPointer, old oldBytes: UnsafeRawBufferPointer) {
        Self.fill(&new, newBytes)
        Self.fill(&old, oldBytes)
        fits = true
    }

    private static func fill(_ cells: inout [Cell], _ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count / MemoryLayout<Cell>.stride
        if cells.count != count { cells = Array(repeating: Cell(.absent), count: count) }
        cells.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<$0.count])) }
    }

    mutating func replace(_ column: Int, with cell: Cell) { new[column] = cell }

    mutating func resolve(_ change: Change, in record: Span<UInt8>, relation: inout Relation) {
        // No copies of the relation's parts, here and below: each would be counted in and out per row.
        let count = relation.definition.columns.count
        fits = !change.hasNew || change.new.count == count
        Self.fill(&new, count)
        Self.fill(&old, count)
        defer { forgetVirtual(relation) }
        relation.learned.forgetWhenFull()
        place(change.new, in: record, &relation, into: \.new, \.newColumns)
        guard change.hasOld else {
            if change.kind == .update, !relation.isFull {
                // No old key means that no column of the key changed.
                for index in relation.identity { old[index] = new[index] }
            }
            return
        }
        place(change.old, in: record, &relation, into: \.old, \.oldColumns)
        if relation.isFull, carriesAll(of: relation.definition) {
            for index in old.indices where old[index].form == .absent { old[index] = Cell(.null) }
            // Under FULL the old row has the value that the new one leaves out.
            if change.hasNew {
                for index in new.indices where new[index].form == .unchanged { new[index] = old[index] }
            }
        }
    }

    private mutating func place(
        _ columns: [ColumnCell], in record: Span<UInt8>, _ relation: inout Relation,
        into row: WritableKeyPath<Self, [Cell]>, _ places: WritableKeyPath<Self, [Int]>
    ) {
        self[keyPath: places].removeAll(keepingCapacity: true)
        var expected = 0
        for column in columns {
            let index =
                relation.learned.find(column, in: record, expected: expected)
                ?? relation.learned.learn(column, in: record, of: relation.definition)
            expected = index + 1
            if let target = relation.learned.columns[index].target { self[keyPath: row][target] = column.cell }
            if !relation.learned.columns[index].fits { fits = false }
            self[keyPath: places].append(index)
        }
    }

    /// The null that the log prints for a virtual column says nothing of its value.
    private mutating func forgetVirtual(_ relation: borrowing Relation) {
        for index in relation.virtual {
            new[index] = Cell(.absent)
            old[index] = Cell(.absent)
        }
    }

    /// Whether the old row can be a whole one. The identity is the catalog's of now, and the record
    /// may be from before it became FULL: then a NOT NULL column is missing.
    private func carriesAll(of definition: TableDefinition) -> Bool {
        for index in old.indices where definition.columns[index].notNull && old[index].form == .absent {
            return false
        }
        return true
    }

    private static func fill(_ cells: inout [Cell], _ count: Int) {
        if cells.count == count {
            for index in 0..<count { cells[index] = Cell(.absent) }
        } else {
            cells = Array(repeating: Cell(.absent), count: count)
        }
    }
}

/// A table or partition of the log that rules watch.
struct Relation: Sendable {
    /// Index in the mapping's tables; -1: no rule watches it.
    let rules: Int
    /// Of the table that the rules name.
    let definition: TableDefinition
    /// How values of the definition's columns read.
    let kinds: [ValueKind]
    /// `"id":` of each.
    let jsonNames: [[UInt8]]
    /// The replica identity of the table that the log names, a partition's own.
    let isFull: Bool
    /// Indexes in the definition's columns of those that old rows carry.
    let identity: [Int]
    /// Those of columns whose values the log does not have.
    let virtual: [Int]
    var learned = LearnedColumns()

    var isWatched: Bool { rules >= 0 }

    static let unwatched = Relation(
        rules: -1,
        definition: TableDefinition(
            name: TableName(schema: "", name: ""), columns: [], primaryKey: [], replicaIdentity: .default,
            identityColumns: []))

    private init(rules: Int, definition: TableDefinition) {
        self.init(rules: rules, definition: definition, own: definition)
    }

    init(rules: Int, definition: TableDefinition, own: TableDefinition) {
        self.rules = rules
        self.definition = definition
        kinds = definition.columns.map(\.kind)
        jsonNames = definition.columns.map { column in
            var quoted: [UInt8] = []
            JSONText.appendQuoted(column.name, to: &quoted)
            return quoted + [UInt8(ascii: ":")]
        }
        isFull = own.replicaIdentity == .full
        virtual = definition.columns.indices.filter { definition.columns[$0].isVirtual }
        identity = own.identityColumns.compactMap { name in definition.columns.firstIndex { $0.name == name } }
    }
}
