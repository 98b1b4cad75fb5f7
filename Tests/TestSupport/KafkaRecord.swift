#if Kafka
    import CRdKafka

    /// A message as a consumer reads it.
    public struct KafkaRecord: Sendable {
        public var partition: Int32
        public var offset: Int64
        /// Milliseconds since 1970.
        public var timestamp: Int64
        public var key: String?
        public var value: String?
        /// In their order.
        public var headers: [(name: String, value: String)]

        public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        /// Everything in a topic, partition after partition.
        ///
        /// - Throws: ``TestFailure`` when it cannot be read within 20 seconds.
        public static func all(of topic: String, brokers: String) throws -> [KafkaRecord] {
            let configuration = rd_kafka_conf_new()
            for (name, value) in [
                ("bootstrap.servers", brokers), ("group.id", "reader"), ("enable.partition.eof", "true"),
                ("enable.auto.commit", "false"), ("fetch.wait.max.ms", "10"),
            ] { rd_kafka_conf_set(configuration, name, value, nil, 0) }
            rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
            guard let consumer = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, nil, 0) else {
                throw TestFailure("librdkafka makes no consumer")
            }
            defer { rd_kafka_destroy(consumer) }
            rd_kafka_poll_set_consumer(consumer)
            let partitions = try partitions(of: topic, consumer)
            let list = rd_kafka_topic_partition_list_new(partitions)
            defer { rd_kafka_topic_partition_list_destroy(list) }
            for partition in 0..<partitions {
                rd_kafka_topic_partition_list_add(list, topic, partition)?.pointee.offset = -2  // the beginning
            }
            rd_kafka_assign(consumer, list)
            var records: [KafkaRecord] = []
            var open = partitions
            let end = ContinuousClock.now + .seconds(20)
            while open > 0 {
                guard ContinuousClock.now < end else { throw TestFailure("topic \(topic) cannot be read to its end") }
                guard let message = rd_kafka_consumer_poll(consumer, 100) else { continue }
                defer { rd_kafka_message_destroy(message) }
                switch message.pointee.err {
                case RD_KAFKA_RESP_ERR_NO_ERROR: records.append(KafkaRecord(message))
                case RD_KAFKA_RESP_ERR__PARTITION_EOF: open -= 1
                default: break
                }
            }
            return records.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
        }

        private static func partitions(of topic: String, _ consumer: OpaquePointer) throws -> Int32 {
            let handle = rd_kafka_topic_new(consumer, topic, nil)
            defer { rd_kafka_topic_destroy(handle) }
            var metadata: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(consumer, 0, handle, &metadata, 10_000)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
                throw TestFailure("topic \(topic): \(String(cString: rd_kafka_err2str(code)))")
            }
            defer { rd_kafka_metadata_destroy(metadata) }
            return metadata.pointee.topics.pointee.partition_cnt
        }

        private init(_ message: UnsafePointer<rd_kafka_message_t>) {
            func text(_ bytes: UnsafeRawPointer?, _ count: Int) -> String? {
                bytes.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: count), as: UTF8.self) }
            }
            partition = message.pointee.partition
            offset = message.pointee.offset
            timestamp = rd_kafka_message_timestamp(message, nil)
            key = text(message.pointee.key, message.pointee.key_len)
            value = text(message.pointee.payload, message.pointee.len)
            headers = []
            var list: OpaquePointer?
            guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
            var name: UnsafePointer<CChar>?
            var bytes: UnsafeRawPointer?
            var count = 0
            while rd_kafka_header_get_all(list, headers.count, &name, &bytes, &count) == RD_KAFKA_RESP_ERR_NO_ERROR,
                let name
            {
                headers.append((String(cString: name), text(bytes, count) ?? ""))
            }
        }
    }
#endif
