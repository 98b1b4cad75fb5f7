#if RabbitMQ
    import CRabbitMQ
    import LodeConfiguration
    import LodeDelivery

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// A connection with one channel in confirm mode. Everything blocks and is called by one thread at a time.
    ///
    /// After the first error that it throws it is of no more use.
    final class RabbitMQConnection {
        let server: String
        private let limits: RabbitMQLimits
        /// SAFETY: made by `init` and destroyed by `deinit`; in between it is lent to calls of librabbitmq, which
        /// one thread at a time makes.
        private let state: amqp_connection_state_t
        private var channel: amqp_channel_t = 1
        /// The server's words while it takes no messages (`connection.blocked`).
        private(set) var blocked: String?
        private var returning: RabbitMQReturn?
        var window = RabbitMQWindow(first: 1)
        /// Told of each message that a confirm settles, by its place.
        var settle: (Int, EventOutcome) -> Void = { _, _ in }

        // MARK: - Life

        init(_ settings: RabbitMQSettings, limits: RabbitMQLimits) throws(RabbitMQEnd) {
            guard let address = RabbitMQAddress(settings.url) else {
                throw .failed(DeliveryFailure(.retry, .peer, "the url cannot be read"))
            }
            guard let state = amqp_new_connection() else {
                throw RabbitMQFailure.peer(address.name, "no memory for a connection")
            }
            self.state = state
            self.limits = limits
            server = address.name
            try open(address, settings)
            try login(address)
            _ = amqp_channel_open(state, channel)
            try check()
            if settings.create { try declare(settings.exchange) }
            _ = amqp_confirm_select(state, channel)
            try check()
            amqp_maybe_release_buffers(state)
        }

        deinit { amqp_destroy_connection(state) }

        private func open(_ address: RabbitMQAddress, _ settings: RabbitMQSettings) throws(RabbitMQEnd) {
            let socket = address.isTLS ? amqp_ssl_socket_new(state) : amqp_tcp_socket_new(state)
            guard let socket else { throw RabbitMQFailure.peer(server, "no memory for a socket") }
            if address.isTLS, let mistake = RabbitMQTrust.apply(settings, to: socket) {
                throw RabbitMQFailure.peer(server, mistake)
            }
            var time = timeval(limits.connect)
            let status = amqp_socket_open_noblock(socket, address.host, address.port, &time)
            guard status == AMQP_STATUS_OK.rawValue else {
                throw RabbitMQFailure.peer(server, "cannot be connected: \(RabbitMQFailure.words(status))")
            }
            amqp_set_handshake_timeout(state, &time)
            var answer = timeval(limits.answer)
            amqp_set_rpc_timeout(state, &answer)
        }

        private func login(_ address: RabbitMQAddress) throws(RabbitMQEnd) {
            let heartbeat = Int32(limits.heartbeat.milliseconds / 1000)
            let reply = Self.withProperties { properties in
                var properties = properties
                return lode_amqp_login(
                    state, address.virtualHost, Int32(Self.frameBytes), heartbeat, &properties, address.user,
                    address.password)
            }
            guard let reason = RabbitMQFailure.reason(reply) else { return }
            throw RabbitMQFailure.peer(server, reason)
        }

        /// The largest frame that we offer: RabbitMQ's own default.
        private static let frameBytes = 131_072

        /// What we say of ourselves. Without these capabilities the server keeps its words to itself.
        private static func withProperties(_ body: (amqp_table_t) -> amqp_rpc_reply_t) -> amqp_rpc_reply_t {
            func text(_ text: StaticString) -> amqp_bytes_t {
                amqp_bytes_t(len: text.utf8CodeUnitCount, bytes: UnsafeMutableRawPointer(mutating: text.utf8Start))
            }
            func entry(
                _ key: StaticString, _ kind: amqp_field_value_kind_t, _ value: amqp_field_value_t.__Unnamed_union_value
            )
                -> amqp_table_entry_t
            {
                amqp_table_entry_t(key: text(key), value: amqp_field_value_t(kind: UInt8(kind.rawValue), value: value))
            }
            var capabilities = [
                entry("connection.blocked", AMQP_FIELD_KIND_BOOLEAN, .init(boolean: 1)),
                entry("publisher_confirms", AMQP_FIELD_KIND_BOOLEAN, .init(boolean: 1)),
                entry("basic.nack", AMQP_FIELD_KIND_BOOLEAN, .init(boolean: 1)),
            ]
            // SAFETY: a StaticString's bytes live for ever and are only read; the tables live as long as the call.
            return capabilities.withUnsafeMutableBufferPointer { capabilities in
                let table = amqp_table_t(num_entries: Int32(capabilities.count), entries: capabilities.baseAddress)
                var properties = [
                    entry("connection_name", AMQP_FIELD_KIND_UTF8, .init(bytes: text("lode"))),
                    entry("capabilities", AMQP_FIELD_KIND_TABLE, .init(table: table)),
                ]
                return properties.withUnsafeMutableBufferPointer { properties in
                    body(amqp_table_t(num_entries: Int32(properties.count), entries: properties.baseAddress))
                }
            }
        }

        /// Makes a durable topic exchange unless there is one by this name, of whatever kind.
        private func declare(_ exchange: String) throws(RabbitMQEnd) {
            func declare(passive: Bool) {
                withBytes(Array(exchange.utf8)) { name in
                    withBytes(Array("topic".utf8)) { kind in
                        _ = amqp_exchange_declare(
                            state, channel, name, kind, passive ? 1 : 0, 1, 0, 0, amqp_empty_table)
                    }
                }
            }
            declare(passive: true)
            let reply = amqp_get_rpc_reply(state)
            guard reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION,
                RabbitMQFailure.closing(reply.reply)?.code == 404
            else { return try check() }
            // The question has closed the channel.
            var closed = amqp_channel_close_ok_t()
            amqp_send_method(state, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &closed)
            channel += 1
            _ = amqp_channel_open(state, channel)
            try check()
            declare(passive: false)
            try check()
        }

        /// Throws when the last call failed.
        private func check() throws(RabbitMQEnd) {
            let reply = amqp_get_rpc_reply(state)
            guard let reason = RabbitMQFailure.reason(reply) else { return }
            throw RabbitMQFailure.peer(server, reason)
        }

        /// Tells the server that we go.
        func sayGoodbye() {
            var time = timeval(.milliseconds(500))
            amqp_set_rpc_timeout(state, &time)
            _ = amqp_connection_close(state, AMQP_REPLY_SUCCESS)
        }

        var descriptor: Int32 { amqp_get_sockfd(state) }
        /// The largest frame that both sides take.
        var frameBytes: Int { Int(amqp_get_frame_max(state)) }

        // MARK: - Sending

        /// Waits until there is room for some kilobytes, and reads what has come meanwhile.
        ///
        /// - Returns: False: `time` was over first.
        func isWritable(within time: Duration) throws(RabbitMQEnd) -> Bool {
            while try receive(within: .zero) {}
            if blocked != nil {
                // Nothing may be sent; the end of it is a frame like any other.
                if try receive(within: time) { while try receive(within: .zero) {} }
                if blocked != nil { return false }
            }
            var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            // Errors, too, are told by the next call.
            return poll(&descriptor, 1, Int32(time.milliseconds)) != 0
        }

        func publish(_ message: RabbitMQMessage, to exchange: [UInt8], routingKey: [UInt8], as place: Int)
            throws(RabbitMQEnd)
        {
            let status = withBytes(exchange) { exchange in
                withBytes(routingKey) { key in
                    message.withParts { properties, body in
                        amqp_basic_publish(state, channel, exchange, key, 1, 0, &properties, body)
                    }
                }
            }
            guard status == AMQP_STATUS_OK.rawValue else {
                // What the server said last is better than that the socket is closed.
                while try receive(within: .zero) {}
                throw RabbitMQFailure.peer(server, RabbitMQFailure.words(status))
            }
            window.sent(place, id: message.id)
        }

        // MARK: - Receiving

        /// Takes one frame, and sends a heartbeat when one is due.
        ///
        /// - Returns: False: none came in time.
        func receive(within time: Duration) throws(RabbitMQEnd) -> Bool {
            var frame = amqp_frame_t()
            var timeout = time == .zero ? timeval() : timeval(time)
            let status = amqp_simple_wait_frame_noblock(state, &frame, &timeout)
            if status == AMQP_STATUS_TIMEOUT.rawValue { return false }
            guard status == AMQP_STATUS_OK.rawValue else {
                throw RabbitMQFailure.peer(server, RabbitMQFailure.words(status))
            }
            try take(frame)
            amqp_maybe_release_buffers(state)
            return true
        }

        private func take(_ frame: amqp_frame_t) throws(RabbitMQEnd) {
            guard Int32(frame.frame_type) == AMQP_FRAME_METHOD else {
                if returning?.take(frame) == true, let over = returning {
                    window.returned(id: over.id, over.failure)
                    returning = nil
                }
                return
            }
            let method = frame.payload.method
            if let closing = RabbitMQFailure.closing(method) {
                if let most = RabbitMQFailure.mostBytes(closing) { throw .tooLarge(most: most) }
                throw RabbitMQFailure.peer(server, closing.words)
            }
            // SAFETY: librabbitmq decoded the arguments as the type that the method's id names.
            switch method.id {
            case AMQP_BASIC_ACK_METHOD:
                guard let ack = method.decoded?.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee else { return }
                window.confirmed(ack.delivery_tag, multiple: ack.multiple != 0, refusal: nil, settle: settle)
            case AMQP_BASIC_NACK_METHOD:
                guard let nack = method.decoded?.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee else { return }
                window.confirmed(nack.delivery_tag, multiple: nack.multiple != 0, refusal: Self.refusal, settle: settle)
            case AMQP_BASIC_RETURN_METHOD:
                let decoded = method.decoded?.assumingMemoryBound(to: amqp_basic_return_t.self)
                returning = decoded.map { RabbitMQReturn($0.pointee) }
            case AMQP_CONNECTION_BLOCKED_METHOD:
                let decoded = method.decoded?.assumingMemoryBound(to: amqp_connection_blocked_t.self)
                blocked = decoded.map { RabbitMQFailure.oneLine($0.pointee.reason) } ?? "no reason given"
            case AMQP_CONNECTION_UNBLOCKED_METHOD: blocked = nil
            default: break
            }
        }

        private static let refusal = DeliveryFailure(
            .retry, .event,
            "basic.nack: a queue refused it, for it is full and rejects what is new, or it is not available")
    }

    extension timeval {
        fileprivate init(_ time: Duration) {
            self.init()
            tv_sec = Int(time.milliseconds / 1000)
            tv_usec = .init(time.milliseconds % 1000 * 1000)
        }
    }

    /// SAFETY: the bytes are lent for the duration of `body`, and librabbitmq only reads them.
    private func withBytes<Result>(_ bytes: [UInt8], _ body: (amqp_bytes_t) -> Result) -> Result {
        bytes.withUnsafeBytes {
            body(amqp_bytes_t(len: $0.count, bytes: $0.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }))
        }
    }
#endif
