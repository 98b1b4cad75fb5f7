#if Kafka
    import CRdKafka

    /// What librdkafka told of the messages under way, written by its callbacks.
    ///
    /// Its callbacks run inside `rd_kafka_flush` and `rd_kafka_poll`, hence on the thread of the lane that calls
    /// these, and nowhere else.
    final class KafkaLedger {
        struct Report {
            var code: rd_kafka_resp_err_t
            var partition: Int32
        }

        /// By the message's place in its wave; nil: no word yet.
        private(set) var reports: [Report?] = []
        private(set) var outstanding = 0
        /// The last trouble with the brokers in librdkafka's words, until something is acknowledged.
        private(set) var trouble: String?
        private(set) var hasLostAllBrokers = false

        /// A new wave; what is still told of an old one, which was given up, is not for it.
        func begin() {
            reports.removeAll(keepingCapacity: true)
            outstanding = 0
        }

        /// - Returns: The next message's opaque pointer.
        func add() -> UnsafeMutableRawPointer? {
            reports.append(nil)
            outstanding += 1
            // SAFETY: a number in a pointer's clothes, from 1; nobody follows it.
            return UnsafeMutableRawPointer(bitPattern: reports.count)
        }

        /// The last one was not taken after all.
        func removeLast() {
            reports.removeLast()
            outstanding -= 1
        }

        private func take(_ message: rd_kafka_message_t) {
            let place = Int(bitPattern: message._private) - 1
            guard reports.indices.contains(place), reports[place] == nil else { return }
            reports[place] = Report(code: message.err, partition: message.partition)
            outstanding -= 1
            if message.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                trouble = nil
                hasLostAllBrokers = false
            }
        }

        private func take(error: rd_kafka_resp_err_t, _ reason: String) {
            if error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN {
                hasLostAllBrokers = true
                // The trouble of one of them says more.
                if trouble != nil { return }
            }
            trouble = KafkaOptions.line(reason)
        }

        /// Has the callbacks of a client that is made with this configuration write here.
        ///
        /// SAFETY: the pointer is not retained. The client's owner holds the ledger until `rd_kafka_destroy`
        /// has returned, after which no callback runs.
        func attach(to configuration: OpaquePointer?) {
            rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
            rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
                guard let message, let opaque else { return }
                Unmanaged<KafkaLedger>.fromOpaque(opaque).takeUnretainedValue().take(message.pointee)
            }
            rd_kafka_conf_set_error_cb(configuration) { _, code, reason, opaque in
                guard let opaque else { return }
                let words = reason.map { String(cString: $0) } ?? ""
                Unmanaged<KafkaLedger>.fromOpaque(opaque).takeUnretainedValue()
                    .take(error: rd_kafka_resp_err_t(rawValue: code), words)
            }
        }
    }
#endif
