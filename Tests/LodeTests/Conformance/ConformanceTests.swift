import LodeConfiguration
import LodeCore
import LodeDelivery
import LodeJournal
import TestSupport
import Testing

/// What every kind of subscriber promises, on the real thing.
@Suite(.serialized, .blocking) struct ConformanceTests {
    private func traffic(_ count: Int, keys: Int = 7) -> [SampleEvent] {
        (0..<count).map { number in
            SampleEvent("A", key: "k\(number * number % keys)", data: #"{"number":\#(number),"text":"a \"quoted\" ü"}"#)
        }
    }

    @Test(arguments: ConformanceKind.allCases)
    func everyEventArrivesAndEachKeyInOrder(kind: ConformanceKind) async throws {
        let run = try ConformanceRun(try await kind.peer())
        try run.append(traffic(400))
        try await run.start()
        // Some in a backlog, some as they come.
        try run.append(traffic(100))
        try await eventually("all events", within: .seconds(60)) { try await run.firsts().count == run.events.count }
        #expect(run.byKey(try await run.firsts()) == run.expectedByKey())
        #expect(try await run.peer.received().count == run.events.count, "nothing twice without a failure")
        try await eventually("the cursor") { run.cursor == Position(run.events.count) }
        try await run.finish()
    }

    @Test(arguments: ConformanceKind.allCases)
    func aCrashAtAnyMomentLosesNothing(kind: ConformanceKind) async throws {
        var random = SeededGenerator(for: "crashes of \(kind)")
        let run = try ConformanceRun(try await kind.peer())
        for _ in 1...6 {
            try run.append(traffic(40))
            try await run.start()
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...150, using: &random)))
            if Bool.random(using: &random) { try await run.journal.flushCursors() }
            try await run.crash()
        }
        try await run.start()
        try await eventually("all events", within: .seconds(60)) { try await run.firsts().count == run.events.count }
        #expect(run.byKey(try await run.firsts()) == run.expectedByKey())
        try await run.finish()
    }

    @Test(arguments: ConformanceKind.allCases)
    func aPeerThatVanishesGetsEverythingWhenItIsBack(kind: ConformanceKind) async throws {
        let run = try ConformanceRun(try await kind.peer(), attempts: 5)
        try run.append(traffic(50))
        try await run.start()
        try await eventually("the first events") { try await run.firsts().count == 50 }
        try await run.peer.vanish()
        try run.append(traffic(50))
        try await eventually("the failure", within: .seconds(90)) { run.subscriber?.status.failure != nil }
        try await Task.sleep(for: .milliseconds(500))
        #expect(run.subscriber?.status.parked == 0, "a peer that is away parks nothing")
        try await run.peer.comeBack()
        try await eventually("all events", within: .seconds(90)) { try await run.firsts().count == 100 }
        #expect(run.byKey(try await run.firsts()) == run.expectedByKey())
        try await run.finish()
    }

    @Test(arguments: ConformanceKind.allCases.filter { $0 != .file })
    func oneEventThatIsNeverTakenIsParkedAndOtherKeysFlow(kind: ConformanceKind) async throws {
        let run = try ConformanceRun(try await kind.peer(), attempts: 3)
        let poison = run.peer.poison
        try run.append(traffic(10) + [poison, SampleEvent("A", key: poison.key)] + traffic(30))
        try await run.start()
        let waiting = Set([run.ids[10], run.ids[11]])
        let expected = run.ids.filter { !waiting.contains($0) }
        try await eventually("the others", within: .seconds(60)) { try await run.firsts().count >= expected.count }
        try await eventually("it is parked", within: .seconds(60)) { run.subscriber?.status.parked == 2 }
        #expect(Set(try await run.firsts()) == Set(expected))
        try await eventually("the cursor") { run.cursor == Position(run.events.count) }
        try await run.journal.flushCursors()
        let shelf = try await run.journal.shelf(of: "s", limit: 10)
        #expect(shelf.map(\.event.id) == [run.ids[10], run.ids[11]])
        #expect(shelf.map(\.event.state) == [.parked, .behind])
        #expect(shelf.first?.event.reason?.isEmpty == false)
        // Skipped, those behind it go on.
        await run.subscriber?.perform(.skip(key: nil))
        try await eventually("the one behind") { try await run.firsts().contains(run.ids[11]) }
        #expect(!(try await run.firsts().contains(run.ids[10])))
        try await run.finish()
    }

    @Test(arguments: ConformanceKind.allCases)
    func whenItHasStoppedTheCursorIsPastWhatIsAcknowledgedAlone(kind: ConformanceKind) async throws {
        var random = SeededGenerator(for: "stops of \(kind)")
        let run = try ConformanceRun(try await kind.peer())
        for _ in 1...5 {
            try run.append(traffic(60))
            try await run.start()
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...100, using: &random)))
            try await run.stop()
            let received = Set(try await run.peer.received())
            let passed = run.ids.prefix(Int(run.cursor))
            #expect(passed.allSatisfy(received.contains), "the cursor is at \(run.cursor)")
        }
        try await run.start()
        try await eventually("all events", within: .seconds(60)) { try await run.firsts().count == run.events.count }
        #expect(run.byKey(try await run.firsts()) == run.expectedByKey())
        try await run.finish()
    }

    @Test(arguments: ConformanceKind.allCases)
    func aRewoundSubscriberGetsItsEventsAnew(kind: ConformanceKind) async throws {
        let run = try ConformanceRun(try await kind.peer())
        try run.append(traffic(30))
        try await run.start()
        try await eventually("the first events") { try await run.peer.received().count == 30 }
        await run.subscriber?.perform(.rewind(20))
        let anew = run.peer.dropsRepeats ? 30 : 40
        try await eventually("the last ten anew") {
            run.subscriber?.status.counts.delivered == 10 && run.cursor == 30
        }
        #expect(try await run.peer.received().count == anew)
        await run.subscriber?.perform(.pause)
        try run.append(traffic(5))
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await run.peer.received().count == anew)
        await run.subscriber?.perform(.resume)
        try await eventually("the rest") { try await run.peer.received().count == anew + 5 }
        try await run.finish()
    }
}
