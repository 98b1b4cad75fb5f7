#if Kafka
    import CRdKafka
    import LodeConfiguration
    import LodeCore
    import LodeDelivery

    /// An event as a Kafka message, by the CloudEvents Kafka binding 1.0.2.
    ///
    /// The key is the event's, which is its `partitionkey` too, unchanged (section 3.1); the attribute stays.
    struct KafkaMessage: ~Copyable {
        let key: [UInt8]?
        /// Nil, which is no value at all and in a compacted topic a tombstone, when an event in binary
        /// mode has no data (section 3.2.2).
        let value: ArraySlice<UInt8>?
        /// Milliseconds since 1970; 0: now.
        let timestamp: Int64
        /// No less than its part of a record batch, uncompressed.
        private(set) var size: Int
        /// SAFETY: made by `init`, and destroyed by `deinit` unless ``takeHeaders()`` gave it away.
        private var headers: OpaquePointer?

        init(_ event: OutgoingEvent, mode: KafkaSettings.Mode) {
            key = event.key
            let time = event.time
            // Before 1970 Kafka has no time: then it is now.
            timestamp = max(0, (time?.microseconds ?? 0) / 1000)
            headers = rd_kafka_headers_new(12)
            // The bounds of a record's own fields: five varints and an attribute byte, rounded up.
            size = 64
            switch mode {
            case .structured:
                value = event.json[...]
                add("content-type", "application/cloudevents+json; charset=UTF-8".utf8)
            case .binary:
                value = event.data
                addAttributes(of: event, time: time)
            }
            size += (key?.count ?? 0) + (value?.count ?? 0)
        }

        deinit {
            if let headers { rd_kafka_headers_destroy(headers) }
        }

        mutating func takeHeaders() -> OpaquePointer? {
            defer { headers = nil }
            return headers
        }

        /// Every attribute but `data`, and but `datacontenttype`, which is `content-type` (3.2.1).
        private mutating func addAttributes(of event: OutgoingEvent, time: Timestamp?) {
            add("ce_specversion", "1.0".utf8)
            add("ce_id", event.idBytes)
            add("ce_source", event.source.utf8)
            add("ce_type", event.type.utf8)
            if let time {
                var text: [UInt8] = []
                time.appendRFC3339(to: &text)
                add("ce_time", text)
            }
            if let key {
                add("ce_subject", key)
                add("ce_partitionkey", key)
            }
            add("ce_sequence", event.sequence.utf8)
            for (name, value) in event.extensions { add("ce_" + name, value.utf8) }
            if value != nil { add("content-type", "application/json".utf8) }
        }

        private mutating func add(_ name: String, _ value: some Collection<UInt8>) {
            // librdkafka copies both.
            let added: Void? = value.withContiguousStorageIfAvailable { value in
                _ = rd_kafka_header_add(headers, name, -1, value.baseAddress, value.count)
            }
            if added == nil {
                Array(value).withUnsafeBytes { value in
                    _ = rd_kafka_header_add(headers, name, -1, value.baseAddress, value.count)
                }
            }
            size += name.utf8.count + value.count + 10
        }
    }
#endif
