/// What arrives: rows, truncates, messages.
extension Translator {
    // MARK: - Rows

    mutating func row(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        try requireTransaction(record)
        guard let number = index.find(change.table, in: record) else {
            let number = index.insert(change.table, in: record)
            relationNames.append(record.tableName(change.table))
            isRelated.append(false)
            rows.relations.append(.unwatched)
            precondition(number == rows.relations.count - 1, "a relation's number is its place")
            return try row(of: number, record, lsn: lsn)
        }
        return try row(of: number, record, lsn: lsn)
    }

    /// Takes a row of a relation, when a transaction is open and the record's head was read.
    mutating func row(of number: Int, _ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        guard isRelated[number] || relate(number) else { return .needs(relationNames[number]) }
        guard rows.relations[number].isWatched else {
            countChange()
            return .ordinary
        }
        return try watched(number, record, lsn: lsn)
    }

    private mutating func watched(_ number: Int, _ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        try rows.take(record, &change, relation: number)
        let operation = rows.frames[0].kind.operation
        let table = rows.relations[number].rules
        let isWatched = mapping.tables[table].watches(operation)
        if isWatched, !rows.frames[0].fits {
            guard refreshed == relationNames[number] else { return .needs(relationNames[number]) }
            try requireReadable(number, lsn: lsn)
        }
        if refreshed != nil { refreshed = nil }
        guard isWatched else {
            countChange()
            return .ordinary
        }
        if mapping.needsTransactions {
            let place = try rows.putAside(ordinal: ordinal + 1, lsn: lsn)
            if mapping.tables[table].gathers(operation) { gathering.append(place, table, operation) }
            if mapping.tables[table].hasNet { gathering.appendNet(place, table) }
            countChange()
            return .ordinary
        }
        let firing = Firing(ordinal: ordinal + 1, lsn: lsn, relation: number)
        if let step = try fire(mapping.tables[table].rules(for: operation), firing) { return step }
        countChange()
        return .ordinary
    }

    /// A rule that reads a column as one type must not meet it as another, nor miss it.
    func requireReadable(_ number: Int, lsn: LSN?) throws {
        let relation = rows.relations[number]
        let read = mapping.tables[relation.rules].readColumns
        for index in rows.details[0].newColumns + rows.details[0].oldColumns {
            let column = relation.learned.columns[index]
            guard let target = column.target, read.contains(target), column.kind != relation.kinds[target]
            else { continue }
            let definition = relation.definition.columns[target]
            throw TranslationError(
                lsn: lsn, table: relation.definition.name, event: nil,
                "column \(definition.name) is of another type in the log than \(definition.type), "
                    + "which it is in the catalog now")
        }
    }

    // MARK: - Truncates and messages

    mutating func truncate(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        let tables = change.truncated.map { record.tableName($0) }
        guard
            tables.contains(where: { name in
                mapping.index(of: name).map { !mapping.tables[$0].truncate.isEmpty } ?? false
            })
        else {
            countChange()
            return .ordinary
        }
        return try putAsideOrFire(record, lsn: lsn) { translator, firing in try translator.fireTruncate(firing) }
    }

    mutating func message(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        let isInside = change.isTransactional && isInTransaction
        if record.equals(change.prefix, Heartbeat.prefix) {
            statistics.heartbeats += 1
            if isInside { statistics.heartbeatTransactions += 1 }
        }
        if isInside, record.equals(change.prefix, EventContext.prefix),
            !context.take(record.bytes(change.content))
        {
            statistics.unreadableContexts += 1
        }
        let isNamed = mapping.messageRules.contains { record.equals(change.prefix, $0.prefix) }
        guard isInside else {
            guard isNamed, !isInTransaction else { return .ordinary }
            return try messageAlone(record, lsn: lsn)
        }
        guard isNamed else {
            countChange()
            return .ordinary
        }
        return try putAsideOrFire(record, lsn: lsn) { translator, firing in try translator.fireMessage(firing) }
    }

    private mutating func putAsideOrFire(
        _ record: Span<UInt8>, lsn: LSN?, _ fire: (inout Translator, Firing) throws -> Step?
    ) throws -> Step {
        if mapping.needsTransactions {
            try rows.take(record, &change, relation: -1)
            _ = try rows.putAside(ordinal: ordinal + 1, lsn: lsn)
        } else {
            try rows.take(record, &change, relation: -1)
            if let step = try fire(&self, Firing(ordinal: ordinal + 1, lsn: lsn)) { return step }
        }
        countChange()
        return .ordinary
    }

    /// A message outside of a transaction is one of its own, at its own position and without a time.
    private mutating func messageAlone(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        ordinal = 0
        try rows.take(record, &change, relation: -1)
        if let step = try fireMessage(Firing(ordinal: 1, lsn: lsn)) { return step }
        statistics.changes += 1
        let position = lsn.map(CommitPosition.lsn) ?? .counted(transactionNumber + 1)
        return committed(position, nil)
    }

    // MARK: - Tables

    /// Says what the catalog knows of a table that ``Step/needs(_:)`` named.
    ///
    /// - Parameters:
    ///   - own: The definition of the table itself; nil: there is no such table (any more).
    ///   - root: That of the partitioned table it belongs to.
    /// - Throws: ``Diagnostics`` when a rule no longer fits the table.
    public mutating func define(_ name: TableName, own: TableDefinition?, root: TableDefinition?) throws {
        let named = root ?? own
        if let named, let number = mapping.index(of: named.name), mapping.tables[number].definition != named {
            try mapping.define(named.name, as: named)
        }
        definitions[name] = own
        refreshed = name
        // A new definition may concern all partitions of a root.
        relationsChanged()
    }

    /// Has every table looked up again: partitions were attached or detached.
    public mutating func forgetRelations() {
        definitions.removeAll()
        relationsChanged()
    }

    private mutating func relationsChanged() {
        for number in isRelated.indices { isRelated[number] = false }
        rows.definitionsChanged()
        gathering.removeIndexes()
    }

    /// Links a table of the log with the rules that watch it. False: the catalog must be asked.
    private mutating func relate(_ number: Int) -> Bool {
        guard let known = definitions[relationNames[number]] else { return false }
        var relation = Relation.unwatched
        if let own = known, let rules = mapping.index(of: own.root ?? own.name) {
            relation = Relation(rules: rules, definition: mapping.tables[rules].definition, own: own)
        }
        rows.relations[number] = relation
        isRelated[number] = true
        return true
    }

    /// As ``relate(_:)``, for a row that was put aside before the definition changed.
    mutating func requireRelation(_ number: Int) -> Bool { isRelated[number] || relate(number) }
}
