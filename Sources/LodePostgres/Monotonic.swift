/// The clock of the reader's thread, which cannot await.
public enum Monotonic {
    public static func now() -> ContinuousClock.Instant { ContinuousClock.now }
}

extension Duration {
    /// For `poll`: rounded up, so that a wait does not end just before its time; -1 never comes.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let whole = min(seconds, 2_000_000) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(0, whole))
    }
}
