#if NATS
    import CNats
    import Dispatch
    public import LodeConfiguration
    public import LodeDelivery
    import Synchronization

    /// Sends events to subjects of NATS and reports them as done when a stream of JetStream has them.
    ///
    /// A batch is sent as a whole and then waited for. It has one event of a key at most, and the engine
    /// has no other of that key under way, so that nothing can overtake an event that a stream refused.
    public final class NATSHandler: EventHandler {
        public let traits = HandlerTraits(
            concurrency: 4, keyOrder: .onePerBatch, batchEvents: 1_000, batchBytes: 1 << 20)
        private let settings: NATSSettings
        private let subject: NATSSubject
        private let limits: NATSLimits
        /// libnats' calls block.
        private let queue = DispatchQueue(label: "lode.nats")
        /// Changed on the queue alone.
        private let session = Mutex<NATSSession?>(nil)

        public convenience init(_ settings: NATSSettings) { self.init(settings, limits: NATSLimits()) }

        init(_ settings: NATSSettings, limits: NATSLimits) {
            self.settings = settings
            self.limits = limits
            subject = NATSSubject(template: settings.subject)
        }

        deinit {
            guard let session = session.withLock({ $0 }) else { return }
            queue.async { session.dispose() }
        }

        /// What is wrong with settings. Asks no server.
        public static func mistakes(in settings: NATSSettings) -> [String] {
            let subject = NATSSubject(template: settings.subject)
            return [subject.mistake(creates: settings.create)].compactMap { $0 }
        }

        public func close() async {
            await queue.running {
                self.session.withLock { $0.take() }?.dispose()
                nats_ReleaseThreadMemory()
            }
        }

        // MARK: - Delivering

        public func deliver(_ batch: EventBatch) async -> DeliveryReport {
            var outcomes: [EventOutcome] = Array(repeating: .untried, count: batch.count)
            var repeats: [NATSAttempt.Repeat] = []
            let first = await send(batch, Array(batch.indices), into: &outcomes, repeats: &repeats)
            if settings.create, !first.isEmpty {
                switch await createStream() {
                case .done: _ = await send(batch, first, into: &outcomes, repeats: &repeats)
                case let outcome: for index in first { outcomes[index] = outcome }
                }
            }
            if !repeats.isEmpty { await check(repeats, of: batch, into: &outcomes) }
            return .each(outcomes)
        }

        /// Sends events and waits for their answers.
        ///
        /// - Returns: The indices of those whose subject no stream takes.
        private func send(
            _ batch: EventBatch, _ indices: [Int], into outcomes: inout [EventOutcome],
            repeats: inout [NATSAttempt.Repeat]
        ) async -> [Int] {
            let attempt = NATSAttempt(count: indices.count)
            queue.async { self.publish(batch, indices, attempt) }
            for (index, outcome) in zip(indices, await attempt.pending.wait()) { outcomes[index] = outcome }
            repeats += attempt.repeats.map {
                NATSAttempt.Repeat(place: indices[$0.place], stream: $0.stream, sequence: $0.sequence)
            }
            return attempt.unclaimed.map { indices[$0] }
        }

        /// On the queue.
        private func publish(_ batch: EventBatch, _ indices: [Int], _ attempt: NATSAttempt) {
            defer { nats_ReleaseThreadMemory() }
            guard !attempt.pending.isOver else { return }
            do throws(DeliveryFailure) {
                let session = try openSession()
                let most = session.maxPayload
                for (place, index) in indices.enumerated() {
                    // A caller that was cancelled sends the rest some other time.
                    if attempt.pending.isOver { return }
                    let event = batch[index]
                    try session.publish(
                        event, to: subject.subject(ofType: event.type), most: most, as: place, of: attempt)
                }
                expire(attempt, of: session)
            } catch {
                attempt.pending.settleRest(error)
            }
        }

        /// Once the time for answers is over. A connection on which they did not come is given up with
        /// all that waits on it: libnats would keep those messages until the connection's end.
        private func expire(_ attempt: NATSAttempt, of session: NATSSession) {
            let most = limits.answer
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(most.milliseconds))) {
                [weak attempt, weak session] in
                guard let attempt, let session, !attempt.pending.isOver else { return }
                let words = "\(session.server): no acknowledgement within \(most)"
                attempt.pending.settleRest(
                    attempt.pending.hasAnswers
                        ? DeliveryFailure(.retry, .event, words + ", while others came")
                        : DeliveryFailure(.retry, .peer, words + "; does the stream have a leader?"))
                session.end(DeliveryFailure(.retry, .peer, words + " of other events"))
            }
        }

        /// On the queue: the connection at hand, or a new one.
        private func openSession() throws(DeliveryFailure) -> NATSSession {
            if let session = session.withLock({ $0 }) {
                if session.isOpen { return session }
                self.session.withLock { $0 = nil }
                session.dispose()
            }
            let new = try NATSSession.connect(settings, limits: limits)
            session.withLock { $0 = new }
            return new
        }

        // MARK: - Second steps

        private func createStream() async -> EventOutcome {
            let step = PendingDelivery(count: 1)
            queue.async {
                defer { nats_ReleaseThreadMemory() }
                guard !step.isOver else { return }
                do throws(DeliveryFailure) {
                    try NATSStream.create(self.subject, in: try self.openSession())
                    step.settle(0, .done)
                } catch {
                    step.settleRest(error)
                }
            }
            return await step.wait()[0]
        }

        private func check(
            _ repeats: [NATSAttempt.Repeat], of batch: EventBatch, into outcomes: inout [EventOutcome]
        ) async {
            let step = PendingDelivery(count: repeats.count)
            queue.async {
                defer { nats_ReleaseThreadMemory() }
                do throws(DeliveryFailure) {
                    let session = try self.openSession()
                    for (place, repeated) in repeats.enumerated() where !step.isOver {
                        let isSame = NATSStream.holds(batch[repeated.place], as: repeated, in: session)
                        step.settle(place, isSame ? .done : .failed(Self.foreign(repeated.stream)))
                    }
                } catch {
                    step.settleRest(error)
                }
            }
            for (repeated, outcome) in zip(repeats, await step.wait()) { outcomes[repeated.place] = outcome }
        }

        private static func foreign(_ stream: String) -> DeliveryFailure {
            DeliveryFailure(
                .park, .event,
                "stream \(stream) took it for a repeat, for it has another event, of another source, with the same "
                    + "Nats-Msg-Id; send sources with ids of their own to streams of their own")
        }
    }
#endif
