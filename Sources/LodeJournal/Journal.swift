import Foundation
import GRDB
public import LodeCore
import Synchronization

/// A place in the journal: the number of an event, from 1, growing by one.
public typealias Position = Int64

/// The durable, ordered log of events, and each subscriber's cursor in it. An SQLite file.
///
/// Writing calls block their thread and are for the threads that read the sources; reading ones are
/// asynchronous. After a crash the journal holds every event whose `append` returned, and of each
/// transaction all events or none.
public final class Journal: Sendable {
    public let path: String
    /// Where its file is.
    public var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
    let database: DatabasePool
    let recent = RecentBlocks()
    let head: HeadSignal
    /// Held while cursors are written, from looking what moved until it is in the file: a rewind must not
    /// come in between. Taken before the database's writer, by threads that may block.
    let saving = NSLock()
    let cursors = Mutex(CursorTable())
    /// The folder to remove at the end, for a journal that keeps nothing.
    private let temporaryFolder: String?
    private let lock: JournalLock?

    /// Opens the journal, making it when it is not there.
    ///
    /// - Parameter exclusive: True for the daemon: a second one is refused. Commands that look at
    ///   the journal beside a running daemon pass false.
    /// - Throws: ``JournalError``.
    public static func open(_ path: String, exclusive: Bool = true) throws -> Journal {
        do {
            return try Journal(path: path, exclusive: exclusive, durable: true, temporaryFolder: nil)
        } catch {
            throw JournalError(error, path: path)
        }
    }

    /// The journal for oneself, when no daemon has it; nil: one has.
    ///
    /// - Throws: ``JournalError``.
    public static func openIfFree(_ path: String) throws -> Journal? {
        do {
            return try open(path)
        } catch let error as JournalError where error.isInUse {
            return nil
        }
    }

    /// A journal that keeps nothing: a file in the temporary folder, removed at the end.
    public static func temporary() throws -> Journal {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lode-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            return try Journal(
                path: folder + "/journal", exclusive: true, durable: false, temporaryFolder: folder)
        } catch {
            throw JournalError(error, path: folder)
        }
    }

    private init(path: String, exclusive: Bool, durable: Bool, temporaryFolder: String?) throws {
        self.path = path
        self.temporaryFolder = temporaryFolder
        lock = exclusive ? try JournalLock(path: path + ".lock") : nil
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 8
        configuration.prepareDatabase { db in
            // Of a new file: blocks are large, and each page of one is a write and a read of its own.
            try db.execute(sql: "PRAGMA page_size = 16384")
            // FULL: in WAL mode the log is synced at every commit, which is the promise.
            try db.execute(sql: durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF")
            // A reader that lags must not let the WAL file stay large for ever.
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        database = try DatabasePool(path: path, configuration: configuration)
        let owner = try database.read { db in try Int.fetchOne(db, sql: "PRAGMA application_id") }
        let isEmpty = try database.read { db in try !db.tableExists("grdb_migrations") }
        guard isEmpty || owner == JournalSchema.applicationID else {
            throw JournalError(
                "\(path) is an SQLite file of another program; set another `journal: path:`", verdict: .stop)
        }
        let migrator = JournalSchema.migrator
        guard try database.read({ db in try !migrator.hasBeenSuperseded(db) }) else {
            throw JournalError(
                "journal \(path) was written by a newer version of Lode; use that version or a newer one",
                verdict: .stop)
        }
        try migrator.migrate(database)
        let extent = try database.read { db in try Row.fetchOne(db, sql: "SELECT head FROM extent") }
        head = HeadSignal(extent?["head"] ?? 0)
        if exclusive {
            try database.write { db in try Self.discardStaged(db, source: nil) }
        }
    }

    /// Lets another daemon have the journal. Nothing may be asked of it afterwards.
    public func close() throws {
        try guarded { try database.close() }
        lock?.release()
    }

    deinit {
        try? database.close()
        if let temporaryFolder { try? FileManager.default.removeItem(atPath: temporaryFolder) }
    }

    // MARK: - Sources

    /// What is known of a source; nil before its first reading.
    public func source(named name: String) throws -> JournalSource? {
        try guarded {
            try database.read { db in
                try Row.fetchOne(db, sql: "SELECT * FROM source WHERE name = ?", arguments: [name])
                    .map(JournalSource.init)
            }
        }
    }

    /// Every source that was ever read.
    public func sources() async throws -> [JournalSource] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM source ORDER BY id").map(JournalSource.init)
        }
    }

    /// Notes a source that is read for the first time.
    public func register(
        source name: String, systemIdentifier: String, database named: String? = nil, position: LSN
    ) throws -> JournalSource {
        try guarded {
            try database.write { db in
                try db.execute(
                    sql: "INSERT INTO source (name, system_identifier, database, position) VALUES (?, ?, ?, ?)",
                    arguments: [name, systemIdentifier, named, Int64(bitPattern: position.rawValue)])
                return JournalSource(
                    id: db.lastInsertedRowID, name: name, systemIdentifier: systemIdentifier, database: named,
                    position: position)
            }
        }
    }

    func guarded<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw JournalError(error, path: path) }
    }
}

/// A source as the journal knows it.
public struct JournalSource: Hashable, Sendable {
    public var id: Int64
    public var name: String
    public var systemIdentifier: String
    /// nil: noted by a version that did not ask.
    public var database: String?
    /// Every event of commits up to here is in the journal.
    public var position: LSN

    init(id: Int64, name: String, systemIdentifier: String, database: String? = nil, position: LSN) {
        self.id = id
        self.name = name
        self.systemIdentifier = systemIdentifier
        self.database = database
        self.position = position
    }

    init(_ row: Row) {
        self.init(
            id: row["id"], name: row["name"], systemIdentifier: row["system_identifier"], database: row["database"],
            position: LSN(UInt64(bitPattern: row["position"])))
    }
}
