#if RabbitMQ
    import Dispatch
    public import LodeConfiguration
    public import LodeDelivery

    /// Sends events to an exchange of RabbitMQ and reports them as done when the server has confirmed them.
    ///
    /// A batch is sent as a whole and then waited for. It has one event of a key at most, so that nothing
    /// can overtake an event that came back or that a queue refused.
    public final class RabbitMQHandler: EventHandler {
        public let traits = HandlerTraits(keyOrder: .onePerBatch, batchEvents: 2_000, batchBytes: 2 << 20)
        private let publisher: RabbitMQPublisher

        public convenience init(_ settings: RabbitMQSettings) { self.init(settings, limits: RabbitMQLimits()) }

        init(_ settings: RabbitMQSettings, limits: RabbitMQLimits) {
            publisher = RabbitMQPublisher(settings, limits: limits)
        }

        /// What is wrong with settings. Asks no server.
        public static func mistakes(in settings: RabbitMQSettings) -> [String] {
            var mistakes: [String] = []
            if RabbitMQAddress(settings.url) == nil {
                mistakes.append(
                    "url cannot be read; write amqp://user:password@host:5672/vhost, with %40 for “@” and the like in "
                        + "its parts, and nothing behind")
            }
            for (name, text) in [("exchange", settings.exchange), ("routing_key", settings.routingKey)]
            where text.utf8.count > 255 {
                mistakes.append("\(name) has \(text.utf8.count) bytes; AMQP's takes 255")
            }
            return mistakes
        }

        public func deliver(_ batch: EventBatch) async -> DeliveryReport {
            let pending = PendingDelivery(count: batch.count)
            publisher.queue.async { [publisher] in publisher.deliver(batch, pending) }
            return .each(await pending.wait())
        }

        public func close() async {
            await publisher.queue.running { [publisher] in publisher.disconnect(politely: true) }
        }
    }
#endif
