/// A moment taken apart into the calendar's fields, as PostgreSQL's `pg_tm` has them.
struct CivilMoment: Hashable, Sendable {
    /// Astronomical: 0 is 1 BC.
    var year = 2000
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0

    init() {}

    /// - Parameter moment: Finite.
    init(_ moment: Int64) {
        let (days, time) = Moment.split(moment)
        (year, month, day) = CalendarDay.civil(days)
        setTime(time)
    }

    mutating func setTime(_ time: Int64) {
        hour = Int(time / 3_600_000_000)
        minute = Int(time / 60_000_000 % 60)
        second = Int(time / 1_000_000 % 60)
        microsecond = Int(time % 1_000_000)
    }

    /// Of the day.
    var microseconds: Int64 {
        Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + Int64(microsecond)
    }

    var days: Int64 { CalendarDay.days(year: year, month: month, day: day) }

    /// Puts the fields together again (`tm2timestamp`).
    ///
    /// - Parameter isUnchecked: Whether anything that fits 64 bits will do, since a zone is still to be applied.
    func moment(isUnchecked: Bool = false) throws(MomentError) -> Int64 {
        guard year.magnitude < 300_000 else { throw .timestampRange }
        let (midnight, isOver) = days.multipliedReportingOverflow(by: Moment.microsecondsPerDay)
        let (moment, isOverToo) = midnight.addingReportingOverflow(microseconds)
        guard !isOver, !isOverToo else { throw .timestampRange }
        return isUnchecked ? moment : try Moment.checked(moment)
    }
}
