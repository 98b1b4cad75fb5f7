import LodeConfiguration
import LodePostgres
import Logging
import Synchronization

/// Asks each source's server how far its slot is behind, now and then, over a session of its own: a
/// source that stands still is the one whose slot must be watched.
///
/// Nobody who looks at the figures waits for a server.
final class SlotWatch: Sendable {
    /// Between two questions.
    static let interval = Duration.seconds(15)
    /// Figures older than this are not told any more.
    static let longestAge = Duration.seconds(60)

    private let sources: [SourceSettings]
    private let logger: Logger
    private let figures = Mutex<[String: (lag: Catalog.SlotLag, at: ContinuousClock.Instant)]>([:])
    private let isStopping = Atomic<Bool>(false)

    init(_ sources: [SourceSettings], logger: Logger) {
        self.sources = sources
        self.logger = logger
    }

    /// By source; those that cannot be had of late are missing.
    var current: [String: Catalog.SlotLag] {
        let now = ContinuousClock.now
        return figures.withLock { $0.filter { now - $0.value.at < Self.longestAge }.mapValues(\.lag) }
    }

    /// Runs until cancelled.
    func run() async {
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                for source in sources { group.addTask { await self.watch(source) } }
            }
        } onCancel: {
            isStopping.store(true, ordering: .releasing)
        }
    }

    private func watch(_ source: SourceSettings) async {
        while !mustStop {
            do {
                try await BlockingThread.run(named: "lode-slot") { try self.ask(source) }
            } catch {
                logger.debug("slot cannot be looked at: \(error)", metadata: ["source": "\(source.name)"])
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// One session's questions. Blocks its thread.
    private func ask(_ source: SourceSettings) throws {
        let catalog = try Catalog(source.connection, isWanted: { [self] in !mustStop })
        while !mustStop {
            let lag = try catalog.slotLag(source.slot)
            let now = ContinuousClock.now
            figures.withLock { $0[source.name] = lag.map { ($0, now) } }
            while !mustStop, ContinuousClock.now - now < Self.interval { BlockingThread.sleep(.milliseconds(250)) }
        }
    }

    private var mustStop: Bool { isStopping.load(ordering: .acquiring) }
}
