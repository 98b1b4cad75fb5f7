import Foundation
import GRDB
public import LodeCore

/// Reading. Any task; nobody waits for the writer.
extension Journal {
    /// The last position there is; 0 when there never was an event.
    public var lastPosition: Position { head.position }

    /// Waits until there is an event after `position`, or the task is cancelled.
    public func wait(past position: Position) async { await head.wait(past: position) }

    /// The blocks from the one that holds the event after `position` on, in order, together no more
    /// than about `bytes`, but at least one if there is one. The first may begin before `position`.
    ///
    /// - Throws: ``JournalError``.
    public func blocks(after position: Position, upTo bytes: Int = 1 << 20) async throws -> [PlacedBlock] {
        if head.position > position, let found = recent.blocks(after: position, upTo: bytes) { return found }
        do {
            return try await database.read { db in try Self.blocks(after: position, upTo: bytes, db) }
        } catch {
            throw JournalError(error, path: path)
        }
    }

    private static func blocks(after position: Position, upTo bytes: Int, _ db: Database) throws -> [PlacedBlock] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT block.first, block.source, block.header, body.bytes
                      FROM block JOIN body ON body.id = block.body
                     WHERE block.first >= coalesce(
                               (SELECT max(first) FROM block WHERE first <= ?1 + 1), 0)
                       AND block.first + block.count - 1 > ?1
                     ORDER BY block.first
                    """), arguments: [position])
        var found: [PlacedBlock] = []
        var size = 0
        while size < bytes, let row = try rows.next() {
            // Straight from SQLite's memory: `Data` would be one more copy.
            let header = try row.withUnsafeData(atIndex: 2) { [UInt8]($0 ?? Data()) }
            let body = try row.withUnsafeData(atIndex: 3) { [UInt8]($0 ?? Data()) }
            size += body.count
            let block = try EventBlock(header: header, body: body)
            found.append(PlacedBlock(first: row[0], source: row[1], block: block))
        }
        return found
    }

    /// The last position in the file itself, for a process that looks at a running daemon's journal.
    @discardableResult
    public func refresh() async throws -> Position {
        let last = try await database.read { db in try Int64.fetchOne(db, sql: "SELECT head FROM extent") ?? 0 }
        head.move(to: last)
        return last
    }

    /// The first position that is still kept, or that the next event will get.
    public func firstPosition() async throws -> Position {
        try await database.read { db in try Int64.fetchOne(db, sql: "SELECT removed + 1 FROM extent") ?? 1 }
    }

    /// The position before the first block that has an event of `time` or later; the last position
    /// when there is none. Commits of several sources come a little out of order: the events before
    /// it are all earlier, those after it need not all be later.
    public func position(before time: Timestamp) async throws -> Position {
        try await database.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT first - 1 FROM block WHERE latest >= ? ORDER BY first LIMIT 1",
                arguments: [time.microseconds])
                ?? Int64.fetchOne(db, sql: "SELECT head FROM extent") ?? 0
        }
    }
}
