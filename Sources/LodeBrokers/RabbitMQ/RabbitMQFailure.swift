#if RabbitMQ
    import CRabbitMQ
    import LodeDelivery

    /// A connection is of no more use.
    enum RabbitMQEnd: Error {
        case failed(DeliveryFailure)
        /// A message was larger than the server takes, in bytes; the server does not say which.
        case tooLarge(most: Int)
    }

    /// What librabbitmq's and the server's errors mean for events.
    enum RabbitMQFailure {
        static func peer(_ server: String, _ words: String) -> RabbitMQEnd {
            .failed(DeliveryFailure(.retry, .peer, "\(server): \(words)"))
        }

        /// The words of a status; negative ones are errors.
        static func words(_ status: Int32) -> String {
            amqp_error_string2(status).map { String(cString: $0) } ?? "status \(status)"
        }

        /// Why a call failed; nil: it did not.
        static func reason(_ reply: amqp_rpc_reply_t) -> String? {
            switch reply.reply_type {
            case AMQP_RESPONSE_NORMAL: nil
            case AMQP_RESPONSE_SERVER_EXCEPTION: closing(reply.reply)?.words ?? "an exception of the server"
            case AMQP_RESPONSE_LIBRARY_EXCEPTION: words(reply.library_error)
            default: "no answer"
            }
        }

        /// What a `channel.close` or a `connection.close` says; nil: it is another method.
        ///
        /// SAFETY: librabbitmq decoded the method's arguments as the type that its id names.
        static func closing(_ method: amqp_method_t) -> (code: Int, words: String)? {
            switch method.id {
            case AMQP_CHANNEL_CLOSE_METHOD:
                guard let close = method.decoded?.assumingMemoryBound(to: amqp_channel_close_t.self) else { return nil }
                return (Int(close.pointee.reply_code), text(close.pointee.reply_code, close.pointee.reply_text))
            case AMQP_CONNECTION_CLOSE_METHOD:
                guard let close = method.decoded?.assumingMemoryBound(to: amqp_connection_close_t.self) else {
                    return nil
                }
                return (Int(close.pointee.reply_code), text(close.pointee.reply_code, close.pointee.reply_text))
            default: return nil
            }
        }

        /// `404 NOT_FOUND - no exchange 'shop' in vhost '/'`.
        static func text(_ code: UInt16, _ text: amqp_bytes_t) -> String { "\(code) \(oneLine(text))" }

        static func oneLine(_ bytes: amqp_bytes_t) -> String {
            let raw = UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.bytes == nil ? 0 : min(bytes.len, 300))
            return String(decoding: raw, as: UTF8.self).split { $0.isNewline }.joined(separator: " ")
        }

        /// The server's limit, out of `message size 2000 is larger than configured max size 1000`; nil: another error.
        static func mostBytes(_ closing: (code: Int, words: String)) -> Int? {
            guard closing.code == 406, closing.words.contains("message size") else { return nil }
            return closing.words.split { !$0.isNumber }.last.flatMap { Int($0) }
        }

        static func tooLarge(_ size: Int, most: Int) -> DeliveryFailure {
            DeliveryFailure(
                .park, .event, "the message has \(size) bytes, and the server takes \(most) (max_message_size)")
        }
    }
#endif
