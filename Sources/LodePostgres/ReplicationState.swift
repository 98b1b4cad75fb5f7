import LodeCore

/// When to say what to the server: the replication protocol's client side as a value.
///
/// It owns no socket and no clock; the reader's thread tells it what came and when, and does what it
/// answers. Back-pressure is not reading the socket; answering never stops, or the server would end
/// the session (`wal_sender_timeout`, 60 s by default).
struct ReplicationState: Equatable {
    typealias Instant = ContinuousClock.Instant

    private let times: ConnectionTimes
    /// Everything before it is durable here. Moves forward only.
    private(set) var confirmed: LSN
    /// When bytes last came.
    private(set) var lastReceived: Instant
    /// Since when nothing was heard although it was listened for.
    private var quietSince: Instant
    private var reported: LSN
    private var lastStatus: Instant
    private var replyRequested = false
    private var hasAsked = false

    init(start: LSN, now: Instant, times: ConnectionTimes = ConnectionTimes()) {
        self.times = times
        confirmed = start
        reported = start
        lastReceived = now
        quietSince = now
        lastStatus = now
    }

    mutating func messageReceived(at now: Instant) {
        lastReceived = now
        quietSince = now
        hasAsked = false
    }

    /// Nothing was read, for want of room: a peer that was not listened to is not silent.
    mutating func readingPaused(at now: Instant) {
        quietSince = now
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
        let asks = !hasAsked && now >= quietSince + times.silenceBeforeAsking
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
        var due = lastStatus + (confirmed > reported ? times.confirmation : times.status)
        if !hasAsked { due = min(due, quietSince + times.silenceBeforeAsking) }
        return due
    }

    func isSilent(at now: Instant) -> Bool { now >= quietSince + times.silenceBeforeGivingUp }
}
