import LodeConfiguration
import LodeDelivery
import LodeJournal
import TestSupport
import Testing

/// Random traffic, random failures, crashes and people: what must hold whatever happens.
struct DeliveryPropertyTests {
    private struct Subscriber {
        /// By key, the positions in the order in which they were taken, repeats and all.
        var taken: [String: [Position]] = [:]
        var all: Set<Position> = []
    }

    @Test(arguments: 0..<150)
    func nothingIsLostAndEachKeyIsInOrder(round: Int) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let comment: Comment = "seed \(seed)"
        let events = (0..<Int.random(in: 1...120, using: &random)).map { _ in
            SampleEvent("A", key: Bool.random(using: &random) ? "k\(Int.random(in: 0...4, using: &random))" : nil)
        }
        let order: HandlerTraits.KeyOrder = Bool.random(using: &random) ? .inBatch : .onePerBatch
        let options = DeliveryOptions(
            HandlerTraits(
                concurrency: Int.random(in: 1...4, using: &random), keyOrder: order,
                batchEvents: Int.random(in: 1...8, using: &random)),
            retry: RetrySettings(attempts: Int.random(in: 1...4, using: &random), first: .seconds(1), most: .seconds(8))
        )
        var simulated = SimulatedSubscriber(events, options, seed: seed)
        var subscriber = Subscriber()

        for step in 0..<2000 {
            // In the end everything succeeds.
            let isCalm = step > 600
            if simulated.engine.wantsMore { try simulated.read(Int.random(in: 1...20, using: &random)) }
            for positions in try simulated.start() { check(positions, events, order, simulated, comment) }
            if !simulated.started.isEmpty, isCalm || Int.random(in: 0...3, using: &random) > 0 {
                guard let flight = simulated.started.randomElement(using: &random) else { continue }
                let outcome = outcome(of: flight.positions, events, isCalm, order, &random)
                take(outcome, flight.positions, events, &subscriber)
                simulated.finish(flight.positions, outcome)
            } else {
                simulated.advance(.milliseconds(Int.random(in: 1...4000, using: &random)))
            }
            if isCalm || Int.random(in: 0...20, using: &random) == 0 {
                _ = simulated.engine.retryParked(.all, at: simulated.now)
                simulated.save()
            }
            if simulated.engine.pauseReason != nil { simulated.engine.resume() }
            if !isCalm, Int.random(in: 0...60, using: &random) == 0 { try simulated.restart(seed: seed) }
            if isCalm, simulated.engine.taken == Position(events.count) { break }
        }

        #expect(simulated.engine.taken == Position(events.count), comment)
        #expect(simulated.shelf.isEmpty, comment)
        #expect(subscriber.all == Set(1...Position(events.count)), comment)
        for (key, taken) in subscriber.taken {
            // Of repeats the first counts: they came in order, and none before an earlier one of its key.
            var seen: Set<Position> = []
            let firsts = taken.filter { seen.insert($0).inserted }
            #expect(firsts == firsts.sorted(), "\(key), \(comment)")
        }
    }

    /// No key twice in flight, nor twice in a batch when it may not be.
    private func check(
        _ positions: [Position], _ events: [SampleEvent], _ order: HandlerTraits.KeyOrder,
        _ simulated: SimulatedSubscriber, _ comment: Comment
    ) {
        let keys = positions.compactMap { events[Int($0) - 1].key }
        if order == .onePerBatch { #expect(Set(keys).count == keys.count, comment) }
        var inFlight: [String: Int] = [:]
        for flight in simulated.started {
            for key in Set(flight.positions.compactMap { events[Int($0) - 1].key }) { inFlight[key, default: 0] += 1 }
        }
        #expect(inFlight.values.allSatisfy { $0 == 1 }, comment)
    }

    private func outcome(
        of positions: [Position], _ events: [SampleEvent], _ isCalm: Bool, _ order: HandlerTraits.KeyOrder,
        _ random: inout SeededGenerator
    ) -> DeliveryReport {
        if isCalm { return .done }
        switch Int.random(in: 0...9, using: &random) {
        case 0...3: return .done
        case 4: return .retry()
        case 5: return .park()
        case 6: return .away()
        default:
            // A handler that keeps its word: after a key's first failure none of the key's later ones is taken.
            var failed: Set<String> = []
            return .each(
                positions.map { position in
                    let key = events[Int(position) - 1].key
                    if let key, failed.contains(key) { return .untried }
                    let outcomes: [EventOutcome] = [
                        .done, .done, .untried, .failed(DeliveryFailure(.retry, .event, "no")),
                        .failed(DeliveryFailure(.park, .event, "never")),
                    ]
                    let outcome = outcomes.randomElement(using: &random) ?? .done
                    if case .done = outcome { return outcome }
                    if let key { failed.insert(key) }
                    return outcome
                })
        }
    }

    private func take(
        _ report: DeliveryReport, _ positions: [Position], _ events: [SampleEvent], _ subscriber: inout Subscriber
    ) {
        for (index, position) in positions.enumerated() {
            switch report {
            case .done: break
            case .failed: continue
            case .each(let outcomes): guard case .done = outcomes[index] else { continue }
            }
            subscriber.all.insert(position)
            if let key = events[Int(position) - 1].key { subscriber.taken[key, default: []].append(position) }
        }
    }
}
