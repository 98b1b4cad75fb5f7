/// `date_trunc` (timestamp.c). Of a date it gives a `timestamp with time zone`, as PostgreSQL does.
extension Moment {
    static func truncated(_ moment: Int64, to field: [UInt8], withZone: Bool) throws(MomentError) -> Int64 {
        let type = withZone ? "timestamp with time zone" : "timestamp without time zone"
        guard let unit = MomentUnit(unit: field) else { throw .unknownUnit(field, type) }
        return try truncated(moment, to: unit, field, type)
    }

    private static func truncated(
        _ moment: Int64, to unit: MomentUnit, _ field: [UInt8], _ type: String
    ) throws(MomentError) -> Int64 {
        guard isFinite(moment) else { return moment }
        let (days, time) = split(moment)
        switch unit {
        case .microsecond: return moment
        case .millisecond: return moment - time % 1000
        case .second: return moment - time % 1_000_000
        case .minute: return moment - time % 60_000_000
        case .hour: return moment - time % 3_600_000_000
        case .day: return moment - time
        case .week: return try start(of: days - Int64(CalendarDay.isoDayOfWeek(days)) + 1)
        default: break
        }
        var (year, month, _) = CalendarDay.civil(days)
        switch unit {
        case .month: break
        case .quarter: month = (month - 1) / 3 * 3 + 1
        case .year: month = 1
        case .decade: (year, month) = (year > 0 ? year / 10 * 10 : -((9 - year) / 10) * 10, 1)
        // A century begins with its year 1, and there is no year 0.
        case .century: (year, month) = (year > 0 ? (year + 99) / 100 * 100 - 99 : -((100 - year) / 100) * 100 + 1, 1)
        case .millennium:
            (year, month) = (year > 0 ? (year + 999) / 1000 * 1000 - 999 : -((1000 - year) / 1000) * 1000 + 1, 1)
        default: throw .unsupportedUnit(field, type)
        }
        return try start(of: CalendarDay.days(year: year, month: month, day: 1))
    }

    private static func start(of days: Int64) throws(MomentError) -> Int64 {
        guard days >= CalendarDay.first else { throw .timestampRange }
        return try checked(days * microsecondsPerDay)
    }
}

extension Interval {
    func truncated(to field: [UInt8]) throws(MomentError) -> Interval {
        guard let unit = MomentUnit(unit: field) else { throw .unknownUnit(field, "interval") }
        switch unit {
        case .microsecond: return self
        case .millisecond: return truncatingTime(1000)
        case .second: return truncatingTime(1_000_000)
        case .minute: return truncatingTime(60_000_000)
        case .hour: return truncatingTime(3_600_000_000)
        case .day: return Interval(months: months, days: days)
        case .month: return Interval(months: months)
        case .quarter: return Interval(months: months - months % 3)
        case .year: return Interval(months: months - months % 12)
        case .decade: return Interval(months: months - months % 120)
        case .century: return Interval(months: months - months % 1200)
        case .millennium: return Interval(months: months - months % 12_000)
        default: throw .unsupportedUnit(field, "interval")
        }
    }

    private func truncatingTime(_ unit: Int64) -> Interval {
        Interval(months: months, days: days, microseconds: microseconds - microseconds % unit)
    }
}

extension MomentError {
    static func unknownUnit(_ field: [UInt8], _ type: String) -> MomentError {
        MomentError(.invalidParameter, "unit “\(quote(field))” not recognized for type \(type)")
    }

    static func unsupportedUnit(_ field: [UInt8], _ type: String) -> MomentError {
        MomentError(.notSupported, "unit “\(quote(field))” not supported for type \(type)")
    }
}
