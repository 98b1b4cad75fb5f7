#if Kafka
    import CRdKafka
    import Foundation
    import LodeBrokers
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    extension KafkaTests {
        /// Brokers that are away, hang, break off, or talk nonsense.
        struct Faults {
            private let some = (0..<20).map { SampleEvent(key: "\($0 % 3)", data: "\($0)") }
            private let values = (0..<20).map { "\($0)" }

            @Test func nobodyListens() async throws {
                let handler = KafkaFixture.handler("127.0.0.1:1")
                let outcomes = await handler.outcomes(of: try SampleEvents.batch(some))
                #expect(outcomes.counted == ["retry peer": 1, "untried": 19])
                #expect(outcomes[0].contains("127.0.0.1:1"))
                #expect(outcomes[0].contains("Connection refused"))
                await handler.close()
            }

            @Test func aNameThatNobodyKnows() async throws {
                let handler = KafkaFixture.handler("kafka.invalid:9092")
                let outcomes = await handler.outcomes(of: try SampleEvents.batch([SampleEvent()]))
                #expect(outcomes[0].hasPrefix("retry peer: "))
                #expect(outcomes[0].contains("kafka.invalid"))
                await handler.close()
            }

            @Test func brokersThatGoAndComeAgain() async throws {
                let fixture = try KafkaFixture(options: [("delivery.timeout.ms", "5000")])
                #expect(try await fixture.deliver([SampleEvent(key: "first", data: "-1")]) == ["done"])
                fixture.cluster.setDown()
                let events = try SampleEvents.batch(some, first: 2)
                let outcomes = await fixture.handler.outcomes(of: events)
                // Each key's first event, and no other, is said to have failed.
                #expect(outcomes.counted == ["retry peer": 3, "untried": 17])
                #expect(outcomes[0].contains("Local: Message timed out: no acknowledgement within 5 s"))
                // A client that is new meets brokers that are down.
                let again = await fixture.handler.outcomes(of: events)
                #expect(again.counted == ["retry peer": 1, "untried": 19])
                fixture.cluster.setUp()
                // A busy machine's client may be late to see that they are back: then it is asked again, as the engine does.
                var counted: [String: Int] = [:]
                for _ in 1...10 where counted != ["done": 20] {
                    counted = await fixture.handler.outcomes(of: events).counted
                }
                #expect(counted == ["done": 20])
                // Nothing that was given up is sent late, before what comes from these calls.
                var seen: Set<String> = []
                let firsts = try fixture.cluster.records(of: "shop.OrderPlaced").compactMap(\.value)
                    .filter { seen.insert($0).inserted }
                #expect(firsts == ["-1"] + values)
                await fixture.handler.close()
            }

            /// Its answers come long after the deadline.
            @Test func aBrokerThatHangs() async throws {
                let fixture = try KafkaFixture(options: [("delivery.timeout.ms", "1000")])
                #expect(try await fixture.deliver([SampleEvent(key: "first", data: "0")]) == ["done"])
                fixture.cluster.setDelay(milliseconds: 60_000)
                let outcomes = try await fixture.deliver(some, first: 2)
                #expect(outcomes.counted == ["retry peer": 3, "untried": 17])
                fixture.cluster.setDelay(milliseconds: 0)
                #expect(try await fixture.deliver(some, first: 2).counted == ["done": 20])
                // The broker had taken them, only its word was late; so they are there twice, in order each time.
                let records = try fixture.cluster.records(of: "shop.OrderPlaced")
                #expect(records.compactMap(\.value).suffix(20) == values[...])
                await fixture.handler.close()
            }

            @Test func aConnectionThatIsCutInTheMiddle() async throws {
                let fixture = try KafkaFixture(options: [("retry.backoff.ms", "10")])
                fixture.cluster.fail(
                    .produce, with: [RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TRANSPORT])
                #expect(try await fixture.deliver(some).counted == ["done": 20])
                #expect(try fixture.cluster.records(of: "shop.OrderPlaced").compactMap(\.value) == values)
                await fixture.handler.close()
            }

            /// One partition has no leader: its events wait, the others are done, and no circuit opens.
            @Test func aPartitionWithoutLeader() async throws {
                let fixture = try KafkaFixture(
                    brokers: 2, options: [("delivery.timeout.ms", "1000")], partitions: 2)
                fixture.cluster.setLeader(of: "shop.OrderPlaced", 1, to: -1)
                let outcomes = try await fixture.deliver((0..<10).map { SampleEvent(key: "\($0)") })
                #expect(outcomes.counted["done", default: 0] > 0)
                #expect(outcomes.counted["retry event", default: 0] > 0)
                #expect(outcomes.counted.count == 2)
                fixture.cluster.setLeader(of: "shop.OrderPlaced", 1, to: 2)
                #expect(try await fixture.deliver((0..<10).map { SampleEvent(key: "\($0)") }).counted == ["done": 10])
                await fixture.handler.close()
            }

            @Test func aTopicThatTurnsUnknownFailsAlone() async throws {
                let fixture = try KafkaFixture(topics: ["shop.A", "shop.B"])
                fixture.cluster.set(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, of: "shop.A")
                let outcomes = try await fixture.deliver([SampleEvent("A", key: "1"), SampleEvent("B", key: "2")])
                #expect(outcomes == ["retry event: topic shop.A: Broker: Unknown topic or partition", "done"])
                await fixture.handler.close()
            }

            /// The broker has lost the producer's earlier messages, or fenced it: the client is of no more use
            /// and a new one takes its place.
            @Test(arguments: [
                RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
                RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
            ])
            func aProducerThatIsOfNoMoreUseIsMadeAnew(code: rd_kafka_resp_err_t) async throws {
                let fixture = try KafkaFixture()
                #expect(try await fixture.deliver([SampleEvent(key: "first", data: "0")]) == ["done"])
                fixture.cluster.fail(.produce, with: [code])
                let outcomes = try await fixture.deliver(some, first: 2)
                #expect(outcomes.counted == ["retry peer": 3, "untried": 17])
                #expect(try await fixture.deliver(some, first: 2).counted == ["done": 20])
                let values = try fixture.cluster.records(of: "shop.OrderPlaced").compactMap(\.value)
                #expect(values.suffix(20) == self.values[...])
                await fixture.handler.close()
            }

            @Test(arguments: [GarbageServer.Habit.text, .zeros, .silence, .closes])
            func aPeerThatIsNoBroker(habit: GarbageServer.Habit) async throws {
                let server = try GarbageServer(habit)
                defer { server.end() }
                let handler = KafkaFixture.handler("127.0.0.1:\(server.port)")
                let outcomes = await handler.outcomes(of: try SampleEvents.batch([SampleEvent()]))
                #expect(outcomes[0].hasPrefix("retry peer: "), "\(outcomes)")
                await handler.close()
            }

            @Test func aDeliveryThatIsCancelledReturnsWithWhatItKnows() async throws {
                let fixture = try KafkaFixture(topics: ["shop.A", "shop.B"])
                #expect(try await fixture.deliver([SampleEvent("B", key: "first", data: "0")]) == ["done"])
                let batch = try SampleEvents.batch(
                    [SampleEvent("A", key: "1"), SampleEvent("B", key: "1"), SampleEvent("B", key: "2")], first: 2)
                fixture.cluster.setDelay(milliseconds: 120_000)
                let task = Task { await fixture.handler.outcomes(of: batch) }
                try await Task.sleep(for: .milliseconds(300))
                task.cancel()
                // Untried, not failed: it did not wait for its deadline.
                #expect(await task.value == ["untried", "untried", "untried"])
                fixture.cluster.setDelay(milliseconds: 0)
                #expect(await fixture.handler.outcomes(of: batch) == ["done", "done", "done"])
                await fixture.handler.close()
            }

            @Test func closingLeavesNoThreadBehind() async throws {
                let cluster = try KafkaMockCluster(brokers: 2)
                try cluster.create(topic: "shop.OrderPlaced", partitions: 4)
                let warm = KafkaFixture.handler(cluster.brokers)
                _ = await warm.outcomes(of: try SampleEvents.batch(some))
                await warm.close()
                let before = Self.clientThreads
                let handler = KafkaFixture.handler(cluster.brokers)
                async let one = handler.outcomes(of: try SampleEvents.batch(some))
                async let two = handler.outcomes(of: try SampleEvents.batch([SampleEvent(key: "other")], first: 30))
                #expect(try await (one + two).counted == ["done": 21])
                #expect(Self.clientThreads > before)
                await handler.close()
                // A thread that has been joined is in the folder for a moment yet.
                try await eventually("the client's threads are gone") { Self.clientThreads <= before }
            }

            /// librdkafka calls its threads `rdk:...`.
            private static var clientThreads: Int {
                let folder = "/proc/self/task"
                let tasks = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                return tasks.filter { task in
                    let name = FileManager.default.contents(atPath: "\(folder)/\(task)/comm") ?? Data()
                    return name.starts(with: "rdk:".utf8)
                }.count
            }
        }
    }
#endif
