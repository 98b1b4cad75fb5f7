#if Kafka
    import CRdKafka
    import LodeBrokers
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    /// The `kafka` kind. One after the other: they count threads of this process, and share two cores.
    @Suite(.serialized, .blocking, .timeLimit(.minutes(10))) struct KafkaTests {}

    /// A cluster and a handler that delivers to it.
    struct KafkaFixture {
        let cluster: KafkaMockCluster
        let handler: KafkaHandler

        init(
            brokers: Int32 = 1, topic: String = "shop.{type}", mode: KafkaSettings.Mode = .binary,
            options: [(String, String)] = [], topics: [String] = ["shop.OrderPlaced"], partitions: Int32 = 1
        ) throws {
            cluster = try KafkaMockCluster(brokers: brokers)
            for topic in topics { try cluster.create(topic: topic, partitions: partitions) }
            handler = Self.handler(cluster.brokers, topic: topic, mode: mode, options: options)
        }

        static func handler(
            _ brokers: String, topic: String = "shop.{type}", mode: KafkaSettings.Mode = .binary,
            options: [(String, String)] = [], create: Bool = false
        ) -> KafkaHandler {
            KafkaHandler(
                KafkaSettings(
                    brokers: brokers, topic: topic, mode: mode,
                    options: options.map { NamedText(name: $0.0, text: $0.1) }, create: create))
        }

        /// One line an event: `done`, `untried`, `retry event: topic ...`.
        func deliver(_ events: [SampleEvent], first: Int64 = 1) async throws -> [String] {
            await handler.outcomes(of: try SampleEvents.batch(events, first: first))
        }
    }

    extension KafkaHandler {
        func outcomes(of batch: EventBatch) async -> [String] {
            switch await deliver(batch) {
            case .done: Array(repeating: "done", count: batch.count)
            case .failed(let failure): Array(repeating: text(failure), count: batch.count)
            case .each(let outcomes):
                batch.indices.map { index in
                    guard index < outcomes.count else { return "untried" }
                    switch outcomes[index] {
                    case .done: return "done"
                    case .untried: return "untried"
                    case .failed(let failure): return text(failure)
                    }
                }
            }
        }

        private func text(_ failure: DeliveryFailure) -> String {
            "\(failure.verdict) \(failure.fault): \(failure.reason)"
        }
    }

    extension [String] {
        /// How often each outcome is there, by its beginning up to a colon.
        var counted: [String: Int] {
            reduce(into: [:]) { $0[String($1.prefix { $0 != ":" }), default: 0] += 1 }
        }
    }
#endif
