import LodeConfiguration
import LodeCore
import LodeJournal
import Logging
import Synchronization

/// One subscriber's loop: reads the journal from its cursor, delivers, moves the cursor.
///
/// Each has its own, so that one which is slow or broken holds up nobody else. It holds one batch of
/// about a megabyte at a time, and in a backlog the next; what it has not taken waits in the journal.
final class Subscriber: Sendable {
    let settings: SubscriberSettings
    private let handler: any EventHandler
    private let journal: Journal
    private let directory: SourceDirectory
    private let condition: EventCondition?
    private let logger: Logger
    private let state: Mutex<SubscriberStatus>

    init(
        _ settings: SubscriberSettings, handler: any EventHandler, journal: Journal, directory: SourceDirectory,
        logger: Logger
    ) throws(Diagnostics) {
        self.settings = settings
        condition = if let text = settings.condition { try EventCondition(text) } else { nil }
        self.handler = handler
        self.journal = journal
        self.directory = directory
        var logger = logger
        logger[metadataKey: "subscriber"] = "\(settings.name)"
        self.logger = logger
        state = Mutex(SubscriberStatus(name: settings.name))
    }

    var status: SubscriberStatus { state.withLock { $0 } }

    /// Finds the cursor; a new subscriber's is put where its `start` says. Before this returns, no
    /// event may be removed from the journal.
    func begin() async throws {
        let position: Position
        if let known = try await journal.cursor(of: settings.name) {
            position = known
        } else {
            position =
                switch settings.start {
                case .earliest: try await journal.firstPosition() - 1
                case .latest: journal.lastPosition
                case .time(let time): try await journal.position(before: time)
                case .position(let position): position - 1
                }
        }
        journal.moveCursor(of: settings.name, to: position)
        state.withLock { $0.cursor = position }
    }

    /// Runs until the task is cancelled; a delivery that is under way is finished first if it can be.
    func run() async {
        var cursor = state.withLock { $0.cursor }
        var prepared: EventBatch?
        while !Task.isCancelled {
            if prepared == nil { await journal.wait(past: cursor) }
            if Task.isCancelled { break }
            do {
                let batch: EventBatch
                if let ready = prepared { batch = ready } else { batch = try await nextBatch(after: cursor) }
                prepared = nil
                // A full batch has more behind it, which is read while this one is on its way.
                async let following = batch.size >= handler.batchBytes ? nextBatchIfAny(after: batch.last) : nil
                if !batch.isEmpty, !(await deliver(batch)) { break }
                cursor = max(cursor, batch.last)
                let before = state.withLock { $0.batchDelivered }
                moveCursor(past: cursor, delivered: batch.count - before)
                state.withLock {
                    $0.failure = nil
                    $0.batchDelivered = 0
                }
                prepared = await following
            } catch {
                logger.error("journal cannot be read: \(error)")
                state.withLock { $0.failure = "\(error)" }
                try? await Task.sleep(for: .seconds(1))
            }
        }
        await handler.close()
    }

    private func nextBatch(after cursor: Position) async throws -> EventBatch {
        let blocks = try await journal.blocks(after: cursor, upTo: handler.batchBytes)
        let prefix = directory.typePrefix
        let filter = EventFilter(
            condition: condition, takesType: { [settings] in settings.takes(type: $0) }, typePrefix: prefix)
        return try EventBatch(blocks, after: cursor, for: filter, writers: try await directory.writers(for: blocks))
    }

    /// The next batch when it is there already. One that cannot be read is asked for again, openly.
    private func nextBatchIfAny(after cursor: Position) async -> EventBatch? {
        guard journal.lastPosition > cursor else { return nil }
        return try? await nextBatch(after: cursor)
    }

    private func moveCursor(past position: Position, delivered count: Int) {
        journal.moveCursor(of: settings.name, to: position)
        state.withLock {
            $0.cursor = position
            $0.delivered += UInt64(count)
            $0.batchDelivered += count
        }
    }

    /// Tries until it succeeds; false when the task was cancelled before that.
    private func deliver(_ whole: EventBatch) async -> Bool {
        var batch = whole
        var backoff = Backoff(first: settings.retry.first, most: settings.retry.most)
        var generator = SystemRandomNumberGenerator()
        var attempt = 1
        while true {
            do {
                try await handler.deliver(batch)
                return true
            } catch {
                if let partial = error as? PartialDelivery, partial.done > 0, partial.done < batch.count {
                    moveCursor(past: batch.lines[partial.done - 1].position, delivered: partial.done)
                    batch = batch.dropping(first: partial.done)
                    backoff.reset()
                    attempt = 1
                }
                if Task.isCancelled { return false }
                let pause = backoff.pause(using: &generator)
                state.withLock {
                    $0.failure = "\(error)"
                    $0.retries += 1
                }
                logger.warning(
                    "delivery failed: \(error)", metadata: ["attempt": "\(attempt)", "again in": "\(pause)"])
                attempt += 1
                do { try await Task.sleep(for: pause) } catch { return false }
            }
        }
    }
}

/// How a subscriber does, for health, status and metrics.
public struct SubscriberStatus: Sendable {
    public internal(set) var name: String
    /// The last event it is done with.
    public internal(set) var cursor: Position = 0
    public internal(set) var delivered: UInt64 = 0
    /// Of those, how many are of the batch at hand.
    var batchDelivered = 0
    public internal(set) var retries: UInt64 = 0
    /// What the last attempt failed of; nil after a success.
    public internal(set) var failure: String?

    init(name: String) { self.name = name }
}
