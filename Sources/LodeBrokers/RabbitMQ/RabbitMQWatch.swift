#if RabbitMQ
    import Dispatch
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// Cuts a connection whose sending is stuck: librabbitmq has no limit for how long a message may take.
    ///
    /// Another thread shuts the socket, and the send that waits for it fails.
    final class RabbitMQWatch: Sendable {
        private struct State {
            var descriptor: Int32
            var since: ContinuousClock.Instant?
        }

        private let state: Mutex<State>
        private let limit: Duration
        // SAFETY: any thread may use a dispatch source; this one is set up before another can see it.
        private nonisolated(unsafe) let timer: any DispatchSourceTimer

        /// - Parameter isUnwanted: Nobody waits any more: a send that takes longer than a moment is cut.
        init(_ descriptor: Int32, limit: Duration, isUnwanted: @escaping @Sendable () -> Bool) {
            state = Mutex(State(descriptor: descriptor, since: nil))
            self.limit = limit
            timer = DispatchSource.makeTimerSource(queue: .global())
            timer.schedule(
                deadline: .now() + .milliseconds(50), repeating: .milliseconds(50), leeway: .milliseconds(10))
            timer.setEventHandler { [weak self] in self?.look(isUnwanted()) }
            timer.resume()
        }

        deinit { timer.cancel() }

        /// Before a send.
        func begin() { state.withLock { $0.since = .now } }
        func end() { state.withLock { $0.since = nil } }

        /// Before the descriptor is closed, for its number may be another's then.
        func stop() {
            state.withLock { $0.descriptor = -1 }
            timer.cancel()
        }

        private func look(_ isUnwanted: Bool) {
            state.withLock { state in
                guard state.descriptor >= 0, let since = state.since else { return }
                let most = isUnwanted ? min(limit, .milliseconds(150)) : limit
                if .now - since > most { shutdown(state.descriptor, Int32(SHUT_RDWR)) }
            }
        }
    }
#endif
