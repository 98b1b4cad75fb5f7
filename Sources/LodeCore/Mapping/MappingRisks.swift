/// What a way of an event reads that the log may not have, or that may be null: right, but risky.
struct MappingRisks {
    /// What an expression is for.
    enum Part: Hashable, Sendable {
        case when, key, data, id, type
        /// A gather's condition.
        case condition(slot: Int)
    }

    /// An expression of the way.
    struct Use: Sendable {
        var part: Part
        var text: SourceText
        var reads: Set<ColumnRead>
    }

    private let way: EventDefinition.Way
    private let scope: ExpressionScope
    private let partitions: [TableName: [TableDefinition]]
    private(set) var found: [Diagnostic] = []

    /// - Parameter partitions: By their root.
    init(
        _ way: EventDefinition.Way, _ scope: ExpressionScope, uses: [Use],
        partitions: [TableName: [TableDefinition]]
    ) {
        self.way = way
        self.scope = scope
        self.partitions = partitions
        let isBare = tellMissingIdentity()
        for use in uses { tell(use, skippingTrigger: isBare) }
        tellWholeRow(skippingTrigger: isBare)
        tellNullKey()
        tellNet()
    }

    private func logged(_ table: TableDefinition) -> LoggedColumns {
        LoggedColumns(table, partitions: partitions[table.name] ?? [])
    }

    private mutating func warn(_ text: SourceText, _ message: String) {
        // An expression that nobody wrote stands for the whole way.
        found.append((text.place == nil ? way.from : text).warning(message))
    }

    // MARK: - Values that the log leaves out

    /// A delete of whose row the log has nothing.
    private mutating func tellMissingIdentity() -> Bool {
        guard case .row(let row) = scope.trigger, row.operation == .delete else { return false }
        let logged = logged(row.table)
        guard logged.hasNoIdentity else { return false }
        let why =
            logged.written.contains { $0.replicaIdentity == .nothing }
            ? "its replica identity is nothing" : "it has no primary key"
        warn(
            way.from,
            "the log has nothing of a deleted row of \(row.table.name), as \(why), so its event has neither "
                + "key nor data; \(logged.mend)")
        return true
    }

    private mutating func tell(_ use: Use, skippingTrigger: Bool) {
        let isToldByRule = use.part == .data && way.unknown != nil
        for slot in 0...scope.gathers.count where !(slot == 0 && skippingTrigger) {
            guard let row = scope.row(slot) else { continue }
            let logged = logged(row.table)
            func names(_ side: RowSide) -> String {
                use.reads.filter { $0.slot == slot && $0.row == side && logged.canBeUnknown($0, row.operation) }
                    .map { row.table.columns[$0.column].name }.sorted().joined(separator: ", ")
            }
            let (old, new) = (names(.old), names(.new))
            // The row of now, which a reselect asks for, says nothing of the row before.
            if !old.isEmpty, !isToldByRule || way.unknown == .reselect {
                warn(
                    use.text,
                    "the log does not carry the old \(old) of \(row.table.name), so \(effect(use.part)); \(logged.mend)"
                )
            }
            // What is unknown for its old values is so whatever the new ones are, and the mend is the same.
            if !new.isEmpty, old.isEmpty, !isToldByRule {
                warn(
                    use.text,
                    "an update that does not touch \(new) of \(row.table.name) may leave it out of the log "
                        + "(TOAST), and then \(effect(use.part)); \(logged.mend)"
                        + (use.part == .data ? " or say `unknown:`" : ""))
            }
        }
    }

    private func effect(_ part: Part) -> String {
        switch part {
        case .when: "the condition is unknown and not true"
        case .condition: "the condition is unknown and the row is not gathered"
        case .data: "this is unknown and left out"
        case .key, .id, .type: "the event cannot be made"
        }
    }

    /// The data of a rule that says nothing of it.
    private mutating func tellWholeRow(skippingTrigger: Bool) {
        guard way.data == nil, way.unknown == nil, !skippingTrigger, case .row(let row) = scope.trigger else { return }
        let logged = logged(row.table)
        let side: RowSide = row.operation == .delete ? .old : .new
        let unknown = row.table.columns.indices.filter {
            logged.canBeUnknown(ColumnRead(row: side, column: $0), row.operation)
        }
        guard !unknown.isEmpty else { return }
        let names = unknown.map { row.table.columns[$0].name }.joined(separator: ", ")
        if row.operation == .delete {
            warn(
                way.from,
                "the log carries of a deleted row of \(row.table.name) only its key, so the data is without "
                    + "\(names); \(logged.mend) or say in `data:` what you need")
        } else {
            warn(
                way.from,
                "an update that does not touch \(names) of \(row.table.name) may leave it out of the log "
                    + "(TOAST), and then out of the data; \(logged.mend) or say `unknown:`")
        }
    }

    // MARK: - Keys and nets

    private mutating func tellNullKey() {
        guard let key = way.key else { return }
        let columns = Nullness(key, in: scope).columns.compactMap { read in
            scope.row(read.slot)?.table.columns[read.column].name
        }
        guard !columns.isEmpty else { return }
        warn(
            key,
            "the key is null when \(Set(columns).sorted().joined(separator: " or ")) is, and such events have no key "
                + "and no order among them; declare the column NOT NULL, or write coalesce(…, '…')")
    }

    /// Changes of one row are told by the primary key that they carry.
    private mutating func tellNet() {
        guard way.isNet else { return }
        let gathered = scope.gathers.enumerated().map { place, row in (way.gather[place].from, row) }
        let rows = (scope.row(0).map { [(way.from, $0)] } ?? []) + gathered
        for (text, row) in rows {
            let logged = logged(row.table)
            if row.table.primaryKey.isEmpty {
                warn(
                    text,
                    "`net` knows a row by its primary key, and \(row.table.name) has none, so its changes stay "
                        + "apart; add a primary key, or leave `net` out")
            } else if !row.table.primaryKey.allSatisfy({ name in
                logged.written.allSatisfy { $0.identityColumns.contains(name) }
            }) {
                warn(
                    text,
                    "`net` knows a row by its primary key, which the log does not carry of the old rows of "
                        + "\(row.table.name); \(logged.mend)")
            }
        }
    }
}
