import Foundation
import GRDB
import Synchronization

/// The cursors in memory, and which of them the file does not have yet.
struct CursorTable {
    var positions: [String: Position] = [:]
    var unsaved: Set<String> = []
    /// What the file has of them.
    var saved: [String: Position] = [:]
    /// Of subscribers in `unsaved`, what goes with the cursor.
    var shelf: [String: [ShelfChange]] = [:]
}

/// Subscribers' cursors.
///
/// A cursor moves in memory and is written with the next events, or by ``flushCursors()``: a crash in
/// between brings events again that were delivered, with the same ids; it never skips one.
extension Journal {
    /// The last event that the subscriber is done with; nil for a new subscriber.
    public func cursor(of subscriber: String) async throws -> Position? {
        if let known = cursors.withLock({ $0.positions[subscriber] }) { return known }
        let stored = try await database.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT position FROM cursor WHERE subscriber = ?", arguments: [subscriber])
        }
        if let stored {
            cursors.withLock { table in
                table.positions[subscriber] = table.positions[subscriber] ?? stored
                table.saved[subscriber] = table.saved[subscriber] ?? stored
            }
        }
        return stored
    }

    /// The cursor as a crash would leave it: with it, what is on the shelf of the events before it is in the
    /// file, too. nil: the file has none.
    public func savedCursor(of subscriber: String) -> Position? { cursors.withLock { $0.saved[subscriber] } }

    /// Every cursor in the file, by subscriber.
    public func storedCursors() async throws -> [String: Position] {
        try await database.read { db in
            var found: [String: Position] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT subscriber, position FROM cursor") {
                found[row["subscriber"]] = row["position"]
            }
            return found
        }
    }

    public func moveCursor(of subscriber: String, to position: Position) {
        moveCursor(of: subscriber, to: position, shelf: [])
    }

    /// Writes the cursors that have moved. Not ended by the task's cancellation: at the end of all
    /// this is the last thing to do.
    public func flushCursors() async throws {
        guard cursors.withLock({ !$0.unsaved.isEmpty }) else { return }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(
                    with: Result {
                        try self.guarded {
                            try self.savingCursors { moved, shelf in
                                try self.database.write { db in
                                    try Self.save(moved, db)
                                    try Self.save(shelf, db)
                                }
                            }
                        }
                    })
            }
        }
    }

    /// Gives `body` the cursors that have moved, and what changed on the shelves with them. When it throws
    /// they count as not written.
    func savingCursors<Result>(_ body: ([String: Position], [String: [ShelfChange]]) throws -> Result) throws -> Result
    {
        saving.lock()
        defer { saving.unlock() }
        let (moved, shelf) = cursors.withLock { table in
            defer {
                table.unsaved.removeAll()
                table.shelf.removeAll()
            }
            return (table.positions.filter { table.unsaved.contains($0.key) }, table.shelf)
        }
        do {
            let result = try body(moved, shelf)
            cursors.withLock { $0.saved.merge(moved) { _, moved in moved } }
            return result
        } catch {
            cursors.withLock { table in
                table.unsaved.formUnion(moved.keys)
                for (subscriber, changes) in shelf {
                    table.shelf[subscriber] = changes + (table.shelf[subscriber] ?? [])
                }
            }
            throw error
        }
    }

    /// Inside a transaction.
    static func save(_ cursors: [String: Position], _ db: Database) throws {
        for (subscriber, position) in cursors {
            try db.cachedStatement(
                sql: """
                    INSERT INTO cursor (subscriber, position) VALUES (?, ?)
                    ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position
                    """
            ).execute(arguments: [subscriber, position])
        }
    }
}
