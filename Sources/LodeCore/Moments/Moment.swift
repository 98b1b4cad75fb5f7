/// Timestamps as numbers: microseconds from 2000-01-01 00:00, with `MomentText`'s two infinities.
///
/// A `timestamp` and a `timestamp with time zone` are the same number where the session's zone is UTC,
/// so that casts between them are nothing.
enum Moment {
    static let microsecondsPerDay: Int64 = 86_400_000_000
    /// 4714-11-24 BC.
    static let first: Int64 = CalendarDay.first * microsecondsPerDay
    /// 294277-01-01, the first one that is no timestamp (`END_TIMESTAMP`).
    static let end: Int64 = 9_223_371_331_200_000_000
    /// 1970-01-01.
    static let unixEpoch: Int64 = -CalendarDay.unixOffset * microsecondsPerDay

    static func isFinite(_ moment: Int64) -> Bool { CalendarDay.isFinite(moment) }

    static func checked(_ moment: Int64) throws(MomentError) -> Int64 {
        guard moment >= first, moment < end else { throw .timestampRange }
        return moment
    }

    /// The day, and what is left of it: never negative.
    static func split(_ moment: Int64) -> (days: Int64, time: Int64) {
        var (days, time) = moment.quotientAndRemainder(dividingBy: microsecondsPerDay)
        if time < 0 {
            time += microsecondsPerDay
            days -= 1
        }
        return (days, time)
    }

    // MARK: - Text

    /// `timestamp_out` and `timestamptz_out` with DateStyle ISO and TimeZone UTC: `2024-02-29 12:34:56.789+00`,
    /// `0044-03-15 00:00:00 BC`.
    static func text(_ moment: Int64, withZone: Bool) -> [UInt8] {
        if let text = CalendarDay.infinityText(moment) { return text }
        let (days, time) = split(moment)
        let date = CalendarDay.civil(days)
        var out: [UInt8] = []
        CalendarDay.append(date, to: &out)
        out.append(UInt8(ascii: " "))
        TimeOfDay.append(time, to: &out)
        if withZone { JSONText.append("+00", to: &out) }
        if date.year <= 0 { JSONText.append(" BC", to: &out) }
        return out
    }

    /// `timestamp_in` and `timestamptz_in` with DateStyle MDY and TimeZone UTC.
    ///
    /// - Parameter withZone: Whether a zone in the text counts; a `timestamp` takes no notice of it.
    static func parse(_ text: [UInt8], withZone: Bool) throws(MomentError) -> Int64 {
        // What the log and most people write.
        if let moment = try? MomentText.microseconds(text.span, 0..<text.count, appliesZone: withZone) {
            return moment
        }
        switch try MomentReader.read(text, as: withZone ? "timestamp with time zone" : "timestamp") {
        case .infinity: return MomentText.infinity
        case .minusInfinity: return MomentText.minusInfinity
        case .epoch: return unixEpoch
        case .civil(let civil, let zone):
            do {
                let moment = try civil.moment(isUnchecked: true)
                let (shifted, isOver) = moment.subtractingReportingOverflow(withZone ? Int64(zone) * 1_000_000 : 0)
                guard !isOver else { throw MomentError.timestampRange }
                return try checked(shifted)
            } catch {
                throw MomentError(.fieldOverflow, "timestamp out of range: “\(MomentError.quote(text))”")
            }
        }
    }

    // MARK: - Out of other types

    /// `date::timestamp`.
    static func moment(ofDay days: Int64) throws(MomentError) -> Int64 {
        guard CalendarDay.isFinite(days) else { return days }
        guard days < end / microsecondsPerDay else {
            throw MomentError(.fieldOverflow, "date out of range for timestamp")
        }
        return days * microsecondsPerDay
    }

    /// `timestamp::date`.
    static func day(of moment: Int64) -> Int64 { isFinite(moment) ? split(moment).days : moment }

    /// `timestamp::time`; null for an infinite one.
    static func timeOfDay(of moment: Int64) -> Int64? { isFinite(moment) ? split(moment).time : nil }

    /// `make_timestamp`: a negative year is one BC.
    static func make(
        year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Double
    ) throws(MomentError) -> Int64 {
        let days: Int64
        do {
            days = try CalendarDay.make(year: year, month: month, day: day)
        } catch {
            throw MomentError(error.code, "date field value out of range: \(year)-\(month)-\(day)")
        }
        let time = try TimeOfDay.make(hour: hour, minute: minute, second: second)
        guard days <= end / microsecondsPerDay else { throw .timestampRange }
        let (moment, isOver) = (days * microsecondsPerDay).addingReportingOverflow(time)
        guard !isOver else { throw .timestampRange }
        return try checked(moment)
    }

    /// `to_timestamp(double precision)`: from seconds since 1970.
    static func moment(ofUnixSeconds seconds: Double) throws(MomentError) -> Int64 {
        if seconds.isNaN { throw MomentError(.fieldOverflow, "timestamp cannot be NaN") }
        if seconds.isInfinite { return seconds < 0 ? MomentText.minusInfinity : MomentText.infinity }
        // The bounds in seconds of 1970; a little more is let through by rounding and caught below.
        let fault = MomentError(.fieldOverflow, "timestamp out of range: “\(seconds)”")
        guard seconds >= Double((first - unixEpoch) / 1_000_000), seconds < 9_224_318_016_000 else { throw fault }
        let shifted = ((seconds - Double(CalendarDay.unixOffset * 86_400)) * 1_000_000).rounded(.toNearestOrEven)
        guard let moment = Int64(exactly: shifted), moment >= first, moment < end else { throw fault }
        return moment
    }

    // MARK: - Zones

    /// `AT TIME ZONE` with a name. Only UTC has one: the others' rules change with the zone database, which is
    /// not in the log.
    static func requireUTC(_ name: [UInt8]) throws(MomentError) {
        let name = String(decoding: name.prefix(60), as: UTF8.self)
        guard ["utc", "gmt", "z", "zulu", "ut", "uct", "etc/utc", "etc/gmt"].contains(name.lowercased()) else {
            throw MomentError(
                .notSupported,
                "time zone “\(name)” is not known here: the zone database is not part of the log; use 'UTC' or an "
                    + "interval such as interval '2 hours'")
        }
    }

    /// `timestamp AT TIME ZONE interval`, giving a `timestamp with time zone`, or the other way.
    static func shifted(_ moment: Int64, by zone: Interval, toZone: Bool) throws(MomentError) -> Int64 {
        guard zone.months == 0, zone.days == 0 else {
            throw MomentError(
                .invalidParameter,
                "interval time zone “\(String(decoding: zone.text, as: UTF8.self))” must not include months or days")
        }
        guard isFinite(moment) else { return moment }
        // A zone's offset has no more than seconds.
        let seconds = zone.microseconds / 1_000_000 * 1_000_000
        let (shifted, isOver) =
            toZone
            ? moment.addingReportingOverflow(seconds) : moment.subtractingReportingOverflow(seconds)
        guard !isOver else { throw .timestampRange }
        return try checked(shifted)
    }
}
