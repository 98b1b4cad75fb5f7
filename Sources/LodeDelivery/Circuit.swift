/// A subscriber's circuit breaker: keeps the peer from being called while it is down, and finds out when
/// it is back, by one delivery at a time.
struct Circuit: Sendable {
    /// So many failures without a success between them mean that it is the peer, not the events.
    static let failuresToOpen = 5
    /// However long a peer asks to be left alone.
    static let longestPause = Duration.seconds(3600)

    private(set) var failures = 0
    /// nil: closed.
    private(set) var openUntil: ContinuousClock.Instant?
    private var pauses = 0
    var isProbing = false

    var isOpen: Bool { openUntil != nil }

    enum Permission { case free, probe, closed }

    func permission(at now: ContinuousClock.Instant) -> Permission {
        guard let openUntil else { return .free }
        return openUntil <= now && !isProbing ? .probe : .closed
    }

    /// Something was taken.
    mutating func succeeded() { self = Circuit() }

    mutating func failed(
        _ failure: DeliveryFailure, at now: ContinuousClock.Instant, pauses backoff: RetryPauses,
        using random: inout some RandomNumberGenerator
    ) {
        failures += 1
        isProbing = false
        if let asked = failure.retryAfter, asked > .zero {
            let end = now + min(asked, Self.longestPause)
            openUntil = max(openUntil ?? end, end)
        } else if failure.fault == .peer || failures >= Self.failuresToOpen || isOpen {
            pauses += 1
            openUntil = now + backoff.pause(after: pauses, using: &random)
        }
    }
}
