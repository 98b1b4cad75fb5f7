public import LodeConfiguration
public import LodeCore
public import LodeJournal
public import Logging
import Synchronization

/// One subscriber's loop: does what its ``DeliveryEngine`` says.
///
/// Each has its own, so that one which is slow or broken holds up nobody else. It reads the journal when
/// the engine wants more, has the handler deliver what the engine starts, notes the cursor and the shelf
/// in the journal, and does what people ask. What it holds of events is bounded by the engine; what it
/// has not read waits in the journal.
public final class Subscriber: Sendable {
    enum Input: Sendable {
        // The round says of which engine: a rewind begins with a new one.
        case read(Result<EventChunk, any Error>, round: Int)
        case loaded(Result<EventChunk, any Error>, key: [UInt8]?, first: Position, round: Int)
        case finished(ticket: Int, DeliveryReport, EventBatch, round: Int)
        case asked(SubscriberRequest.Action, CheckedContinuation<Void, Never>)
        case woke(Int)
        case stop
        /// Deliveries that have not ended are not waited for any longer.
        case abandon
    }

    public let settings: SubscriberSettings
    let handler: any EventHandler
    let journal: Journal
    let directory: SourceDirectory
    let filter: EventFilter
    let logger: Logger
    let state: Mutex<SubscriberStatus>
    let inbox: AsyncStream<Input>
    let outbox: AsyncStream<Input>.Continuation
    /// A delivery that is under way at the end is given so long.
    static let grace = Duration.seconds(10)

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
        // Bounded by what is under way: a read, loads, deliveries, a timer, requests.
        (inbox, outbox) = AsyncStream.makeStream()
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
        let subscription = try await journal.subscription(of: settings.name)
        state.withLock {
            $0.cursor = position
            $0.taken = position
            $0.paused = subscription.paused
        }
    }

    /// Does what a person asks; returns when it is done. For a subscriber that runs.
    public func perform(_ action: SubscriberRequest.Action) async {
        await withCheckedContinuation { done in
            if case .terminated = outbox.yield(.asked(action, done)) { done.resume() }
        }
    }

    /// Runs until the task is cancelled; deliveries that are under way then are given ten seconds.
    public func run() async {
        await withTaskCancellationHandler {
            // Not a child of this task: what is under way goes on for a while when it is cancelled.
            await Task {
                var loop = SubscriberLoop(self)
                await loop.run()
            }.value
        } onCancel: {
            outbox.yield(.stop)
        }
        await handler.close()
    }
}
