#if Kafka
    import Dispatch
    import LodeConfiguration
    import LodeDelivery
    import Synchronization

    /// Tells a thread to stop.
    final class KafkaStop: Sendable {
        private let flag = Atomic(false)

        var isSet: Bool { flag.load(ordering: .relaxed) }
        func set() { flag.store(true, ordering: .relaxed) }
    }

    /// A producer and the thread that it blocks: one delivery at a time.
    ///
    /// SAFETY of the unchecked conformance: `producer` and `timer` are touched on `queue` alone.
    final class KafkaLane: @unchecked Sendable {
        private let options: KafkaOptions
        private let topicName: KafkaTopicName
        private let queue: DispatchQueue
        private var producer: KafkaProducer?
        private var timer: (any DispatchSourceTimer)?

        init(_ options: KafkaOptions, number: Int) {
            self.options = options
            topicName = KafkaTopicName(template: options.settings.topic)
            queue = DispatchQueue(label: "lode.kafka.\(number)")
        }

        func deliver(_ batch: EventBatch) async -> DeliveryReport {
            let stop = KafkaStop()
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    queue.async { continuation.resume(returning: self.deliver(batch, unless: stop)) }
                }
            } onCancel: {
                stop.set()
            }
        }

        func close() async {
            await withCheckedContinuation { continuation in
                queue.async {
                    self.dropProducer()
                    continuation.resume()
                }
            }
        }

        private func deliver(_ batch: EventBatch, unless stop: KafkaStop) -> DeliveryReport {
            if stop.isSet { return .each([]) }
            if producer?.hasManyTopics == true { dropProducer() }
            do {
                let producer = try openProducer()
                var delivery = KafkaDelivery(batch, options, topicName, producer, unless: stop)
                let report = delivery.run()
                // A client that was stopped in the middle may hold messages that come again: it must be
                // gone before they do.
                if delivery.hasAbandoned { dropProducer() }
                return report
            } catch {
                return .failed(DeliveryFailure(.retry, .peer, error.words))
            }
        }

        private func openProducer() throws(KafkaOptions.Refused) -> KafkaProducer {
            if let producer { return producer }
            let opened = try KafkaProducer(options)
            producer = opened
            // While no delivery waits, librdkafka's errors would pile up and tokens run out.
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now() + 5, repeating: 5, leeway: .seconds(1))
            timer.setEventHandler { [weak self] in self?.producer?.serve() }
            timer.activate()
            self.timer = timer
            return opened
        }

        private func dropProducer() {
            timer?.cancel()
            timer = nil
            producer = nil
        }
    }
#endif
