import Foundation
import LodeConfiguration
import LodeCore
import LodeJournal
import LodePostgres
import Logging

/// Takes a source's log, batch by batch, to the journal.
///
/// The one way: records go through the translator, its events into the journal, and the position up
/// to which they are durable back to the reader. A value on the source's thread.
struct Ingest: ~Copyable {
    /// Events of an open transaction beyond so many bytes are written down before their commit.
    static let staging = 512 * 1024
    /// Committed events beyond so many bytes go to the journal even while more are waiting.
    static let group = 512 * 1024
    /// Under load commits are at least this far apart, so that a sync serves many transactions; the
    /// first after a pause does not wait.
    static let commitInterval = Duration.milliseconds(4)
    /// So many bytes of events within that interval are heavy load: then commits are this far apart.
    static let heavyLoad = 32 * 1024
    static let heavyCommitInterval = Duration.milliseconds(16)
    /// Without events, the position is written no more often than this.
    static let positionInterval = Duration.seconds(1)

    private let settings: SourceSettings
    private let catalog: Catalog
    private let journal: Journal
    private let confirmation: Confirmation
    private let logger: Logger
    private var translator: Translator
    private var source: JournalSource?
    /// Parts of the open transaction that are written down.
    private var staged: [StagedPart] = []
    /// What a failed write would have written: it goes first when it is tried again.
    private var pending: PendingAppend?
    private var pendingPart: (block: EventBlock, count: Int)?
    /// How many entries of the batch at hand are translated, for a batch whose writing failed.
    private var translated = 0
    /// Everything before it has been translated.
    private var through = LSN.zero
    private var lastPositionWrite = ContinuousClock.now
    private var lastHeartbeatSent: ContinuousClock.Instant?
    private var canSendHeartbeat = true
    private var heartbeatsSeen: UInt64 = 0
    private var lastHeartbeatSeen: ContinuousClock.Instant?
    private var confirmed = LSN.zero
    private var lastConfirmation: ContinuousClock.Instant?
    private var partitions: [String]?
    private var unknownTold: UInt64 = 0
    private var untranslatableTold: UInt64 = 0
    private var contextsTold: UInt64 = 0
    /// What was counted since the last report, and what the translator had counted by then.
    private var counts = SourceCounts()
    private var reported = Translator.Statistics()
    /// The events in `staged` and `pendingPart`, by their types.
    private var stagedTypes: [EventType: UInt64] = [:]

    private struct PendingAppend {
        var staged: [StagedPart]
        var header: TransactionHeader?
        var block: EventBlock?
        var through: LSN
        /// The events in `staged`.
        var types: [EventType: UInt64]
    }

    /// Compiles the mapping against the database.
    ///
    /// - Throws: ``Diagnostics``, ``PostgresError``.
    init(
        source settings: SourceSettings, events: [EventDefinition], catalog: Catalog, journal: Journal,
        confirmation: Confirmation, logger: Logger
    ) throws {
        var tables: [TableName: TableDefinition] = [:]
        for table in try catalog.tables(CompiledMapping.tables(of: events)) { tables[table.name] = table }
        let mapping = try CompiledMapping(events, tables: tables)
        let partitions = try catalog.partitions(of: Array(tables.keys))
        self.settings = settings
        self.catalog = catalog
        self.journal = journal
        self.confirmation = confirmation
        self.logger = logger
        self.partitions = partitions
        translator = Translator(mapping: mapping)
        translator.setTransactionMemory(bytes: settings.transactionMemory, folder: journal.folder)
    }

    /// The stream is open.
    mutating func start(_ identity: SystemIdentity, at start: LSN) throws {
        let known = try journal.source(named: settings.name)
        let source =
            try known
            ?? journal.register(
                source: settings.name, systemIdentifier: identity.systemIdentifier, database: identity.database,
                position: start)
        try journal.discardStaged(of: source)
        self.source = source
        through = source.position
        confirmed = source.position
        confirmation.started(source: source.id, at: source.position)
    }

    // MARK: - What comes

    /// Translates a batch and writes what it has. When that throws a ``JournalError`` that may pass,
    /// the same batch is to be given again: it goes on where it stopped.
    mutating func take(_ batch: WALBatch, isLast: Bool) throws {
        try writePending()
        let bytes = batch.bytes.span
        if translator.isEnding, translated > 0 {
            // The journal had no room in the middle of a transaction's end.
            let entry = batch.entries[translated - 1]
            try translate(bytes.extracting(entry.bytes.range), lsn: entry.lsn, resuming: true)
        }
        while translated < batch.entries.count {
            let entry = batch.entries[translated]
            translated += 1
            switch entry.kind {
            case .keepalive:
                if !translator.isInTransaction { through = max(through, entry.lsn) }
            case .record:
                try translate(bytes.extracting(entry.bytes.range), lsn: entry.lsn)
            }
        }
        noteHeartbeats()
        try flush(isLast: isLast)
        translated = 0
    }

    private mutating func translate(_ record: Span<UInt8>, lsn: LSN, resuming: Bool = false) throws {
        var step: Translator.Step
        do {
            step = try resuming ? translator.proceed() : translator.consume(record, lsn: lsn)
            while try provide(step) {
                step = try translator.isEnding ? translator.proceed() : translator.consume(record, lsn: lsn)
            }
        } catch let error as DecodeError {
            throw SourceFailure.lasting("at \(lsn): \(error)")
        } catch let error as SpillError {
            throw SourceFailure.passing(error.message)
        }
        if case .committed(.lsn(let commit)) = step {
            try committed(at: commit)
        } else if translator.openBytes > Self.staging {
            try stage()
        }
    }

    /// Does what the translator asks for. False: it asks for nothing.
    private mutating func provide(_ step: Translator.Step) throws -> Bool {
        switch step {
        case .ordinary, .committed: return false
        case .needs(let name): try define(name)
        case .unfinished: try stage()
        case .reselect(let reselection): translator.answer(reselection, try reselect(reselection))
        }
        return true
    }

    /// What the row has now, for values that the log left out; nil: it is gone.
    private func reselect(_ reselection: Reselection) throws -> [String: [UInt8]?]? {
        try catalog.values(
            of: reselection.columns, in: reselection.table, key: reselection.key)
    }

    private mutating func committed(at commit: LSN) throws {
        guard let source else { return }
        if commit <= source.position {
            // The journal has it: the server began a little earlier than it was asked to.
            _ = translator.takeEvents()
            try discardStaged()
        } else {
            through = max(through, commit)
            if !staged.isEmpty || translator.closedBytes > Self.group { try flush() }
        }
    }

    /// Writes down what the open transaction has so far; what was committed before goes first.
    private mutating func stage() throws {
        guard source != nil else { return }
        if translator.closedBytes > 0 { try flush() }
        let part = translator.takeOpenEvents()
        stagedTypes.merge(part.block.countsByType(), uniquingKeysWith: +)
        pendingPart = part
        try writePending()
    }

    private mutating func define(_ name: TableName) throws {
        let own = try catalog.table(name)
        var root: TableDefinition?
        if let rootName = own?.root, translator.mapping.definition(of: rootName) != nil {
            root = try catalog.table(rootName)
        }
        logger.debug("table definition read", metadata: ["table": "\(name)"])
        try translator.define(name, own: own, root: root)
    }

    // MARK: - To the journal

    private mutating func flush(isLast: Bool) throws {
        let bytes = translator.closedBytes
        let interval =
            switch bytes {
            case 0: Self.positionInterval
            case ..<Self.heavyLoad: Self.commitInterval
            default: Self.heavyCommitInterval
            }
        let isDue = ContinuousClock.now - lastPositionWrite >= interval
        if isDue && (isLast || bytes == 0) || bytes > Self.group { try flush() }
    }

    /// How long to wait for more before ``idle()``.
    var patience: Duration { translator.closedBytes > 0 ? Self.commitInterval : .milliseconds(200) }

    /// Everything committed, and the position, in one durable commit.
    mutating func flush() throws {
        try writePending()
        guard let source else { return }
        let block = translator.takeEvents()
        let ends = !staged.isEmpty && !translator.isInTransaction
        guard block != nil || ends || through > source.position else { return }
        pending = PendingAppend(
            staged: ends ? staged : [], header: ends ? translator.lastCommit : nil, block: block, through: through,
            types: ends ? stagedTypes : [:])
        if ends {
            staged = []
            stagedTypes = [:]
        }
        try writePending()
    }

    private mutating func writePending() throws {
        guard let source else { return }
        if let part = pendingPart {
            staged.append(try journal.stage(part.block, count: part.count, source: source))
            pendingPart = nil
        }
        if let next = pending {
            let head = try journal.append(
                next.block, after: next.staged, of: next.header, source: source, through: next.through)
            pending = nil
            self.source?.position = next.through
            lastPositionWrite = ContinuousClock.now
            confirmation.journalled(source: source.id, through: next.through, head: head)
            count(next)
        }
    }

    /// Counts what is now in the journal.
    private mutating func count(_ written: PendingAppend) {
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        counts.add(events: written.types)
        if let block = written.block {
            counts.add(events: block.countsByType())
            counts.add(ages: block.transactions, at: now)
        }
        // Unless the block has the large transaction's last part.
        if let header = written.header, written.block?.transactions.first?.position != header.position {
            counts.add(ages: CollectionOfOne(header), at: now)
        }
    }

    /// Nothing came for a while.
    mutating func idle() throws {
        try flush()
    }

    /// The session ends: what was staged of an open transaction will come again.
    mutating func abandon() {
        translator.interrupt()
        try? discardStaged()
    }

    private mutating func discardStaged() throws {
        stagedTypes = [:]
        guard !staged.isEmpty, let source else { return }
        staged = []
        try journal.discardStaged(of: source)
    }

    // MARK: - Back to the server

    mutating func confirm(to reader: ReplicationReader) {
        guard let source, let position = confirmation.position(of: source.id) else { return }
        reader.confirm(position)
        if position > confirmed {
            confirmed = position
            lastConfirmation = ContinuousClock.now
        }
    }

    private mutating func noteHeartbeats() {
        if translator.statistics.heartbeats > heartbeatsSeen {
            heartbeatsSeen = translator.statistics.heartbeats
            lastHeartbeatSeen = ContinuousClock.now
        }
        let counts = translator.statistics
        Self.tell(
            counts.unknownConditions, told: &unknownTold,
            "conditions were unknown and so not true: the log does not carry the values they need", to: logger)
        Self.tell(
            counts.untranslatable, told: &untranslatableTold, "events could not be made; lode.untranslatable says why",
            to: logger)
        Self.tell(
            counts.unreadableContexts, told: &contextsTold, "messages of lode.context are no JSON object", to: logger)
    }

    /// Told again when the count has doubled, not for every row.
    private static func tell(_ count: UInt64, told: inout UInt64, _ what: String, to logger: Logger) {
        guard count > told else { return }
        logger.warning("\(what)", metadata: ["count": "\(count)"])
        told = count * 2
    }

    /// - Returns: Whether heartbeats are being sent at all.
    mutating func sendHeartbeatIfDue(every interval: Duration?) throws -> Bool {
        guard let interval, canSendHeartbeat else { return false }
        let now = ContinuousClock.now
        if let last = lastHeartbeatSent, now - last < interval { return true }
        guard source != nil else { return true }
        lastHeartbeatSent = now
        canSendHeartbeat = try catalog.sendHeartbeat()
        let partitions = try catalog.partitions(of: CompiledMapping.tables(of: translator.mapping.events))
        if let before = self.partitions, before != partitions {
            logger.info("partitions changed; reading the catalog again")
            translator.forgetRelations()
        }
        self.partitions = partitions
        return canSendHeartbeat
    }

    mutating func report(into status: inout SourceStatus, lastByte: ContinuousClock.Instant?, heartbeats: Bool) {
        status.position = source?.position
        status.confirmed = confirmed
        status.lastByte = lastByte
        status.lastHeartbeat = lastHeartbeatSeen ?? status.lastHeartbeat
        status.lastConfirmation = lastConfirmation ?? status.lastConfirmation
        if !heartbeats { status.heartbeat = nil }
        status.counts.add(from: reported, to: translator.statistics)
        reported = translator.statistics
        guard counts.commitToJournal.count > 0 || !counts.events.isEmpty else { return }
        status.counts.add(events: counts.events)
        status.counts.otherEvents += counts.otherEvents
        status.counts.commitToJournal.add(counts.commitToJournal)
        counts = SourceCounts()
    }
}
