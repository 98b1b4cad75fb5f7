import Foundation
import GRDB
import LodeCore
import Synchronization

/// Subscribers' shelves: events that are set aside.
extension Journal {
    /// Notes changes of a shelf, to be written with the cursor in one commit: see ``flushCursors()``.
    public func moveCursor(of subscriber: String, to position: Position, shelf changes: [ShelfChange]) {
        cursors.withLock { table in
            if !changes.isEmpty { table.shelf[subscriber, default: []] += changes }
            guard table.positions[subscriber] != position || !changes.isEmpty else { return }
            table.positions[subscriber] = position
            table.unsaved.insert(subscriber)
        }
    }

    /// Inside a transaction.
    static func save(_ changes: [String: [ShelfChange]], _ db: Database) throws {
        guard !changes.isEmpty else { return }
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        for (subscriber, changes) in changes {
            for change in changes { try save(change, of: subscriber, at: now, db) }
        }
    }

    private static func save(_ change: ShelfChange, of subscriber: String, at now: Int64, _ db: Database) throws {
        switch change {
        case .put(let event):
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO shelf
                        (subscriber, position, key, id, type, source, header, body, state, attempts, reason, at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(
                arguments: [
                    subscriber, event.position, event.key.map { Data($0) }, event.id, event.type, event.block.source,
                    Data(event.block.block.encodedHeader()), Data(event.block.block.body), event.state.rawValue,
                    event.attempts, event.reason, now,
                ])
        case .remove(let position):
            try db.cachedStatement(sql: "DELETE FROM shelf WHERE subscriber = ? AND position = ?")
                .execute(arguments: [subscriber, position])
        case .update(let position, let state, let attempts, let reason):
            try db.cachedStatement(
                sql: """
                    UPDATE shelf SET state = ?, attempts = ?, reason = coalesce(?, reason), at = ?
                     WHERE subscriber = ? AND position = ?
                    """
            ).execute(arguments: [state.rawValue, attempts, reason, now, subscriber, position])
        }
    }

    /// What is on a subscriber's shelf, a row a key.
    public func shelfSummary(of subscriber: String) async throws -> [ShelfSummary] {
        try await database.read { db in
            // SQLite: the bare columns of a query with min() are those of the row that has it.
            try Row.fetchAll(
                db,
                sql: """
                    SELECT key, min(position) AS first, count(*) AS count, state, attempts FROM shelf
                     WHERE subscriber = ? AND state <> 'skipped' AND key IS NOT NULL GROUP BY key
                    UNION ALL
                    SELECT NULL, position, 1, state, attempts FROM shelf
                     WHERE subscriber = ? AND state <> 'skipped' AND key IS NULL
                    """, arguments: [subscriber, subscriber]
            ).map { row in
                ShelfSummary(
                    key: (row["key"] as Data?).map { [UInt8]($0) }, first: row["first"], count: row["count"],
                    state: ShelfState(rawValue: row["state"]) ?? .parked, attempts: row["attempts"])
            }
        }
    }

    /// Events of one key on the shelf from a position on, in order; without a key, the one of the position.
    public func shelved(
        of subscriber: String, key: [UInt8]?, from position: Position, limit: Int
    ) async throws -> [PlacedBlock] {
        try await database.read { db in
            let which = key == nil ? "position = ? AND key IS NULL" : "position >= ? AND key = ?"
            var arguments: StatementArguments = [subscriber, position]
            if let key { arguments += [Data(key)] }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT position, source, header, body FROM shelf
                     WHERE subscriber = ? AND \(which) AND state <> 'skipped' ORDER BY position LIMIT \(limit)
                    """, arguments: arguments
            ).map { row in
                PlacedBlock(
                    first: row["position"], source: row["source"],
                    block: try EventBlock(header: [UInt8](row["header"] as Data), body: [UInt8](row["body"] as Data)))
            }
        }
    }

    /// Events on shelves for people to look at, in order.
    ///
    /// - Parameters:
    ///   - subscriber: nil: of all subscribers.
    ///   - id: Only the event of this id.
    public func shelf(
        of subscriber: String? = nil, id: String? = nil, states: [ShelfState] = [.parked, .behind], limit: Int
    ) async throws -> [(subscriber: String, event: ShelvedEvent)] {
        try await database.read { db in
            let words = states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM shelf
                     WHERE subscriber = coalesce(?, subscriber) AND id = coalesce(?, id) AND state IN (\(words))
                     ORDER BY subscriber, position LIMIT \(limit)
                    """, arguments: [subscriber, id]
            ).map { row in
                let block = PlacedBlock(
                    first: row["position"], source: row["source"],
                    block: try EventBlock(header: [UInt8](row["header"] as Data), body: [UInt8](row["body"] as Data)))
                var event = ShelvedEvent(
                    key: (row["key"] as Data?).map { [UInt8]($0) }, id: row["id"], type: row["type"], block: block,
                    state: ShelfState(rawValue: row["state"]) ?? .parked, attempts: row["attempts"],
                    reason: row["reason"])
                event.at = row["at"]
                return (row["subscriber"], event)
            }
        }
    }

    /// Events that wait for a person, by subscriber.
    public func parkedCounts() async throws -> [String: Int] {
        try await database.read { db in
            var counts: [String: Int] = [:]
            let sql = "SELECT subscriber, count(*) AS count FROM shelf WHERE state IN ('parked', 'behind') GROUP BY 1"
            for row in try Row.fetchAll(db, sql: sql) { counts[row["subscriber"]] = row["count"] }
            return counts
        }
    }

    /// Forgets all but the last `kept` skipped events of each subscriber.
    static func pruneSkipped(kept: Int, _ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM shelf WHERE state = 'skipped' AND (subscriber, position) IN (
                    SELECT subscriber, position FROM (
                        SELECT subscriber, position, row_number() OVER (PARTITION BY subscriber ORDER BY at DESC) AS n
                          FROM shelf WHERE state = 'skipped') WHERE n > \(kept))
                """)
    }
}
