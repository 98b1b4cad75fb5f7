/// Intervals as PostgreSQL compares them (`interval_cmp_value`): in microseconds, a month as 30 days
/// and a day as 24 hours, so that `1 day` equals `24:00:00`.
///
/// Reads what PostgreSQL prints with IntervalStyle postgres, and the same with more units:
///
///     1 year -2 mons +3 days -04:05:06.789
///     2 weeks 90 minutes
enum IntervalText {
    static func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MomentText.Failure) -> Int64 {
        let range = bytes.trimmed(range)
        if let infinity = MomentText.infinity(bytes, range) { return infinity }
        var at = range.lowerBound
        var total: Int64 = 0
        guard at < range.upperBound else { throw .syntax }
        while at < range.upperBound {
            let part = try part(bytes, &at, range.upperBound)
            let (sum, isOver) = total.addingReportingOverflow(part)
            // 292,000 years are out of reach of 64 bits; an infinite one comes after all the others.
            guard !isOver, sum != .max, sum != .min else { throw .range }
            total = sum
            while at < range.upperBound, bytes[at].isBlank { at += 1 }
        }
        return total
    }

    /// `-3 days`, or a time.
    private static func part(
        _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int
    ) throws(MomentText.Failure) -> Int64 {
        let sign = bytes[at]
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { at += 1 }
        let digits = at
        while at < end, bytes[at].isDigit { at += 1 }
        guard digits < at, let count = NumberLiteral.integer(bytes, digits..<at) else { throw .syntax }
        let amount: Int64
        if at < end, bytes[at] == UInt8(ascii: ":") {
            amount = try product(count, 3_600_000_000) + minutes(bytes, &at, end)
        } else {
            while at < end, bytes[at].isBlank { at += 1 }
            let word = at
            while at < end, bytes[at].isOfBareName || bytes[at] &- 65 < 26 { at += 1 }
            guard let unit = unit(bytes, word..<at) else { throw .syntax }
            amount = try product(count, unit)
        }
        return sign == UInt8(ascii: "-") ? -amount : amount
    }

    /// `:05[:06[.789]]`
    private static func minutes(
        _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int
    ) throws(MomentText.Failure) -> Int64 {
        var amount: Int64 = 0
        for unit in [60_000_000, 1_000_000] as [Int64] where at < end && bytes[at] == UInt8(ascii: ":") {
            guard end - at >= 3, bytes[at + 1].isDigit, bytes[at + 2].isDigit else { throw .syntax }
            let count = Int64(bytes[at + 1] &- 48) * 10 + Int64(bytes[at + 2] &- 48)
            guard count < 60 else { throw .range }
            amount += count * unit
            at += 3
        }
        guard at < end, bytes[at] == UInt8(ascii: ".") else { return amount }
        at += 1
        var place: Int64 = 100_000
        while at < end, bytes[at].isDigit {
            // What is less than a microsecond would be rounded; it is not worth a rule.
            guard place > 0 else { throw .syntax }
            amount += Int64(bytes[at] &- 48) * place
            place /= 10
            at += 1
        }
        return amount
    }

    private static func product(_ count: Int64, _ unit: Int64) throws(MomentText.Failure) -> Int64 {
        // Half of what fits, so that adding the minutes cannot overflow.
        let (amount, isOver) = count.multipliedReportingOverflow(by: unit)
        guard !isOver, amount < .max / 2 else { throw .range }
        return amount
    }

    private static func unit(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        for (names, length) in units where names.contains(where: { bytes.hasWord($0, range) }) { return length }
        return nil
    }

    private static let day: Int64 = 86_400_000_000
    private static let units: [([StaticString], Int64)] = [
        (["day", "days", "d"], day), (["mon", "mons", "month", "months"], 30 * day),
        (["year", "years", "y"], 360 * day), (["week", "weeks", "w"], 7 * day),
        (["hour", "hours", "h"], 3_600_000_000), (["minute", "minutes", "min", "mins"], 60_000_000),
        (["second", "seconds", "sec", "secs"], 1_000_000),
    ]
}
