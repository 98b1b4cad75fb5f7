import DequeModule
import HeapModule
import LodeCore
public import LodeJournal

extension DeliveryEngine {
    // MARK: - What the file says

    /// What is on the shelf of a subscriber that begins: to be given before the first event.
    public mutating func restore(_ rows: [ShelfSummary], at now: ContinuousClock.Instant) {
        for row in rows {
            let key: LaneKey = row.key.map { .key($0) } ?? .alone(row.first)
            var shelf = Shelf(first: row.first, count: row.count, phase: .parked, firstFailure: now)
            shelf.attempts = row.attempts
            var lane = lanes[key] ?? Lane()
            if row.state != .parked { makeDue(&shelf, key, at: now) }
            lane.shelf = shelf
            lanes[key] = lane
            shelves += 1
        }
    }

    /// What was asked for by ``takeLoads()``: the first events of one key. Empty: they are gone.
    public mutating func loaded(_ chunk: EventChunk, key: [UInt8]?, first: Position, at now: ContinuousClock.Instant) {
        let key: LaneKey = key.map { .key($0) } ?? .alone(first)
        guard var lane = lanes[key], var shelf = lane.shelf, shelf.phase == .loading else { return }
        for line in chunk.lines.indices {
            let place = EventBatch.Place(chunk: chunk, line: Int32(truncatingIfNeeded: line))
            shelf.head.append(Entry(place: place, serial: -1))
        }
        guard let head = shelf.head.first else {
            lane.shelf = nil
            shelves -= 1
            if !lane.waiting.isEmpty { ready.append(key) }
            set(lane, key)
            return
        }
        shelf.first = head.event.position
        makeDue(&shelf, key, at: now)
        lane.shelf = shelf
        set(lane, key)
    }

    // MARK: - What people say

    /// Delivers what is parked again, from each key's first event on.
    ///
    /// - Parameter key: nil: of all keys.
    /// - Returns: How many keys.
    public mutating func retryParked(_ which: ParkedEvents, at now: ContinuousClock.Instant) -> Int {
        var found = 0
        for key in keys(of: which) {
            guard var lane = lanes[key], var shelf = lane.shelf, shelf.phase == .parked else { continue }
            found += 1
            shelf.attempts = 0
            shelf.firstFailure = now
            change(.update(shelf.first, .retrying, attempts: 0, reason: nil))
            makeDue(&shelf, key, at: now)
            lane.shelf = shelf
            lanes[key] = lane
        }
        return found
    }

    /// Gives up the first event of each parked key; what waited behind it goes on.
    ///
    /// - Returns: How many events.
    public mutating func skipParked(_ which: ParkedEvents, at now: ContinuousClock.Instant) -> Int {
        var found = 0
        for key in keys(of: which) {
            guard var lane = lanes[key], var shelf = lane.shelf, shelf.phase == .parked else { continue }
            found += 1
            counts.skipped += 1
            change(.update(shelf.first, .skipped, attempts: shelf.attempts, reason: nil))
            shelf.head.removeAll()
            shelf.count -= 1
            next(&shelf, key, at: now, after: shelf.first)
            lane.shelf = shelf
            finishShelf(&lane, key)
            set(lane, key)
        }
        return found
    }

    private func keys(of which: ParkedEvents) -> [LaneKey] {
        switch which {
        case .all: lanes.filter { $0.value.shelf?.phase == .parked }.map(\.key)
        case .key(let key): [.key(key)]
        case .position(let position):
            lanes.filter { $0.value.shelf?.phase == .parked && $0.value.shelf?.first == position }.map(\.key)
        }
    }

    // MARK: - Parts

    /// Puts an event on its key's shelf, behind what is there. The cursor may pass it.
    mutating func setAside(_ entry: Entry, _ key: LaneKey, _ lane: inout Lane, state: ShelfState) {
        lane.shelf?.count += 1
        put(entry, key, state: state, attempts: 0, reason: nil)
    }

    mutating func put(_ entry: Entry, _ key: LaneKey, state: ShelfState, attempts: Int, reason: String?) {
        if entry.serial >= 0 { window.markDone(entry.serial) }
        let event = entry.event
        let placed = entry.place.chunk.extracted(Int(entry.place.line))
        changedBytes += placed.block.body.count + 256
        change(
            .put(
                ShelvedEvent(
                    key: key.bytes, id: event.id, type: event.type, block: placed, state: state, attempts: attempts,
                    reason: reason)))
    }

    mutating func change(_ change: ShelfChange) { changes.append(change) }

    mutating func makeDue(_ shelf: inout Shelf, _ key: LaneKey, at time: ContinuousClock.Instant) {
        shelf.phase = .due(time)
        dueNumber += 1
        due.insert(Due(at: time, number: dueNumber, key: key))
    }

    /// The shelf's first event is gone: the one behind it is next, at once.
    mutating func next(_ shelf: inout Shelf, _ key: LaneKey, at now: ContinuousClock.Instant, after position: Position)
    {
        shelf.attempts = 0
        shelf.firstFailure = now
        shelf.first = shelf.head.first?.event.position ?? position + 1
        guard shelf.count > 0 else { return }
        makeDue(&shelf, key, at: now)
    }

    /// Takes an empty shelf away: its key flows again.
    mutating func finishShelf(_ lane: inout Lane, _ key: LaneKey) {
        guard let shelf = lane.shelf, shelf.count <= 0 else { return }
        lane.shelf = nil
        shelves -= 1
        if lane.flight == nil, !lane.waiting.isEmpty { ready.append(key) }
    }
}

/// Which of a subscriber's parked events a person means.
public enum ParkedEvents: Hashable, Sendable {
    case all
    case key([UInt8])
    /// The event of this position, which must be its key's first.
    case position(Position)
}
