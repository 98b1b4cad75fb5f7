#if NATS
    import CNats
    import LodeConfiguration
    import LodeDelivery
    import Synchronization

    /// One connection to a NATS server with its JetStream, until it breaks.
    ///
    /// Messages are sent on the handler's queue. libnats' own threads tell of acknowledgements and of the
    /// connection's end.
    final class NATSSession: Sendable {
        private struct State {
            /// Messages without an acknowledgement, by their address: at most those of the batches under way.
            var waiting: [UInt: (attempt: NATSAttempt, place: Int)] = [:]
            /// Why the connection is over; nil: it is not.
            var end: DeliveryFailure?
            /// Messages that the server refused without an answer to them.
            var refusals = 0
        }

        let server: String
        private let number: UInt
        // SAFETY: a natsConnection may be used by any thread (nats.h). It is destroyed by `dispose()`,
        // which runs once, on the handler's queue, after which nothing of this object is called.
        private nonisolated(unsafe) let connection: OpaquePointer
        // SAFETY: used and destroyed on the handler's queue alone; libnats holds it as long as it calls back.
        nonisolated(unsafe) let context: OpaquePointer
        private let state = Mutex(State())

        /// Sessions by the number that callbacks bring. libnats may call once more after a connection is
        /// destroyed; it then finds nothing here.
        private static let sessions = Mutex<(last: UInt, open: [UInt: NATSSession])>((0, [:]))

        private static let mostRefusals = 1_000

        // MARK: - Life

        /// Connects with one of the servers. Blocks, at most as long as the limits say for each of them.
        ///
        /// - Throws: `.retry` and `.peer`, with the words of each.
        static func connect(_ settings: NATSSettings, limits: NATSLimits) throws(DeliveryFailure) -> NATSSession {
            var reasons: [String] = []
            for address in NATSAddress.all(in: settings.url).shuffled() {
                do {
                    return try connect(settings, to: address, limits: limits)
                } catch {
                    reasons.append("\(address.name): \(error.reason)")
                }
            }
            throw DeliveryFailure(.retry, .peer, reasons.joined(separator: "; "))
        }

        private static func connect(
            _ settings: NATSSettings, to address: NATSAddress, limits: NATSLimits
        ) throws(DeliveryFailure) -> NATSSession {
            let number = sessions.withLock { sessions in
                sessions.last += 1
                return sessions.last
            }
            let options = try NATSOptions(settings, for: address, limits: limits, number: number)
            var connection: OpaquePointer?
            var status = natsConnection_Connect(&connection, options.options)
            guard status == NATS_OK, let connection else {
                throw DeliveryFailure(.retry, .peer, NATSFailure.words(status))
            }
            var own = jsOptions()
            jsOptions_Init(&own)
            own.Wait = limits.answer.milliseconds
            own.PublishAsync.AckHandler = messageAnswered
            own.PublishAsync.AckHandlerClosure = UnsafeMutableRawPointer(bitPattern: number)
            var context: OpaquePointer?
            status = natsConnection_JetStream(&context, connection, &own)
            guard status == NATS_OK, let context else {
                let words = NATSFailure.words(status)
                natsConnection_Destroy(connection)
                throw DeliveryFailure(.retry, .peer, words)
            }
            let session = NATSSession(
                server: address.name, number: number, connection: connection, context: context)
            sessions.withLock { $0.open[number] = session }
            return session
        }

        private init(server: String, number: UInt, connection: OpaquePointer, context: OpaquePointer) {
            self.server = server
            self.number = number
            self.connection = connection
            self.context = context
        }

        /// Whether it can be sent to, as far as anybody knows.
        var isOpen: Bool { state.withLock { $0.end == nil } && !natsConnection_IsClosed(connection) }

        /// Ends the connection: sending fails from now on, and what waits for an answer has failed.
        func end(_ failure: DeliveryFailure) {
            finish(failure)
            natsConnection_Close(connection)
        }

        /// Frees everything. The last call, on the handler's queue.
        func dispose() {
            finish(DeliveryFailure(.retry, .peer, "the connection was closed"))
            Self.sessions.withLock { $0.open[number] = nil }
            jsCtx_Destroy(context)
            natsConnection_Destroy(connection)
        }

        private func finish(_ failure: DeliveryFailure) {
            let waiting = state.withLock { state in
                if state.end == nil { state.end = failure }
                defer { state.waiting = [:] }
                return state.waiting.values.map { $0 }
            }
            for (attempt, place) in waiting { attempt.pending.settle(place, .failed(failure)) }
        }

        // MARK: - Sending

        /// In bytes, of headers and data together.
        var maxPayload: Int { Int(clamping: natsConnection_GetMaxPayload(connection)) }

        /// Sends an event without waiting for its acknowledgement, which settles it.
        ///
        /// Blocks while the socket takes nothing, at most as long as the limit of writing.
        /// - Throws: The connection is over; the event is not settled.
        func publish(
            _ event: OutgoingEvent, to subject: String, most: Int, as place: Int, of attempt: NATSAttempt
        ) throws(DeliveryFailure) {
            func settle(_ failure: DeliveryFailure) { attempt.pending.settle(place, .failed(failure)) }
            guard subject.utf8.count <= NATSSubject.longest else {
                return settle(DeliveryFailure(.park, .event, "its subject is longer than \(NATSSubject.longest) bytes"))
            }
            // What is too large by its data alone is not copied first.
            guard event.size <= most + 64 * 1024, var message = NATSMessage(event, subject: subject) else {
                return settle(
                    event.size > most
                        ? NATSFailure.tooLarge(event.size, most: most)
                        : DeliveryFailure(.retry, .event, "libnats has no memory left for the message"))
            }
            guard message.size <= most else { return settle(NATSFailure.tooLarge(message.size, most: most)) }
            var raw = message.take()
            let address = UInt(bitPattern: raw)
            try expect(address, attempt, place)
            let status = js_PublishMsgAsync(context, &raw, nil)
            // libnats took the message, or had its answer already.
            guard status != NATS_OK, let raw else { return }
            _ = state.withLock { $0.waiting.removeValue(forKey: address) }
            let words = NATSFailure.words(status)
            natsMsg_Destroy(raw)
            switch status {
            case NATS_MAX_PAYLOAD: settle(NATSFailure.tooLarge(message.size, most: maxPayload))
            case NATS_INVALID_SUBJECT, NATS_INVALID_ARG: settle(DeliveryFailure(.park, .event, words))
            case NATS_NO_MEMORY: settle(DeliveryFailure(.retry, .event, words))
            default:
                let failure = DeliveryFailure(.retry, .peer, "\(server): \(words)")
                finish(failure)
                throw failure
            }
        }

        private func expect(_ address: UInt, _ attempt: NATSAttempt, _ place: Int) throws(DeliveryFailure) {
            let end = state.withLock { state in
                if state.end == nil { state.waiting[address] = (attempt, place) }
                return state.end
            }
            guard let end else { return }
            natsMsg_Destroy(OpaquePointer(bitPattern: address))
            throw end
        }

        // MARK: - What libnats calls

        // SAFETY of the three: the closure is a number, made by `connect`, and never followed as a pointer.

        /// The server answered a message, which is ours to destroy.
        private static let messageAnswered: jsPubAckHandler = { _, message, ack, error, number in
            session(number)?.heard(of: message, ack: ack?.pointee, error: error?.pointee)
            natsMsg_Destroy(message)
        }

        static let connectionClosed: natsConnectionHandler = { connection, number in
            guard let session = session(number) else { return }
            session.finish(
                DeliveryFailure(
                    .retry, .peer, "\(session.server): the connection ended\(lastWords(of: connection))"))
        }

        /// Told of what belongs to no message: above all, that something is not permitted.
        static let errorReported: natsErrHandler = { connection, _, status, number in
            guard status == NATS_NOT_PERMITTED, let session = session(number) else { return }
            session.refused(lastWords(of: connection))
        }

        private static func session(_ number: UnsafeMutableRawPointer?) -> NATSSession? {
            sessions.withLock { $0.open[UInt(bitPattern: number)] }
        }

        private static func lastWords(of connection: OpaquePointer?) -> String {
            var text: UnsafePointer<CChar>?
            _ = natsConnection_GetLastError(connection, &text)
            guard let text, text.pointee != 0 else { return "" }
            return ": " + NATSFailure.oneLine(String(cString: text))
        }

        private func heard(of message: OpaquePointer?, ack: jsPubAck?, error: jsPubAckErr?) {
            let address = UInt(bitPattern: message)
            guard let (attempt, place) = state.withLock({ $0.waiting.removeValue(forKey: address) }) else { return }
            // Whoever else listens to the subject may answer anything; a stream's name is a stream's.
            if let ack, let stream = ack.Stream, stream.pointee != 0, ack.Sequence > 0 {
                if ack.Duplicate {
                    attempt.note(
                        .init(place: place, stream: String(cString: stream), sequence: ack.Sequence))
                }
                return attempt.pending.settle(place, .done)
            }
            let subject = natsMsg_GetSubject(message).map { String(cString: $0) } ?? ""
            if error?.Err == NATS_NO_RESPONDERS {
                attempt.noteNoStream(place)
                return attempt.pending.settle(place, .failed(NATSFailure.noStream(subject)))
            }
            let text = error?.ErrText.map { NATSFailure.oneLine(String(cString: $0)) }
            let failure = NATSFailure.answer(
                error?.Err ?? NATS_ERR, code: error?.ErrCode ?? jsErrCode(0), text: text ?? "an answer of another kind",
                subject: subject)
            attempt.pending.settle(place, .failed(failure))
        }

        /// The server names the subject in quotes; there is no other sign of which message it was.
        private func refused(_ words: String) {
            let (refused, all) = state.withLock { state in
                let refused = state.waiting.filter { address, _ in
                    guard let subject = natsMsg_GetSubject(OpaquePointer(bitPattern: address)) else { return false }
                    return words.contains("\"\(String(cString: subject))\"")
                }
                for address in refused.keys { state.waiting[address] = nil }
                state.refusals += refused.count
                return (refused.values.map { $0 }, state.refusals)
            }
            let failure = DeliveryFailure(.retry, .event, "\(server)\(words)")
            for (attempt, place) in refused { attempt.pending.settle(place, .failed(failure)) }
            // libnats keeps them, for an answer that will not come, until the connection's end.
            if all >= Self.mostRefusals { end(DeliveryFailure(.retry, .peer, "\(server)\(words), many times")) }
        }
    }
#endif
