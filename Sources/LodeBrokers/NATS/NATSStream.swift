#if NATS
    import CNats
    import LodeDelivery

    /// What is asked of JetStream beside publishing. Every call blocks, at most as long as the limit of answers.
    enum NATSStream {
        /// How long a stream of ours knows an event by its id: longer than the engine's longest pause.
        private static let memory = Duration.seconds(600)

        /// Makes a stream for the subjects, kept in files and without limits.
        ///
        /// - Throws: `.retry` and `.event`: why not, with the server's words.
        static func create(_ subject: NATSSubject, in session: NATSSession) throws(DeliveryFailure) {
            let name = subject.streamName
            let pattern = subject.pattern
            var code = jsErrCode(0)
            let status = name.withCString { name in
                pattern.withCString { pattern in
                    var subjects: [UnsafePointer<CChar>?] = [pattern]
                    return subjects.withUnsafeMutableBufferPointer { subjects in
                        var stream = jsStreamConfig()
                        jsStreamConfig_Init(&stream)
                        stream.Name = name
                        stream.Subjects = subjects.baseAddress
                        stream.SubjectsLen = 1
                        stream.Storage = js_FileStorage
                        stream.Duplicates = memory.milliseconds * 1_000_000
                        return js_AddStream(nil, session.context, &stream, nil, &code)
                    }
                }
            }
            guard status != NATS_OK else { return }
            let words = NATSFailure.words(status)
            let why = status == NATS_NO_RESPONDERS ? "JetStream is not on (no responders)" : words
            throw DeliveryFailure(
                .retry, .event,
                "stream \(name) for \(pattern) cannot be created: \(why)\(code.rawValue == 0 ? "" : " (\(code.rawValue))")"
            )
        }

        /// Whether the message that a stream took this event for is the same event.
        ///
        /// Ids are unique with their source alone (CloudEvents 1.0, section 3.1.1), and JetStream compares
        /// ids. Where the stream does not have the message any more, or does not show it, it is believed.
        static func holds(
            _ event: OutgoingEvent, as repeated: NATSAttempt.Repeat, in session: NATSSession
        ) -> Bool {
            var message: OpaquePointer?
            let status = js_GetMsg(&message, session.context, repeated.stream, repeated.sequence, nil, nil)
            guard status == NATS_OK, let message else { return true }
            defer { natsMsg_Destroy(message) }
            func has(_ name: String, _ value: [UInt8]) -> Bool {
                var text: UnsafePointer<CChar>?
                guard natsMsgHeader_Get(message, name, &text) == NATS_OK, let text else { return false }
                return String(cString: text).utf8.elementsEqual(NATSMessage.encoded(value))
            }
            return has("ce-id", event.idBytes) && has("ce-source", Array(event.source.utf8))
        }
    }
#endif
