#if Kafka
    import Foundation
    import LodeBrokers
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    extension KafkaTests {
        /// What is in a message, byte for byte, by the CloudEvents Kafka binding 1.0.2.
        struct Messages {
            private static let order = SampleEvent(
                "OrderPlaced", key: "ä-42", data: #"{"total":99.50}"#,
                context: #","traceparent":"00-a-b-01","actor":"jo","flag":true"#)

            @Test func binaryModePutsAttributesIntoHeaders() async throws {
                let fixture = try KafkaFixture()
                #expect(try await fixture.deliver([Self.order]) == ["done"])
                let record = try #require(try fixture.cluster.records(of: "shop.OrderPlaced").first)
                #expect(record.key == "ä-42")
                #expect(record.value == #"{"total":99.50}"#)
                #expect(record.timestamp == 1_700_000_000_000)
                #expect(
                    record.headers.map { "\($0.name)=\($0.value)" } == [
                        "ce_specversion=1.0", "ce_id=00000000000003E8-1-OrderPlaced",
                        "ce_source=urn:lode:shop:7000000000000000001", "ce_type=OrderPlaced",
                        "ce_time=2023-11-14T22:13:20.000001Z", "ce_subject=ä-42", "ce_partitionkey=ä-42",
                        "ce_sequence=00000000000003E8-0000000001-00", "ce_traceparent=00-a-b-01", "ce_actor=jo",
                        "ce_flag=true", "content-type=application/json",
                    ])
                await fixture.handler.close()
            }

            @Test func structuredModePutsTheWholeEventIntoTheValue() async throws {
                let fixture = try KafkaFixture(mode: .structured)
                let batch = try SampleEvents.batch([Self.order])
                #expect(await fixture.handler.outcomes(of: batch) == ["done"])
                let record = try #require(try fixture.cluster.records(of: "shop.OrderPlaced").first)
                #expect(record.key == "ä-42")
                #expect(record.value == String(decoding: batch[0].json, as: UTF8.self))
                #expect(record.timestamp == 1_700_000_000_000)
                #expect(
                    record.headers.map { "\($0.name)=\($0.value)" }
                        == ["content-type=application/cloudevents+json; charset=UTF-8"])
                await fixture.handler.close()
            }

            @Test func whatIsAbsentIsNull() async throws {
                let fixture = try KafkaFixture()
                let events = [
                    SampleEvent(key: nil, data: nil), SampleEvent(key: "", data: "null"),
                    SampleEvent(key: "", data: ""),
                ]
                #expect(try await fixture.deliver(events) == ["done", "done", "done"])
                let records = try fixture.cluster.records(of: "shop.OrderPlaced")
                try #require(records.count == 3)
                #expect(records[0].key == nil)
                #expect(records[0].value == nil)
                #expect(records[0].header("ce_subject") == nil)
                #expect(records[0].header("content-type") == nil)
                #expect(records[1].key == "")
                #expect(records[1].value == "null")
                await fixture.handler.close()
            }

            @Test func topicsAreNamedAfterTypes() async throws {
                let fixture = try KafkaFixture(topics: ["shop.com.example.Order_Placed_", "shop.B"])
                let events = [SampleEvent("com.example.Order Placed!"), SampleEvent("B")]
                #expect(try await fixture.deliver(events) == ["done", "done"])
                #expect(try fixture.cluster.records(of: "shop.com.example.Order_Placed_").count == 1)
                #expect(try fixture.cluster.records(of: "shop.B").count == 1)
                await fixture.handler.close()
            }

            /// Values of `org.apache.kafka.common.utils.UtilsTest.testMurmur2`; a key's partition is the hash
            /// without its sign, modulo the partitions, in Java's DefaultPartitioner.
            @Test(arguments: [
                ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
                ("a-little-bit-longer-string", -1_486_304_829),
                ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
            ])
            func aKeysPartitionIsJavas(key: String, hash: Int) async throws {
                let fixture = try KafkaFixture(partitions: 12)
                #expect(try await fixture.deliver([SampleEvent(key: key)]) == ["done"])
                let record = try #require(try fixture.cluster.records(of: "shop.OrderPlaced").first)
                #expect(Int(record.partition) == (hash & 0x7FFF_FFFF) % 12)
                await fixture.handler.close()
            }

            /// `kcat` is a program of its own, on the same machine, with a connection of its own.
            @Test(arguments: [KafkaSettings.Mode.binary, .structured])
            func aStrangersClientReadsThem(mode: KafkaSettings.Mode) async throws {
                let fixture = try KafkaFixture(mode: mode, partitions: 3)
                let batch = try SampleEvents.batch([Self.order, SampleEvent(key: nil, data: "[1]")])
                #expect(await fixture.handler.outcomes(of: batch) == ["done", "done"])
                let lines = try Shell.run(
                    "kcat", ["-C", "-q", "-e", "-J", "-b", fixture.cluster.brokers, "-t", "shop.OrderPlaced"]
                ).split(separator: "\n")
                let objects = try lines.map {
                    try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
                }
                try #require(objects.count == 2)
                let order = try #require(objects.first { $0["key"] as? String == "ä-42" })
                let other = try #require(objects.first { $0["key"] is NSNull })
                let headers = try #require(order["headers"] as? [String])
                #expect(order["ts"] as? Int == 1_700_000_000_000)
                if mode == .binary {
                    #expect(order["payload"] as? String == #"{"total":99.50}"#)
                    #expect(other["payload"] as? String == "[1]")
                    #expect(headers.prefix(4) == ["ce_specversion", "1.0", "ce_id", "00000000000003E8-1-OrderPlaced"])
                } else {
                    #expect(order["payload"] as? String == String(decoding: batch[0].json, as: UTF8.self))
                    #expect(headers == ["content-type", "application/cloudevents+json; charset=UTF-8"])
                }
                await fixture.handler.close()
            }
        }
    }
#endif
