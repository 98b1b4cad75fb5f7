/// Sums, products and justifications of intervals (timestamp.c).
extension Interval {
    /// `interval_pl`.
    func adding(_ other: Interval) throws(MomentError) -> Interval {
        let (months, monthsOver) = months.addingReportingOverflow(other.months)
        let (days, daysOver) = days.addingReportingOverflow(other.days)
        let (time, timeOver) = microseconds.addingReportingOverflow(other.microseconds)
        guard !monthsOver, !daysOver, !timeOver else { throw .intervalRange }
        return Interval(months: months, days: days, microseconds: time)
    }

    /// `interval_mi`.
    func subtracting(_ other: Interval) throws(MomentError) -> Interval {
        let (months, monthsOver) = months.subtractingReportingOverflow(other.months)
        let (days, daysOver) = days.subtractingReportingOverflow(other.days)
        let (time, timeOver) = microseconds.subtractingReportingOverflow(other.microseconds)
        guard !monthsOver, !daysOver, !timeOver else { throw .intervalRange }
        return Interval(months: months, days: days, microseconds: time)
    }

    /// `interval_um`.
    func negated() throws(MomentError) -> Interval {
        guard months != .min, days != .min, microseconds != .min else { throw .intervalRange }
        return Interval(months: -months, days: -days, microseconds: -microseconds)
    }

    /// `interval_mul`: parts of a month become days and parts of a day become time.
    func multiplied(by factor: Double) throws(MomentError) -> Interval {
        try scaled { $0 * factor }
    }

    /// `interval_div`.
    func divided(by divisor: Double) throws(MomentError) -> Interval {
        guard divisor != 0 else { throw MomentError(.divisionByZero, "division by zero") }
        return try scaled { $0 / divisor }
    }

    private func scaled(_ scale: (Double) -> Double) throws(MomentError) -> Interval {
        let exactMonths = scale(Double(months))
        let exactDays = scale(Double(days))
        let wholeMonths = try Self.whole(exactMonths)
        var wholeDays = try Self.whole(exactDays)
        let monthDays = Self.rounded((exactMonths - Double(wholeMonths)) * 30)
        var seconds = Self.rounded(
            (exactDays - Double(wholeDays) + monthDays - monthDays.rounded(.towardZero)) * 86_400)
        // Rounding and the two remainders together can make a day.
        if seconds.magnitude >= 86_400 {
            let more = (seconds / 86_400).rounded(.towardZero)
            wholeDays = try Self.sum(wholeDays, more)
            seconds -= more * 86_400
        }
        wholeDays = try Self.sum(wholeDays, monthDays.rounded(.towardZero))
        let time = (scale(Double(microseconds)) + seconds * 1_000_000).rounded(.toNearestOrEven)
        guard let time = Int64(exactly: time) else { throw .intervalRange }
        return Interval(months: wholeMonths, days: wholeDays, microseconds: time)
    }

    private static func whole(_ value: Double) throws(MomentError) -> Int32 {
        // NaN and infinities come to nil.
        guard value <= 2_147_483_647, value >= -2_147_483_648, let whole = Int32(exactly: value.rounded(.towardZero))
        else { throw .intervalRange }
        return whole
    }

    private static func sum(_ days: Int32, _ more: Double) throws(MomentError) -> Int32 {
        guard let more = Int32(exactly: more) else { throw .intervalRange }
        let (sum, isOver) = days.addingReportingOverflow(more)
        guard !isOver else { throw .intervalRange }
        return sum
    }

    /// To microseconds (`TSROUND`).
    private static func rounded(_ value: Double) -> Double {
        (value * 1_000_000).rounded(.toNearestOrEven) / 1_000_000
    }

    // MARK: - Justification

    /// `justify_hours`: 24 hours are a day.
    func justifyingHours() throws(MomentError) -> Interval {
        var result = self
        try result.moveHours()
        result.alignTimeWithDays()
        return result
    }

    /// `justify_days`: 30 days are a month.
    func justifyingDays() throws(MomentError) -> Interval {
        var result = self
        try result.moveDays()
        if result.months > 0, result.days < 0 {
            result.days += 30
            result.months -= 1
        } else if result.months < 0, result.days > 0 {
            result.days -= 30
            result.months += 1
        }
        return result
    }

    /// `justify_interval`: both, and all parts with one sign.
    func justifying() throws(MomentError) -> Interval {
        var result = self
        // So that the days do not overflow where the months would not.
        if days > 0 && microseconds > 0 || days < 0 && microseconds < 0 { try result.moveDays() }
        try result.moveHours()
        try result.moveDays()
        let (days, time) = (result.days, result.microseconds)
        if result.months > 0, days < 0 || days == 0 && time < 0 {
            result.days += 30
            result.months -= 1
        } else if result.months < 0, days > 0 || days == 0 && time > 0 {
            result.days -= 30
            result.months += 1
        }
        result.alignTimeWithDays()
        return result
    }

    private mutating func moveHours() throws(MomentError) {
        let (whole, time) = microseconds.quotientAndRemainder(dividingBy: Moment.microsecondsPerDay)
        // 2^63 microseconds are 106,751,991 days.
        let (sum, isOver) = days.addingReportingOverflow(Int32(truncatingIfNeeded: whole))
        guard !isOver else { throw .intervalRange }
        (days, microseconds) = (sum, time)
    }

    private mutating func moveDays() throws(MomentError) {
        let (sum, isOver) = months.addingReportingOverflow(days / 30)
        guard !isOver else { throw .intervalRange }
        (months, days) = (sum, days % 30)
    }

    private mutating func alignTimeWithDays() {
        if days > 0, microseconds < 0 {
            microseconds += Moment.microsecondsPerDay
            days -= 1
        } else if days < 0, microseconds > 0 {
            microseconds -= Moment.microsecondsPerDay
            days += 1
        }
    }
}
