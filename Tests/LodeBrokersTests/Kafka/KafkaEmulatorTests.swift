#if Kafka
    import Foundation
    import LodeBrokers
    import LodeCore
    import LodeDelivery
    import TestSupport
    import Testing

    extension KafkaTests {
        /// Against an emulator that has nothing of librdkafka, in another process.
        ///
        /// It removes at times what is older than a topic's retention, by the messages' own timestamps as a broker
        /// does: so these events are of today.
        struct Emulator {
            private static func today(_ event: SampleEvent) -> SampleEvent {
                var event = event
                event.time = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
                return event
            }

            @Test func manyEventsArriveInOrderAndWhole() async throws {
                let server = try NoidaServer()
                let handler = KafkaFixture.handler(server.brokers, create: true)
                let outcomes = await handler.outcomes(
                    of: try SampleEvents.batch(
                        (0..<3000).map { Self.today(SampleEvent(key: "\($0 % 50)", data: #"{"number":\#($0)}"#)) }))
                #expect(outcomes.counted == ["done": 3000])
                await handler.close()
                let lines = try server.lines(of: "shop.OrderPlaced", count: 3000)
                var values: [String: [String]] = [:]
                for line in lines {
                    let headers = try #require(line["headers"] as? [String])
                    #expect(headers.count == 18)
                    #expect(headers.prefix(2) == ["ce_specversion", "1.0"])
                    #expect(headers.suffix(2) == ["content-type", "application/json"])
                    let key = try #require(line["key"] as? String)
                    values[key, default: []].append(try #require(line["payload"] as? String))
                }
                #expect(values.count == 50)
                for (key, values) in values {
                    let first = Int(key) ?? 0
                    #expect(values == (0..<60).map { #"{"number":\#(first + $0 * 50)}"# })
                }
            }

            @Test func aTopicThatIsNotThereIsMadeOnlyWhenToldTo() async throws {
                let server = try NoidaServer()
                try Shell.run("sh", ["-c", "echo x | kcat -P -b \(server.brokers) -t shop.There"])
                let events = try SampleEvents.batch([
                    Self.today(SampleEvent("Missing", key: "1")), Self.today(SampleEvent("There", key: "2")),
                    Self.today(SampleEvent("There", key: "1")),
                ])
                let handler = KafkaFixture.handler(server.brokers)
                #expect(
                    await handler.outcomes(of: events) == [
                        "retry event: topic shop.Missing: Broker: Unknown topic or partition", "done", "untried",
                    ])
                #expect(try !Shell.run("kcat", ["-L", "-b", server.brokers]).contains("shop.Missing"))
                await handler.close()
                let maker = KafkaFixture.handler(server.brokers, create: true)
                #expect(await maker.outcomes(of: events) == ["done", "done", "done"])
                await maker.close()
                #expect(try server.lines(of: "shop.Missing", count: 1).count == 1)
            }

            @Test func aServerThatIsStartedAgain() async throws {
                let server = try NoidaServer()
                let handler = KafkaFixture.handler(
                    server.brokers, options: [("delivery.timeout.ms", "1000")], create: true)
                #expect(await handler.outcomes(of: try SampleEvents.batch([SampleEvent(key: "1")])) == ["done"])
                server.stop()
                let next = try SampleEvents.batch([SampleEvent(key: "1")], first: 2)
                #expect(await handler.outcomes(of: next)[0].hasPrefix("retry peer: "))
                try server.start()
                #expect(await handler.outcomes(of: next) == ["done"])
                await handler.close()
            }
        }
    }
#endif
