import LodeCore
import LodeJournal
import Synchronization

/// Up to where each source may be confirmed to its server: the one arrow back.
///
/// With a journal, that is what the journal has. Without (`journal: none`), what every subscriber has
/// taken too, so the slot waits for the slowest.
final class Confirmation: Sendable {
    private struct State {
        var confirmed: [Int64: LSN] = [:]
        /// What was journalled but not taken by all: a source, its position, and the last event's.
        var waiting: [(source: Int64, through: LSN, head: Position)] = []
        var taken: Position = 0
    }

    private let waitsForSubscribers: Bool
    private let state = Mutex(State())

    init(waitsForSubscribers: Bool) { self.waitsForSubscribers = waitsForSubscribers }

    func started(source: Int64, at position: LSN) {
        state.withLock { $0.confirmed[source] = max($0.confirmed[source] ?? position, position) }
    }

    /// Everything of `source` up to `through` is in the journal, whose last event is `head`.
    func journalled(source: Int64, through: LSN, head: Position) {
        state.withLock { state in
            if waitsForSubscribers, head > state.taken {
                // A source's positions without events between them are one: however long a subscriber
                // takes, idle sources add nothing here.
                let since = state.waiting.indices.reversed().prefix { state.waiting[$0].head == head }
                if let same = since.first(where: { state.waiting[$0].source == source }) {
                    state.waiting[same].through = through
                } else {
                    state.waiting.append((source, through, head))
                }
            } else {
                state.confirmed[source] = max(state.confirmed[source] ?? through, through)
            }
        }
    }

    /// Every subscriber is done with the events up to `position`.
    func taken(through position: Position) {
        guard waitsForSubscribers else { return }
        state.withLock { state in
            state.taken = max(state.taken, position)
            let ready = state.waiting.prefix { $0.head <= state.taken }
            for entry in ready {
                state.confirmed[entry.source] = max(state.confirmed[entry.source] ?? .zero, entry.through)
            }
            state.waiting.removeFirst(ready.count)
        }
    }

    /// How many positions wait for subscribers.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    func position(of source: Int64) -> LSN? { state.withLock { $0.confirmed[source] } }
}
