/// How long the way to a server waits, and how often it speaks.
public struct ConnectionTimes: Hashable, Sendable {
    /// A status goes out at least this often.
    public var status = Duration.seconds(10)
    /// After news of a confirmation, no sooner than this: the server need not hear of every commit.
    public var confirmation = Duration.milliseconds(500)
    /// After so long a silence the server is asked for a sign of life...
    public var silenceBeforeAsking = Duration.seconds(30)
    /// ...and after so long a silence it is taken for gone.
    public var silenceBeforeGivingUp = Duration.seconds(75)
    /// The longest wait for a statement's answer: longer than a catalog query takes on a busy server,
    /// shorter than the minute after which a thread that stands still is taken for stuck.
    public var statement = Duration.seconds(30)

    public init() {}

    /// A wait for what has no bound of its own, as a slot that is made waits for open transactions.
    static let endless = Duration.seconds(1 << 32)

    /// Speaks often enough for a server that ends a session after so long a silence
    /// (`wal_sender_timeout`); zero: it never does.
    func fitting(walSenderTimeout timeout: Duration) -> ConnectionTimes {
        guard timeout > .zero else { return self }
        var times = self
        // A quarter: one status may come late, and the server looks at half of its time.
        times.status = min(status, max(timeout / 4, .milliseconds(20)))
        return times
    }
}
