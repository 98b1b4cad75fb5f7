#if RabbitMQ
    import CRabbitMQ
    import LodeDelivery

    /// A message on its way back: method, properties and body come in frames of their own.
    struct RabbitMQReturn {
        let failure: DeliveryFailure
        private(set) var id: [UInt8] = []
        private var missing: UInt64?

        init(_ method: amqp_basic_return_t) {
            let words = RabbitMQFailure.text(method.reply_code, method.reply_text)
            let exchange = RabbitMQFailure.oneLine(method.exchange)
            let key = RabbitMQFailure.oneLine(method.routing_key)
            let advice =
                method.reply_code == 312
                ? "no queue is bound to exchange \(exchange) for routing key \(key); bind one" : ""
            failure = DeliveryFailure(
                .retry, .event,
                advice.isEmpty ? "\(words) (exchange \(exchange), routing key \(key))" : "\(words): \(advice)")
        }

        /// Takes the next frame. True: that was the last.
        ///
        /// SAFETY: librabbitmq decoded a header frame's properties as those of its class, and only basic's exist.
        mutating func take(_ frame: amqp_frame_t) -> Bool {
            switch Int32(frame.frame_type) {
            case AMQP_FRAME_HEADER:
                missing = frame.payload.properties.body_size
                let decoded = frame.payload.properties.decoded?.assumingMemoryBound(to: amqp_basic_properties_t.self)
                if let properties = decoded?.pointee, properties._flags & amqp_flags_t(AMQP_BASIC_MESSAGE_ID_FLAG) != 0
                {
                    let text = properties.message_id
                    id = Array(UnsafeRawBufferPointer(start: text.bytes, count: text.bytes == nil ? 0 : text.len))
                }
            case AMQP_FRAME_BODY:
                missing = missing.map { $0 - min($0, UInt64(frame.payload.body_fragment.len)) }
            default: break
            }
            return missing == 0
        }
    }
#endif
