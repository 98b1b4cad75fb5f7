import Testing

@testable import LodeCore

struct IntervalTests {
    private func read(_ text: String) -> Interval? { Interval.parse(Array(text.utf8)) }

    private func string(_ interval: Interval?) -> String? { interval.map { String(decoding: $0.text, as: UTF8.self) } }

    /// The same in the styles `iso_8601` and `postgres`, as the documentation of IntervalStyle has them and as a
    /// server prints them.
    @Test(arguments: [
        ("P1Y2M", "1 year 2 mons"), ("P3DT4H5M6S", "3 days 04:05:06"), ("PT0S", "00:00:00"),
        ("P-1Y-2M3DT-4H-5M-6S", "-1 years -2 mons +3 days -04:05:06"), ("PT0.000001S", "00:00:00.000001"),
        ("P1DT-0.5S", "1 day -00:00:00.5"), ("PT2562047788H54.775807S", "2562047788:00:54.775807"),
        ("P-1M1D", "-1 mons +1 day"),
    ])
    func bothStylesAreRead(iso: String, postgres: String) {
        #expect(read(iso) != nil)
        #expect(read(iso) == read(postgres))
        #expect(string(read(iso)) == postgres)
    }

    @Test(arguments: [
        ("1.5 hours", Interval(microseconds: 5_400_000_000)), ("2 hours 30 min", Interval(microseconds: 9_000_000_000)),
        ("1 day ago", Interval(days: -1)), ("1.5 months", Interval(months: 1, days: 15)),
        ("@ 1 week", Interval(days: 7)), ("1-2", Interval(months: 14)),
        ("3 4:05", Interval(days: 3, microseconds: 14_700_000_000)),
        ("90", Interval(microseconds: 90_000_000)),
    ])
    func unitsHaveManyNames(text: String, interval: Interval) {
        #expect(read(text) == interval)
    }

    @Test(arguments: [
        "", "P", "1 fortnight", "day", "1 day 2 days", "P1S", "PT1D", "1 day ago 2 hours", "now", "1e3 s",
    ])
    func othersAreNone(text: String) {
        #expect(read(text) == nil)
    }

    @Test func aMonthComparesAsThirtyDaysAndADayAs24Hours() {
        #expect(Interval(months: 1).compare(Interval(days: 30)) == 0)
        #expect(Interval(days: 1).compare(Interval(microseconds: 86_400_000_000)) == 0)
        #expect(Interval(months: 1) != Interval(days: 30))
        #expect(Interval(months: .max).compare(Interval(days: .max)) == 1)
    }

    @Test func partsOfAMonthCascadeDown() throws {
        #expect(try Interval(months: 1).multiplied(by: 0.5) == Interval(days: 15))
        #expect(try Interval(days: 1).divided(by: 3) == Interval(microseconds: 28_800_000_000))
        #expect(throws: MomentError(.divisionByZero, "division by zero")) { try Interval(days: 1).divided(by: 0) }
    }
}
