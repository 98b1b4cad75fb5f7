import Synchronization

/// The journal's last position, and those who wait for the next.
final class HeadSignal: Sendable {
    private struct State {
        var position: Position
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: (past: Position, continuation: CheckedContinuation<Void, Never>)] = [:]
        var cancelled: Set<UInt64> = []
    }

    private let state: Mutex<State>

    init(_ position: Position) { state = Mutex(State(position: position)) }

    var position: Position { state.withLock { $0.position } }

    func move(to position: Position) {
        let woken = state.withLock { state in
            state.position = max(state.position, position)
            let ready = state.waiters.filter { $0.value.past < state.position }
            for id in ready.keys { state.waiters[id] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Returns when there is an event after `position`, or the task is cancelled.
    func wait(past position: Position) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.position > position || state.cancelled.remove(id) != nil { return true }
                    state.waiters[id] = (position, continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                if let waiter = state.waiters.removeValue(forKey: id) { return Optional(waiter.continuation) }
                state.cancelled.insert(id)
                return nil
            }
            waiting?.resume()
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }
}
