#if NATS
    import LodeDelivery
    import Synchronization

    /// Events that were sent together, and what their stream said that needs a second step.
    final class NATSAttempt: Sendable {
        /// JetStream took an event for one that it has.
        struct Repeat: Sendable {
            let place: Int
            let stream: String
            let sequence: UInt64
        }

        let pending: PendingDelivery
        private let notes = Mutex((unclaimed: [Int](), repeats: [Repeat]()))

        init(count: Int) { pending = PendingDelivery(count: count) }

        /// Nobody listens to the subject of the event at this place.
        func noteNoStream(_ place: Int) { notes.withLock { $0.unclaimed.append(place) } }
        func note(_ repeated: Repeat) { notes.withLock { $0.repeats.append(repeated) } }

        var unclaimed: [Int] { notes.withLock { $0.unclaimed } }
        var repeats: [Repeat] { notes.withLock { $0.repeats } }
    }
#endif
