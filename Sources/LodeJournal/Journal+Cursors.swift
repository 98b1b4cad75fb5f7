import GRDB
import Synchronization

/// The cursors in memory, and which of them the file does not have yet.
struct CursorTable {
    var positions: [String: Position] = [:]
    var unsaved: Set<String> = []
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
        if let stored { cursors.withLock { $0.positions[subscriber] = $0.positions[subscriber] ?? stored } }
        return stored
    }

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
        cursors.withLock { table in
            guard table.positions[subscriber] != position else { return }
            table.positions[subscriber] = position
            table.unsaved.insert(subscriber)
        }
    }

    /// The cursors as they are now, of those that are known.
    public func currentCursors() -> [String: Position] { cursors.withLock { $0.positions } }

    /// Writes the cursors that have moved.
    public func flushCursors() async throws {
        guard cursors.withLock({ !$0.unsaved.isEmpty }) else { return }
        do {
            try await database.write { db in try self.saveCursors(db) }
        } catch {
            throw JournalError(error, path: path)
        }
    }

    /// Inside a transaction. A transaction that fails leaves the file's cursor behind, which repeats
    /// events and loses none; the next move writes it again.
    func saveCursors(_ db: Database) throws {
        let moved = cursors.withLock { table in
            defer { table.unsaved.removeAll() }
            return table.unsaved.map { ($0, table.positions[$0] ?? 0) }
        }
        for (subscriber, position) in moved {
            try db.cachedStatement(
                sql: """
                    INSERT INTO cursor (subscriber, position) VALUES (?, ?)
                    ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position
                    """
            ).execute(arguments: [subscriber, position])
        }
    }
}
