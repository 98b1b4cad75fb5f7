/// Days as numbers: from 2000-01-01, as `MomentText` counts them, in the proleptic Gregorian calendar.
///
/// Years are astronomical here: 0 is 1 BC, -1 is 2 BC.
enum CalendarDay {
    /// 4714-11-24 BC, the Julian day 0.
    static let first: Int64 = -julianOffset
    /// The day after 5874897-12-31, the last one of PostgreSQL's dates (`DATE_END_JULIAN`).
    static let end: Int64 = 2_147_483_494 - julianOffset
    /// The Julian day of 2000-01-01.
    static let julianOffset: Int64 = 2_451_545
    /// From 1970-01-01 to 2000-01-01.
    static let unixOffset: Int64 = 10_957

    static func isFinite(_ days: Int64) -> Bool { days != MomentText.infinity && days != MomentText.minusInfinity }

    // MARK: - The calendar

    /// - Parameters:
    ///   - year: Within ten million years; PostgreSQL knows fewer.
    ///   - month: 1...12.
    static func days(year: Int, month: Int, day: Int) -> Int64 {
        Int64(Timestamp.days(year: year, month: month, day: day)) - unixOffset
    }

    /// - Parameter days: Finite, and a date or a timestamp's day.
    static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        Timestamp.date(days: Int(days &+ unixOffset))
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func length(ofMonth month: Int, _ year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// 0 is Sunday.
    static func dayOfWeek(_ days: Int64) -> Int { Int(((days % 7) + 13) % 7) }

    /// 1 is Monday, 7 is Sunday.
    static func isoDayOfWeek(_ days: Int64) -> Int {
        let day = dayOfWeek(days)
        return day == 0 ? 7 : day
    }

    /// From 1.
    static func dayOfYear(_ days: Int64) -> Int {
        let date = civil(days)
        return Int(days - self.days(year: date.year, month: 1, day: 1)) + 1
    }

    /// The week of ISO 8601 and the year that it belongs to: that of its Thursday.
    static func isoWeek(_ days: Int64) -> (year: Int, week: Int) {
        let thursday = days - Int64(isoDayOfWeek(days)) + 4
        let year = civil(thursday).year
        return (year, Int(thursday - self.days(year: year, month: 1, day: 1)) / 7 + 1)
    }

    /// The Monday of the first ISO week of a year: the week with the 4th of January.
    static func isoYearStart(_ year: Int) -> Int64 {
        let fourth = days(year: year, month: 1, day: 4)
        return fourth - Int64(isoDayOfWeek(fourth)) + 1
    }

    // MARK: - Text

    /// `date_out` with DateStyle ISO: `2024-02-29`, `0044-03-15 BC`, `infinity`.
    static func text(_ days: Int64) -> [UInt8] {
        if let text = infinityText(days) { return text }
        var out: [UInt8] = []
        let date = civil(days)
        append(date, to: &out)
        if date.year <= 0 { JSONText.append(" BC", to: &out) }
        return out
    }

    static func infinityText(_ value: Int64) -> [UInt8]? {
        if value == MomentText.infinity { return Array("infinity".utf8) }
        return value == MomentText.minusInfinity ? Array("-infinity".utf8) : nil
    }

    /// Without the era.
    static func append(_ date: (year: Int, month: Int, day: Int), to out: inout [UInt8]) {
        JSONText.append(date.year > 0 ? date.year : 1 - date.year, width: 4, to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(date.month, width: 2, to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(date.day, width: 2, to: &out)
    }

    /// `date_in` with DateStyle MDY.
    static func parse(_ text: [UInt8]) throws(MomentError) -> Int64 {
        // What the log and most people write.
        if let days = try? MomentText.days(text.span, 0..<text.count) { return days }
        switch try MomentReader.read(text, as: "date") {
        case .infinity: return MomentText.infinity
        case .minusInfinity: return MomentText.minusInfinity
        case .epoch: return -unixOffset
        case .civil(let civil, zone: _):
            let days = days(year: civil.year, month: civil.month, day: civil.day)
            guard days >= first, days < end else {
                throw MomentError(.fieldOverflow, "date out of range: “\(MomentError.quote(text))”")
            }
            return days
        }
    }

    /// `make_date`: a negative year is one BC.
    static func make(year: Int64, month: Int64, day: Int64) throws(MomentError) -> Int64 {
        let fault = MomentError(.fieldOverflow, "date field value out of range: \(year)-\(month)-\(day)")
        // There is no year 0, so that -1 is the astronomical 0.
        guard year != 0, year.magnitude < 10_000_000, (1...12).contains(month), day >= 1 else { throw fault }
        let year = Int(year < 0 ? year + 1 : year)
        guard day <= length(ofMonth: Int(month), year) else { throw fault }
        let days = days(year: year, month: Int(month), day: Int(day))
        guard days >= first, days < end else { throw fault }
        return days
    }
}
