import Foundation
import GRDB
public import LodeCore

/// A part of a large transaction that was written down before its commit came.
public struct StagedPart: Hashable, Sendable {
    var body: Int64
    var types: [EventType]
    var count: Int
}

/// Writing. One thread a source; calls block it until what they say is on the disk.
extension Journal {
    /// Adds events and moves the source's position in one durable commit.
    ///
    /// - Parameters:
    ///   - block: The events; nil: only the position moves.
    ///   - staged: The earlier parts of the block's transaction, in order; they go before it.
    ///   - header: What the commit of that transaction said.
    ///   - through: Every event of commits up to here is in the journal when the call returns.
    /// - Returns: The last position in the journal.
    /// - Throws: ``JournalError``; then nothing has changed.
    @discardableResult
    public func append(
        _ block: EventBlock?, after staged: [StagedPart] = [], of header: TransactionHeader? = nil,
        source: JournalSource,
        through position: LSN
    ) throws -> Position {
        let added: (head: Position, blocks: [PlacedBlock]) = try guarded {
            try savingCursors { moved, shelf in
                try database.write { db in
                    try Self.save(moved, db)
                    try Self.save(shelf, db)
                    return try Self.append(staged, header, block, source, position, db)
                }
            }
        }
        for block in added.blocks { recent.append(block) }
        head.move(to: added.head)
        return added.head
    }

    private static func append(
        _ staged: [StagedPart], _ header: TransactionHeader?, _ block: EventBlock?, _ source: JournalSource,
        _ position: LSN, _ db: Database
    ) throws -> (Position, [PlacedBlock]) {
        var head = try Int64.fetchOne(db, sql: "SELECT head FROM extent") ?? 0
        var placed: [PlacedBlock] = []
        if let header {
            for part in staged {
                var transaction = header
                transaction.count = part.count
                let described = EventBlock(types: part.types, transactions: [transaction])
                try insert(described, body: part.body, first: head + 1, source, db)
                head += Int64(part.count)
            }
            try db.execute(sql: "DELETE FROM staged WHERE source = ?", arguments: [source.id])
        }
        if let block, block.count > 0 {
            let body = try insert(body: block.body, db)
            try insert(block, body: body, first: head + 1, source, db)
            placed.append(PlacedBlock(first: head + 1, source: source.id, block: block))
            head += Int64(block.count)
        }
        try db.cachedStatement(sql: "UPDATE source SET position = ? WHERE id = ?")
            .execute(arguments: [Int64(bitPattern: position.rawValue), source.id])
        try db.cachedStatement(sql: "UPDATE extent SET head = ?").execute(arguments: [head])
        return (head, placed)
    }

    /// Writes down events of a transaction that is still coming; nobody sees them before ``append``
    /// is given the part. After a crash they are gone, and the log brings them again.
    public func stage(_ block: EventBlock, count: Int, source: JournalSource) throws -> StagedPart {
        try guarded {
            try database.write { db in
                let body = try Self.insert(body: block.body, db)
                try db.execute(sql: "INSERT INTO staged (body, source) VALUES (?, ?)", arguments: [body, source.id])
                return StagedPart(body: body, types: block.types, count: count)
            }
        }
    }

    /// Throws away what was staged of a transaction whose commit will not come on this reading.
    public func discardStaged(of source: JournalSource) throws {
        try guarded { try database.write { db in try Self.discardStaged(db, source: source.id) } }
    }

    static func discardStaged(_ db: Database, source: Int64?) throws {
        let which = source.map { "WHERE source = \($0)" } ?? ""
        try db.execute(sql: "CREATE TEMP TABLE IF NOT EXISTS discarded (body INTEGER PRIMARY KEY)")
        try db.execute(sql: "INSERT INTO temp.discarded SELECT body FROM staged \(which)")
        try db.execute(sql: "DELETE FROM staged \(which)")
        try db.execute(sql: "DELETE FROM body WHERE id IN (SELECT body FROM temp.discarded)")
        try db.execute(sql: "DELETE FROM temp.discarded")
    }

    private static func insert(body: [UInt8], _ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT INTO body (bytes) VALUES (?)").execute(arguments: [Data(body)])
        return db.lastInsertedRowID
    }

    private static func insert(
        _ block: EventBlock, body: Int64, first: Position, _ source: JournalSource, _ db: Database
    ) throws {
        let latest = block.transactions.compactMap { $0.time?.microseconds }.max()
        try db.cachedStatement(
            sql: "INSERT INTO block (first, count, source, body, latest, written, header) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(
            arguments: [
                first, block.count, source.id, body, latest,
                Int64(Date().timeIntervalSince1970 * 1_000_000), Data(block.encodedHeader()),
            ])
    }

    /// Removes blocks that are older than `age` and that every cursor in `keeping` has passed.
    ///
    /// - Parameter sizeBytes: Remove the oldest until the events' bytes are no more than this, too.
    /// - Returns: How many events were removed.
    @discardableResult
    public func prune(olderThan age: Duration?, sizeBytes: Int64? = nil, keeping cursors: [Position]) throws -> Int {
        guard age != nil || sizeBytes != nil else { return 0 }
        let last = min(cursors.min() ?? head.position, head.position)
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        let removed: (count: Int, through: Position) = try guarded {
            try database.write { db in
                var through: Int64 = 0
                if let age {
                    let limit = now - Int64(age / .microseconds(1))
                    through =
                        try Int64.fetchOne(
                            db,
                            sql: """
                                SELECT max(first + count - 1) FROM block
                                 WHERE first + count - 1 <= ? AND written < ?
                                """, arguments: [last, limit]) ?? 0
                }
                if let sizeBytes {
                    var kept: Int64 = 0
                    let rows = try Row.fetchCursor(
                        db,
                        sql: """
                            SELECT first + count - 1 AS last, length(bytes) AS bytes
                              FROM block JOIN body ON body.id = block.body ORDER BY first DESC
                            """)
                    while let row = try rows.next() {
                        kept += row["bytes"] as Int64
                        let end: Int64 = row["last"]
                        if kept > sizeBytes, end <= last {
                            through = max(through, end)
                            break
                        }
                    }
                }
                try Self.pruneSkipped(kept: 10_000, db)
                return (try Self.remove(through: through, db), through)
            }
        }
        recent.remove(through: removed.through)
        return removed.count
    }

    private static func remove(through position: Position, _ db: Database) throws -> Int {
        let removed = try Int64.fetchOne(db, sql: "SELECT removed FROM extent") ?? 0
        guard position > removed else { return 0 }
        let condition = "WHERE first + count - 1 <= \(position)"
        // A block names its body, and only the block knows which body goes with it: the rule that
        // nothing may point to what is gone is looked at when both are.
        try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
        try db.execute(sql: "DELETE FROM body WHERE id IN (SELECT body FROM block \(condition))")
        try db.execute(sql: "DELETE FROM block \(condition)")
        try db.execute(sql: "UPDATE extent SET removed = \(position)")
        return Int(position - removed)
    }
}

extension Journal {
    /// ``prune(olderThan:sizeBytes:keeping:)`` on the journal's own queue.
    public func pruneInBackground(
        olderThan age: Duration?, sizeBytes: Int64? = nil, keeping cursors: [Position]
    ) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    with: Result { _ = try self.prune(olderThan: age, sizeBytes: sizeBytes, keeping: cursors) })
            }
        }
    }
}
