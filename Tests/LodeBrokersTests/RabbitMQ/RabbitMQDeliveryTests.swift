#if RabbitMQ
    import Foundation
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    @testable import LodeBrokers

    /// Everything about RabbitMQ that needs a server.
    @Suite(.blocking, .timeLimit(.minutes(10))) struct RabbitMQTests {}

    enum RabbitMQFixture {
        /// For all tests that leave it up and unharmed; each takes an exchange of its own. It takes a megabyte.
        static let shared: Result<TemporaryRabbitMQ, any Error> = Result {
            try TemporaryRabbitMQ(settings: ["max_message_size = 1000000"])
        }

        /// A name of an exchange that no other test has.
        static func name() -> String { "x\(UInt32.random(in: 0 ... .max))" }
    }

    extension RabbitMQTests {
        /// What a queue gets, and what the server's answers mean.
        struct Delivery {
            let server: TemporaryRabbitMQ
            let name = RabbitMQFixture.name()

            init() throws { server = try RabbitMQFixture.shared.get() }

            private func handler(key: String = "{type}", create: Bool = false) -> RabbitMQHandler {
                RabbitMQHandler(
                    RabbitMQSettings(url: server.url, exchange: name, routingKey: key, create: create))
            }

            @Test func whatArrives() async throws {
                try server.addQueue(name)
                let handler = handler(key: "eu.{type}.1")
                let batch = try SampleEvents.batch([
                    SampleEvent(
                        "com.example.Order placed", key: "Zoë \"1\" 100%", data: #"{"total":99.50,"note":"ü\n"}"#,
                        context:
                            #","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","actor":"Ann B""#
                    ),
                    SampleEvent("Plain", key: nil, data: nil), SampleEvent("Null", key: "k", data: "null"),
                ])
                #expect(await handler.verdicts(batch) == ["done", "done", "done"])
                let got = try server.takeMessages(of: name)
                #expect(got.map(\.exchange) == [name, name, name])
                #expect(got.map(\.routingKey) == ["eu.com.example.Order placed.1", "eu.Plain.1", "eu.Null.1"])
                #expect(got.map(\.text) == [#"{"total":99.50,"note":"ü\n"}"#, "", "null"])
                #expect(got[0].properties.contentType == "application/json")
                #expect(got[0].properties.deliveryMode == 2)
                #expect(got[0].properties.messageID == "00000000000003E8-1-com%2Eexample%2EOrder%20placed")
                #expect(got[0].properties.timestamp == 1_700_000_000)
                #expect(got[0].properties.type == "com.example.Order placed")
                #expect(
                    got[0].headers == [
                        "cloudEvents_specversion": "1.0",
                        "cloudEvents_id": "00000000000003E8-1-com%2Eexample%2EOrder%20placed",
                        "cloudEvents_source": SampleEvents.source, "cloudEvents_type": "com.example.Order placed",
                        "cloudEvents_time": "2023-11-14T22:13:20.000001Z", "cloudEvents_subject": "Zoë \"1\" 100%",
                        "cloudEvents_partitionkey": "Zoë \"1\" 100%",
                        "cloudEvents_sequence": "00000000000003E8-0000000001-00",
                        "cloudEvents_traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "cloudEvents_actor": "Ann B",
                    ])
                #expect(got[1].properties.contentType == nil)
                #expect(
                    got[1].headers == [
                        "cloudEvents_specversion": "1.0", "cloudEvents_id": "00000000000003E9-1-Plain",
                        "cloudEvents_source": SampleEvents.source, "cloudEvents_type": "Plain",
                        "cloudEvents_time": "2023-11-14T22:13:20.000002Z",
                        "cloudEvents_sequence": "00000000000003E9-0000000001-00",
                    ])
                await handler.close()
            }

            /// More than a frame, to the last byte.
            @Test func aLargeMessage() async throws {
                try server.addQueue(name)
                let handler = handler()
                let sizes = [131_063, 131_064, 131_065, 262_128, 900_000]
                let texts = sizes.map { size in
                    "\"" + String((0..<size - 2).map { Character(UnicodeScalar(97 + UInt8($0 % 26))) }) + "\""
                }
                let batch = try SampleEvents.batch(texts.enumerated().map { SampleEvent(key: "\($0)", data: $1) })
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                #expect(try server.takeMessages(of: name).map(\.text) == texts)
                await handler.close()
            }

            @Test func oneKeysEventsKeepTheirOrder() async throws {
                try server.addQueue(name)
                let handler = handler()
                for round in 0..<25 {
                    let events = (0..<40).map { SampleEvent(key: "\($0)", data: "\(round)") }
                    let batch = try SampleEvents.batch(events, first: Int64(round * 40 + 1))
                    #expect(Set(await handler.verdicts(batch)) == ["done"])
                }
                await handler.close()
                let got = Dictionary(grouping: try server.takeMessages(of: name)) {
                    $0.headers["cloudEvents_subject"] ?? ""
                }
                #expect(got.count == 40)
                for (key, messages) in got { #expect(messages.map(\.text) == (0..<25).map { "\($0)" }, "\(key)") }
            }

            @Test func noQueueIsBound() async throws {
                try server.addQueue(name, keys: ["Known.#"])
                let handler = handler()
                let verdicts = await handler.verdicts(
                    try SampleEvents.batch([
                        SampleEvent("Unknown", key: "1"), SampleEvent("Known", key: "2"),
                        SampleEvent("Other", key: "3"),
                        SampleEvent("Known.b", key: "4"),
                    ]))
                func noRoute(_ key: String) -> String {
                    "retry event: 312 NO_ROUTE: no queue is bound to exchange \(name) for routing key \(key); bind one"
                }
                #expect(verdicts == [noRoute("Unknown"), "done", noRoute("Other"), "done"])
                #expect(try server.takeMessages(of: name).map(\.routingKey) == ["Known", "Known.b"])
                await handler.close()
            }

            /// Each comes back with its whole body.
            @Test func thousandsThatComeBack() async throws {
                try server.addQueue(name, keys: ["Known"])
                let handler = handler()
                let body = "\"" + String(repeating: "x", count: 20_000) + "\""
                let events = (0..<500).map {
                    SampleEvent($0 % 100 == 0 ? "Known" : "Unknown", key: "\($0)", data: body)
                }
                let verdicts = await handler.verdicts(try SampleEvents.batch(events))
                for (index, verdict) in verdicts.enumerated() {
                    #expect(index % 100 == 0 ? verdict == "done" : verdict.hasPrefix("retry event: 312"))
                }
                await handler.close()
            }

            @Test func aQueueThatRefuses() async throws {
                try server.addQueue(
                    name + "full", exchange: name, keys: ["Few"],
                    arguments: ["x-max-length": 1, "x-overflow": "reject-publish"])
                try server.addQueue(name, keys: ["Many"])
                let handler = handler()
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent("Few", key: "1")])) == ["done"])
                let verdicts = await handler.verdicts(
                    try SampleEvents.batch([SampleEvent("Few", key: "2"), SampleEvent("Many", key: "3")], first: 2))
                #expect(verdicts[0].hasPrefix("retry event: basic.nack: "))
                #expect(verdicts[1] == "done")
                await handler.close()
            }

            @Test func noExchange() async throws {
                let handler = handler()
                let batch = try SampleEvents.batch((0..<100).map { SampleEvent(key: "\($0)") })
                let verdicts = await handler.verdicts(batch)
                #expect(Set(verdicts).count == 1)
                #expect(
                    verdicts[0]
                        == "retry peer: 127.0.0.1:\(server.port): 404 NOT_FOUND - no exchange '\(name)' in vhost '/'")
                try server.addQueue(name)
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                await handler.close()
            }

            @Test func anExchangeIsCreated() async throws {
                let handler = handler(create: true)
                let one = try SampleEvents.batch([SampleEvent("a.B")])
                #expect(await handler.verdicts(one)[0].hasPrefix("retry event: 312 NO_ROUTE"))
                // Only a durable topic exchange can be declared as one again.
                try server.addQueue(name, keys: ["a.*"])
                #expect(await handler.verdicts(one) == ["done"])
                await handler.close()
            }

            /// `create` takes what is there, of whatever type.
            @Test func anExchangeThatIsThere() async throws {
                try server.python(
                    """
                    channel.exchange_declare(arguments['name'], 'fanout', durable=False)
                    channel.queue_declare(arguments['name'])
                    channel.queue_bind(arguments['name'], arguments['name'], '')
                    """, arguments: ["name": name])
                let handler = handler(create: true)
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent()])) == ["done"])
                await handler.close()
            }

            @Test func whatIsTooLarge() async throws {
                try server.addQueue(name)
                let handler = handler()
                let large = "\"" + String(repeating: "x", count: 2_000_000) + "\""
                let batch = try SampleEvents.batch([
                    SampleEvent(key: "1"), SampleEvent(key: "2", data: large), SampleEvent(key: "3"),
                ])
                let parked =
                    "park event: the message has 2000002 bytes, and the server takes 1000000 (max_message_size)"
                // The server closes the channel and does not say for which; what was not confirmed comes again.
                let first = await handler.verdicts(batch)
                #expect(first[1] == parked)
                #expect([first[0], first[2]].allSatisfy { ["done", "untried"].contains($0) }, "\(first)")
                // From now on it is known before it is sent.
                #expect(await handler.verdicts(batch) == ["done", parked, "done"])
                await handler.close()
            }

            /// What AMQP cannot say: short texts have 255 bytes, and attributes one frame.
            @Test func whatDoesNotFit() async throws {
                try server.addQueue(name)
                let handler = handler()
                let verdicts = await handler.verdicts(
                    try SampleEvents.batch([
                        SampleEvent(String(repeating: "T", count: 300), key: "1"),
                        SampleEvent("T", key: String(repeating: "k", count: 200_000)),
                        SampleEvent(String(repeating: "T", count: 200), key: String(repeating: "k", count: 60_000)),
                        SampleEvent("T", key: "4"),
                    ]))
                #expect(verdicts[0].hasPrefix("park event: its id has "))
                #expect(verdicts[1].hasPrefix("park event: its attributes have "))
                #expect(verdicts[2...] == ["done", "done"])
                #expect(try server.takeMessages(of: name).count == 2)
                await handler.close()
            }
        }
    }
#endif
