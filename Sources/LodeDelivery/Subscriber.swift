public import LodeConfiguration
public import LodeCore
public import LodeJournal
public import Logging
import Synchronization

/// One subscriber's loop: reads the journal from its cursor, delivers, moves the cursor.
public final class Subscriber: Sendable {
    public let settings: SubscriberSettings
    private let handler: any EventHandler
    private let journal: Journal
    private let directory: SourceDirectory
    private let filter: EventFilter
    private let logger: Logger
    private let state: Mutex<SubscriberStatus>

    public init(
        _ settings: SubscriberSettings, handler: any EventHandler, journal: Journal, directory: SourceDirectory,
        logger: Logger
    ) throws(Diagnostics) {
        self.settings = settings
        let condition: EventCondition? = if let text = settings.condition { try EventCondition(text) } else { nil }
        filter = EventFilter(condition: condition, takesType: { [settings] in settings.takes(type: $0) })
        self.handler = handler
        self.journal = journal
        self.directory = directory
        var logger = logger
        logger[metadataKey: "subscriber"] = "\(settings.name)"
        self.logger = logger
        state = Mutex(SubscriberStatus(name: settings.name))
    }

    public var status: SubscriberStatus { state.withLock { $0 } }

    /// Finds the cursor; a new subscriber's is put where its `start` says. Before this returns, no
    /// event may be removed from the journal.
    public func begin() async throws {
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

    public func run() async {
        var cursor = state.withLock { $0.cursor }
        while !Task.isCancelled {
            await journal.wait(past: cursor)
            if Task.isCancelled { break }
            do {
                let chunk = try await directory.chunk(after: cursor, for: filter)
                if chunk.count > 0 {
                    var failure: DeliveryFailure?
                    repeat {
                        if failure != nil { try await Task.sleep(for: .milliseconds(200)) }
                        failure = nil
                        switch await handler.deliver(EventBatch(chunk)) {
                        case .done: break
                        case .failed(let why): failure = why
                        case .each(let outcomes):
                            for case .failed(let why) in outcomes { failure = why }
                        }
                        state.withLock { $0.failure = failure?.reason }
                    } while failure != nil
                }
                cursor = max(cursor, chunk.last)
                journal.moveCursor(of: settings.name, to: cursor)
                state.withLock {
                    $0.cursor = cursor
                    $0.delivered += UInt64(chunk.count)
                }
            } catch {
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        await handler.close()
    }
}

/// How a subscriber does, for health, status and metrics.
public struct SubscriberStatus: Sendable {
    public internal(set) var name: String
    /// The last event it is done with.
    public internal(set) var cursor: Position = 0
    public internal(set) var delivered: UInt64 = 0
    public internal(set) var retries: UInt64 = 0
    /// What the last attempt failed of; nil after a success.
    public internal(set) var failure: String?

    public init(name: String) { self.name = name }
}
