import LodeConfiguration
import LodeDelivery
import LodeJournal
import TestSupport
import Testing

struct DeliveryEngineTests {
    private func options(
        concurrency: Int = 1, _ order: HandlerTraits.KeyOrder = .inBatch, events: Int = 100, attempts: Int = 3,
        then: SubscriberSettings.AfterLastAttempt = .park, age: Duration? = nil, wait: Duration? = nil
    ) -> DeliveryOptions {
        DeliveryOptions(
            HandlerTraits(concurrency: concurrency, keyOrder: order, batchEvents: events),
            batch: BatchSettings(wait: wait),
            retry: RetrySettings(attempts: attempts, first: .seconds(1), most: .seconds(60), age: age), then: then)
    }

    @Test func aBatchIsWhatWasRead() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b", "a"), options())
        try simulated.read()
        #expect(try simulated.start() == [[1, 2, 3]])
        #expect(simulated.engine.cursor == 0)
        simulated.finish([1, 2, 3], .done)
        #expect(simulated.engine.cursor == 3)
        #expect(simulated.engine.counts.delivered == 3)
        #expect(try simulated.start() == [])
    }

    @Test func keysRunSideBySideAndEachInOrder() throws {
        var simulated = SimulatedSubscriber(keyed("a", "a", "b", "a", "c", "b"), options(concurrency: 3, events: 1))
        try simulated.read()
        #expect(try simulated.start() == [[1], [3], [5]])
        simulated.finish([3], .done)
        #expect(simulated.engine.cursor == 0, "the first is still under way")
        #expect(try simulated.start() == [[6]])
        simulated.finish([1], .done)
        #expect(simulated.engine.cursor == 1)
        #expect(try simulated.start() == [[2]])
        simulated.finish([2], .done)
        #expect(simulated.engine.cursor == 3)
        #expect(try simulated.start() == [[4]])
        for position in [4, 5, 6] { simulated.finish([Position(position)], .done) }
        #expect(simulated.engine.cursor == 6)
        #expect(simulated.engine.isIdle)
    }

    @Test func aBatchThatMayNotHaveAKeyTwiceHasItOnce() throws {
        var simulated = SimulatedSubscriber(keyed("a", "a", "b", "-", "-", "a"), options(.onePerBatch))
        try simulated.read()
        #expect(try simulated.start() == [[1, 3, 4, 5]])
        simulated.finish([1, 3, 4, 5], .done)
        #expect(try simulated.start() == [[2]])
        simulated.finish([2], .done)
        #expect(try simulated.start() == [[6]])
    }

    @Test func aBatchWithAKeySeveralTimesKeepsItsOrderBesideOthers() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b", "a", "c"), options(concurrency: 2, events: 3))
        try simulated.read()
        #expect(try simulated.start() == [[1, 2, 3], [4]])
    }

    @Test func whatFailsIsSetAsideAndOtherKeysFlow() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b", "a", "c"), options())
        try simulated.read()
        #expect(try simulated.start() == [[1, 2, 3, 4]])
        simulated.finish(
            [1, 2, 3, 4], .each([.failed(DeliveryFailure(.retry, .event, "no")), .done, .untried, .untried]))
        #expect(simulated.states() == [1: .retrying, 3: .behind])
        #expect(try simulated.start() == [[4]])
        simulated.finish([4], .done)
        #expect(simulated.engine.cursor == 4, "the cursor passes what is on the shelf")
        #expect(simulated.engine.taken == 0, "but it is not taken")
        simulated.advance(.milliseconds(500))
        #expect(try simulated.start() == [], "not before the pause")
        simulated.advance(.milliseconds(600))
        #expect(try simulated.start() == [[1]])
        simulated.finish([1], .done)
        #expect(try simulated.start() == [[3]])
        simulated.finish([3], .done)
        #expect(simulated.shelf.isEmpty)
        #expect(simulated.engine.taken == 4)
    }

    @Test func afterTheLastAttemptTheKeyIsParkedUntilAPersonRetries() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b", "a"), options(concurrency: 2, events: 1))
        try simulated.read()
        for attempt in 1...3 {
            #expect(try simulated.start().contains([1]), "attempt \(attempt)")
            simulated.finish([2], .done)
            simulated.finish([1], .retry())
            simulated.advance(.seconds(100))
        }
        #expect(try simulated.start() == [])
        #expect(simulated.states() == [1: .parked, 3: .behind])
        #expect(simulated.shelf[1]?.attempts == 3)
        #expect(simulated.shelf[1]?.reason == "500 no")
        #expect(simulated.engine.counts.parked == 1)
        #expect(simulated.engine.counts.retried == 2)
        #expect(simulated.engine.parkedEvents == 2)
        #expect(simulated.engine.retryParked(.key(Array("b".utf8)), at: simulated.now) == 0)
        #expect(simulated.engine.retryParked(.key(Array("a".utf8)), at: simulated.now) == 1)
        #expect(try simulated.start() == [[1]])
        simulated.finish([1], .done)
        #expect(try simulated.start() == [[3]])
        simulated.finish([3], .done)
        #expect(simulated.shelf.isEmpty)
    }

    @Test func aSkippedEventIsKeptToBeLookedAtAndItsKeyGoesOn() throws {
        var simulated = SimulatedSubscriber(keyed("a", "a"), options())
        try simulated.read()
        #expect(try simulated.start() == [[1, 2]])
        simulated.finish([1, 2], .each([.failed(DeliveryFailure(.park, .event, "400 bad"))]))
        #expect(simulated.states() == [1: .parked, 2: .behind])
        #expect(simulated.engine.skipParked(.position(2), at: simulated.now) == 0, "it waits behind another")
        #expect(simulated.engine.skipParked(.position(1), at: simulated.now) == 1)
        #expect(try simulated.start() == [[2]])
        simulated.finish([2], .done)
        #expect(simulated.states() == [1: .skipped])
        #expect(simulated.engine.counts.skipped == 1)
    }

    @Test func thenSkipGoesOnWithoutTheEvent() throws {
        var simulated = SimulatedSubscriber(keyed("a", "a"), options(then: .skip))
        try simulated.read()
        #expect(try simulated.start() == [[1, 2]])
        simulated.finish([1, 2], .each([.failed(DeliveryFailure(.park, .event, "400 bad"))]))
        #expect(simulated.states() == [1: .skipped])
        #expect(try simulated.start() == [[2]])
    }

    @Test func thenStopPausesTheSubscriberAndResumingTriesTheEventAgain() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b"), options(then: .stop))
        try simulated.read()
        #expect(try simulated.start() == [[1, 2]])
        simulated.finish([1, 2], .each([.failed(DeliveryFailure(.park, .event, "400 bad"))]))
        #expect(simulated.engine.pauseReason == "400 bad")
        #expect(try simulated.start() == [])
        #expect(!simulated.engine.wantsMore)
        simulated.engine.resume()
        #expect(try simulated.start() == [[2]])
        simulated.finish([2], .done)
        #expect(try simulated.start() == [[1]])
        simulated.finish([1], .done)
        #expect(simulated.shelf.isEmpty)
    }

    @Test func aPeerThatIsAwayCostsNoAttempts() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b"), options(attempts: 2))
        try simulated.read()
        var pauses: [Duration] = []
        for _ in 1...20 {
            let started = try simulated.start()
            #expect(started.count == 1)
            simulated.finish(started[0], .away())
            let wake = try #require(simulated.engine.wakeUp(after: simulated.now))
            pauses.append(wake - simulated.now)
            #expect(try simulated.start() == [], "the circuit is open")
            simulated.now = wake
        }
        #expect(simulated.shelf.isEmpty)
        #expect(pauses[0] >= .milliseconds(750) && pauses[0] <= .seconds(1))
        #expect(pauses[19] >= .seconds(45) && pauses[19] <= .seconds(60))
        #expect(try simulated.start() == [[1]], "one event finds out whether it is back")
        simulated.finish([1], .done)
        #expect(try simulated.start() == [[2]])
        simulated.finish([2], .done)
        #expect(simulated.engine.cursor == 2)
    }

    @Test func failuresOfManyKeysOpenTheCircuit() throws {
        let events = (0..<50).map { SampleEvent("A", key: "k\($0)") }
        var simulated = SimulatedSubscriber(events, options(concurrency: 1, events: 1, attempts: 100))
        try simulated.read()
        var delivered = 0
        while let next = try simulated.start().first {
            simulated.finish(next, .park())
            delivered += 1
        }
        #expect(delivered == 5, "a wrong URL parks five events at once, not the whole backlog")
        simulated.advance(.seconds(1))
        #expect(try simulated.start().count == 1)
    }

    @Test func retryAfterIsHonoured() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b"), options(concurrency: 2, events: 1))
        try simulated.read()
        #expect(try simulated.start() == [[1], [2]])
        simulated.finish([2], .done)
        simulated.finish([1], .failed(DeliveryFailure(.retry, .event, "429", retryAfter: .seconds(30))))
        simulated.advance(.seconds(29))
        #expect(try simulated.start() == [])
        simulated.advance(.seconds(2))
        #expect(try simulated.start() == [[1]])
    }

    @Test func anAgeLimitEndsTheAttempts() throws {
        var simulated = SimulatedSubscriber(keyed("a"), options(attempts: 1000, age: .seconds(120)))
        try simulated.read()
        var attempts = 0
        for _ in 1...100 {
            if let next = try simulated.start().first {
                attempts += 1
                simulated.finish(next, .retry())
            }
            if let wake = simulated.engine.wakeUp(after: simulated.now) { simulated.now = wake }
        }
        #expect(simulated.states() == [1: .parked])
        #expect(attempts < 12)
    }

    @Test func aBatchThatFailsTogetherComesAgainAsItIsAndIsCutWhenItIsParked() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b", "c", "d", "a"), options(events: 4))
        try simulated.read()
        #expect(try simulated.start() == [[1, 2, 3, 4]])
        simulated.finish([1, 2, 3, 4], .retry())
        #expect(try simulated.start() == [[5]].filter { _ in false }, "a waits for a")
        simulated.advance(.seconds(1))
        #expect(try simulated.start() == [[1, 2, 3, 4]])
        simulated.finish([1, 2, 3, 4], .park())
        #expect(try simulated.start() == [[1, 2]])
        simulated.finish([1, 2], .done)
        #expect(try simulated.start() == [[3, 4]])
        simulated.finish([3, 4], .park())
        #expect(try simulated.start() == [[3]])
        simulated.finish([3], .park("400 c"))
        #expect(try simulated.start() == [[4]])
        simulated.finish([4], .done)
        #expect(simulated.states() == [3: .parked])
        #expect(try simulated.start() == [[5]])
    }

    @Test func aPausePutsNothingIntoFlight() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b"), options(concurrency: 2, events: 1))
        try simulated.read(1)
        #expect(try simulated.start() == [[1]])
        simulated.finish([1], .failed(DeliveryFailure(.pause, .event, "410 gone")))
        #expect(simulated.engine.pauseReason == "410 gone")
        #expect(simulated.shelf.isEmpty)
        try simulated.read()
        #expect(try simulated.start() == [])
        simulated.engine.resume()
        #expect(try simulated.start() == [[1], [2]])
    }

    @Test func aBatchWaitsForMoreWhenToldTo() throws {
        var simulated = SimulatedSubscriber(keyed("a", "b", "c"), options(events: 2, wait: .seconds(5)))
        try simulated.read(1)
        #expect(try simulated.start() == [])
        #expect(simulated.engine.wakeUp(after: simulated.now) == simulated.now + .seconds(5))
        try simulated.read(1)
        #expect(try simulated.start() == [[1, 2]], "full")
        try simulated.read(1)
        simulated.finish([1, 2], .done)
        simulated.advance(.seconds(5))
        #expect(try simulated.start() == [[3]])
    }

    @Test func eventsWithoutAKeyFailAlone() throws {
        var simulated = SimulatedSubscriber(keyed("-", "-", "-"), options(attempts: 1))
        try simulated.read()
        #expect(try simulated.start() == [[1, 2, 3]])
        simulated.finish([1, 2, 3], .each([.done, .failed(DeliveryFailure(.retry, .event, "no")), .done]))
        #expect(simulated.states() == [2: .parked])
        #expect(simulated.engine.cursor == 3)
        try simulated.restart()
        #expect(simulated.engine.retryParked(.all, at: simulated.now) == 1)
        #expect(try simulated.start() == [[2]])
    }

    @Test func nothingMoreIsReadThanTheWindowHolds() throws {
        let events = (0..<200_000).map {
            SampleEvent("A", key: "k\($0)", data: #"{"filler":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"#)
        }
        var simulated = SimulatedSubscriber(events, options(concurrency: 2, events: 1))
        var reads = 0
        while simulated.engine.wantsMore, reads < 1000 {
            try simulated.read(1000)
            reads += 1
        }
        #expect(reads < 100)
        // One that hangs does not let the rest pile up.
        #expect(try simulated.start() == [[1], [2]])
        for position in 3...5000 {
            guard let next = try simulated.start().first else { break }
            #expect(next == [Position(position)])
            simulated.finish(next, .done)
        }
        #expect(!simulated.engine.wantsMore)
    }
}
