#if NATS || RabbitMQ
    import Dispatch
    import LodeDelivery
    import Synchronization

    /// One call of `deliver` while it waits for the peer: what became of each event so far.
    ///
    /// Any thread may tell it. It is over when every event has an outcome, or when nobody waits any more;
    /// what is told later is not heard.
    final class PendingDelivery: Sendable {
        fileprivate struct State {
            var outcomes: [EventOutcome?]
            var missing: Int
            var isOver: Bool
            var waiter: CheckedContinuation<Void, Never>?
        }

        private let state: Mutex<State>

        init(count: Int) {
            state = Mutex(
                State(outcomes: Array(repeating: nil, count: count), missing: count, isOver: count == 0))
        }

        var isOver: Bool { state.withLock { $0.isOver } }

        /// Whether an event had an answer of its own.
        var hasAnswers: Bool { state.withLock { $0.missing < $0.outcomes.count } }

        /// The first word on an event counts.
        func settle(_ index: Int, _ outcome: EventOutcome) {
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard !state.isOver, state.outcomes[index] == nil else { return nil }
                state.outcomes[index] = outcome
                state.missing -= 1
                return state.missing == 0 ? state.end() : nil
            }
            waiter?.resume()
        }

        /// All events that have no outcome yet failed for the same reason.
        func settleRest(_ failure: DeliveryFailure) {
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard !state.isOver else { return nil }
                state.outcomes = state.outcomes.map { $0 ?? .failed(failure) }
                state.missing = 0
                return state.end()
            }
            waiter?.resume()
        }

        /// Nobody waits any more: what has no outcome yet is untried as far as the caller knows.
        func abandon() {
            let waiter = state.withLock { $0.isOver ? nil : $0.end() }
            waiter?.resume()
        }

        /// Returns when it is over, or soon after the task is cancelled.
        func wait() async -> [EventOutcome] {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isOver = state.withLock { state in
                        if !state.isOver { state.waiter = continuation }
                        return state.isOver
                    }
                    if isOver { continuation.resume() }
                }
            } onCancel: {
                abandon()
            }
            return state.withLock { $0.outcomes.map { $0 ?? .untried } }
        }
    }

    extension PendingDelivery.State {
        fileprivate mutating func end() -> CheckedContinuation<Void, Never>? {
            isOver = true
            defer { waiter = nil }
            return waiter
        }
    }

    extension Duration {
        /// In whole milliseconds, at least one, for a C interface.
        var milliseconds: Int64 {
            let (seconds, attoseconds) = components
            return max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        }
    }

    extension DispatchQueue {
        /// Runs what blocks on this queue instead of the cooperative pool.
        func running(_ body: @escaping @Sendable () -> Void) async {
            await withCheckedContinuation { continuation in
                async {
                    body()
                    continuation.resume()
                }
            }
        }
    }
#endif
