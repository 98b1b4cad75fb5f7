import LodeDelivery
import Testing

struct HistogramTests {
    @Test func valuesFallIntoTheBucketWhoseBoundTheyDoNotPass() {
        var histogram = Histogram()
        for value in [-1, 0, 0.001, 0.0011, 0.5, 0.50001, 86_400, 86_401, .infinity] { histogram.record(value) }
        histogram.record(3, times: 4)
        let counts = histogram.counts
        #expect(counts.count == Histogram.bounds.count + 1)
        func count(_ bound: Double) -> UInt64? {
            Histogram.bounds.firstIndex(of: bound).map { counts[$0] }
        }
        #expect(count(0.001) == 3)
        #expect(count(0.0025) == 1)
        #expect(count(0.5) == 1)
        #expect(count(1) == 1)
        #expect(count(5) == 4)
        #expect(count(86_400) == 1)
        #expect(counts.last == 2)
        #expect(histogram.count == 13)
        #expect(Histogram.bounds == Histogram.bounds.sorted())
    }

    @Test func sumsAdd() {
        var (one, other) = (Histogram(), Histogram())
        one.record(0.25, times: 2)
        other.record(1.5)
        one.add(other)
        #expect(one.sum == 2)
        #expect(one.count == 3)
        #expect(one.counts.reduce(0, +) == 3)
    }
}
