/// An event that a subscriber could not take, or that waits behind one, as the journal keeps it.
public struct ShelvedEvent: Hashable, Sendable {
    public var key: [UInt8]?
    public var id: String
    public var type: String
    /// A block with this event alone.
    public var block: PlacedBlock
    public var state: ShelfState
    public var attempts: Int
    /// In the peer's words; nil of those that wait behind another.
    public var reason: String?
    /// Microseconds since 1970 of its last change.
    public var at: Int64 = 0

    public var position: Position { block.first }

    public init(
        key: [UInt8]?, id: String, type: String, block: PlacedBlock, state: ShelfState, attempts: Int, reason: String?
    ) {
        self.key = key
        self.id = id
        self.type = type
        self.block = block
        self.state = state
        self.attempts = attempts
        self.reason = reason
    }
}

public enum ShelfState: String, Hashable, Sendable, CaseIterable {
    /// Failed, and comes again by itself.
    case retrying
    /// Failed for good: waits for a person.
    case parked
    /// Waits behind an earlier event of its key.
    case behind
    /// Given up: kept to be looked at.
    case skipped
}

/// What is to be written down about a subscriber's shelf.
public enum ShelfChange: Hashable, Sendable {
    case put(ShelvedEvent)
    case remove(Position)
    case update(Position, ShelfState, attempts: Int, reason: String?)
}

/// One key's events on a subscriber's shelf.
public struct ShelfSummary: Hashable, Sendable {
    public var key: [UInt8]?
    /// The position of the first one, and its state and attempts.
    public var first: Position
    public var count: Int
    public var state: ShelfState
    public var attempts: Int

    public init(key: [UInt8]?, first: Position, count: Int, state: ShelfState, attempts: Int) {
        self.key = key
        self.first = first
        self.count = count
        self.state = state
        self.attempts = attempts
    }
}
