import LodeCore

/// When to say what to the server: the replication protocol's client side as a value.
///
/// It owns no socket and no clock; the reader's thread tells it what came and when, and does what it
/// answers. Back-pressure is not reading the socket; answering never stops, or the server would end
/// the session (`wal_sender_timeout`, 60 s by default).
struct ReplicationState: Equatable {
    typealias Instant = ContinuousClock.Instant

    /// A status goes out at least this often.
    static let statusInterval = Duration.seconds(10)
    /// After news of a confirmation, no sooner than this: the server need not hear of every commit.
    static let confirmationInterval = Duration.milliseconds(500)
    /// After so long a silence the server is asked for a sign of life...
    static let silenceBeforeAsking = Duration.seconds(30)
    /// ...and after so long a silence it is taken for gone.
    static let silenceBeforeGivingUp = Duration.seconds(75)

    /// Everything before it is durable here. Moves forward only.
    private(set) var confirmed: LSN
    /// When bytes last came.
    private(set) var lastReceived: Instant
    private var reported: LSN
    private var lastStatus: Instant
    private var replyRequested = false
    private var hasAsked = false

    init(start: LSN, now: Instant) {
        confirmed = start
        reported = start
        lastReceived = now
        lastStatus = now
    }

    mutating func messageReceived(at now: Instant) {
        lastReceived = now
        hasAsked = false
    }

    mutating func keepaliveReceived(replyRequested requested: Bool, at now: Instant) {
        messageReceived(at: now)
        if requested { replyRequested = true }
    }

    mutating func confirmationMoved(to position: LSN) {
        confirmed = max(confirmed, position)
    }

    /// The status to send now, if one is due.
    mutating func takeStatus(at now: Instant) -> StandbyStatus? {
        guard now >= statusDue else { return nil }
        let asks = !hasAsked && now >= lastReceived + Self.silenceBeforeAsking
        if asks { hasAsked = true }
        return takeStatus(at: now, requestsReply: asks)
    }

    /// The last words before the end of the session.
    mutating func takeFinalStatus(at now: Instant) -> StandbyStatus {
        takeStatus(at: now, requestsReply: false)
    }

    private mutating func takeStatus(at now: Instant, requestsReply: Bool) -> StandbyStatus {
        replyRequested = false
        reported = confirmed
        lastStatus = now
        return StandbyStatus(position: confirmed, requestsReply: requestsReply)
    }

    /// When the next status is due if nothing comes before.
    var statusDue: Instant {
        if replyRequested { return lastStatus }
        var due = lastStatus + (confirmed > reported ? Self.confirmationInterval : Self.statusInterval)
        if !hasAsked { due = min(due, lastReceived + Self.silenceBeforeAsking) }
        return due
    }

    func isSilent(at now: Instant) -> Bool { now >= lastReceived + Self.silenceBeforeGivingUp }
}
