#if Kafka
    public import LodeConfiguration
    public import LodeDelivery
    import Synchronization

    /// Sends events to Kafka's topics and reports them as done when the brokers have acknowledged them.
    ///
    /// Lanes work side by side, each with a producer of its own: one waits for the brokers while another
    /// hands over. The engine never has one key's events in two calls, hence never in two lanes.
    public final class KafkaHandler: EventHandler {
        public let traits = HandlerTraits(concurrency: KafkaHandler.lanes)
        private let lanes: [KafkaLane]
        private let free: Mutex<[Int]>

        private static let lanes = 2

        public init(_ settings: KafkaSettings) {
            let options = KafkaOptions(settings)
            lanes = (0..<Self.lanes).map { KafkaLane(options, number: $0) }
            free = Mutex(Array(0..<Self.lanes))
        }

        /// What is wrong with settings, in librdkafka's words where it has any. Asks no broker; reads the files
        /// that the options name.
        public static func mistakes(in settings: KafkaSettings) -> [String] { KafkaOptions(settings).mistakes }

        public func deliver(_ batch: EventBatch) async -> DeliveryReport {
            // More calls than lanes wait for the first one.
            let lane = free.withLock { $0.popLast() }
            defer { if let lane { free.withLock { $0.append(lane) } } }
            return await lanes[lane ?? 0].deliver(batch)
        }

        public func close() async {
            for lane in lanes { await lane.close() }
        }
    }
#endif
