#if Kafka
    import CRdKafka
    import LodeDelivery

    /// What an error of librdkafka or of a broker means for an event.
    struct KafkaFailure {
        let code: rd_kafka_resp_err_t

        /// `Broker: Message size too large`.
        var words: String { String(cString: rd_kafka_err2str(code)) }

        /// A record batch is taken or refused whole. So when one of several events is refused for what it
        /// is, so are the others, and which it was is found by sending fewer at a time.
        var mayBeAnothersFault: Bool { Self.ofContent.contains(code.rawValue) }

        func failure(topic: String, detail: String = "") -> DeliveryFailure {
            let reason = "topic \(topic): \(words)" + (detail.isEmpty ? "" : ": \(detail)")
            if Self.ofContent.contains(code.rawValue) || Self.ofName.contains(code.rawValue) {
                return DeliveryFailure(.park, .event, reason)
            }
            return DeliveryFailure(.retry, isOfPeer ? .peer : .event, reason)
        }

        /// Local errors are negative; those that speak of the topic are not the whole peer's.
        private var isOfPeer: Bool {
            if Self.ofCluster.contains(code.rawValue) { return true }
            return code.rawValue < 0 && !Self.ofTopic.contains(code.rawValue)
        }

        private static let ofContent: Set<Int32> = codes([
            RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE,
            RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
            RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_POLICY_VIOLATION, RD_KAFKA_RESP_ERR__BAD_MSG,
        ])
        private static let ofName: Set<Int32> = codes([RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION])
        private static let ofTopic: Set<Int32> = codes([
            RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR__QUEUE_FULL,
            RD_KAFKA_RESP_ERR__NOENT, RD_KAFKA_RESP_ERR__INVALID_ARG,
        ])
        private static let ofCluster: Set<Int32> = codes([
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            // What it thinks of the producer.
            RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
            RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
            RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
        ])

        private static func codes(_ codes: [rd_kafka_resp_err_t]) -> Set<Int32> { Set(codes.map(\.rawValue)) }
    }
#endif
