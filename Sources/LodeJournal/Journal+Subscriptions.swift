import Foundation
import GRDB
import Synchronization

/// What people decide about subscribers, kept over restarts.
public struct Subscription: Hashable, Sendable {
    /// Why it is paused; nil: it is not.
    public var paused: String?
    /// How often a person sent it back or forward.
    public var generation: Int64 = 0

    public init(paused: String? = nil, generation: Int64 = 0) {
        self.paused = paused
        self.generation = generation
    }
}

/// What a person asks of a subscriber.
public struct SubscriberRequest: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        case pause
        case resume
        /// Every event after the position is delivered anew, or those up to it never.
        case rewind(Position)
        /// nil: of all keys.
        case retry(key: [UInt8]?)
        case retryEvent(Position)
        case skip(key: [UInt8]?)
        case skipEvent(Position)
    }

    public var subscriber: String
    public var action: Action

    public init(subscriber: String, action: Action) {
        self.subscriber = subscriber
        self.action = action
    }
}

extension Journal {
    /// The journal's own name, for those who keep positions elsewhere.
    public func name() async throws -> String {
        try await database.read { db in try String.fetchOne(db, sql: "SELECT name FROM extent") ?? "" }
    }

    public func subscription(of subscriber: String) async throws -> Subscription {
        try await subscriptions()[subscriber] ?? Subscription()
    }

    public func subscriptions() async throws -> [String: Subscription] {
        try await database.read { db in
            var found: [String: Subscription] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT * FROM subscription") {
                found[row["subscriber"]] = Subscription(paused: row["paused"], generation: row["generation"])
            }
            return found
        }
    }

    public func setPaused(_ reason: String?, of subscriber: String) async throws {
        try await writing { db in
            try db.execute(
                sql: """
                    INSERT INTO subscription (subscriber, paused) VALUES (?, ?)
                    ON CONFLICT (subscriber) DO UPDATE SET paused = excluded.paused
                    """, arguments: [subscriber, reason])
        }
    }

    /// Puts the cursor elsewhere, takes what is set aside and comes again off the shelf, and counts the generation.
    public func rewind(_ subscriber: String, to position: Position) async throws {
        // What was set aside before the position stays so.
        try await flushCursors()
        try await blocking { try self.rewindNow(subscriber, to: position) }
    }

    private func rewindNow(_ subscriber: String, to position: Position) throws {
        saving.lock()
        defer { saving.unlock() }
        cursors.withLock { table in
            table.positions[subscriber] = position
            table.saved[subscriber] = min(position, table.saved[subscriber] ?? position)
            table.shelf[subscriber] = nil
            table.unsaved.remove(subscriber)
        }
        try database.write { db in
            try Self.save([subscriber: position], db)
            try db.execute(
                sql: "DELETE FROM shelf WHERE subscriber = ? AND position > ? AND state <> 'skipped'",
                arguments: [subscriber, position])
            try db.execute(
                sql: """
                    INSERT INTO subscription (subscriber, generation) VALUES (?, 1)
                    ON CONFLICT (subscriber) DO UPDATE SET generation = generation + 1
                    """, arguments: [subscriber])
        }
    }

    // MARK: - Requests

    /// Leaves a request for whoever runs the subscriber.
    ///
    /// - Returns: Its number.
    public func ask(_ request: SubscriberRequest) async throws -> Int64 {
        let (word, position, key) = request.action.stored
        return try await writing { db in
            try db.execute(
                sql: "INSERT INTO request (subscriber, action, position, key) VALUES (?, ?, ?, ?)",
                arguments: [request.subscriber, word, position, key.map { Data($0) }])
            return db.lastInsertedRowID
        }
    }

    /// The requests that nobody has taken, in order.
    public func requests() async throws -> [(id: Int64, request: SubscriberRequest)] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM request ORDER BY id LIMIT 100").compactMap { row in
                guard
                    let action = SubscriberRequest.Action(
                        row["action"], position: row["position"], key: (row["key"] as Data?).map { [UInt8]($0) })
                else { return nil }
                return (row["id"], SubscriberRequest(subscriber: row["subscriber"], action: action))
            }
        }
    }

    /// The request has been done; whoever waits for it sees it gone.
    public func settle(_ request: Int64) async throws {
        try await writing { db in
            try db.execute(sql: "DELETE FROM request WHERE id = ?", arguments: [request])
        }
    }

    /// Not ended by the task's cancellation, and not on the cooperative pool.
    func writing<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await blocking { try self.database.write { db in try body(db) } }
    }

    private func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(with: Swift.Result { try self.guarded(body) })
            }
        }
    }
}

extension SubscriberRequest.Action {
    fileprivate var stored: (word: String, position: Position?, key: [UInt8]?) {
        switch self {
        case .pause: ("pause", nil, nil)
        case .resume: ("resume", nil, nil)
        case .rewind(let position): ("rewind", position, nil)
        case .retry(let key): ("retry", nil, key)
        case .retryEvent(let position): ("retry", position, nil)
        case .skip(let key): ("skip", nil, key)
        case .skipEvent(let position): ("skip", position, nil)
        }
    }

    fileprivate init?(_ word: String, position: Position?, key: [UInt8]?) {
        switch word {
        case "pause": self = .pause
        case "resume": self = .resume
        case "rewind": self = .rewind(position ?? 0)
        case "retry": self = position.map { .retryEvent($0) } ?? .retry(key: key)
        case "skip": self = position.map { .skipEvent($0) } ?? .skip(key: key)
        default: return nil
        }
    }
}
