public import LodeCore
public import LodeJournal

/// How a subscriber does, for health, status and metrics.
public struct SubscriberStatus: Sendable {
    public internal(set) var name: String
    /// Every event up to here is done or set aside.
    public internal(set) var cursor: Position = 0
    /// Every event up to here is done: the cursor, unless something before it is set aside.
    public internal(set) var taken: Position = 0
    public internal(set) var counts = DeliveryCounts()
    /// Events that wait for a person, those behind the first of their key too.
    public internal(set) var parked = 0
    /// Why it is paused; nil: it is not.
    public internal(set) var paused: String?
    /// What the last delivery failed of; nil after one that succeeded.
    public internal(set) var failure: String?
    /// About when the oldest event that it has not taken was committed; nil: it has taken all, or the log
    /// has no times.
    public internal(set) var oldestUndelivered: Timestamp?
    /// From an event's commit to the end of its delivery.
    public internal(set) var commitToDelivery = Histogram()

    public init(name: String) { self.name = name }
}
