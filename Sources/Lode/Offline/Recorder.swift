public import LodeConfiguration
public import LodeCore
import LodePostgres
import Synchronization

/// Saves a source's raw log, with the tables' definitions, so that it can be read alone.
///
/// Reads a slot without confirming anything: a temporary one of its own, from now on, or one that is
/// there, from where it stands.
public final class Recorder: Sendable {
    /// When to end; whichever comes first. None: when told to.
    public struct Limits: Sendable {
        public var transactions: Int?
        public var until: LSN?
        public var time: Duration?

        public init(transactions: Int? = nil, until: LSN? = nil, time: Duration? = nil) {
            self.transactions = transactions
            self.until = until
            self.time = time
        }
    }

    public struct Summary: Sendable {
        public var transactions = 0
        public var records = 0
        public var last: LSN?
    }

    private let isStopping = Atomic<Bool>(false)

    public init() {}

    public func stop() { isStopping.store(true, ordering: .releasing) }

    /// Records until a limit is reached, in whole transactions.
    ///
    /// - Parameters:
    ///   - slot: One that is there and that nobody reads; nil: a temporary one.
    ///   - write: Takes whole lines. Called on a thread of the recorder's, which it may block.
    ///   - started: The stream is open: what is committed from here on is recorded.
    /// - Throws: ``PostgresError``, or what `write` throws.
    public func record(
        _ source: SourceSettings, slot: String? = nil, limits: Limits,
        started: @escaping @Sendable (LSN) -> Void = { _ in }, write: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> Summary {
        try await BlockingThread.run(named: "lode-record") {
            try self.run(source, slot: slot, limits: limits, started: started, write: write)
        }
    }

    private func run(
        _ source: SourceSettings, slot: String?, limits: Limits, started: (LSN) -> Void,
        write: ([UInt8]) throws -> Void
    ) throws -> Summary {
        let catalog = try Catalog(source.connection)
        let reader = ReplicationReader.start(
            ReplicationReader.Settings(
                connection: source.connection,
                slot: slot ?? "\(source.slot.prefix(40))_record_\(UInt32.random(in: 0 ... .max))",
                known: nil, creation: slot == nil ? .temporary : .never))
        defer {
            reader.stop()
            while let next = reader.next(within: .seconds(2)) {
                if case .ended = next.item { break }
            }
        }
        var session = RecordingSession(catalog: catalog, limits: limits)
        let deadline = limits.time.map { ContinuousClock.now + $0 }
        while !isStopping.load(ordering: .acquiring), !session.isDone {
            if let deadline, ContinuousClock.now >= deadline { break }
            guard let next = reader.next(within: .milliseconds(100)) else { continue }
            switch next.item {
            case .started(let identity, let start, _):
                try session.start(identity, source: source.name)
                started(start)
            case .batch(let batch):
                try session.take(batch)
            case .ended(let failure):
                throw failure ?? PostgresError("the server ended the stream", verdict: .retry)
            }
            try write(session.takeLines())
        }
        try write(session.takeLines())
        return session.summary
    }
}

/// The recorder's state: lines of whole transactions.
private struct RecordingSession {
    private let catalog: Catalog
    private let limits: Recorder.Limits
    private let writer = RecordingWriter()
    private let parser = RecordReader()
    private var change = Change()
    private var known: Set<TableName> = []
    private var lines: [UInt8] = []
    /// Up to where `lines` are of whole transactions.
    private var whole = 0
    private var recordsOfOpen = 0
    private(set) var summary = Recorder.Summary()
    private(set) var isDone = false

    init(catalog: Catalog, limits: Recorder.Limits) {
        self.catalog = catalog
        self.limits = limits
    }

    mutating func start(_ identity: SystemIdentity, source: String) throws {
        let tables = try catalog.allTables()
        known = Set(tables.map(\.name))
        writer.append(
            RecordingHeader(
                source: source, systemIdentifier: identity.systemIdentifier,
                serverVersion: catalog.connection.serverVersion, tables: tables), to: &lines)
        whole = lines.count
    }

    mutating func take(_ batch: WALBatch) throws {
        let bytes = batch.bytes.span
        for entry in batch.entries where !isDone {
            switch entry.kind {
            case .keepalive:
                if let until = limits.until, entry.lsn >= until, whole == lines.count { isDone = true }
            case .record:
                try take(bytes.extracting(entry.bytes.range), lsn: entry.lsn)
            }
        }
    }

    private mutating func take(_ record: Span<UInt8>, lsn: LSN) throws {
        try parser.readHead(record, into: &change)
        if [.insert, .update, .delete].contains(change.kind) {
            let name = record.tableName(change.table)
            // Made after the recording began: its definition goes before its first row.
            if known.insert(name).inserted, let table = try catalog.table(name) {
                writer.append(tables: [table], to: &lines)
            }
        }
        writer.append(record, lsn: lsn, to: &lines)
        recordsOfOpen += 1
        guard change.kind == .commit || change.kind == .message && !change.isTransactional else { return }
        whole = lines.count
        summary.records += recordsOfOpen
        recordsOfOpen = 0
        guard change.kind == .commit else { return }
        summary.transactions += 1
        summary.last = lsn
        if let most = limits.transactions, summary.transactions >= most { isDone = true }
        if let until = limits.until, lsn >= until { isDone = true }
    }

    /// The lines of whole transactions, and of a large open one what is there, so that memory stays
    /// bounded.
    mutating func takeLines() -> [UInt8] {
        let end = lines.count > 4 << 20 ? lines.count : whole
        let taken = Array(lines[..<end])
        lines.removeSubrange(..<end)
        whole = max(0, whole - end)
        return taken
    }
}
