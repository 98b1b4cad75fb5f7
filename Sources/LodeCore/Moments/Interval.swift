/// A length of time as PostgreSQL keeps it: months, days and microseconds apart, since a month is not always
/// as long, nor a day where clocks are changed. Each has its own sign.
struct Interval: Hashable, Sendable {
    var months: Int32
    var days: Int32
    var microseconds: Int64

    init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }

    /// Negative when `self` is shorter; a month counts as 30 days and a day as 24 hours (`interval_cmp_value`), so
    /// that some that are not the same are equal.
    func compare(_ other: Interval) -> Int {
        let (a, b) = (span, other.span)
        return a < b ? -1 : a > b ? 1 : 0
    }

    /// In microseconds. 2^31 months do not fit 64 bits.
    private var span: Int128 {
        (Int128(months) * 30 + Int128(days)) * Int128(Moment.microsecondsPerDay) + Int128(microseconds)
    }

    /// `interval_out` with IntervalStyle postgres: `1 year 2 mons -3 days +04:05:06.7`.
    var text: [UInt8] {
        var out: [UInt8] = []
        var isAfterNegative = false
        func append(_ value: Int32, _ unit: StaticString) {
            guard value != 0 else { return }
            if !out.isEmpty { out.append(UInt8(ascii: " ")) }
            if isAfterNegative, value > 0 { out.append(UInt8(ascii: "+")) }
            JSONText.append(value, to: &out)
            out.append(UInt8(ascii: " "))
            JSONText.append(unit, to: &out)
            if value != 1 { out.append(UInt8(ascii: "s")) }
            isAfterNegative = value < 0
        }
        append(months / 12, "year")
        append(months % 12, "mon")
        append(days, "day")
        if out.isEmpty || microseconds != 0 {
            if !out.isEmpty { out.append(UInt8(ascii: " ")) }
            if microseconds < 0 {
                out.append(UInt8(ascii: "-"))
            } else if isAfterNegative {
                out.append(UInt8(ascii: "+"))
            }
            Self.appendClock(microseconds.magnitude, to: &out)
        }
        return out
    }

    private static func appendClock(_ microseconds: UInt64, to out: inout [UInt8]) {
        let hours = microseconds / 3_600_000_000
        JSONText.append(hours, width: 2, to: &out)
        var rest: [UInt8] = []
        TimeOfDay.append(Int64(microseconds % 3_600_000_000), to: &rest)
        // Its hours are 00.
        out.append(contentsOf: rest.dropFirst(2))
    }
}
