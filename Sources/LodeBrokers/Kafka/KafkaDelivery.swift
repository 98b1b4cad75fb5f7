#if Kafka
    import CRdKafka
    import LodeConfiguration
    import LodeDelivery
    import Foundation

    /// One batch on its way, on the thread of a lane.
    ///
    /// Messages go in waves. A wave's messages for one partition make one record batch (``KafkaProducer``), which
    /// a broker appends whole or refuses whole, and the next wave starts when every message of this one is
    /// acknowledged or refused. So no event is ever under way behind an earlier one of its key that may yet
    /// fail. Neither idempotence nor `enable.gapless.guarantee` would hold that: a broker that has not seen a
    /// producer before takes any sequence number (KIP-360), hence a second request although the first was
    /// refused, and the guarantee leaves out messages that time out in the queue.
    ///
    /// A key's events of one type travel together as far as a record batch goes, and all partitions at once.
    struct KafkaDelivery {
        private let batch: EventBatch
        private let options: KafkaOptions
        private let topicName: KafkaTopicName
        private let producer: KafkaProducer
        private let stop: KafkaStop
        private let end: ContinuousClock.Instant

        private var plan = KafkaPlan()
        /// By the number of the topic in this batch.
        private var names: [String] = []
        private var topics: [Result<OpaquePointer, DeliveryFailure>?] = []
        private var topicOf: [Int] = []
        private var outcomes: [EventOutcome]
        /// By the key's number: an event of it failed, so none follows.
        private var isBlocked: [Bool] = []

        /// The events that were handed over, by their place in the wave; its bytes.
        private var wave: [Int] = []
        private var waveBytes = 0
        private var refusals = 0
        private var isOver = false
        /// Messages were given up whose fate is unknown.
        private(set) var hasAbandoned = false

        /// So many refused events are told apart in one call; the rest comes again.
        private static let mostRefusals = 16

        init(
            _ batch: EventBatch, _ options: KafkaOptions, _ topicName: KafkaTopicName, _ producer: KafkaProducer,
            unless stop: KafkaStop
        ) {
            self.batch = batch
            self.options = options
            self.topicName = topicName
            self.producer = producer
            self.stop = stop
            end = ContinuousClock.now + options.deadline
            outcomes = Array(repeating: .untried, count: batch.count)
        }

        mutating func run() -> DeliveryReport {
            var numbers: [String: Int] = [:]
            for event in batch {
                let type = event.type
                let number = numbers[type] ?? numberOfTopic(forType: type)
                numbers[type] = number
                topicOf.append(number)
                plan.add(key: event.key, topic: number)
            }
            topics = Array(repeating: nil, count: names.count)
            isBlocked = Array(repeating: false, count: plan.keyCount)
            for round in plan.rounds where !isOver { send(round[...]) }
            return .each(outcomes)
        }

        /// Two types may make the same name.
        private mutating func numberOfTopic(forType type: String) -> Int {
            let name = topicName.name(forType: type)
            if let number = names.firstIndex(of: name) { return number }
            names.append(name)
            return names.count - 1
        }

        // MARK: - Waves

        private mutating func send(_ events: ArraySlice<Int>) {
            for index in events where !isOver { add(index) }
            // Also when it is over: nothing may stay behind in the producer's queues.
            settle()
        }

        private mutating func add(_ index: Int) {
            guard !isBehindFailure(index) else { return }
            switch topic(topicOf[index]) {
            case .failure(let failure):
                // Nobody is there to ask for the next topic either.
                if failure.fault == .peer { isOver = true }
                if !stop.isSet { fail(index, failure) }
            case .success(let topic):
                var message = KafkaMessage(batch[index], mode: options.settings.mode)
                let isFull = wave.count >= producer.batchMessages || waveBytes + message.size > producer.batchBytes
                if isFull, !wave.isEmpty {
                    settle()
                    guard !isOver, !isBehindFailure(index) else { return }
                }
                hand(index, &message, to: topic)
            }
        }

        private mutating func hand(_ index: Int, _ message: inout KafkaMessage, to topic: OpaquePointer) {
            let size = message.size
            let code = producer.add(&message, to: topic)
            switch code {
            case RD_KAFKA_RESP_ERR_NO_ERROR:
                wave.append(index)
                waveBytes += size
            case RD_KAFKA_RESP_ERR__QUEUE_FULL where !wave.isEmpty:
                // The options allow less than a wave. This message's headers are gone, so it is made again.
                settle()
                if !isOver { add(index) }
            case RD_KAFKA_RESP_ERR__FATAL:
                settle()
                if !hasAbandoned { breakOff(producer.fatalError ?? KafkaFailure(code: code).words, [index]) }
            default:
                // First what became of the earlier ones of its key.
                settle()
                if !isOver { refuse(index, KafkaFailure(code: code), detail: "\(size) bytes with its headers") }
            }
        }

        /// Waits for what is under way, and judges it.
        private mutating func settle() {
            guard !wave.isEmpty else { return }
            let t0 = ContinuousClock.now
            let ending = producer.finish(within: options.deadline, unless: stop)
            let t1 = ContinuousClock.now
            FileHandle.standardError.write(
                Data(
                    "WAVE \(wave.count) \(waveBytes) flush \((t1 - t0).components.attoseconds / 1_000_000_000_000) us at \(t1)\n"
                        .utf8))
            var isBroken = false
            if case .broken = ending { isBroken = true }
            if case .settled = ending {
            } else {
                // From here on nothing can be sent any more.
                producer.purge()
                hasAbandoned = true
                isOver = true
            }
            let (events, reports) = (wave, producer.ledger.reports)
            wave.removeAll(keepingCapacity: true)
            waveBytes = 0
            producer.ledger.begin()
            var unknown: [Int] = []
            /// By topic and partition, which is by record batch.
            var suspects: [[Int]: [Int]] = [:]
            for (index, report) in zip(events, reports) {
                if report?.code == RD_KAFKA_RESP_ERR_NO_ERROR {
                    outcomes[index] = .done
                    continue
                }
                guard let report, !isBroken, !Self.isPurged(report.code) else {
                    unknown.append(index)
                    continue
                }
                let failure = KafkaFailure(code: report.code)
                if failure.mayBeAnothersFault {
                    suspects[[topicOf[index], Int(report.partition), Int(report.code.rawValue)], default: []]
                        .append(index)
                } else {
                    refuse(index, failure)
                }
            }
            switch ending {
            case .settled, .stopped: break
            case .late: giveUp(unknown, of: events.count)
            case .broken(let words): breakOff(words, unknown)
            }
            for (record, group) in suspects.sorted(by: { $0.value[0] < $1.value[0] }) {
                divide(group, code: rd_kafka_resp_err_t(rawValue: Int32(truncatingIfNeeded: record[2])))
            }
            if ContinuousClock.now >= end || stop.isSet { isOver = true }
        }

        /// A record batch was refused for what one of its events is, or all of them together: too large. Halves
        /// of it tell, one after the other; a single event that is refused is the one.
        private mutating func divide(_ group: [Int], code: rd_kafka_resp_err_t) {
            guard !isOver else { return }
            if group.count == 1 {
                refuse(group[0], KafkaFailure(code: code))
                refusals += 1
                if refusals >= Self.mostRefusals { isOver = true }
                return
            }
            let middle = group.count / 2
            send(group[..<middle])
            if !isOver { send(group[middle...]) }
        }

        /// What a call to `rd_kafka_purge` says of the messages that it let go of.
        private static func isPurged(_ code: rd_kafka_resp_err_t) -> Bool {
            code == RD_KAFKA_RESP_ERR__PURGE_QUEUE || code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT
        }

        // MARK: - Failures

        private func isBehindFailure(_ index: Int) -> Bool {
            let key = plan.keys[index]
            return key >= 0 && isBlocked[key]
        }

        /// The first failed event of a key is reported; those behind it count as untried.
        private mutating func fail(_ index: Int, _ failure: DeliveryFailure) {
            guard !isBehindFailure(index) else { return }
            outcomes[index] = .failed(failure)
            if plan.keys[index] >= 0 { isBlocked[plan.keys[index]] = true }
        }

        private mutating func refuse(_ index: Int, _ why: KafkaFailure, detail: String = "") {
            let failure = why.failure(topic: names[topicOf[index]], detail: detail)
            if failure.verdict == .retry, failure.fault == .event {
                // The topic may be gone, or be another: it is looked for anew.
                producer.forget(names[topicOf[index]])
                topics[topicOf[index]] = .failure(failure)
            }
            fail(index, failure)
        }

        /// No acknowledgement in time. The brokers are there when some of the wave's events were acknowledged.
        private mutating func giveUp(_ unknown: [Int], of count: Int) {
            let seconds = options.deadline.components.seconds
            let words = "Local: Message timed out: no acknowledgement within \(seconds) s"
            let trouble = producer.ledger.trouble.map { "; \($0)" } ?? ""
            for index in unknown {
                let reason = "topic \(names[topicOf[index]]): \(words)\(trouble)"
                fail(index, DeliveryFailure(.retry, unknown.count < count ? .event : .peer, reason))
            }
        }

        /// The client is of no more use, whatever the events are.
        private mutating func breakOff(_ words: String, _ unknown: [Int]) {
            hasAbandoned = true
            isOver = true
            for index in unknown { fail(index, DeliveryFailure(.retry, .peer, words)) }
        }

        private mutating func topic(_ number: Int) -> Result<OpaquePointer, DeliveryFailure> {
            if let known = topics[number] { return known }
            let found: Result<OpaquePointer, DeliveryFailure>
            do throws(DeliveryFailure) {
                found = .success(try producer.topic(names[number], unless: stop))
            } catch {
                found = .failure(error)
            }
            topics[number] = found
            return found
        }
    }
#endif
