/// What of a table's rows the log can leave out.
///
/// A partition's own replica identity decides, which its root's has no part in (`ATExecReplicaIdentity`
/// does not recurse); so a column counts as carried when every partition carries it.
struct LoggedColumns: Sendable {
    let table: TableDefinition
    /// The tables whose rows the log has: the partitions, or the table itself.
    let written: [TableDefinition]

    init(_ table: TableDefinition, partitions: [TableDefinition] = []) {
        self.table = table
        written = partitions.isEmpty ? [table] : partitions
    }

    var isFull: Bool { written.allSatisfy { $0.replicaIdentity == .full } }

    /// Whether there is a table of which the log has nothing of a deleted row.
    var hasNoIdentity: Bool { written.contains { $0.identityColumns.isEmpty } }

    /// Whether an old row has the column's value.
    func carriesOld(_ column: Int) -> Bool {
        written.allSatisfy { $0.identityColumns.contains(table.columns[column].name) }
    }

    /// Whether an update that did not touch the column's value can leave it out.
    ///
    /// Not so of a key's columns: what an index holds is too short to be stored out of line, all but always.
    func canLeaveOutNew(_ column: Int) -> Bool {
        let definition = table.columns[column]
        return definition.canToast && !isFull && !table.primaryKey.contains(definition.name) && !carriesOld(column)
    }

    /// Whether the value of a row that an operation writes can be unknown.
    func canBeUnknown(_ read: ColumnRead, _ operation: RowOperation) -> Bool {
        if table.columns[read.column].isVirtual { return true }
        return switch (read.row, operation) {
        case (.new, .update): canLeaveOutNew(read.column)
        case (.new, _): false
        case (.old, _): !carriesOld(read.column)
        }
    }

    /// `ALTER TABLE public.orders REPLICA IDENTITY FULL;`, of each partition that needs it, three at most.
    var mend: String {
        let lacking = written.filter { $0.replicaIdentity != .full }
        let statements = lacking.prefix(3).map { "ALTER TABLE \($0.name.sql) REPLICA IDENTITY FULL;" }
        let rest = lacking.count - statements.count
        return statements.joined(separator: " ") + (rest > 0 ? " and so on for \(rest) more partitions" : "")
    }
}

extension TableName {
    /// As SQL writes it.
    public var sql: String { "\(schema.quotedIdentifier).\(name.quotedIdentifier)" }

    public var sqlSchema: String { schema.quotedIdentifier }
}
