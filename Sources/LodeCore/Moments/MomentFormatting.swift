/// `to_char` of dates, timestamps and intervals (`DCH_to_char` of formatting.c), with English names.
extension MomentFormat {
    /// Of a timestamp; a date is formatted as a `timestamp with time zone`, as PostgreSQL casts it.
    ///
    /// - Parameter withZone: Whether `TZ` prints `UTC`; a `timestamp` has no zone and prints nothing.
    /// - Returns: Null for an infinite moment, and for an empty format.
    func text(_ moment: Int64, withZone: Bool) -> [UInt8]? {
        guard !steps.isEmpty, Moment.isFinite(moment) else { return nil }
        let civil = CivilMoment(moment)
        let days = Moment.split(moment).days
        var printer = MomentPrinter(
            year: civil.year, month: civil.month, day: civil.day, time: civil.microseconds, days: days)
        printer.zone = withZone ? "UTC" : ""
        // Only what has no meaning for an interval fails.
        return try? print(&printer)
    }

    /// Of an interval; patterns that only a date has are refused, and so are `J` and those of ISO weeks, for which
    /// PostgreSQL prints numbers without a meaning.
    func text(_ interval: Interval) throws(MomentError) -> [UInt8]? {
        guard !steps.isEmpty else { return nil }
        var printer = MomentPrinter(
            year: Int(interval.months / 12), month: Int(interval.months % 12), day: Int(interval.days),
            time: interval.microseconds, days: nil)
        return try print(&printer)
    }

    private func print(_ printer: inout MomentPrinter) throws(MomentError) -> [UInt8] {
        for step in steps {
            switch step {
            case .literal(let character, isQuoted: _): printer.out += character
            case .pattern(let pattern, let modifiers):
                let start = printer.out.count
                try printer.append(pattern, modifiers)
                printer.appendOrdinal(since: start, pattern, modifiers)
            }
        }
        return printer.out
    }
}

/// The fields that are printed. An interval has no `days`; its fields may be negative.
private struct MomentPrinter {
    let year: Int
    let month: Int
    let day: Int
    let time: Int64
    let days: Int64?
    var zone: StaticString = ""
    var out: [UInt8] = []

    init(year: Int, month: Int, day: Int, time: Int64, days: Int64?) {
        (self.year, self.month, self.day, self.time, self.days) = (year, month, day, time, days)
    }

    private var hour: Int64 { time / 3_600_000_000 }

    /// As people count it: 1 BC is 1. An interval's is what it is.
    private func counted(_ year: Int) -> Int { days != nil && year <= 0 ? 1 - year : year }

    private func date() throws(MomentError) -> Int64 {
        guard let days else {
            throw MomentError(
                .invalidFormat,
                "invalid format specification for an interval value; intervals are not tied to specific calendar dates")
        }
        return days
    }

    // MARK: - Patterns

    mutating func append(_ pattern: MomentPattern, _ modifiers: MomentFormat.Modifiers) throws(MomentError) {
        let isFilled = !modifiers.contains(.fill)
        switch pattern {
        case .hour24, .hour12, .minute, .second, .secondsOfDay, .fraction, .millisecond, .microsecond, .halfDay:
            appendTime(pattern, isFilled)
        case .month, .shortMonth, .day, .shortDay, .era, .zone, .zoneHour, .zoneMinute, .offset, .dayOfWeek,
            .isoDayOfWeek, .isoDayOfYear, .isoWeek, .isoYear, .julian:
            try appendOfDate(pattern, try date(), isFilled, pads: isFilled && !modifiers.contains(.local))
        case .monthNumber: appendNumber(month, 2, isFilled)
        case .romanMonth(let letters): appendRomanMonth(letters, isFilled)
        case .dayOfMonth: appendNumber(day, 2, isFilled, isSigned: false)
        case .dayOfYear: appendNumber(dayOfYear, 3, isFilled, isSigned: false)
        case .weekOfMonth: JSONText.append((day - 1) / 7 + 1, to: &out)
        case .weekOfYear: appendNumber((dayOfYear - 1) / 7 + 1, 2, isFilled, isSigned: false)
        case .quarter: if month != 0 { JSONText.append((month - 1) / 3 + 1, to: &out) }
        case .century: appendCentury(isFilled)
        case .year(let digits): appendYear(counted(year), digits, isFilled)
        case .yearWithComma:
            let year = counted(year)
            JSONText.append(year / 1000, to: &out)
            out.append(UInt8(ascii: ","))
            appendNumber(year % 1000, 3, true, isSigned: false)
        case .exact: break
        }
    }

    private mutating func appendTime(_ pattern: MomentPattern, _ isFilled: Bool) {
        let fraction = time % 1_000_000
        switch pattern {
        case .hour24: appendNumber(Int(hour), 2, isFilled)
        case .hour12: appendNumber(hour % 12 == 0 ? 12 : Int(hour % 12), 2, isFilled, isNegative: hour < 0)
        case .minute: appendNumber(Int(time / 60_000_000 % 60), 2, isFilled)
        case .second: appendNumber(Int(time / 1_000_000 % 60), 2, isFilled)
        case .secondsOfDay: JSONText.append(time / 1_000_000, to: &out)
        case .fraction(let digits):
            let power: [Int64] = [1_000_000, 100_000, 10_000, 1000, 100, 10, 1]
            appendNumber(Int(fraction / power[min(digits, 6)]), digits, true, isSigned: false)
        case .millisecond: appendNumber(Int(fraction / 1000), 3, true, isSigned: false)
        case .microsecond: appendNumber(Int(fraction), 6, true, isSigned: false)
        case .halfDay(let letters, let isDotted):
            let isLate = hour % 24 >= 12
            appendWord(isDotted ? (isLate ? "P.M." : "A.M.") : isLate ? "PM" : "AM", letters)
        default: break
        }
    }

    private mutating func appendOfDate(
        _ pattern: MomentPattern, _ days: Int64, _ isFilled: Bool, pads: Bool
    ) throws(MomentError) {
        switch pattern {
        case .month(let letters): appendWord(CalendarNames.months[month - 1], letters, width: pads ? 9 : 0)
        case .shortMonth(let letters): appendWord(CalendarNames.months[month - 1].prefix(3), letters)
        case .day(let letters):
            appendWord(CalendarNames.days[CalendarDay.dayOfWeek(days)], letters, width: pads ? 9 : 0)
        case .shortDay(let letters):
            appendWord(CalendarNames.days[CalendarDay.dayOfWeek(days)].prefix(3), letters)
        case .era(let letters, let isDotted):
            appendWord(isDotted ? (year <= 0 ? "B.C." : "A.D.") : year <= 0 ? "BC" : "AD", letters)
        case .dayOfWeek: JSONText.append(CalendarDay.dayOfWeek(days) + 1, to: &out)
        case .isoDayOfWeek: JSONText.append(CalendarDay.isoDayOfWeek(days), to: &out)
        case .julian: JSONText.append(days + CalendarDay.julianOffset, to: &out)
        case .isoDayOfYear:
            let start = CalendarDay.isoYearStart(CalendarDay.isoWeek(days).year)
            appendNumber(Int(days - start) + 1, 3, isFilled)
        case .isoWeek: appendNumber(CalendarDay.isoWeek(days).week, 2, isFilled)
        case .isoYear(let digits): appendYear(counted(CalendarDay.isoWeek(days).year), digits, isFilled)
        case .zone(let letters): appendWord("\(zone)", letters)
        case .zoneHour: JSONText.append("+00", to: &out)
        case .zoneMinute: JSONText.append("00", to: &out)
        case .offset: JSONText.append(isFilled ? "+00" : "+0", to: &out)
        default: break
        }
    }

    private mutating func appendRomanMonth(_ letters: MomentPattern.Case, _ isFilled: Bool) {
        guard month != 0 || year != 0 else { return }
        let names = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
        // An interval's months count downwards from December, and whole years end there.
        let index = month > 0 ? month - 1 : month < 0 ? 12 + month : year >= 0 ? 11 : 0
        guard names.indices.contains(index) else { return }
        appendWord(names[index], letters, width: isFilled ? 4 : 0)
    }

    private mutating func appendCentury(_ isFilled: Bool) {
        let century = days == nil ? year / 100 : year > 0 ? (year - 1) / 100 + 1 : year / 100 - 1
        if century.magnitude <= 99 {
            appendNumber(century, 2, isFilled)
        } else {
            JSONText.append(century, to: &out)
        }
    }

    private mutating func appendYear(_ year: Int, _ digits: Int, _ isFilled: Bool) {
        switch digits {
        case 1: appendNumber(year % 10, 1, true, isSigned: false)
        case 4: appendNumber(year, 4, isFilled)
        default: appendNumber(year % (digits == 2 ? 100 : 1000), digits, isFilled, isNegative: year < 0)
        }
    }

    // MARK: - Days

    /// An interval's is about its length, in a C `int`.
    private var dayOfYear: Int {
        if let days { return CalendarDay.dayOfYear(days) }
        return Int(Int32(truncatingIfNeeded: (year * 12 + month) * 30 + day))
    }

    // MARK: - Output

    /// Filled with zeros to a width, to which a minus adds one unless the number `isSigned` not.
    private mutating func appendNumber(
        _ number: Int, _ width: Int, _ isFilled: Bool, isSigned: Bool = true, isNegative: Bool? = nil
    ) {
        guard isFilled else {
            JSONText.append(number, to: &out)
            return
        }
        let full = width + (isSigned && (isNegative ?? (number < 0)) ? 1 : 0)
        if number < 0 { out.append(UInt8(ascii: "-")) }
        JSONText.append(number.magnitude, width: number < 0 ? full - 1 : full, to: &out)
    }

    private mutating func appendWord(_ word: some StringProtocol, _ letters: MomentPattern.Case, width: Int = 0) {
        let start = out.count
        switch letters {
        case .upper: out += Array(word.uppercased().utf8)
        case .title: out += Array(word.utf8)
        case .lower: out += Array(word.lowercased().utf8)
        }
        while out.count - start < width { out.append(UInt8(ascii: " ")) }
    }

    /// `1st`, `22nd`, `13th` (`get_th`).
    mutating func appendOrdinal(
        since start: Int, _ pattern: MomentPattern, _ modifiers: MomentFormat.Modifiers
    ) {
        guard !modifiers.isDisjoint(with: [.ordinal, .upperOrdinal]), pattern.takesOrdinal else { return }
        let digits = out[start...]
        guard let last = digits.last, last.isDigit else { return }
        let isTeen = digits.count > 1 && digits[digits.endIndex - 2] == UInt8(ascii: "1")
        let ending: StaticString = isTeen ? "th" : last == 49 ? "st" : last == 50 ? "nd" : last == 51 ? "rd" : "th"
        let isUpper = modifiers.contains(.upperOrdinal)
        ending.withUTF8Buffer { out.append(contentsOf: $0.map { isUpper ? $0 & 0xDF : $0 }) }
    }
}

extension MomentPattern {
    fileprivate var takesOrdinal: Bool {
        switch self {
        case .halfDay, .era, .month, .shortMonth, .day, .shortDay, .romanMonth, .zone, .zoneHour, .zoneMinute,
            .offset, .exact:
            false
        default: true
        }
    }
}
