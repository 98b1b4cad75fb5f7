/// What a text says by a format, and the date and time that it comes to.
///
/// As in PostgreSQL, 0 is what was not said.
struct FormatFields {
    private enum Convention { case gregorian, isoWeek }

    var year = 0
    var yearDigits = 0
    var century = 0
    var month = 0
    var day = 0
    var dayOfYear = 0
    /// From 1, Sunday.
    var weekday = 0
    var week = 0
    var weekOfMonth = 0
    var julian = 0
    /// 1 is BC.
    var era = 0
    var hour = 0
    var minute = 0
    var second = 0
    var secondsOfDay = 0
    var milliseconds = 0
    var microseconds = 0
    var isTwelveHours = false
    /// 1 is after noon.
    var half = 0
    var zoneSign = 0
    var zoneHour = 0
    var zoneMinute = 0
    /// What the result is rounded to, in microseconds.
    var precision: Int64?
    private var convention: Convention?

    /// A field that comes twice must say the same.
    mutating func set(_ field: WritableKeyPath<FormatFields, Int>, _ value: Int) throws(MomentError) {
        let known = self[keyPath: field]
        guard known == 0 || known == value else {
            throw MomentError(
                .invalidFormat,
                "conflicting values in the formatting string; this value contradicts a previous setting for the "
                    + "same field type")
        }
        self[keyPath: field] = value
    }

    /// Years of ISO weeks and of the calendar do not mix.
    mutating func setConvention(of pattern: MomentPattern) throws(MomentError) {
        let asked: Convention
        switch pattern {
        case .isoYear, .isoWeek, .isoDayOfWeek, .isoDayOfYear: asked = .isoWeek
        case .dayOfYear, .dayOfMonth, .dayOfWeek, .monthNumber, .month, .shortMonth, .romanMonth, .weekOfYear,
            .weekOfMonth, .year, .yearWithComma:
            asked = .gregorian
        default: return
        }
        guard convention == nil || convention == asked else {
            throw MomentError(
                .invalidFormat,
                "invalid combination of date conventions; do not mix Gregorian and ISO week date conventions in a "
                    + "formatting template")
        }
        convention = asked
    }

    /// Seconds east of UTC.
    func zone(_ text: [UInt8]) throws(MomentError) -> Int {
        guard zoneSign != 0 else { return 0 }
        guard (0...15).contains(zoneHour), (0..<60).contains(zoneMinute) else { throw .fieldRange(text) }
        return zoneSign * (zoneHour * 60 + zoneMinute) * 60
    }

    /// - Parameter text: For messages.
    func civil(_ text: [UInt8]) throws(MomentError) -> CivilMoment {
        var civil = try date(text)
        civil.hour = hour != 0 ? hour : secondsOfDay / 3600
        civil.minute = minute != 0 ? minute : secondsOfDay / 60 % 60
        civil.second = second != 0 ? second : secondsOfDay % 60
        civil.microsecond = milliseconds &* 1000 &+ microseconds
        if isTwelveHours {
            guard (1...12).contains(civil.hour) else {
                throw MomentError(
                    .invalidFormat,
                    "hour “\(civil.hour)” is invalid for the 12-hour clock; use the 24-hour clock, or give an hour "
                        + "between 1 and 12")
            }
            if half == 1 {
                if civil.hour < 12 { civil.hour += 12 }
            } else if civil.hour == 12 {
                civil.hour = 0
            }
        }
        guard (0..<24).contains(civil.hour), (0..<60).contains(civil.minute), (0..<60).contains(civil.second),
            (0..<1_000_000).contains(civil.microsecond)
        else { throw .fieldRange(text) }
        // Refused even where it is not used.
        _ = try zone(text)
        return civil
    }

    /// Without a year it is 1 BC.
    private func date(_ text: [UInt8]) throws(MomentError) -> CivilMoment {
        var civil = CivilMoment()
        civil.year = astronomicalYear ?? 0
        var dayOfYear = dayOfYear
        var day = day
        if julian != 0 { civil.set(day: Int64(julian) - CalendarDay.julianOffset) }
        // What the parser lets through fits; the calendar's arithmetic must not overflow.
        guard civil.year.magnitude < 10_000_000 else { throw .fieldRange(text) }
        if week != 0 {
            if convention == .isoWeek {
                let monday = CalendarDay.isoYearStart(civil.year) + Int64(week - 1) * 7
                civil.set(day: monday + Int64(weekday == 0 ? 0 : weekday > 1 ? weekday - 2 : 6))
            } else {
                dayOfYear = (week - 1) * 7 + 1
            }
        }
        if weekOfMonth != 0 { day = (weekOfMonth - 1) * 7 + 1 }
        if day != 0 { civil.day = day }
        if month != 0 { civil.month = month }
        if dayOfYear != 0, civil.month <= 1 || civil.day <= 1 { try setDayOfYear(dayOfYear, &civil) }
        guard (1...12).contains(civil.month), (1...31).contains(civil.day), civil.year.magnitude < 10_000_000 else {
            throw .fieldRange(text)
        }
        guard civil.day > CalendarDay.length(ofMonth: civil.month, civil.year) else { return civil }
        // `ValidateDate` of PostgreSQL looks at a month's length only when the year is given: without, the 31st of
        // April is the 1st of May.
        guard astronomicalYear == nil else { throw .fieldRange(text) }
        civil.set(day: CalendarDay.days(year: civil.year, month: civil.month, day: civil.day))
        return civil
    }

    private var astronomicalYear: Int? {
        let signedCentury = era == 1 ? -century : century
        if year != 0 {
            if century != 0, yearDigits <= 2 {
                let part = year % 100
                if part == 0 { return signedCentury * 100 + (signedCentury >= 0 ? 0 : 1) }
                return signedCentury < 0 ? (signedCentury + 1) * 100 - part + 1 : part + (signedCentury - 1) * 100
            }
            let signed = era == 1 ? -year : year
            return signed < 0 ? signed + 1 : signed
        }
        guard century != 0 else { return nil }
        return signedCentury >= 0 ? (signedCentury - 1) * 100 + 1 : signedCentury * 100 + 1
    }

    private func setDayOfYear(_ number: Int, _ civil: inout CivilMoment) throws(MomentError) {
        guard civil.year != 0 || era == 1 else {
            throw MomentError(.invalidFormat, "cannot calculate day of year without year information")
        }
        if convention == .isoWeek {
            civil.set(day: CalendarDay.isoYearStart(civil.year) + Int64(number) - 1)
            return
        }
        var month = 1
        var day = number
        while month <= 12, day > CalendarDay.length(ofMonth: month, civil.year) {
            day -= CalendarDay.length(ofMonth: month, civil.year)
            month += 1
        }
        if civil.month <= 1 { civil.month = month }
        if civil.day <= 1 { civil.day = day }
    }
}

extension CivilMoment {
    fileprivate mutating func set(day: Int64) { (year, month, self.day) = CalendarDay.civil(day) }
}
