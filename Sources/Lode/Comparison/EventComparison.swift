/// Two runs of events over the same log, matched by their ids.
///
/// Fed part by part, each with the events of the same transactions on both sides; it holds one part
/// and the first differences of each kind, however long the log is.
public struct EventComparison: Sendable {
    public enum Difference: Sendable {
        /// Only in the old run.
        case dropped(EventLine)
        /// Only in the new run.
        case added(EventLine)
        /// The same id, other content.
        case changed(old: EventLine, new: EventLine, members: [MemberDifference])
    }

    public struct Count: Hashable, Sendable {
        public var before: Int
        public var after: Int
        public var added: Int
        public var dropped: Int
        /// Counted under the new type, when an event's type changed.
        public var changed: Int

        public init(before: Int = 0, after: Int = 0, added: Int = 0, dropped: Int = 0, changed: Int = 0) {
            self.before = before
            self.after = after
            self.added = added
            self.dropped = dropped
            self.changed = changed
        }

        public var differences: Int { added + dropped + changed }
    }

    public private(set) var counts: [String: Count] = [:]
    /// In the log's order; of each kind the first `most`.
    public private(set) var differences: [Difference] = []
    /// The first event that both runs have and that comes earlier or later in the new one.
    public private(set) var moved: EventLine?
    private let most: Int
    private var kept = Count()

    /// - Parameter most: How many differences of each kind are kept.
    public init(most: Int) { self.most = most }

    public var total: Count {
        counts.values.reduce(into: Count()) { total, count in
            total.before += count.before
            total.after += count.after
            total.added += count.added
            total.dropped += count.dropped
            total.changed += count.changed
        }
    }

    public var isEqual: Bool { total.differences == 0 && moved == nil }

    /// Takes the next events of both runs.
    public mutating func compare(old: [EventLine], new: [EventLine]) {
        for event in old { counts[event.type, default: Count()].before += 1 }
        for event in new { counts[event.type, default: Count()].after += 1 }
        let partner = Self.partners(of: new, among: old)
        var isMatched = [Bool](repeating: false, count: old.count)
        for case let index? in partner { isMatched[index] = true }
        // Old events that are gone come before the first of their successors that is still there.
        var told = 0
        var last = -1
        for (index, event) in new.enumerated() {
            guard let place = partner[index] else {
                keep(.added(event))
                continue
            }
            while told < place {
                if !isMatched[told] { keep(.dropped(old[told])) }
                told += 1
            }
            if place < last, moved == nil { moved = event }
            last = max(last, place)
            guard old[place].bytes != event.bytes else { continue }
            let members = MemberDifference.between(old[place].tree, event.tree)
            if !members.isEmpty { keep(.changed(old: old[place], new: event, members: members)) }
        }
        for index in told..<old.count where !isMatched[index] { keep(.dropped(old[index])) }
    }

    private mutating func keep(_ difference: Difference) {
        let isKept: Bool
        switch difference {
        case .added(let event):
            counts[event.type, default: Count()].added += 1
            kept.added += 1
            isKept = kept.added <= most
        case .dropped(let event):
            counts[event.type, default: Count()].dropped += 1
            kept.dropped += 1
            isKept = kept.dropped <= most
        case .changed(_, let event, _):
            counts[event.type, default: Count()].changed += 1
            kept.changed += 1
            isKept = kept.changed <= most
        }
        if isKept { differences.append(difference) }
    }

    /// For each of `events` the place of the one with its id; the second of an id belongs to the second.
    private static func partners(of events: [EventLine], among others: [EventLine]) -> [Int?] {
        struct Occurrence: Hashable {
            var id: String
            var number: Int
        }
        func occurrences(_ events: [EventLine]) -> [Occurrence] {
            var seen: [String: Int] = [:]
            return events.map { event in
                let number = seen[event.id, default: 0]
                seen[event.id] = number + 1
                return Occurrence(id: event.id, number: number)
            }
        }
        var places: [Occurrence: Int] = [:]
        for (index, occurrence) in occurrences(others).enumerated() { places[occurrence] = index }
        return occurrences(events).map { places[$0] }
    }
}
