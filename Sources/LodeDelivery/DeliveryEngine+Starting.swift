import DequeModule
import HeapModule
import LodeJournal

extension DeliveryEngine {
    /// The next batch to deliver; nil: there is none now. Asked until it says nil.
    ///
    /// - Returns: The batch, and the ticket to give back with its report.
    public mutating func start(at now: ContinuousClock.Instant) -> (ticket: Int, batch: EventBatch)? {
        guard pauseReason == nil, flights.count < options.concurrency else { return nil }
        let permission = circuit.permission(at: now)
        if permission == .closed { return nil }
        let most = permission == .probe ? 1 : options.batchEvents
        guard let flight = nextFlight(most: most, at: now) else { return nil }
        if permission == .probe { circuit.isProbing = true }
        let ticket = nextTicket
        nextTicket += 1
        let batch = EventBatch(
            flight.entries.map(\.place), floor: cursor, generation: generation, journal: journal,
            wasSetAside: flight.shelf != nil)
        flights[ticket] = flight
        return (ticket, batch)
    }

    private mutating func nextFlight(most: Int, at now: ContinuousClock.Instant) -> Flight? {
        if let index = held.firstIndex(where: { $0.due <= now }) { return held.remove(at: index).flight }
        // The shelf and the rest take turns, so that neither starves the other.
        if !tookFromShelf, let flight = flightFromShelf(at: now) {
            tookFromShelf = true
            return flight
        }
        tookFromShelf = false
        return flightFromWindow(most: most, at: now) ?? flightFromShelf(at: now)
    }

    // MARK: - From the window

    private mutating func flightFromWindow(most: Int, at now: ContinuousClock.Instant) -> Flight? {
        var entries: [Entry] = []
        var bytes = 0
        takeReady(most, &entries, &bytes)
        takeReturned(most, &entries, &bytes)
        if !entries.isEmpty || isFull(most) || (freshSince.map { now - $0 >= options.wait } ?? false) {
            takeFresh(most, &entries, &bytes)
            freshSince = freshCount > 0 ? now : nil
        }
        return entries.isEmpty ? nil : Flight(entries: entries, isTracked: options.tracksLanes)
    }

    private func isFull(_ most: Int) -> Bool { freshCount >= most || freshBytes >= options.batchBytes }

    private func hasRoom(_ size: Int, _ most: Int, _ entries: [Entry], _ bytes: Int) -> Bool {
        entries.isEmpty || entries.count < most && bytes + size <= options.batchBytes
    }

    private mutating func takeReady(_ most: Int, _ entries: inout [Entry], _ bytes: inout Int) {
        while let key = ready.first, entries.count < most {
            guard var lane = lanes[key], lane.shelf == nil, lane.flight == nil, let first = lane.waiting.first else {
                ready.removeFirst()
                continue
            }
            guard hasRoom(first.size, most, entries, bytes) else { return }
            ready.removeFirst()
            let many = options.keyOrder == .inBatch
            repeat {
                let entry = lane.waiting.removeFirst()
                entries.append(entry)
                bytes += entry.size
            } while many && !lane.waiting.isEmpty && hasRoom(lane.waiting[0].size, most, entries, bytes)
            if options.tracksLanes {
                lane.flight = nextTicket
            } else if !lane.waiting.isEmpty {
                // The rest follows in the next batch, before anything fresh.
                ready.prepend(key)
            }
            set(lane, key)
        }
    }

    private mutating func takeReturned(_ most: Int, _ entries: inout [Entry], _ bytes: inout Int) {
        while let entry = returned.first, hasRoom(entry.size, most, entries, bytes) {
            returned.removeFirst()
            take(entry, &entries, &bytes)
        }
    }

    private mutating func takeFresh(_ most: Int, _ entries: inout [Entry], _ bytes: inout Int) {
        while !fresh.isEmpty {
            let chunk = fresh[0].chunk
            let serial = fresh[0].serial
            var next = fresh[0].next
            var isFull = false
            while next < chunk.count {
                let size = Int(chunk.lines[next].bytes)
                guard hasRoom(size, most, entries, bytes) else {
                    isFull = true
                    break
                }
                freshCount -= 1
                take(
                    Entry(
                        place: EventBatch.Place(chunk: chunk, line: Int32(truncatingIfNeeded: next)),
                        serial: serial + next), &entries, &bytes)
                next += 1
            }
            if next == chunk.count {
                freshBytes -= chunk.size
                fresh.removeFirst()
            } else {
                fresh[0].next = next
            }
            if isFull { return }
        }
    }

    /// Puts an event into the batch, or where its key says that it must wait.
    private mutating func take(_ entry: Entry, _ entries: inout [Entry], _ bytes: inout Int) {
        if options.tracksLanes || !lanes.isEmpty {
            let key = LaneKey(entry.event)
            if var lane = lanes[key] {
                if lane.shelf != nil {
                    setAside(entry, key, &lane, state: .behind)
                    set(lane, key)
                    return
                }
                let fits = lane.flight == nil || lane.flight == nextTicket && options.keyOrder == .inBatch
                if !fits || !lane.waiting.isEmpty {
                    lane.waiting.append(entry)
                    set(lane, key)
                    return
                }
            }
            if options.tracksLanes {
                lanes[key, default: Lane()].flight = nextTicket
            }
        }
        entries.append(entry)
        bytes += entry.size
    }

    // MARK: - From the shelf

    private mutating func flightFromShelf(at now: ContinuousClock.Instant) -> Flight? {
        while let next = due.min, next.at <= now {
            due.removeMin()
            guard var lane = lanes[next.key], var shelf = lane.shelf, shelf.phase == .due(next.at) else { continue }
            guard !shelf.head.isEmpty else {
                shelf.phase = .loading
                loads.append((next.key, shelf.first))
                lane.shelf = shelf
                set(lane, next.key)
                continue
            }
            // One that failed goes alone: it is the suspect. Others of its key follow as the kind takes them.
            var entries = [shelf.head.removeFirst()]
            if options.keyOrder == .inBatch, shelf.attempts == 0 {
                while let entry = shelf.head.first, entries.count < options.batchEvents {
                    entries.append(entry)
                    shelf.head.removeFirst()
                }
            }
            shelf.phase = .inFlight
            let flight = Flight(
                entries: entries, isTracked: false, shelf: next.key, attempts: shelf.attempts,
                firstFailure: shelf.firstFailure)
            lane.shelf = shelf
            set(lane, next.key)
            return flight
        }
        return nil
    }

    // MARK: - Lanes

    mutating func set(_ lane: Lane, _ key: LaneKey) { lanes[key] = lane.isIdle ? nil : lane }

    /// What was in flight of a key has ended.
    mutating func release(_ key: LaneKey) {
        guard var lane = lanes[key] else { return }
        lane.flight = nil
        if lane.shelf == nil, !lane.waiting.isEmpty { ready.append(key) }
        set(lane, key)
    }
}
