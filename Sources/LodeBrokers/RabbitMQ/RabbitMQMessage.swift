#if RabbitMQ
    import CRabbitMQ
    import LodeCore
    import LodeDelivery

    /// An event as an AMQP 0-9-1 message: its attributes in the properties and in headers with the prefix
    /// `cloudEvents_` (CloudEvents AMQP binding 1.0.2, section 3.1.3, with the other of its two separators).
    struct RabbitMQMessage: Sendable {
        private typealias Part = Range<Int>

        let body: ArraySlice<UInt8>?
        let id: [UInt8]
        /// Texts one after the other; the parts are places in it.
        private var texts: [UInt8] = []
        private var headers: [(name: Part, value: Part)] = []
        private let messageID: Part
        private let type: Part
        private let contentType: Part?
        /// Seconds since 1970.
        private let timestamp: UInt64?

        init(_ event: OutgoingEvent) {
            let attributes = CloudEventHeaders(event)
            var texts: [UInt8] = []
            texts.reserveCapacity(512)
            func place(_ bytes: some Collection<UInt8>) -> Part {
                let start = texts.count
                texts.append(contentsOf: bytes)
                return start..<texts.count
            }
            body = event.data
            id = attributes.id
            messageID = place(id)
            type = place(attributes.type.utf8)
            contentType = event.data == nil ? nil : place("application/json".utf8)
            timestamp = attributes.time.flatMap {
                UInt64(exactly: $0.microseconds.quotientAndRemainder(dividingBy: 1_000_000).quotient)
            }
            headers = attributes.attributes.map { (place("cloudEvents_".utf8 + Array($0.name.utf8)), place($0.value)) }
            self.texts = texts
        }

        /// Bytes of the frame that holds the properties, without its own eight.
        var propertyBytes: Int {
            // Class, weight, body size and flags; then each property, texts with a length of one byte.
            14 + 1 + messageID.count + 1 + type.count + (contentType.map { 1 + $0.count } ?? 0) + 1 + 8 + 4
                + headers.reduce(0) { $0 + 1 + $1.name.count + 5 + $1.value.count }
        }

        /// Why no server can take it; nil: one can. In AMQP a short text has 255 bytes, and all properties
        /// stand in one frame.
        func mistake(routingKey: [UInt8], frameBytes: Int) -> DeliveryFailure? {
            for (name, count) in [("id", messageID.count), ("type", type.count), ("routing key", routingKey.count)]
            where count > 255 {
                return DeliveryFailure(.park, .event, "its \(name) has \(count) bytes; AMQP's takes 255")
            }
            guard propertyBytes > frameBytes - 8 else { return nil }
            return DeliveryFailure(
                .park, .event,
                "its attributes have \(propertyBytes) bytes; a frame of the connection takes \(frameBytes - 8)")
        }

        /// Lends the properties and the body for the duration of `send`.
        func withParts(_ send: (inout amqp_basic_properties_t, amqp_bytes_t) -> Int32) -> Int32 {
            var properties = amqp_basic_properties_t()
            var entries: [amqp_table_entry_t] = []
            entries.reserveCapacity(headers.count)
            // SAFETY: the arrays outlive the closures, in which alone the pointers into them are used.
            // librabbitmq reads through them and changes nothing.
            return texts.withUnsafeBytes { texts in
                func bytes(_ part: Part) -> amqp_bytes_t {
                    amqp_bytes_t(
                        len: part.count,
                        bytes: texts.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + part.lowerBound) })
                }
                for (name, value) in headers {
                    entries.append(
                        amqp_table_entry_t(
                            key: bytes(name),
                            value: amqp_field_value_t(
                                kind: UInt8(AMQP_FIELD_KIND_UTF8.rawValue), value: .init(bytes: bytes(value)))))
                }
                return entries.withUnsafeMutableBufferPointer { entries in
                    (body ?? []).withUnsafeBytes { body in
                        properties.headers = amqp_table_t(
                            num_entries: Int32(truncatingIfNeeded: entries.count), entries: entries.baseAddress)
                        properties.message_id = bytes(messageID)
                        properties.type = bytes(type)
                        properties.delivery_mode = 2
                        var flags =
                            AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TYPE_FLAG
                            | AMQP_BASIC_DELIVERY_MODE_FLAG
                        if let contentType {
                            properties.content_type = bytes(contentType)
                            flags |= AMQP_BASIC_CONTENT_TYPE_FLAG
                        }
                        if let timestamp {
                            properties.timestamp = timestamp
                            flags |= AMQP_BASIC_TIMESTAMP_FLAG
                        }
                        properties._flags = amqp_flags_t(flags)
                        return send(
                            &properties,
                            amqp_bytes_t(
                                len: body.count, bytes: body.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }))
                    }
                }
            }
        }
    }
#endif
