#if RabbitMQ
    import LodeConfiguration
    import LodeDelivery
    import Testing

    @testable import LodeBrokers

    /// Confirms as RabbitMQ documents them: numbers in any order, `multiple` for all up to one, a return before its ack.
    struct RabbitMQWindowTests {
        private static let refusal = DeliveryFailure(.retry, .event, "refused")
        private static let noRoute = DeliveryFailure(.retry, .event, "no route")

        /// Sends four messages and gives the window; settled ones come out as text.
        private struct Trial {
            var window: RabbitMQWindow
            var settled: [Int: String] = [:]

            init(first: UInt64 = 1, ids: [String] = ["a", "b", "c", "d"]) {
                window = RabbitMQWindow(first: first)
                for (place, id) in ids.enumerated() { window.sent(place, id: Array(id.utf8)) }
            }

            mutating func confirm(_ number: UInt64, multiple: Bool = false, refusal: DeliveryFailure? = nil) {
                var settled = settled
                window.confirmed(number, multiple: multiple, refusal: refusal) { place, outcome in
                    #expect(settled[place] == nil)
                    if case .failed(let failure) = outcome {
                        settled[place] = failure.reason
                    } else {
                        settled[place] = "done"
                    }
                }
                self.settled = settled
            }
        }

        @Test func oneByOneInAnyOrder() {
            var trial = Trial()
            for number: UInt64 in [3, 1, 4, 2] { trial.confirm(number) }
            #expect(trial.settled == [0: "done", 1: "done", 2: "done", 3: "done"])
            #expect(trial.window.waiting == 0)
            #expect(trial.window.next == 5)
        }

        @Test func severalAtOnce() {
            var trial = Trial(first: 1001)
            trial.confirm(1002)
            trial.confirm(1003, multiple: true, refusal: Self.refusal)
            #expect(trial.settled == [0: "refused", 1: "done", 2: "refused"])
            #expect(trial.window.waiting == 1)
            trial.confirm(0, multiple: true)
            #expect(trial.settled[3] == "done")
            #expect(trial.window.waiting == 0)
        }

        @Test func returnsComeBeforeTheirConfirm() {
            var trial = Trial()
            trial.window.returned(id: Array("b".utf8), Self.noRoute)
            #expect(trial.settled.isEmpty)
            trial.confirm(4, multiple: true)
            #expect(trial.settled == [0: "done", 1: "no route", 2: "done", 3: "done"])
        }

        @Test func twoMessagesWithOneID() {
            var trial = Trial(ids: ["a", "b", "b", "b"])
            trial.window.returned(id: Array("b".utf8), Self.noRoute)
            trial.window.returned(id: Array("b".utf8), Self.noRoute)
            trial.window.returned(id: Array("never sent".utf8), Self.noRoute)
            trial.confirm(4, multiple: true)
            #expect(trial.settled == [0: "done", 1: "no route", 2: "no route", 3: "done"])
        }

        /// What a server never says, and a proxy might.
        @Test func numbersThatWereNotSent() {
            var trial = Trial(first: 10)
            for number: UInt64 in [9, 14, .max, 1] {
                trial.confirm(number)
                trial.confirm(number, multiple: true)
            }
            trial.confirm(0)
            #expect(trial.settled == [3: "done"] || trial.settled.isEmpty)
            trial.confirm(13, multiple: true)
            trial.confirm(13, multiple: true)
            #expect(trial.settled.count == 4)
        }

        @Test(arguments: [
            ("amqp://localhost", "guest:guest@localhost:5672", "/", false),
            ("amqp://localhost/", "guest:guest@localhost:5672", "/", false),
            (
                "amqps://lode:p%40ss%2F@rabbit.example:5000/shop%2Fmain", "lode:p@ss/@rabbit.example:5000", "shop/main",
                true
            ),
            ("amqp://u:p@[::1]:1/v", "u:p@[::1]:1", "v", false),
        ])
        func addresses(url: String, parts: String, virtualHost: String, isTLS: Bool) throws {
            let address = try #require(RabbitMQAddress(url))
            #expect("\(address.user):\(address.password)@\(address.name)" == parts)
            #expect(address.virtualHost == virtualHost)
            #expect(address.isTLS == isTLS)
        }

        @Test func settingsThatCannotWork() {
            func mistakes(_ url: String, _ exchange: String = "shop", key: String = "{type}") -> Int {
                RabbitMQHandler.mistakes(in: RabbitMQSettings(url: url, exchange: exchange, routingKey: key)).count
            }
            #expect(mistakes("amqp://localhost") == 0)
            #expect(mistakes("amqp://localhost:port") == 1)
            #expect(mistakes("amqp://localhost/a/b") == 1)
            #expect(mistakes("amqp://localhost", String(repeating: "x", count: 256)) == 1)
            #expect(mistakes("amqp://localhost", key: String(repeating: "x", count: 256)) == 1)
        }
    }
#endif
