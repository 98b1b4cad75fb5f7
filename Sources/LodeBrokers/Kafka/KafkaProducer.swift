#if Kafka
    import CRdKafka
    import LodeConfiguration
    import LodeDelivery

    /// One idempotent producer of librdkafka, from its connecting to its end.
    ///
    /// Of one thread at a time, which all calls may block: the lane's.
    final class KafkaProducer {
        /// How a wave of messages ended.
        enum Ending {
            /// All of it is known.
            case settled
            /// Some acknowledgements did not come in time.
            case late
            /// It was told to stop.
            case stopped
            /// librdkafka says that this client is of no more use.
            case broken(String)
        }

        private let handle: OpaquePointer
        let ledger: KafkaLedger
        private let settings: KafkaSettings
        private var topics: [String: OpaquePointer] = [:]
        /// What one partition's record batch may have at most, and so a wave: then a wave's messages for one
        /// partition are one batch, whatever the partitions are.
        let batchMessages: Int
        let batchBytes: Int

        /// So many topics one client remembers at most; then a new one takes its place.
        private static let mostTopics = 1000
        /// How long stopping waits for librdkafka's threads to let go of messages.
        private static let purgePatience = Duration.seconds(1)

        /// - Throws: What librdkafka says against the options.
        init(_ options: KafkaOptions) throws(KafkaOptions.Refused) {
            settings = options.settings
            ledger = KafkaLedger()
            let (configuration, refused) = options.configuration()
            if let words = refused.first {
                rd_kafka_conf_destroy(configuration)
                throw KafkaOptions.Refused(words: words)
            }
            ledger.attach(to: configuration)
            let handle = try KafkaOptions.open(configuration).get()
            self.handle = handle
            func number(_ name: String) -> Int {
                var text = [CChar](repeating: 0, count: 64)
                var size = text.count
                rd_kafka_conf_get(rd_kafka_conf(handle), name, &text, &size)
                return Int(KafkaOptions.text(text)) ?? 1
            }
            batchMessages = number("batch.num.messages")
            // The request around the batch, and the topic's name in it, count too.
            batchBytes = min(number("batch.size"), number("message.max.bytes")) - 1024
        }

        /// Gives up what is under way and waits for librdkafka's threads.
        deinit {
            for topic in topics.values { rd_kafka_topic_destroy(topic) }
            rd_kafka_destroy(handle)
        }

        var hasManyTopics: Bool { topics.count >= Self.mostTopics }

        /// Serves what comes without being asked for: errors, and tokens that must be renewed.
        func serve() { rd_kafka_poll(handle, 0) }

        // MARK: - Messages

        /// Hands a message over; it is not sent before ``finish(within:unless:)``.
        ///
        /// - Returns: An error when it was not taken.
        func add(_ message: inout KafkaMessage, to topic: OpaquePointer) -> rd_kafka_resp_err_t {
            let opaque = ledger.add()
            let headers = message.takeHeaders()
            let key = message.key
            // A key of no bytes is a key; librdkafka tells them apart by the pointer.
            let code = (key ?? []).withBytes(orNull: key == nil) { key, keySize in
                (message.value ?? []).withBytes(orNull: message.value == nil) { value, valueSize in
                    lode_kafka_produce(
                        handle, topic, key, keySize, value, valueSize, message.timestamp, headers, opaque)
                }
            }
            if code != RD_KAFKA_RESP_ERR_NO_ERROR {
                rd_kafka_headers_destroy(headers)
                ledger.removeLast()
            }
            return code
        }

        /// Sends what was added, and waits until all of it is acknowledged or refused.
        ///
        /// Until a flush every partition's messages only queue up. So the broker threads meet each
        /// partition's whole share and make one record batch of it.
        func finish(within deadline: Duration, unless stop: KafkaStop) -> Ending {
            let end = ContinuousClock.now + deadline
            while ledger.outstanding > 0 {
                rd_kafka_flush(handle, 50)
                if let words = fatalError { return .broken(words) }
                if ledger.outstanding == 0 { break }
                if stop.isSet { return .stopped }
                if ContinuousClock.now >= end { return .late }
            }
            return .settled
        }

        var fatalError: String? {
            var words = [CChar](repeating: 0, count: 512)
            let code = rd_kafka_fatal_error(handle, &words, words.count)
            return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaOptions.text(words)
        }

        /// Lets go of every message, so that none is sent from now on. What was acknowledged meanwhile is in
        /// the ledger; of what was on its way nobody will ever know.
        func purge() {
            rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING)
            let end = ContinuousClock.now + Self.purgePatience
            while rd_kafka_outq_len(handle) > 0, ContinuousClock.now < end { rd_kafka_poll(handle, 20) }
        }

        // MARK: - Topics

        /// A topic that is known to be there, with its partitions: what is added for it goes into its
        /// partition's queue at once, not into one for partitions yet to be found.
        func topic(_ name: String, unless stop: KafkaStop) throws(DeliveryFailure) -> OpaquePointer {
            if let known = topics[name] { return known }
            guard let topic = rd_kafka_topic_new(handle, name, nil) else {
                throw KafkaFailure(code: rd_kafka_last_error()).failure(topic: name)
            }
            do throws(DeliveryFailure) {
                try find(name, topic, unless: stop)
            } catch {
                rd_kafka_topic_destroy(topic)
                throw error
            }
            topics[name] = topic
            return topic
        }

        /// It is looked for anew when it is needed again.
        func forget(_ name: String) {
            if let topic = topics.removeValue(forKey: name) { rd_kafka_topic_destroy(topic) }
        }

        private func find(_ name: String, _ topic: OpaquePointer, unless stop: KafkaStop) throws(DeliveryFailure) {
            var hasCreated = false
            var code = RD_KAFKA_RESP_ERR_NO_ERROR
            // Longer each time: a slow broker is heard, and a stop soon.
            for patience: Int32 in [500, 500, 1000, 2000, 4000] where !stop.isSet {
                let asked = ContinuousClock.now
                code = askForTopic(topic, patience)
                switch code {
                case RD_KAFKA_RESP_ERR_NO_ERROR: return
                case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART where settings.create:
                    // The broker makes none by itself. Then it takes a moment until all brokers know.
                    if !hasCreated { try create(name, unless: stop) }
                    hasCreated = true
                case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE: break
                case let code where code.rawValue > 0: throw KafkaFailure(code: code).failure(topic: name)
                default:
                    // The client itself: no broker answered.
                    serve()
                    if let words = fatalError { throw DeliveryFailure(.retry, .peer, words) }
                    if ledger.hasLostAllBrokers { throw unreachable(code) }
                    continue
                }
                // Answers that come at once must not use up all patience at once.
                while !stop.isSet, ContinuousClock.now - asked < .milliseconds(100) { rd_kafka_poll(handle, 20) }
            }
            throw code.rawValue > 0 ? KafkaFailure(code: code).failure(topic: name) : unreachable(code)
        }

        private func unreachable(_ code: rd_kafka_resp_err_t) -> DeliveryFailure {
            DeliveryFailure(.retry, .peer, ledger.trouble ?? KafkaFailure(code: code).words)
        }

        private func askForTopic(_ topic: OpaquePointer, _ patience: Int32) -> rd_kafka_resp_err_t {
            var metadata: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(handle, 0, topic, &metadata, patience)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else { return code }
            defer { rd_kafka_metadata_destroy(metadata) }
            guard metadata.pointee.topic_cnt == 1, let found = metadata.pointee.topics?.pointee else {
                return RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
            }
            if found.err == RD_KAFKA_RESP_ERR_NO_ERROR, found.partition_cnt == 0 {
                return RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE
            }
            return found.err
        }

        /// Makes a topic with the cluster's own numbers of partitions and replicas (Kafka 2.4 and later).
        private func create(_ name: String, unless stop: KafkaStop) throws(DeliveryFailure) {
            var words = [CChar](repeating: 0, count: 512)
            guard let new = rd_kafka_NewTopic_new(name, -1, -1, &words, words.count) else {
                throw DeliveryFailure(.retry, .event, "topic \(name): \(KafkaOptions.text(words))")
            }
            defer { rd_kafka_NewTopic_destroy(new) }
            let queue = rd_kafka_queue_new(handle)
            defer { rd_kafka_queue_destroy(queue) }
            var list: [OpaquePointer?] = [new]
            // Its result comes within `socket.timeout.ms`, 10 s, as an error if need be.
            rd_kafka_CreateTopics(handle, &list, 1, nil, queue)
            while !stop.isSet {
                guard let event = rd_kafka_queue_poll(queue, 100) else { continue }
                defer { rd_kafka_event_destroy(event) }
                var code = rd_kafka_event_error(event)
                var text = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
                var count = 0
                if let result = rd_kafka_event_CreateTopics_result(event),
                    let list = rd_kafka_CreateTopics_result_topics(result, &count), count == 1
                {
                    code = rd_kafka_topic_result_error(list[0])
                    text = rd_kafka_topic_result_error_string(list[0]).map { String(cString: $0) } ?? ""
                }
                if code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS { return }
                throw KafkaFailure(code: code).failure(topic: name, detail: "cannot be created: \(text)")
            }
        }
    }

    extension RandomAccessCollection<UInt8> {
        /// Lends the bytes; never a null pointer unless asked for.
        fileprivate func withBytes<Result>(
            orNull isNull: Bool, _ body: (UnsafeRawPointer?, Int) -> Result
        ) -> Result {
            if isNull { return body(nil, 0) }
            if isEmpty { return withUnsafeBytes(of: UInt8(0)) { body($0.baseAddress, 0) } }
            let result = withContiguousStorageIfAvailable { body(UnsafeRawPointer($0.baseAddress), $0.count) }
            return result ?? Array(self).withUnsafeBytes { body($0.baseAddress, $0.count) }
        }
    }
#endif
