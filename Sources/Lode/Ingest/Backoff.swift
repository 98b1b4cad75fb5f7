import LodeDelivery

/// Pauses after failures in a row.
struct Backoff: Sendable {
    private let pauses: RetryPauses
    private var failures = 0

    init(first: Duration, most: Duration) { pauses = RetryPauses(first: first, most: most) }

    mutating func pause(using generator: inout some RandomNumberGenerator) -> Duration {
        failures += 1
        return pauses.pause(after: failures, using: &generator)
    }

    /// After a success.
    mutating func reset() { failures = 0 }
}
