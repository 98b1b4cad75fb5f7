/// Reads a source's log record by record and makes the events of its transactions.
///
/// A value without I/O. What it does not know it asks for: `consume` answers ``Step/needs(_:)`` and
/// wants the same record again after ``define(_:own:named:)``.
///
/// Rows become events as they arrive; nothing of them counts until their transaction's commit.
public struct Translator: Sendable {
    public enum Step: Hashable, Sendable {
        /// Nothing to do.
        case ordinary
        /// A transaction is whole; its events, if any, are in ``takeEvents()``.
        case committed(CommitPosition)
        /// The log names a table that is not known, or that no longer fits what is known: read its
        /// definition from the catalog, call ``define(_:own:)`` and give the record again.
        case needs(TableName)
    }

    /// What was read, for the counters.
    public struct Statistics: Hashable, Sendable {
        public init() {}

        public var transactions: UInt64 = 0
        public var changes: UInt64 = 0
        public var events: UInt64 = 0
        /// Conditions that the log did not say enough for: not true, and told.
        public var unknownConditions: UInt64 = 0
        public var heartbeats: UInt64 = 0
    }

    public private(set) var mapping: CompiledMapping
    public private(set) var statistics = Statistics()
    /// What the last commit said; its count is of the events that are in the current block.
    public private(set) var lastCommit: TransactionHeader?
    /// Whether a BEGIN was read and its COMMIT was not.
    public private(set) var isInTransaction = false

    private let reader = RecordReader()
    private var change = Change()
    private var rows = RowResolver()
    private var events: EventBlockBuilder
    private var index = RelationIndex()
    /// By the number in `index`; nil: no rule watches it.
    private var relations: [Relation?] = []
    /// The xid of the open transaction, as written.
    private var xid: [UInt8] = []
    private var ordinal: UInt32 = 0
    private var transactionNumber: UInt64 = 0
    /// The relation that was just looked up again, whose record is taken as it is.
    private var refreshed: TableName?
    /// The rank of the next event of the row, and the event that fired last.
    private var rank: UInt16 = 0
    private var fired = -1

    public init(mapping: CompiledMapping) {
        self.mapping = mapping
        events = EventBlockBuilder(names: mapping.names)
    }

    /// - Parameter lsn: The record's, from the message that carried it; nil in a recording that has none.
    public mutating func consume(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        try reader.readHead(record, into: &change)
        switch change.kind {
        case .begin:
            return try begin(record)
        case .commit:
            return try commit(record, lsn: lsn)
        case .insert, .update, .delete:
            return try row(record, lsn: lsn)
        case .truncate:
            try requireTransaction(record)
            countChange()
        case .message:
            message(record)
        case .prepare, .commitPrepared, .rollbackPrepared:
            throw TranslationError(
                lsn: lsn, table: nil, event: nil,
                "the slot decodes two-phase commits, whose rows would count before they are committed; "
                    + "use a slot made without two_phase")
        case .streaming:
            // A stray abort is harmless (PostgreSQL 18 sends some); the others stand for hidden rows.
            guard record.has("aborting streamed ", at: 0) else {
                throw TranslationError(
                    lsn: lsn, table: nil, event: nil,
                    "the log was read with stream-changes, which hides the rows; record it without")
            }
        }
        return .ordinary
    }

    /// Says what the catalog knows of a table that ``Step/needs(_:)`` named.
    ///
    /// - Parameters:
    ///   - own: The definition of the table itself; nil: there is no such table (any more).
    ///   - root: That of the partitioned table it belongs to.
    /// - Throws: ``Diagnostics`` when a rule no longer fits the table.
    public mutating func define(_ name: TableName, own: TableDefinition?, root: TableDefinition?) throws {
        let named = root ?? own
        if let named, let number = mapping.index(of: named.name) {
            if mapping.tables[number].definition != named { try mapping.define(named.name, as: named) }
        }
        definitions[name] = own
        refreshed = name
        // Relations are few; a new definition may concern all partitions of a root.
        index.removeAll()
        relations.removeAll()
    }

    /// What is known of each table that the log named, by its own name.
    private var definitions: [TableName: TableDefinition?] = [:]

    /// Forgets the open transaction: the log will be read again from its beginning.
    public mutating func interrupt() {
        events.rollback()
        isInTransaction = false
        refreshed = nil
    }

    /// Has every table looked up again: partitions were attached or detached.
    public mutating func forgetRelations() {
        definitions.removeAll()
        index.removeAll()
        relations.removeAll()
    }

    // MARK: - Events made so far

    public var closedBytes: Int { events.closedBytes }
    public var openBytes: Int { events.openBytes }
    public mutating func takeEvents() -> EventBlock? { events.takeClosed() }

    /// A large transaction's events so far, to be put aside until its commit.
    public mutating func takeOpenEvents() -> (block: EventBlock, count: Int) { events.takeOpen() }

    // MARK: - Transactions

    private mutating func begin(_ record: Span<UInt8>) throws -> Step {
        guard !isInTransaction else {
            throw DecodeError(expected: "COMMIT before the next BEGIN", offset: 0, beginning: "BEGIN")
        }
        isInTransaction = true
        ordinal = 0
        xid = record.bytes(change.xid)
        return .ordinary
    }

    private mutating func commit(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        try requireTransaction(record)
        guard record.equals(change.xid, xid) else {
            throw DecodeError(expected: "the COMMIT of the open transaction", offset: 7, beginning: "COMMIT")
        }
        var time: Timestamp?
        if !change.time.isEmpty {
            time = Timestamp(record.bytes(change.time))
            if time == nil {
                throw DecodeError(
                    expected: "the commit's time", offset: Int(change.time.start), beginning: "COMMIT")
            }
        }
        transactionNumber += 1
        let position = lsn.map(CommitPosition.lsn) ?? .counted(transactionNumber)
        lastCommit = TransactionHeader(position: position, time: time, count: events.openCount)
        events.commit(position: position, time: time)
        isInTransaction = false
        statistics.transactions += 1
        return .committed(position)
    }

    private func requireTransaction(_ record: Span<UInt8>) throws(DecodeError) {
        guard isInTransaction else {
            throw DecodeError(
                expected: "BEGIN before this record", offset: 0, beginning: reader.beginning(of: record))
        }
    }

    private mutating func countChange() {
        ordinal += 1
        statistics.changes += 1
    }

    private mutating func message(_ record: Span<UInt8>) {
        if change.isTransactional, isInTransaction { countChange() }
        if record.equals(change.prefix, Heartbeat.prefix) { statistics.heartbeats += 1 }
    }

    // MARK: - Rows

    private mutating func row(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        try requireTransaction(record)
        guard let number = index.find(change.table, in: record) else {
            let name = record.tableName(change.table)
            guard try relate(name, record) else { return .needs(name) }
            return try row(record, lsn: lsn)
        }
        guard relations[number] != nil else {
            countChange()
            return .ordinary
        }
        try reader.readTuples(record, into: &change)
        return try watched(number, record, lsn: lsn)
    }

    private mutating func watched(_ number: Int, _ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        guard var relation = relations[number] else { return .ordinary }
        // Taken out and put back, so that its arrays are changed in place.
        relations[number] = nil
        rows.resolve(change, in: record, relation: &relation)
        let rules = mapping.tables[relation.rules].rules(for: change.kind.operation)
        if !rows.fits, !rules.isEmpty {
            let name = record.tableName(change.table)
            if refreshed != name {
                relations[number] = relation
                return .needs(name)
            }
            try requireReadable(relation, record, lsn: lsn)
        }
        refreshed = nil
        countChange()
        rank = 0
        fired = -1
        for rule in rules where rule.event != fired {
            try fire(rule, relation, record, lsn: lsn)
        }
        relations[number] = relation
        return .ordinary
    }

    /// Makes the rule's event when its condition holds.
    private mutating func fire(
        _ rule: CompiledRule, _ relation: Relation, _ record: Span<UInt8>, lsn: LSN?
    ) throws {
        do throws(EvaluationError) {
            if let when = rule.when {
                switch try when.truth(record, new: rows.new, old: rows.old) {
                case .true: break
                case .unknown:
                    statistics.unknownConditions += 1
                    return
                case .false, .null: return
                }
            }
            events.beginEvent(rule: rule.event, ordinal: ordinal, rank: rank)
            if try EventRendering.appendKey(rule.key, record, rows, relation, to: &events.block.body) {
                events.endKey()
            }
            let start = events.block.body.count
            if try !EventRendering.append(
                rule.data, record, rows, relation, change, to: &events.block.body)
            {
                events.block.body.removeSubrange(start...)
            }
            events.endEvent()
        } catch {
            events.rollback()
            throw TranslationError(
                lsn: lsn, table: relation.definition.name, event: mapping.names[rule.event], "\(error)")
        }
        fired = rule.event
        rank += 1
        statistics.events += 1
    }

    /// A rule that reads a column as one type must not meet it as another.
    private func requireReadable(_ relation: Relation, _ record: Span<UInt8>, lsn: LSN?) throws {
        let read = mapping.tables[relation.rules].readColumns
        for index in rows.newColumns + rows.oldColumns {
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

    /// Links a table of the log with the rules that watch it. False: the catalog must be asked.
    private mutating func relate(_ name: TableName, _ record: Span<UInt8>) throws -> Bool {
        guard let known = definitions[name] else { return false }
        var relation: Relation?
        if let own = known, let rules = mapping.index(of: own.root ?? own.name) {
            relation = Relation(rules: rules, definition: mapping.tables[rules].definition, own: own)
        }
        let number = index.insert(change.table, in: record)
        precondition(number == relations.count, "a relation's number is its place")
        relations.append(relation)
        return true
    }
}

/// The message by which Lode sees that the way from the database to itself is open.
public enum Heartbeat {
    public static let prefixText = "lode.heartbeat"
    static let prefix = Array(prefixText.utf8)
}

extension Change.Kind {
    var operation: RowOperation {
        switch self {
        case .insert: .insert
        case .delete: .delete
        default: .update
        }
    }
}
