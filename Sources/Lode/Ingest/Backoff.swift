/// Pauses that double from `first` to `most`, each cut by up to a quarter at random, so that many
/// who failed together do not return together.
struct Backoff: Sendable {
    let first: Duration
    let most: Duration
    private var next: Duration

    init(first: Duration, most: Duration) {
        self.first = first
        self.most = most
        next = first
    }

    mutating func pause(using generator: inout some RandomNumberGenerator) -> Duration {
        let pause = next
        next = min(next * 2, most)
        return pause * Double.random(in: 0.75...1, using: &generator)
    }

    /// After a success.
    mutating func reset() { next = first }
}
