/// A table or partition of the log that rules watch.
///
/// Turns the columns that a record has into rows over the table's definition, where every column is
/// a value, null or unknown. The log leaves nulls out of old rows, and everything that the replica identity
/// does not carry: which of the two an absent column is, only the catalog says (`tuple_to_stringinfo` in
/// test_decoding.c, `ExtractReplicaIdentity` in heapam.c).
struct Relation: Sendable {
    /// Index in the mapping's tables; -1: no rule watches it.
    let rules: Int
    /// Of the table that the rules name.
    let definition: TableDefinition
    /// How values of the definition's columns read.
    let kinds: [ValueKind]
    /// `"id":` of each.
    let jsonNames: [[UInt8]]
    /// `,"id":` of each, one after another.
    let rowNames: [UInt8]
    /// Of each, where in those its name is, and what JSON it becomes.
    let rowMembers: [RowMember]
    /// The replica identity of the table that the log names, a partition's own.
    let isFull: Bool
    /// Indexes in the definition's columns of those that old rows carry.
    let identity: [Int]
    /// Those of columns that cannot be null.
    private let required: [Int]
    /// Those of columns whose values the log does not have.
    let virtual: [Int]
    private(set) var learned = LearnedColumns()
    /// How its records are written whose columns are just the definition's; nil: none came yet.
    private(set) var template: RowTemplate?

    struct RowMember: Sendable {
        var name: ByteRange
        var form: JSONForm
    }

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
        var names: [UInt8] = []
        rowMembers = definition.columns.map { column in
            let start = names.count
            names.append(UInt8(ascii: ","))
            JSONText.appendQuoted(column.name, to: &names)
            names.append(UInt8(ascii: ":"))
            return RowMember(name: ByteRange(start, names.count), form: JSONForm(column.kind))
        }
        rowNames = names
        isFull = own.replicaIdentity == .full
        required = definition.columns.indices.filter { definition.columns[$0].notNull }
        virtual = definition.columns.indices.filter { definition.columns[$0].isVirtual }
        identity = own.identityColumns.compactMap { name in definition.columns.firstIndex { $0.name == name } }
    }

    // MARK: - A record's columns as the definition's

    /// Which rows a record has.
    struct Parts {
        var hasNew: Bool
        var hasOld: Bool
    }

    /// Puts the columns that were read in their places. Returns whether they are just the definition's.
    mutating func resolve(_ details: inout RowDetails, in record: Span<UInt8>, into cells: RowCells) -> Bool {
        let parts = Parts(hasNew: details.change.hasNew, hasOld: details.change.hasOld)
        var fits = !parts.hasNew || details.change.new.count == kinds.count
        learned.forgetWhenFull()
        details.newColumns.removeAll(keepingCapacity: true)
        details.oldColumns.removeAll(keepingCapacity: true)
        if parts.hasNew, !place(details.change.new, in: record, into: cells.new, &details.newColumns) { fits = false }
        if parts.hasOld, !place(details.change.old, in: record, into: cells.old, &details.oldColumns) { fits = false }
        complete(cells, details.change.kind, parts)
        if fits, parts.hasNew { template = RowTemplate(details.newColumns.map { learned.columns[$0] }) }
        return fits
    }

    /// Whether all of them are the definition's.
    private mutating func place(
        _ columns: [ColumnCell], in record: Span<UInt8>, into cells: UnsafeMutableBufferPointer<Cell>,
        _ places: inout [Int]
    ) -> Bool {
        var expected = 0
        var fits = true
        for column in columns {
            let index =
                learned.find(column, in: record, expected: expected)
                ?? learned.learn(column, in: record, of: definition)
            expected = index + 1
            if let target = learned.columns[index].target, target < cells.count { cells[target] = column.cell }
            if !learned.columns[index].fits { fits = false }
            places.append(index)
        }
        return fits
    }

    /// Tells null from unknown in the rows of a record whose columns are in their places.
    @inline(__always)
    func complete(_ cells: RowCells, _ kind: Change.Kind, _ parts: Parts) {
        let new = cells.new
        let old = cells.old
        if !parts.hasOld {
            if kind == .update, !isFull {
                // No old key means that no column of the key changed.
                for index in identity where index < old.count && index < new.count { old[index] = new[index] }
            }
        } else if isFull, carriesAll(old) {
            for index in 0..<old.count where old[index].form == .absent { old[index] = Cell(.null) }
            // Under FULL the old row has the value that the new one leaves out.
            if parts.hasNew {
                for index in 0..<min(new.count, old.count) where new[index].form == .unchanged {
                    new[index] = old[index]
                }
            }
        }
        // The null that the log prints for a virtual column says nothing of its value.
        for index in virtual {
            if index < new.count { new[index] = Cell(.absent) }
            if index < old.count { old[index] = Cell(.absent) }
        }
    }

    /// Whether the old row can be a whole one. The identity is the catalog's of now, and the record
    /// may be from before it became FULL: then a NOT NULL column is missing.
    @inline(__always)
    private func carriesAll(_ old: UnsafeMutableBufferPointer<Cell>) -> Bool {
        for index in required where index < old.count && old[index].form == .absent { return false }
        return true
    }
}
