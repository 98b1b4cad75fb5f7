#if Kafka
    public import CRdKafka
    import Foundation

    /// librdkafka's own mock of a Kafka cluster, in this process, on ports of loopback; any client can speak
    /// to it, from other processes too.
    ///
    /// It keeps messages and answers as brokers do, and fails as it is told to. It has no transactions' fences,
    /// checks no sequence numbers, and knows no authentication and no admin requests but metadata.
    ///
    /// SAFETY of the unchecked conformance: the pointers are set by `init` and freed by `deinit`; librdkafka
    /// locks what they point to.
    public final class KafkaMockCluster: @unchecked Sendable {
        /// Kafka's number of a kind of request.
        public enum Request: Int16 {
            case produce = 0
            case metadata = 3
            case initProducerID = 22
        }

        private let handle: OpaquePointer
        private let cluster: OpaquePointer
        public let brokers: String

        public init(brokers count: Int32 = 1) throws {
            let configuration = rd_kafka_conf_new()
            rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
            guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
                throw TestFailure("librdkafka makes no client")
            }
            guard let cluster = rd_kafka_mock_cluster_new(handle, count) else {
                rd_kafka_destroy(handle)
                throw TestFailure("librdkafka makes no mock cluster")
            }
            self.handle = handle
            self.cluster = cluster
            brokers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        }

        deinit {
            // It takes a second, which nobody needs to wait for.
            nonisolated(unsafe) let (handle, cluster) = (handle, cluster)
            Thread {
                rd_kafka_mock_cluster_destroy(cluster)
                rd_kafka_destroy(handle)
            }.start()
        }

        public func create(topic: String, partitions: Int32 = 1) throws {
            let code = rd_kafka_mock_topic_create(cluster, topic, partitions, 1)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw TestFailure("topic \(topic): \(String(cString: rd_kafka_err2str(code)))")
            }
        }

        // MARK: - Faults

        /// The next requests of the kind fail, one after the other; `_TRANSPORT` cuts the connection.
        public func fail(_ request: Request, with codes: [rd_kafka_resp_err_t]) {
            rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, codes.count, codes)
        }

        public func clearFailures(of request: Request) {
            rd_kafka_mock_clear_request_errors(cluster, request.rawValue)
        }

        /// What brokers say of a topic from now on.
        public func set(_ code: rd_kafka_resp_err_t, of topic: String) {
            rd_kafka_mock_topic_set_error(cluster, topic, code)
        }

        /// -1: every broker.
        public func setDown(_ broker: Int32 = -1) { rd_kafka_mock_broker_set_down(cluster, broker) }
        public func setUp(_ broker: Int32 = -1) { rd_kafka_mock_broker_set_up(cluster, broker) }

        /// Every answer of every broker comes so much later.
        public func setDelay(milliseconds: Int32) { rd_kafka_mock_broker_set_rtt(cluster, -1, milliseconds) }

        /// -1: none.
        public func setLeader(of topic: String, _ partition: Int32 = 0, to broker: Int32) {
            rd_kafka_mock_partition_set_leader(cluster, topic, partition, broker)
        }

        // MARK: - Reading

        public func records(of topic: String) throws -> [KafkaRecord] {
            try KafkaRecord.all(of: topic, brokers: brokers)
        }
    }
#endif
