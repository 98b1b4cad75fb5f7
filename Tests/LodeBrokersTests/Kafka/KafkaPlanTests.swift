#if Kafka
    import TestSupport
    import Testing

    @testable import LodeBrokers

    struct KafkaPlanTests {
        private func plan(_ events: [(String?, Int)]) -> KafkaPlan {
            var plan = KafkaPlan()
            for (key, topic) in events { plan.add(key: key.map { Array($0.utf8) }, topic: topic) }
            return plan
        }

        @Test func oneTopicIsOneRound() {
            #expect(plan([("a", 0), ("a", 0), ("b", 0), (nil, 0)]).rounds == [[0, 1, 2, 3]])
            #expect(plan([]).rounds.isEmpty)
        }

        @Test func aKeyThatChangesItsTopicWaits() {
            let plan = plan([("a", 0), ("b", 1), ("a", 1), ("a", 1), ("a", 0), ("b", 1), (nil, 2)])
            #expect(plan.rounds == [[0, 1, 5, 6], [2, 3], [4]])
            #expect(plan.keys == [0, 1, 0, 0, 0, 1, -1])
            #expect(plan.keyCount == 2)
        }

        /// No event is in a round before, or with, an earlier one of its key that goes elsewhere; and none waits
        /// longer than its key's changes of topic make it.
        @Test func randomBatchesKeepTheRule() {
            var random = SeededGenerator(for: "kafka plan")
            for _ in 0..<300 {
                let events = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    (["a", "b", "c", nil].randomElement(using: &random) ?? nil, Int.random(in: 0...2, using: &random))
                }
                let plan = plan(events)
                var round = Array(repeating: -1, count: events.count)
                for (number, indices) in plan.rounds.enumerated() {
                    #expect(indices == indices.sorted())
                    for index in indices { round[index] = number }
                }
                #expect(!round.contains(-1))
                for key in ["a", "b", "c"] {
                    var expected = 0
                    var last: Int?
                    for (index, event) in events.enumerated() where event.0 == key {
                        if let last, last != event.1 { expected += 1 }
                        last = event.1
                        #expect(round[index] == expected)
                    }
                }
            }
        }
    }
#endif
