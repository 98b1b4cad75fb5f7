/// Finds the end of a message in a text of records: `message: transactional: 1 prefix: p, sz: 5
/// content:hello`, the content of as many raw bytes as it says.
///
/// The prefix may hold anything, also the words that follow it. The right size is the first that
/// leads to a newline after which another record stands, or nothing.
struct MessageBoundary: Sendable {
    /// The longest content that is believed, in bytes.
    let limit: Int
    let next: RecordNeighbour
    /// Up to here, from the message's start, there is no size that fits.
    private var scanned = 0
    /// So many bytes of the message are needed to tell more.
    private var needed = 0

    init(limit: Int, next: RecordNeighbour) {
        self.limit = limit
        self.next = next
    }

    mutating func find(in bytes: Span<UInt8>, from start: Int, isComplete: Bool) -> RecordBoundary.Outcome {
        guard isComplete || bytes.count - start >= needed else { return .more }
        let outcome = search(bytes, start, isComplete)
        if outcome != .more {
            scanned = 0
            needed = 0
        }
        return outcome
    }

    private mutating func search(_ bytes: Span<UInt8>, _ start: Int, _ isComplete: Bool) -> RecordBoundary.Outcome {
        // “message: transactional: 1 prefix: ” is 34 bytes long.
        var at = max(start + scanned, start + 34)
        var isBeyondEnd = false
        while at < bytes.count {
            scanned = at - start
            switch bytes[at] {
            case UInt8(ascii: ","):
                switch end(bytes, at, isComplete) {
                case .found(let end):
                    let lines = 1 + bytes.extracting(start..<end).count(of: UInt8(ascii: "\n"))
                    return .end(end, lines: lines)
                case .needs(let index):
                    guard isComplete else {
                        needed = index - start
                        return .more
                    }
                    isBeyondEnd = true
                case .none: break
                }
            case UInt8(ascii: "\n"):
                // A prefix may hold a newline, but hardly one with a record after it.
                guard isComplete || bytes.count - at > RecordNeighbour.longest else { return .more }
                if next.stands(at: at + 1, in: bytes) {
                    return isBeyondEnd ? .cutShort : .damaged(at: at, expected: "a message as long as its size says")
                }
            default: break
            }
            at += 1
        }
        return .more
    }

    private enum Candidate {
        case found(Int)
        case needs(Int)
        case none
    }

    /// The message's end if `, sz: ` at `comma` is the one that counts.
    private func end(_ bytes: Span<UInt8>, _ comma: Int, _ isComplete: Bool) -> Candidate {
        let count = bytes.count
        guard count - comma >= 6 else { return isComplete ? .none : .needs(comma + 6) }
        guard bytes.has(", sz: ", at: comma) else { return .none }
        var at = comma + 6
        var size = 0
        while at < count, bytes[at].isDigit, size <= limit {
            size = size * 10 + Int(bytes[at] - 48)
            at += 1
        }
        guard count - at >= 9 else { return .needs(at + 9) }
        guard at > comma + 6, size <= limit, bytes.has(" content:", at: at) else { return .none }
        let end = at + 9 + size
        guard end < count else { return .needs(end + 1) }
        guard bytes[end] == UInt8(ascii: "\n") else { return .none }
        if end + 1 == count, isComplete { return .found(end) }
        guard isComplete || count - end > RecordNeighbour.longest else {
            return .needs(end + 1 + RecordNeighbour.longest)
        }
        return next.stands(at: end + 1, in: bytes) ? .found(end) : .none
    }
}
