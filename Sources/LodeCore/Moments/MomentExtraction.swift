/// `extract(field from ...)` as PostgreSQL 14 and later have it, exact; `date_part` is its `double`.
///
/// Null for a field that goes round, such as the month, of an infinite moment.
extension CalendarDay {
    static func extract(_ field: [UInt8], from days: Int64) throws(MomentError) -> MomentField? {
        guard let unit = MomentUnit(field: field) else { throw .unknownUnit(field, "date") }
        switch unit {
        case .microsecond, .millisecond, .second, .minute, .hour, .zone, .zoneHour, .zoneMinute:
            throw .unsupportedUnit(field, "date")
        case _ where !isFinite(days): return unit.infinite(isNegative: days < 0)
        case .julian: return MomentField(days + julianOffset)
        case .epoch: return MomentField((days + unixOffset) * 86_400)
        default: return dateField(unit, days)
        }
    }

    /// Of a finite date; nil for what is no field of one.
    static func dateField(_ unit: MomentUnit, _ days: Int64) -> MomentField? {
        let (year, month, day) = civil(days)
        switch unit {
        case .day: return MomentField(day)
        case .month: return MomentField(month)
        case .quarter: return MomentField((month - 1) / 3 + 1)
        case .week: return MomentField(isoWeek(days).week)
        case .year: return MomentField(year > 0 ? year : year - 1)
        case .decade: return MomentField(year >= 0 ? year / 10 : -((9 - year) / 10))
        case .century: return MomentField(year > 0 ? (year + 99) / 100 : -((100 - year) / 100))
        case .millennium: return MomentField(year > 0 ? (year + 999) / 1000 : -((1000 - year) / 1000))
        case .isoYear:
            let year = isoWeek(days).year
            return MomentField(year > 0 ? year : year - 1)
        case .dayOfWeek: return MomentField(dayOfWeek(days))
        case .isoDayOfWeek: return MomentField(isoDayOfWeek(days))
        case .dayOfYear: return MomentField(dayOfYear(days))
        default: return nil
        }
    }
}

extension Moment {
    static func extract(_ field: [UInt8], from moment: Int64, withZone: Bool) throws(MomentError) -> MomentField? {
        let type = withZone ? "timestamp with time zone" : "timestamp without time zone"
        guard let unit = MomentUnit(field: field) else { throw .unknownUnit(field, type) }
        switch unit {
        case .zone, .zoneHour, .zoneMinute:
            guard withZone else { throw .unsupportedUnit(field, type) }
            return isFinite(moment) ? MomentField(0) : nil
        case _ where !isFinite(moment): return unit.infinite(isNegative: moment < 0)
        case .epoch:
            let epoch = Int128(moment) - Int128(unixEpoch)
            // Beyond 64 bits it is the quotient of two numerics, which has four decimals.
            return .epoch(epoch < Int128(Int64.max) ? epoch : (epoch + 50) / 100 * 100)
        default: break
        }
        let (days, time) = split(moment)
        if unit == .julian { return .julian(days + CalendarDay.julianOffset, microseconds: time) }
        if let part = TimeOfDay.timeField(unit, time) { return part }
        return CalendarDay.dateField(unit, days)
    }

    /// `date_part`; that of a date is its midnight's, so that it has hours too.
    static func datePart(_ field: [UInt8], of moment: Int64, withZone: Bool) throws(MomentError) -> Double? {
        let part = try extract(field, from: moment, withZone: withZone)
        guard case .epoch? = part else { return part?.double }
        let (epoch, isOver) = moment.subtractingReportingOverflow(unixEpoch)
        if isOver || epoch == .max { return (Double(moment) - Double(unixEpoch)) / 1_000_000 }
        return Double(epoch) / 1_000_000
    }
}

extension TimeOfDay {
    static func extract(_ field: [UInt8], from time: Int64) throws(MomentError) -> MomentField {
        let type = "time without time zone"
        guard let unit = MomentUnit(field: field) else { throw .unknownUnit(field, type) }
        if unit == .epoch { return .epoch(Int128(time)) }
        guard let part = timeField(unit, time) else { throw .unsupportedUnit(field, type) }
        return part
    }

    /// - Parameter time: Of a day or, of whatever sign, of an interval.
    static func timeField(_ unit: MomentUnit, _ time: Int64) -> MomentField? {
        switch unit {
        case .microsecond: MomentField(time % 60_000_000)
        case .millisecond: .milliseconds(time % 60_000_000)
        case .second: .seconds(time % 60_000_000)
        case .minute: MomentField(time / 60_000_000 % 60)
        case .hour: MomentField(time / 3_600_000_000)
        default: nil
        }
    }
}

extension Interval {
    func extract(_ field: [UInt8]) throws(MomentError) -> MomentField {
        guard let unit = MomentUnit(field: field) else { throw .unknownUnit(field, "interval") }
        if let part = TimeOfDay.timeField(unit, microseconds) { return part }
        switch unit {
        case .day: return MomentField(days)
        case .month: return MomentField(months % 12)
        case .quarter: return MomentField(months % 12 / 3 + 1)
        case .year: return MomentField(months / 12)
        case .decade: return MomentField(months / 120)
        case .century: return MomentField(months / 1200)
        case .millennium: return MomentField(months / 12_000)
        case .epoch:
            // A year is 365.25 days here, a month that is left 30: both times four, so as to stay whole.
            let quarters = Int128(months / 12) * 1461 + Int128(months % 12) * 120 + Int128(days) * 4
            return .epoch(quarters * 21_600 * 1_000_000 + Int128(microseconds))
        default: throw .unsupportedUnit(field, "interval")
        }
    }

    /// `date_part`; its epoch is a sum of doubles.
    func datePart(_ field: [UInt8]) throws(MomentError) -> Double {
        let part = try extract(field)
        guard case .epoch = part else { return part.double }
        var seconds = Double(microseconds) / 1_000_000
        seconds += 365.25 * 86_400 * Double(months / 12)
        seconds += 30 * 86_400 * Double(months % 12)
        return seconds + 86_400 * Double(days)
    }
}

extension MomentUnit {
    /// What a field of an infinite moment is: infinite when it only grows, null when it goes round.
    fileprivate func infinite(isNegative: Bool) -> MomentField? {
        switch self {
        case .year, .decade, .century, .millennium, .julian, .isoYear, .epoch: .infinity(isNegative: isNegative)
        default: nil
        }
    }
}
