/// What became of a batch.
public enum DeliveryReport: Sendable {
    /// Every event is safe with the subscriber.
    case done
    /// No event is known to be; they failed together. The same batch comes again, and one that is parked
    /// is cut in halves first, to find whose fault it was.
    case failed(DeliveryFailure)
    /// Each event by itself, in the batch's order; what is missing at the end counts as untried.
    case each([EventOutcome])
}

public enum EventOutcome: Sendable {
    case done
    case failed(DeliveryFailure)
    /// Not tried, or undone with those that failed: it comes again as if nothing had been.
    case untried
}

/// Why an event was not taken, and what that means for it.
public struct DeliveryFailure: Error, Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        /// Trying again may help.
        case retry
        /// It will not help: the event is set aside, skipped, or stops the subscriber at once.
        case park
        /// The subscriber is not wanted any more: it pauses until a person resumes it.
        case pause
    }

    public enum Fault: Hashable, Sendable {
        /// It may be the event's own fault: the attempt counts.
        case event
        /// The peer was not to be had at all: nothing is sent for a while, and no event's attempt counts.
        case peer
    }

    public var verdict: Verdict
    public var fault: Fault
    /// One line, in the peer's own words where it has any, without secrets or the event's values.
    public var reason: String
    /// The peer asked to be left alone for so long.
    public var retryAfter: Duration?

    public init(
        _ verdict: Verdict, _ fault: Fault = .event, _ reason: String, retryAfter: Duration? = nil
    ) {
        self.verdict = verdict
        self.fault = fault
        self.reason = reason
        self.retryAfter = retryAfter
    }
}

extension DeliveryFailure: CustomStringConvertible {
    public var description: String { reason }
}
