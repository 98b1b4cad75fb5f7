public import LodeCore
public import LodeDelivery

/// What a source has brought since the daemon's start, for metrics. Sums: a new session goes on with them.
public struct SourceCounts: Sendable {
    /// Of a type beyond so many the events are counted together: services may write their own types.
    static let mostTypes = 1000

    /// That were read; those after a reconnect again. Lode's heartbeats are not among them.
    public internal(set) var transactions: UInt64 = 0
    public internal(set) var changes = ChangeCounts()
    /// Messages among the changes by which Lode sees that the way is open.
    public internal(set) var heartbeats: UInt64 = 0
    /// Conditions that the log did not say enough for.
    public internal(set) var unknownConditions: UInt64 = 0
    /// That are in the journal.
    public internal(set) var events: [EventType: UInt64] = [:]
    public internal(set) var otherEvents: UInt64 = 0
    /// Of each transaction that has events.
    public internal(set) var commitToJournal = Histogram()

    /// Adds what a translator counted between `earlier` and `later`.
    mutating func add(from earlier: Translator.Statistics, to later: Translator.Statistics) {
        let beats = later.heartbeatTransactions - earlier.heartbeatTransactions
        heartbeats += beats
        let read = later.transactions - earlier.transactions
        transactions += read - min(beats, read)
        changes.add(from: earlier.changesByKind, to: later.changesByKind)
        unknownConditions += later.unknownConditions - earlier.unknownConditions
    }

    mutating func add(events added: [EventType: UInt64]) {
        for (type, count) in added {
            if events[type] != nil || events.count < Self.mostTypes {
                events[type, default: 0] += count
            } else {
                otherEvents += count
            }
        }
    }

    /// Notes how old transactions were that are now in the journal.
    ///
    /// - Parameter now: Microseconds since 1970.
    mutating func add(ages transactions: some Sequence<TransactionHeader>, at now: Int64) {
        for transaction in transactions { commitToJournal.record(since: transaction.time, now) }
    }
}
