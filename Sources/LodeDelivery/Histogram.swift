/// How often something took how long, in seconds, for metrics. A value; recording is a search among
/// nineteen numbers.
public struct Histogram: Equatable, Sendable {
    /// Upper bounds of the buckets, in seconds: from a commit that is seen at once to a day's outage.
    public static let bounds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 86_400,
    ]

    /// How often a value was in each bucket, itself alone; the last is of those above every bound.
    public private(set) var counts = [UInt64](repeating: 0, count: Self.bounds.count + 1)
    public private(set) var count: UInt64 = 0
    /// Of all values, in seconds.
    public private(set) var sum = 0.0

    public init() {}

    /// - Parameters:
    ///   - seconds: Less than nothing counts as nothing: two machines' clocks differ.
    ///   - times: How often.
    public mutating func record(_ seconds: Double, times: UInt64 = 1) {
        // A bucket holds what is less than its bound or equal, as the exposition format has it.
        let value = max(0, seconds)
        let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        counts[bucket] += times
        count += times
        sum += value * Double(times)
    }

    public mutating func add(_ other: Histogram) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        count += other.count
        sum += other.sum
    }
}
