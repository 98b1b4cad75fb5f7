/// Pauses that double from `first` to `most`, each cut by up to a quarter at random, so that many who
/// failed together do not return together.
public struct RetryPauses: Sendable {
    let first: Duration
    let most: Duration

    public init(first: Duration, most: Duration) {
        self.first = first
        self.most = most
    }

    /// - Parameter failures: How many there were, from 1.
    public func pause(after failures: Int, using random: inout some RandomNumberGenerator) -> Duration {
        var pause = first
        for _ in 1..<max(1, min(failures, 64)) where pause < most { pause = min(pause * 2, most) }
        return min(pause, most) * Double.random(in: 0.75...1, using: &random)
    }
}
