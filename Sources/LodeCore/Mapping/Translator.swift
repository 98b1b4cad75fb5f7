/// Reads a source's log record by record and makes the events of its transactions.
///
/// A value that asks for what it does not know: `consume` answers ``Step/needs(_:)`` and wants the same
/// record again after ``define(_:own:root:)``. Rows become events as they arrive, or, when a rule needs
/// a transaction's rows together, at its commit; nothing of them counts before that.
public struct Translator: ~Copyable, Sendable {
    public enum Step: Hashable, Sendable {
        /// Nothing to do.
        case ordinary
        /// A transaction is whole; its events, if any, are in ``takeEvents()``.
        case committed(CommitPosition)
        /// The log names a table that is not known, or that no longer fits what is known: read its
        /// definition from the catalog, call ``define(_:own:root:)`` and give the record again, or call
        /// ``proceed()`` when the transaction's end was being worked on.
        indirect case needs(TableName)
        /// A rule wants a value that the log left out: ask the database, call ``answer(_:)``, go on
        /// likewise.
        indirect case reselect(Reselection)
        /// The transaction has ended and not all of its events are made: take those there are with
        /// ``takeOpenEvents()``, or give them their place with ``closePart()``, and call ``proceed()``.
        case unfinished
    }

    /// What was read, for the counters.
    public struct Statistics: Hashable, Sendable {
        public init() {}

        public var transactions: UInt64 = 0
        public var changes: UInt64 = 0
        /// The same by their kind.
        public internal(set) var changesByKind = ChangeCounts()
        public var events: UInt64 = 0
        /// Conditions that the log did not say enough for: not true, and told.
        public var unknownConditions: UInt64 = 0
        /// Events that could not be made, of rules that go on without.
        public var untranslatable: UInt64 = 0
        /// Messages of `lode.context` that are no JSON object.
        public var unreadableContexts: UInt64 = 0
        public var heartbeats: UInt64 = 0
        /// Those of them that are among the changes, each in a transaction of its own. With
        /// `skip-empty-xacts` some servers (PostgreSQL 15) send a message without its transaction.
        public internal(set) var heartbeatTransactions: UInt64 = 0
    }

    public internal(set) var mapping: CompiledMapping
    public internal(set) var statistics = Statistics()
    /// What the last commit said; its count is of the events that are in the current block.
    public private(set) var lastCommit: TransactionHeader?
    /// Whether a BEGIN was read and its COMMIT was not, or not all of its events are made.
    public private(set) var isInTransaction = false

    let reader = RecordReader()
    var change = Change()
    var rows = RowSet()
    var events: EventBlockBuilder
    var index = RelationIndex()
    /// By the number in `index`: the name, and whether `rows.relations` says what it is now.
    var relationNames: [TableName] = []
    var isRelated: [Bool] = []
    /// What is known of each table that the log named, by its own name.
    var definitions: [TableName: TableDefinition?] = [:]
    /// The xid of the open transaction, as written.
    private var xid: [UInt8] = []
    var ordinal: UInt32 = 0
    var transactionNumber: UInt64 = 0
    /// The relation that was just looked up again, whose record is taken as it is.
    var refreshed: TableName?
    /// The rank of the next event of the row, and the event that fired last.
    var rank: UInt16 = 0
    var fired = -1
    var context = EventContext()
    /// The table of the truncate whose rules are being run.
    var truncating: TableName?
    /// Where the transaction's rows are that rules gather.
    var gathering = Gathering()
    /// The end of a transaction that is being worked on.
    var ending: Ending?
    /// What the database said of the row at hand.
    var answer: Answer?

    /// Events of an open transaction beyond so many bytes interrupt the work on its end.
    static let partBytes = 512 * 1024

    public init(mapping: CompiledMapping) {
        self.mapping = mapping
        events = EventBlockBuilder(names: mapping.names + mapping.names.map { "\(Untranslatable.type).\($0)" })
        rows.reserve(slots: 1 + (mapping.rules.map(\.gathers.count).max() ?? 0))
    }

    /// Where the rows of a transaction go that memory has no room for, and above how many bytes.
    public mutating func setTransactionMemory(bytes: Int, folder: String) {
        rows.setMemory(bytes: bytes, folder: folder)
    }

    /// Whether a transaction's end is being worked on: then ``proceed()`` goes on, not ``consume(_:lsn:)``.
    public var isEnding: Bool { ending != nil }

    /// - Parameter lsn: The record's, from the message that carried it; nil in a recording that has none.
    /// - Throws: ``DecodeError``, ``TranslationError``, ``SpillError``.
    public mutating func consume(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        if isInTransaction, ending == nil, let head = index.head(of: record) {
            change.kind = head.kind
            change.table = head.table
            change.body = head.body
            let counted = statistics.changes
            let step = try row(of: head.number, record, lsn: lsn)
            if statistics.changes != counted { statistics.changesByKind.count(head.kind) }
            return step
        }
        try reader.readHead(record, into: &change)
        let (kind, counted) = (change.kind, statistics.changes)
        let step = try consume(kind, record, lsn: lsn)
        // A record that must come again was not counted.
        if statistics.changes != counted { statistics.changesByKind.count(kind) }
        return step
    }

    private mutating func consume(_ kind: Change.Kind, _ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        switch kind {
        case .begin:
            return try begin(record)
        case .commit:
            return try commit(record, lsn: lsn)
        case .insert, .update, .delete:
            return try row(record, lsn: lsn)
        case .truncate:
            try requireTransaction(record)
            return try truncate(record, lsn: lsn)
        case .message:
            return try message(record, lsn: lsn)
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

    /// Forgets the open transaction: the log will be read again from its beginning.
    public mutating func interrupt() {
        events.rollback()
        isInTransaction = false
        refreshed = nil
        ending = nil
        answer = nil
        forgetRows()
    }

    // MARK: - Events made so far

    public var closedBytes: Int { events.closedBytes }
    public var openBytes: Int { events.openBytes }
    public mutating func takeEvents() -> EventBlock? { events.takeClosed() }

    /// A large transaction's events so far, to be put aside until its commit.
    public mutating func takeOpenEvents() -> (block: EventBlock, count: Int) { events.takeOpen() }

    /// Gives the events of a transaction whose end is being worked on their place, so that
    /// ``takeEvents()`` brings them: for who need not write all or none.
    public mutating func closePart() {
        guard let ending else { return }
        events.commit(position: ending.position, time: ending.time, context: context.members)
    }

    // MARK: - Transactions

    private mutating func begin(_ record: Span<UInt8>) throws -> Step {
        guard !isInTransaction else {
            throw DecodeError(expected: "COMMIT before the next BEGIN", offset: 0, beginning: "BEGIN")
        }
        isInTransaction = true
        ordinal = 0
        xid.removeAll(keepingCapacity: true)
        xid.append(record.extracting(change.xid.range))
        return .ordinary
    }

    private mutating func commit(_ record: Span<UInt8>, lsn: LSN?) throws -> Step {
        try requireTransaction(record)
        guard record.equals(change.xid, xid) else {
            throw DecodeError(expected: "the COMMIT of the open transaction", offset: 7, beginning: "COMMIT")
        }
        var time: Timestamp?
        if !change.time.isEmpty {
            time = Timestamp(record.extracting(change.time.range))
            if time == nil {
                throw DecodeError(
                    expected: "the commit's time", offset: Int(change.time.start), beginning: "COMMIT")
            }
        }
        let position = lsn.map(CommitPosition.lsn) ?? .counted(transactionNumber + 1)
        guard mapping.needsTransactions else { return committed(position, time) }
        ending = Ending(position: position, time: time, lsn: lsn)
        return try proceed()
    }

    func requireTransaction(_ record: Span<UInt8>) throws(DecodeError) {
        guard isInTransaction, ending == nil else {
            throw DecodeError(
                expected: "BEGIN before this record", offset: 0, beginning: reader.beginning(of: record))
        }
    }

    /// All events of the transaction are made.
    mutating func committed(_ position: CommitPosition, _ time: Timestamp?) -> Step {
        transactionNumber += 1
        let members = context.members
        lastCommit = TransactionHeader(position: position, time: time, count: events.openCount, context: members)
        events.commit(position: position, time: time, context: members)
        isInTransaction = false
        ending = nil
        forgetRows()
        statistics.transactions += 1
        return .committed(position)
    }

    private mutating func forgetRows() {
        context.removeAll()
        answer = nil
        guard !rows.transaction.isEmpty else { return }
        rows.removeAll()
        gathering.removeAll()
    }

    mutating func countChange() {
        ordinal += 1
        statistics.changes += 1
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
