#if Kafka
    import CRdKafka
    import LodeBrokers
    import TestSupport
    import Testing

    extension KafkaTests {
        /// A key's events arrive in their order, whatever fails.
        struct Order {
            /// Values of each key, in the order of its partition.
            private func values(_ records: [KafkaRecord]) -> [String: [String]] {
                records.reduce(into: [:]) { $0[$1.key ?? "", default: []].append($1.value ?? "") }
            }

            @Test func manyKeysOverPartitionsBrokersAndCalls() async throws {
                let fixture = try KafkaFixture(brokers: 3, partitions: 12)
                // Two calls at once, as the engine makes them: no key is in both.
                let outcomes = try await withThrowingTaskGroup(of: [String].self) { group in
                    for half in 0..<2 {
                        group.addTask {
                            try await fixture.deliver(
                                (0..<4000).map { SampleEvent(key: "\($0 % 100 * 2 + half)", data: "\($0)") })
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(outcomes.counted == ["done": 8000])
                let values = values(try fixture.cluster.records(of: "shop.OrderPlaced"))
                #expect(values.count == 200)
                for (key, values) in values {
                    let first = (Int(key) ?? 0) / 2
                    #expect(values == (0..<40).map { "\(first + $0 * 100)" }, "key \(key)")
                }
                await fixture.handler.close()
            }

            /// The mock checks no sequence numbers: it takes a second request although the first was refused,
            /// as a broker does that does not know the producer. So had the first wave been two requests, the
            /// second one's events would be there before the first one's.
            @Test func aRecordBatchThatIsRefusedHasNothingBehindIt() async throws {
                let fixture = try KafkaFixture()
                fixture.cluster.fail(.produce, with: [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
                let outcomes = try await fixture.deliver((0..<5000).map { SampleEvent(key: "hot", data: "\($0)") })
                #expect(outcomes.counted == ["done": 5000])
                let records = try fixture.cluster.records(of: "shop.OrderPlaced")
                #expect(records.map(\.value) == (0..<5000).map { "\($0)" })
                await fixture.handler.close()
            }

            @Test func retriesInsideTheClientChangeNoOrder() async throws {
                let fixture = try KafkaFixture(brokers: 3, options: [("retry.backoff.ms", "20")], partitions: 3)
                _ = try await fixture.deliver([SampleEvent(key: "warm", data: "0")])
                fixture.cluster.fail(
                    .produce,
                    with: [
                        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                        RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR__TRANSPORT,
                    ])
                let events = (0..<3000).map { SampleEvent(key: "\($0 % 7)", data: "\($0)") }
                #expect(try await fixture.deliver(events, first: 2).counted == ["done": 3000])
                for (key, values) in values(try fixture.cluster.records(of: "shop.OrderPlaced")) where key != "warm" {
                    let first = Int(key) ?? 0
                    // The mock appends a request anew whose answer was lost, where a broker knows it by its numbers:
                    // what comes first is what counts.
                    var seen: Set<String> = []
                    let values = values.filter { seen.insert($0).inserted }
                    #expect(values == (first..<3000).filter { $0 % 7 == first }.map { "\($0)" })
                }
                await fixture.handler.close()
            }

            @Test func anEventThatIsTooLargeIsParkedAloneAndItsKeyWaits() async throws {
                let fixture = try KafkaFixture(partitions: 2)
                let large = "\"" + String(repeating: "x", count: 1_100_000) + "\""
                let events = [
                    SampleEvent(key: "a", data: "1"), SampleEvent(key: "b", data: "2"),
                    SampleEvent(key: "a", data: large), SampleEvent(key: "a", data: "3"),
                    SampleEvent(key: "b", data: "4"),
                ]
                let outcomes = try await fixture.deliver(events)
                #expect(outcomes.counted == ["done": 3, "park event": 1, "untried": 1])
                #expect(outcomes[2].contains("topic shop.OrderPlaced: Broker: Message size too large"))
                #expect(outcomes[3] == "untried")
                #expect(
                    values(try fixture.cluster.records(of: "shop.OrderPlaced")) == ["a": ["1"], "b": ["2", "4"]])
                await fixture.handler.close()
            }

            /// The broker's limit may be lower than the client's, and speaks of the whole record batch.
            @Test func theOneEventThatABrokerRefusesIsFound() async throws {
                let fixture = try KafkaFixture()
                // 8 events in one batch; 4; 2; 1: the first event is the one.
                fixture.cluster.fail(
                    .produce, with: Array(repeating: RD_KAFKA_RESP_ERR_INVALID_RECORD, count: 4))
                let outcomes = try await fixture.deliver((0..<8).map { SampleEvent(key: "\($0 % 4)", data: "\($0)") })
                #expect(outcomes.counted == ["park event": 1, "done": 6, "untried": 1])
                #expect(outcomes[0].hasPrefix("park event: topic shop.OrderPlaced: Broker: Broker failed to validate"))
                #expect(outcomes[4] == "untried")
                await fixture.handler.close()
            }

            @Test func aBrokerThatRefusesEverythingDoesNotHoldTheCallForever() async throws {
                let fixture = try KafkaFixture()
                fixture.cluster.fail(
                    .produce, with: Array(repeating: RD_KAFKA_RESP_ERR_INVALID_RECORD, count: 5000))
                let outcomes = try await fixture.deliver((0..<1000).map { SampleEvent(key: "\($0)") })
                #expect(outcomes.counted == ["park event": 16, "untried": 984])
                fixture.cluster.clearFailures(of: .produce)
                #expect(try fixture.cluster.records(of: "shop.OrderPlaced").isEmpty)
                await fixture.handler.close()
            }

            @Test func aKeyWaitsForItsEventInAnotherTopic() async throws {
                let fixture = try KafkaFixture(topics: ["shop.A", "shop.B", "shop.C"])
                fixture.cluster.set(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, of: "shop.B")
                let events = [
                    SampleEvent("A", key: "1"), SampleEvent("B", key: "1"), SampleEvent("C", key: "1"),
                    SampleEvent("C", key: "2"), SampleEvent("A", key: "1"), SampleEvent("B", key: "3"),
                    SampleEvent("A", key: nil), SampleEvent("B", key: nil),
                ]
                let outcomes = try await fixture.deliver(events)
                #expect(
                    outcomes.map { $0.prefix { $0 != ":" } } == [
                        "done", "retry event", "untried", "done", "untried", "retry event", "done", "retry event",
                    ])
                #expect(outcomes[1] == "retry event: topic shop.B: Broker: Topic authorization failed")
                #expect(try fixture.cluster.records(of: "shop.C").map(\.key) == ["2"])
                fixture.cluster.set(RD_KAFKA_RESP_ERR_NO_ERROR, of: "shop.B")
                #expect(try await fixture.deliver(Array(events[1...2])) == ["done", "done"])
                await fixture.handler.close()
            }

            @Test func aQueueSmallerThanABatchIsFilledAgainAndAgain() async throws {
                let fixture = try KafkaFixture(options: [("queue.buffering.max.messages", "10")])
                let outcomes = try await fixture.deliver((0..<95).map { SampleEvent(key: "k", data: "\($0)") })
                #expect(outcomes.counted == ["done": 95])
                let records = try fixture.cluster.records(of: "shop.OrderPlaced")
                #expect(records.map(\.value) == (0..<95).map { "\($0)" })
                await fixture.handler.close()
            }

            /// A batch of more bytes than a record batch may have goes in several waves.
            @Test func largeEventsGoAFewAtATime() async throws {
                let fixture = try KafkaFixture()
                let filler = String(repeating: "x", count: 90_000)
                let events = (0..<40).map { SampleEvent(key: "\($0 % 3)", data: "\"\($0) \(filler)\"") }
                fixture.cluster.fail(.produce, with: [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
                #expect(try await fixture.deliver(events).counted == ["done": 40])
                let records = try fixture.cluster.records(of: "shop.OrderPlaced")
                #expect(records.map { $0.value?.dropFirst().prefix { $0 != " " } } == (0..<40).map { "\($0)" })
                await fixture.handler.close()
            }
        }
    }
#endif
