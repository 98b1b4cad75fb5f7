/// Sums and differences of dates, timestamps and times (date.c, timestamp.c).
extension CalendarDay {
    /// `date + integer`; with a negative one, `date - integer`.
    static func adding(_ count: Int64, to days: Int64) throws(MomentError) -> Int64 {
        guard isFinite(days) else { return days }
        let (sum, isOver) = days.addingReportingOverflow(count)
        guard !isOver, sum >= first, sum < end else { throw .dateRange }
        return sum
    }

    /// `date - integer`.
    static func subtracting(_ count: Int64, from days: Int64) throws(MomentError) -> Int64 {
        guard count != .min else { throw .dateRange }
        return try adding(-count, to: days)
    }

    /// `date - date`, in days.
    static func difference(_ a: Int64, _ b: Int64) throws(MomentError) -> Int64 {
        guard isFinite(a), isFinite(b) else { throw MomentError(.fieldOverflow, "cannot subtract infinite dates") }
        return a - b
    }

    /// `date + interval`, a timestamp.
    static func adding(_ interval: Interval, to days: Int64) throws(MomentError) -> Int64 {
        try Moment.adding(interval, to: Moment.moment(ofDay: days))
    }

    /// `date - interval`, a timestamp.
    static func subtracting(_ interval: Interval, from days: Int64) throws(MomentError) -> Int64 {
        try Moment.subtracting(interval, from: Moment.moment(ofDay: days))
    }

    /// `date + time`, a timestamp.
    static func adding(time: Int64, to days: Int64) throws(MomentError) -> Int64 {
        let midnight = try Moment.moment(ofDay: days)
        guard isFinite(midnight) else { return midnight }
        let (moment, isOver) = midnight.addingReportingOverflow(time)
        guard !isOver else { throw .timestampRange }
        return try Moment.checked(moment)
    }
}

extension Moment {
    /// `timestamp + interval`: first the months, where a day past the month's end becomes its last day, then the
    /// days, then the time (`timestamp_pl_interval`).
    static func adding(_ interval: Interval, to moment: Int64) throws(MomentError) -> Int64 {
        guard isFinite(moment) else { return moment }
        var result = moment
        if interval.months != 0 {
            var civil = CivilMoment(moment)
            let months = civil.year * 12 + civil.month - 1 + Int(interval.months)
            (civil.year, civil.month) = (months >= 0 ? months / 12 : (months - 11) / 12, 1)
            civil.month += months - civil.year * 12
            guard civil.year.magnitude < 300_000 else { throw .timestampRange }
            civil.day = min(civil.day, CalendarDay.length(ofMonth: civil.month, civil.year))
            result = try civil.moment()
        }
        if interval.days != 0 { result = try sum(result, Int64(interval.days), microsecondsPerDay) }
        return try sum(result, interval.microseconds, 1)
    }

    /// `timestamp - interval`.
    static func subtracting(_ interval: Interval, from moment: Int64) throws(MomentError) -> Int64 {
        guard isFinite(moment) else { return moment }
        guard interval.months != .min, interval.days != .min, interval.microseconds != .min else {
            throw .timestampRange
        }
        return try adding(interval.negated(), to: moment)
    }

    private static func sum(_ moment: Int64, _ count: Int64, _ unit: Int64) throws(MomentError) -> Int64 {
        let (amount, isOver) = count.multipliedReportingOverflow(by: unit)
        let (sum, isOverToo) = moment.addingReportingOverflow(amount)
        guard !isOver, !isOverToo else { throw .timestampRange }
        return try checked(sum)
    }

    /// `timestamp - timestamp`, in days and time. Infinite ones are refused, as before PostgreSQL 17.
    static func difference(_ a: Int64, _ b: Int64) throws(MomentError) -> Interval {
        guard isFinite(a), isFinite(b) else {
            throw MomentError(.fieldOverflow, "cannot subtract infinite timestamps")
        }
        let (time, isOver) = a.subtractingReportingOverflow(b)
        guard !isOver else { throw .intervalRange }
        return try Interval(microseconds: time).justifyingHours()
    }

    /// `age(a, b)`: the difference in the calendar's years, months and days (`timestamp_age`).
    static func age(_ a: Int64, _ b: Int64) throws(MomentError) -> Interval {
        guard isFinite(a), isFinite(b) else { throw .timestampRange }
        let isNegative = a < b
        let (later, earlier) = isNegative ? (CivilMoment(b), CivilMoment(a)) : (CivilMoment(a), CivilMoment(b))
        var months = (later.year - earlier.year) * 12 + later.month - earlier.month
        var days = later.day - earlier.day
        var time = later.microseconds - earlier.microseconds
        if time < 0 {
            time += microsecondsPerDay
            days -= 1
        }
        // The days of the earlier one's month make up what is missing.
        while days < 0 {
            days += CalendarDay.length(ofMonth: earlier.month, earlier.year)
            months -= 1
        }
        let age = Interval(
            months: Int32(truncatingIfNeeded: months), days: Int32(truncatingIfNeeded: days), microseconds: time)
        return isNegative ? try age.negated() : age
    }
}

extension TimeOfDay {
    /// `time + interval`: round the clock, whatever the interval's days.
    static func adding(_ interval: Interval, to time: Int64) -> Int64 {
        let day = Moment.microsecondsPerDay
        // At most two days, so nothing overflows.
        let sum = time + interval.microseconds % day
        return ((sum % day) + day) % day
    }

    /// `time - interval`.
    static func subtracting(_ interval: Interval, from time: Int64) -> Int64 {
        let day = Moment.microsecondsPerDay
        let sum = time - interval.microseconds % day
        return ((sum % day) + day) % day
    }

    /// `time - time`.
    static func difference(_ a: Int64, _ b: Int64) -> Interval { Interval(microseconds: a - b) }
}
