import DequeModule
import LodeConfiguration
import LodeJournal

extension DeliveryEngine {
    /// What became of a batch that ``start(at:)`` gave out.
    public mutating func finish(_ ticket: Int, _ report: DeliveryReport, at now: ContinuousClock.Instant) {
        guard let flight = flights.removeValue(forKey: ticket) else { return }
        defer { window.pass() }
        switch report {
        case .done:
            circuit.succeeded()
            failure = nil
            finish(flight, at: now) { _ in .done }
        case .failed(let why):
            failed(why, at: now)
            if why.fault == .peer || why.verdict == .pause {
                finish(flight, at: now) { _ in .untried }
            } else if flight.entries.count > 1 {
                retryTogether(flight, why, at: now)
            } else {
                finish(flight, at: now) { _ in .failed(why) }
            }
        case .each(let outcomes):
            let failures = outcomes.compactMap { if case .failed(let why) = $0 { why } else { nil } }
            let succeeded = outcomes.contains { if case .done = $0 { true } else { false } }
            if succeeded {
                circuit.succeeded()
                failure = nil
            } else {
                circuit.isProbing = false
            }
            // Many events of one batch that failed are one failure of the peer.
            if let why = failures.first { failed(why, at: now, besides: succeeded) }
            for why in failures where why.verdict == .pause { pause(why.reason) }
            finish(flight, at: now) { index in
                guard index < outcomes.count else { return .untried }
                if case .failed(let why) = outcomes[index], why.fault == .peer || why.verdict == .pause {
                    return .untried
                }
                return outcomes[index]
            }
        }
    }

    private mutating func failed(_ why: DeliveryFailure, at now: ContinuousClock.Instant, besides success: Bool = false)
    {
        failure = why.reason
        if why.verdict == .pause { pause(why.reason) }
        guard !success || why.fault == .peer || why.retryAfter != nil else { return }
        circuit.failed(why, at: now, pauses: options.pauses, using: &random)
    }

    // MARK: - A batch as a whole

    /// The same batch again, later; when its attempts are over, each half by itself.
    private mutating func retryTogether(_ flight: Flight, _ why: DeliveryFailure, at now: ContinuousClock.Instant) {
        var flight = flight
        flight.attempts += 1
        flight.firstFailure = flight.firstFailure ?? now
        counts.retried += UInt64(flight.entries.count)
        if flight.shelf == nil { track(&flight) }
        guard isOver(flight.attempts, flight.firstFailure, why, at: now) else {
            held.append(Held(flight: flight, due: now + pause(after: flight.attempts, why)))
            return
        }
        // One attempt is left to each half, and to its halves.
        flight.attempts = max(0, options.retry.attempts - 1)
        let middle = flight.entries.count / 2
        var (first, second) = (flight, flight)
        first.entries = Array(flight.entries[..<middle])
        if let key = flight.shelf {
            giveBack(Array(flight.entries[middle...]), toShelf: key)
            held.append(Held(flight: first, due: now))
            return
        }
        // A key in both halves: its later events wait for the earlier ones.
        let keys = Set(first.entries.map { LaneKey($0.event) })
        second.entries = []
        var later: [LaneKey: [Entry]] = [:]
        for entry in flight.entries[middle...] {
            let key = LaneKey(entry.event)
            if keys.contains(key) { later[key, default: []].append(entry) } else { second.entries.append(entry) }
        }
        for (key, entries) in later { lanes[key]?.waiting.prepend(contentsOf: entries) }
        for half in [first, second] where !half.entries.isEmpty { held.append(Held(flight: half, due: now)) }
    }

    /// Has the lanes of a flight say that they are in flight, where that went without saying.
    private mutating func track(_ flight: inout Flight) {
        guard !flight.isTracked else { return }
        flight.isTracked = true
        for entry in flight.entries { lanes[LaneKey(entry.event), default: Lane()].flight = -1 }
    }

    // MARK: - Event by event

    private mutating func finish(
        _ flight: Flight, at now: ContinuousClock.Instant, _ outcome: (Int) -> EventOutcome
    ) {
        if let key = flight.shelf {
            finishFromShelf(flight, key, at: now, outcome)
            return
        }
        var untried: [Entry] = []
        for (index, entry) in flight.entries.enumerated() {
            switch outcome(index) {
            case .done:
                counts.delivered += 1
                window.markDone(entry.serial)
            case .untried:
                untried.append(entry)
            case .failed(let why):
                shelve(entry, flight, why, at: now)
            }
        }
        giveBack(untried)
        if flight.isTracked { for entry in flight.entries { release(LaneKey(entry.event)) } }
    }

    /// Events of the window that come again as if nothing had been. Those whose key is on the shelf by now go there.
    private mutating func giveBack(_ entries: [Entry]) {
        var waiting: [Entry] = []
        for entry in entries.reversed() {
            guard !lanes.isEmpty else {
                waiting.append(entry)
                continue
            }
            let key = LaneKey(entry.event)
            if lanes[key]?.shelf != nil || lanes[key] == nil {
                waiting.append(entry)
            } else {
                lanes[key]?.waiting.prepend(entry)
            }
        }
        // In their order, before what was returned earlier: those are of other keys.
        for entry in waiting { returned.prepend(entry) }
        settleReturned()
    }

    /// What is returned of keys that are on the shelf goes behind them, in order.
    private mutating func settleReturned() {
        guard shelves > 0 else { return }
        for _ in returned.indices {
            let entry = returned.removeFirst()
            let key = LaneKey(entry.event)
            if var lane = lanes[key], lane.shelf != nil {
                setAside(entry, key, &lane, state: .behind)
                lanes[key] = lane
            } else {
                returned.append(entry)
            }
        }
    }

    /// An event of the window failed, its own fault or not: it is set aside, and what comes after it waits behind it.
    private mutating func shelve(
        _ entry: Entry, _ flight: Flight, _ why: DeliveryFailure, at now: ContinuousClock.Instant
    ) {
        let key = LaneKey(entry.event)
        var lane = lanes[key] ?? Lane()
        let attempts = flight.attempts + 1
        let isOver = isOver(attempts, flight.firstFailure ?? now, why, at: now)
        if isOver, options.then == .skip {
            counts.skipped += 1
            put(entry, key, state: .skipped, attempts: attempts, reason: why.reason)
            return
        }
        if lane.shelf != nil {
            // The key's first failure is on the shelf already: this one was after it, and waits behind it.
            setAside(entry, key, &lane, state: .behind)
            set(lane, key)
            return
        }
        var shelf = Shelf(
            first: entry.event.position, count: 1, phase: .parked, firstFailure: flight.firstFailure ?? now)
        shelf.attempts = attempts
        let state = decide(&shelf, key, isOver: isOver, why, at: now)
        // Its bytes in a chunk of their own, so that the stretch of the journal it came with can go.
        put(entry, key, state: state, attempts: shelf.attempts, reason: why.reason)
        lane.shelf = shelf
        shelves += 1
        for waiting in lane.waiting { setAside(waiting, key, &lane, state: .behind) }
        lane.waiting.removeAll()
        set(lane, key)
        if shelves > Self.mostShelves {
            pause(
                "more than \(Self.mostShelves) keys have events set aside, the last for “\(why.reason)”; mend the cause, "
                    + "then “lode parked retry” and “lode subscribers resume”")
        }
    }

    /// What becomes of the first event of a shelf that failed.
    private mutating func decide(
        _ shelf: inout Shelf, _ key: LaneKey, isOver: Bool, _ why: DeliveryFailure, at now: ContinuousClock.Instant
    ) -> ShelfState {
        guard isOver else {
            counts.retried += 1
            makeDue(&shelf, key, at: now + pause(after: shelf.attempts, why))
            return .retrying
        }
        if options.then == .stop {
            pause(why.reason)
            shelf.attempts = 0
            makeDue(&shelf, key, at: now)
            return .retrying
        }
        counts.parked += 1
        shelf.phase = .parked
        return .parked
    }

    private mutating func finishFromShelf(
        _ flight: Flight, _ key: LaneKey, at now: ContinuousClock.Instant, _ outcome: (Int) -> EventOutcome
    ) {
        guard var lane = lanes[key], var shelf = lane.shelf else { return }
        var last = shelf.first
        for (index, entry) in flight.entries.enumerated() {
            let position = entry.event.position
            switch outcome(index) {
            case .done:
                counts.delivered += 1
                change(.remove(position))
                shelf.count -= 1
                last = position
                continue
            case .untried:
                shelf.head.prepend(contentsOf: flight.entries[index...])
                shelf.first = position
                shelf.attempts = index == 0 ? flight.attempts : 0
                makeDue(&shelf, key, at: now)
            case .failed(let why):
                shelf.head.prepend(contentsOf: flight.entries[index...])
                shelf.first = position
                shelf.attempts = (index == 0 ? flight.attempts : 0) + 1
                let started = index == 0 ? flight.firstFailure ?? now : now
                shelf.firstFailure = started
                let isOver = isOver(shelf.attempts, started, why, at: now)
                if isOver, options.then == .skip {
                    counts.skipped += 1
                    change(.update(position, .skipped, attempts: shelf.attempts, reason: why.reason))
                    shelf.head.removeFirst()
                    shelf.count -= 1
                    next(&shelf, key, at: now, after: position)
                } else {
                    let state = decide(&shelf, key, isOver: isOver, why, at: now)
                    change(.update(position, state, attempts: shelf.attempts, reason: why.reason))
                }
            }
            lane.shelf = shelf
            finishShelf(&lane, key)
            set(lane, key)
            return
        }
        next(&shelf, key, at: now, after: last)
        lane.shelf = shelf
        finishShelf(&lane, key)
        set(lane, key)
    }

    private mutating func giveBack(_ entries: [Entry], toShelf key: LaneKey) {
        lanes[key]?.shelf?.head.prepend(contentsOf: entries)
    }

    // MARK: - When

    private func isOver(
        _ attempts: Int, _ first: ContinuousClock.Instant?, _ why: DeliveryFailure, at now: ContinuousClock.Instant
    ) -> Bool {
        if why.verdict == .park || attempts >= options.retry.attempts { return true }
        guard let age = options.retry.age, let first else { return false }
        return now - first >= age
    }

    private mutating func pause(after attempts: Int, _ why: DeliveryFailure) -> Duration {
        let own = options.pauses.pause(after: attempts, using: &random)
        return max(own, min(why.retryAfter ?? .zero, Circuit.longestPause))
    }
}
