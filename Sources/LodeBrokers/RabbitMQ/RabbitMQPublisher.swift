#if RabbitMQ
    import Dispatch
    import LodeConfiguration
    import LodeDelivery

    /// Sends batches on a connection that it makes when it needs one, and keeps alive in between.
    ///
    /// SAFETY of the unchecked conformance: everything is used on `queue` alone.
    final class RabbitMQPublisher: @unchecked Sendable {
        let queue = DispatchQueue(label: "lode.rabbitmq")
        private let settings: RabbitMQSettings
        private let limits: RabbitMQLimits
        private let exchange: [UInt8]
        private let routingKey: [String]
        private var connection: RabbitMQConnection?
        private var heartbeat: (any DispatchSourceTimer)?
        /// The largest message that the server takes, once it has refused one.
        private var most = Int.max

        init(_ settings: RabbitMQSettings, limits: RabbitMQLimits) {
            self.settings = settings
            self.limits = limits
            exchange = Array(settings.exchange.utf8)
            routingKey = settings.routingKey.split(separator: "{type}", omittingEmptySubsequences: false).map(
                String.init)
        }

        deinit { heartbeat?.cancel() }

        // MARK: - On the queue

        func deliver(_ batch: EventBatch, _ pending: PendingDelivery) {
            guard !pending.isOver else { return }
            do throws(RabbitMQEnd) {
                let connection = try openConnection()
                connection.window = RabbitMQWindow(first: connection.window.next)
                connection.settle = { pending.settle($0, $1) }
                defer { connection.settle = { _, _ in } }
                let watch = RabbitMQWatch(connection.descriptor, limit: limits.write) { [weak pending] in
                    pending?.isOver ?? true
                }
                defer { watch.stop() }
                try send(batch, pending, on: connection, watch)
                try wait(for: pending, on: connection, watch)
                // Confirms that nobody waits for any more must not be taken for those of later messages.
                if connection.window.waiting > 0 {
                    watch.stop()
                    disconnect()
                }
            } catch {
                disconnect()
                settle(pending, batch, error)
            }
        }

        func disconnect(politely: Bool = false) {
            heartbeat?.cancel()
            heartbeat = nil
            if politely { connection?.sayGoodbye() }
            connection = nil
        }

        private func openConnection() throws(RabbitMQEnd) -> RabbitMQConnection {
            if let connection { return connection }
            let new = try RabbitMQConnection(settings, limits: limits)
            connection = new
            let timer = DispatchSource.makeTimerSource(queue: queue)
            let pause = Int(limits.heartbeat.milliseconds / 4)
            timer.schedule(deadline: .now() + .milliseconds(pause), repeating: .milliseconds(pause))
            timer.setEventHandler { [weak self] in self?.stayAlive() }
            timer.resume()
            heartbeat = timer
            return new
        }

        /// Between batches: sends a heartbeat when one is due, and learns of the connection's end.
        private func stayAlive() {
            guard let connection else { return }
            let watch = RabbitMQWatch(connection.descriptor, limit: limits.write) { false }
            do throws(RabbitMQEnd) {
                defer { watch.stop() }
                watch.begin()
                while try connection.receive(within: .zero) {}
            } catch {
                disconnect()
            }
        }

        private func settle(_ pending: PendingDelivery, _ batch: EventBatch, _ end: RabbitMQEnd) {
            switch end {
            case .failed(let failure): pending.settleRest(failure)
            case .tooLarge(let most):
                self.most = most
                for place in batch.indices {
                    let size = batch[place].data?.count ?? 0
                    if size > most { pending.settle(place, .failed(RabbitMQFailure.tooLarge(size, most: most))) }
                }
                // The others had nothing to do with it, whether the server has them or not.
                pending.abandon()
            }
        }

        // MARK: - Sending

        /// Messages and bytes that go before the socket is asked again whether it takes more. Less than what it
        /// must have room for to say so.
        private static let stride = (messages: 32, bytes: 16 * 1024)

        private func send(
            _ batch: EventBatch, _ pending: PendingDelivery, on connection: RabbitMQConnection, _ watch: RabbitMQWatch
        ) throws(RabbitMQEnd) {
            var key = (type: "", bytes: routingKey(ofType: ""))
            var (messages, bytes) = (Self.stride.messages, 0)
            for place in batch.indices {
                let event = batch[place]
                if messages >= Self.stride.messages || bytes >= Self.stride.bytes {
                    try waitForRoom(pending, on: connection)
                    (messages, bytes) = (0, 0)
                }
                // A caller that was cancelled sends the rest some other time.
                if pending.isOver { return }
                let message = RabbitMQMessage(event)
                let type = event.type
                if key.type != type { key = (type, routingKey(ofType: type)) }
                let size = message.body?.count ?? 0
                let tooLarge = size > most ? RabbitMQFailure.tooLarge(size, most: most) : nil
                if let mistake = tooLarge ?? message.mistake(routingKey: key.bytes, frameBytes: connection.frameBytes) {
                    pending.settle(place, .failed(mistake))
                    continue
                }
                watch.begin()
                try connection.publish(message, to: exchange, routingKey: key.bytes, as: place)
                watch.end()
                messages += 1
                bytes += size + message.propertyBytes
            }
        }

        private func waitForRoom(_ pending: PendingDelivery, on connection: RabbitMQConnection) throws(RabbitMQEnd) {
            let deadline = ContinuousClock.now + limits.write
            while !pending.isOver, try !connection.isWritable(within: Self.moment) {
                guard ContinuousClock.now >= deadline else { continue }
                throw connection.blocked.map { RabbitMQFailure.peer(connection.server, Self.blocked($0, limits.write)) }
                    ?? RabbitMQFailure.peer(connection.server, "took no byte for \(limits.write)")
            }
        }

        private func routingKey(ofType type: String) -> [UInt8] { Array(routingKey.joined(separator: type).utf8) }

        // MARK: - Waiting

        private func wait(
            for pending: PendingDelivery, on connection: RabbitMQConnection, _ watch: RabbitMQWatch
        ) throws(RabbitMQEnd) {
            var deadline = ContinuousClock.now + limits.answer
            var waiting = connection.window.waiting
            while !pending.isOver, connection.window.waiting > 0 {
                // It also sends a heartbeat when one is due, which a peer that reads nothing would hold up for ever.
                watch.begin()
                _ = try connection.receive(within: Self.moment)
                watch.end()
                if connection.window.waiting < waiting { deadline = .now + limits.answer }
                waiting = connection.window.waiting
                guard ContinuousClock.now >= deadline else { continue }
                if let reason = connection.blocked {
                    throw RabbitMQFailure.peer(connection.server, Self.blocked(reason, limits.answer))
                }
                let words = "\(connection.server): no confirm within \(limits.answer)"
                throw .failed(
                    pending.hasAnswers
                        ? DeliveryFailure(.retry, .event, words + ", while others came")
                        : DeliveryFailure(.retry, .peer, words))
            }
        }

        private static func blocked(_ reason: String, _ time: Duration) -> String {
            "connection.blocked for more than \(time): \(reason)"
        }

        /// As soon as this a cancellation is noticed.
        private static let moment = Duration.milliseconds(50)
    }
#endif
