#if NATS
    import CNats
    import LodeDelivery

    /// What libnats' and the server's errors mean for events.
    enum NATSFailure {
        /// The words of a status that `call` has just returned on this thread.
        static func words(_ status: natsStatus) -> String {
            var last = NATS_OK
            // The thread's last error has more to say than the status, when it is of the same call.
            if let text = nats_GetLastError(&last), last == status, text.pointee != 0 {
                return oneLine(withoutPlace(String(cString: text)))
            }
            return natsStatus_GetText(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
        }

        /// Without the line of libnats' source, as in `(jsm.c:1033): `.
        private static func withoutPlace(_ text: String) -> String {
            guard text.hasPrefix("("), let end = text.firstRange(of: "): "), text[..<end.lowerBound].contains(".c:")
            else { return text }
            return String(text[end.upperBound...])
        }

        static func oneLine(_ text: String) -> String {
            let line = text.split { $0.isNewline }.joined(separator: " ")
            return line.count > 300 ? line.prefix(300) + "…" : line
        }

        /// The server's answer to one message.
        static func answer(
            _ status: natsStatus, code: jsErrCode, text: String, subject: String
        ) -> DeliveryFailure {
            switch code {
            case JSStreamMessageExceedsMaximumErr:
                return DeliveryFailure(.park, .event, "\(text) (\(code.rawValue)) by the stream of \(subject)")
            // Not the stream's troubles but JetStream's: they would hit every event alike.
            case JSClusterNotAvailErr, JSClusterNotLeaderErr, JSNoAccountErr, JSNotEnabledForAccountErr,
                JSNotEnabledErr, JSInsufficientResourcesErr, JSAccountResourcesExceededErr,
                JSMemoryResourcesExceededErr, JSStorageResourcesExceededErr:
                return DeliveryFailure(.retry, .peer, "JetStream: \(text) (\(code.rawValue))")
            default: break
            }
            if code.rawValue != 0 {
                return DeliveryFailure(.retry, .event, "the stream of \(subject): \(text) (\(code.rawValue))")
            }
            return DeliveryFailure(.retry, .event, "no acknowledgement from a stream of \(subject) but: \(text)")
        }

        /// Nobody listens to a subject: 503 of the server.
        static func noStream(_ subject: String) -> DeliveryFailure {
            DeliveryFailure(
                .retry, .event,
                "no stream takes the subject \(subject) (no responders); add it to a stream, or set create: true")
        }

        static func tooLarge(_ size: Int, most: Int) -> DeliveryFailure {
            DeliveryFailure(
                .park, .event, "the message has \(size) bytes with its headers, and the server's max_payload is \(most)"
            )
        }
    }
#endif
