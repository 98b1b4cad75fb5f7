/// `to_timestamp` and `to_date` with a format (`do_to_timestamp` of formatting.c). `TZ` and `OF` are not read, as
/// before PostgreSQL 17.
extension MomentFormat {
    /// `to_timestamp`, a `timestamp with time zone`.
    func moment(in text: [UInt8]) throws(MomentError) -> Int64 {
        var reader = FormatReader(text)
        try reader.read(steps)
        let civil = try reader.fields.civil(text)
        let (moment, isOver) = try civil.moment(isUnchecked: true).subtractingReportingOverflow(
            Int64(reader.fields.zone(text)) * 1_000_000)
        guard !isOver else { throw .timestampRange }
        let checked = try Moment.checked(moment)
        guard let unit = reader.fields.precision else { return checked }
        // Half a unit away from 2000 (`AdjustTimestampForTypmod`).
        return checked >= 0 ? (checked + unit / 2) / unit * unit : (checked - unit / 2) / unit * unit
    }

    /// `to_date`.
    func day(in text: [UInt8]) throws(MomentError) -> Int64 {
        var reader = FormatReader(text)
        try reader.read(steps)
        let days = try reader.fields.civil(text).days
        guard days >= CalendarDay.first, days < CalendarDay.end else {
            throw MomentError(.fieldOverflow, "date out of range: “\(MomentError.quote(text))”")
        }
        return days
    }
}

/// Goes through the text as the format says. A separator of the format stands for any one or for none; a letter of
/// it for any character.
private struct FormatReader {
    private var rest: ArraySlice<UInt8>
    private(set) var fields = FormatFields()
    /// Blanks passed over that the format does not have.
    private var extraCount = 0
    private var isExact = false
    private var last: UInt8 = 0

    init(_ text: [UInt8]) { rest = text[...] }

    mutating func read(_ steps: [MomentFormat.Step]) throws(MomentError) {
        for (index, step) in steps.enumerated() {
            guard !rest.isEmpty else { return }
            switch step {
            case .literal(let character, let isQuoted):
                if index == 0, !isExact { skipBlanks() }
                readLiteral(character, isQuoted)
            case .pattern(.exact, _): isExact = true
            case .pattern(let pattern, let modifiers):
                if !isExact { skipBlanks() }
                let isLoose = modifiers.contains(.fill) || Self.endsNumber(steps, index)
                try read(pattern, isLoose)
                if pattern.takesOrdinalInText, !modifiers.isDisjoint(with: [.ordinal, .upperOrdinal]) {
                    skipCharacter()
                    skipCharacter()
                }
            }
            guard case .pattern = step, !isExact else { continue }
            extraCount = 0
            skipBlanks()
        }
    }

    /// Whether digits may be as many as there are: nothing that begins with a digit follows.
    private static func endsNumber(_ steps: [MomentFormat.Step], _ index: Int) -> Bool {
        if case .pattern(_, let modifiers) = steps[index], !modifiers.isDisjoint(with: [.ordinal, .upperOrdinal]) {
            return true
        }
        guard index + 1 < steps.count else { return true }
        switch steps[index + 1] {
        case .pattern(let pattern, _): return !pattern.isNumberInText
        case .literal(let character, isQuoted: _): return !(character.count == 1 && character[0].isDigit)
        }
    }

    private mutating func skipBlanks() {
        while let byte = rest.first, byte.isBlank {
            skip()
            extraCount += 1
        }
    }

    private mutating func skip() {
        if let byte = rest.popFirst() { last = byte }
    }

    private mutating func skipCharacter() {
        skip()
        while let byte = rest.first, byte & 0xC0 == 0x80 { skip() }
    }

    private mutating func readLiteral(_ character: [UInt8], _ isQuoted: Bool) {
        guard !isExact else {
            skipCharacter()
            return
        }
        let isSeparator = !isQuoted && character.count == 1 && (character[0].isBlank || character[0].isSeparator)
        if isSeparator {
            extraCount -= 1
            if let byte = rest.first, byte.isBlank || byte.isSeparator {
                skip()
                extraCount += 1
            }
        } else if extraCount > 0 {
            extraCount -= 1
        } else {
            skipCharacter()
        }
    }

    // MARK: - Fields

    private mutating func read(_ pattern: MomentPattern, _ isLoose: Bool) throws(MomentError) {
        try fields.setConvention(of: pattern)
        switch pattern {
        case .hour12, .hour24:
            try fields.set(\.hour, number(2, isLoose, pattern).value)
            if pattern == .hour12 { fields.isTwelveHours = true }
        case .minute: try fields.set(\.minute, number(2, isLoose, pattern).value)
        case .second: try fields.set(\.second, number(2, isLoose, pattern).value)
        case .secondsOfDay(let digits): try fields.set(\.secondsOfDay, number(digits, isLoose, pattern).value)
        case .millisecond: try readFraction(3, \.milliseconds, isLoose, pattern)
        case .microsecond: try readFraction(6, \.microseconds, isLoose, pattern)
        case .fraction(let digits):
            try readFraction(digits, \.microseconds, isLoose, pattern)
            fields.precision = [1_000_000, 100_000, 10_000, 1000, 100, 10, 1][min(digits, 6)]
        case .zoneHour: try readZoneHour(isLoose)
        case .zoneMinute:
            if fields.zoneSign == 0 { fields.zoneSign = 1 }
            try fields.set(\.zoneMinute, number(2, isLoose, pattern).value)
        case .halfDay(_, let isDotted):
            let half = try name(isDotted ? ["a.m.", "p.m."] : ["am", "pm"], "AM")
            try fields.set(\.half, half)
            fields.isTwelveHours = true
        case .era(_, let isDotted): try fields.set(\.era, name(isDotted ? ["a.d.", "b.c."] : ["ad", "bc"], "AD"))
        case .month: try fields.set(\.month, name(CalendarNames.months, "Month") + 1)
        case .shortMonth: try fields.set(\.month, name(CalendarNames.months.map { String($0.prefix(3)) }, "Mon") + 1)
        case .romanMonth:
            // The longest first, since one begins another.
            let names = ["XII", "XI", "X", "IX", "VIII", "VII", "VI", "V", "IV", "III", "II", "I"]
            try fields.set(\.month, 12 - name(names, "RM"))
        case .day, .shortDay:
            let names = CalendarNames.days.map { pattern.isShort ? String($0.prefix(3)) : $0 }
            // Compared with what is known before it is counted from 1, so that a second one is refused.
            try fields.set(\.weekday, name(names, "Day"))
            fields.weekday += 1
        case .year, .isoYear, .yearWithComma: try readYear(pattern, isLoose)
        case .zone, .offset:
            throw MomentError(.notSupported, "formatting field “\(pattern.name)” is only supported in to_char")
        case .exact: break
        default: try readDateNumber(pattern, isLoose)
        }
    }

    private mutating func readDateNumber(_ pattern: MomentPattern, _ isLoose: Bool) throws(MomentError) {
        switch pattern {
        case .monthNumber: try fields.set(\.month, number(2, isLoose, pattern).value)
        case .dayOfMonth: try fields.set(\.day, number(2, isLoose, pattern).value)
        case .dayOfYear, .isoDayOfYear: try fields.set(\.dayOfYear, number(3, isLoose, pattern).value)
        case .dayOfWeek: try fields.set(\.weekday, number(1, isLoose, pattern).value)
        case .isoDayOfWeek:
            // From Sunday, which is 1 then.
            let day = try number(1, isLoose, pattern).value
            try fields.set(\.weekday, day)
            fields.weekday = day + 1 > 7 ? 1 : day + 1
        case .weekOfYear, .isoWeek: try fields.set(\.week, number(2, isLoose, pattern).value)
        case .weekOfMonth: try fields.set(\.weekOfMonth, number(1, isLoose, pattern).value)
        case .century: try fields.set(\.century, number(2, isLoose, pattern).value)
        case .julian: try fields.set(\.julian, number(1, isLoose, pattern).value)
        // A quarter is no date; it is read over.
        case .quarter: _ = try number(1, isLoose, pattern)
        default: break
        }
    }

    /// 25 and 250 milliseconds are the same, 025 are not.
    private mutating func readFraction(
        _ digits: Int, _ field: WritableKeyPath<FormatFields, Int>, _ isLoose: Bool, _ pattern: MomentPattern
    ) throws(MomentError) {
        let (value, length) = try number(digits, isLoose, pattern)
        try fields.set(field, value)
        let width = field == \.milliseconds ? 3 : 6
        for _ in 0..<max(0, width - length) { fields[keyPath: field] = fields[keyPath: field] &* 10 }
    }

    /// A minus may have been taken for a separator.
    private mutating func readZoneHour(_ isLoose: Bool) throws(MomentError) {
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") || sign == 0x20 {
            fields.zoneSign = sign == UInt8(ascii: "-") ? -1 : 1
            skip()
        } else {
            fields.zoneSign = extraCount > 0 && last == UInt8(ascii: "-") ? -1 : 1
        }
        try fields.set(\.zoneHour, number(2, isLoose, .zoneHour).value)
    }

    private mutating func readYear(_ pattern: MomentPattern, _ isLoose: Bool) throws(MomentError) {
        switch pattern {
        case .year(let digits), .isoYear(let digits):
            let (year, length) = try number(digits, isLoose, pattern)
            try fields.set(\.year, year)
            // The year nearest to 2020.
            if digits < 4, length < 4 {
                fields.year += year < 70 ? 2000 : year < 100 ? 1900 : year < 520 ? 2000 : year < 1000 ? 1000 : 0
            }
            fields.yearDigits = digits
        default:
            // As C's `%d,%03d`, which passes over blanks.
            let fault = MomentError(.invalidFormat, "invalid input string for “Y,YYY”")
            let start = rest.drop(while: \.isBlank)
            guard let thousands = LeadingNumber.short(start), thousands.rest.startIndex > start.startIndex,
                thousands.rest.first == UInt8(ascii: ",")
            else { throw fault }
            let part = thousands.rest.dropFirst().drop(while: \.isBlank)
            guard let years = LeadingNumber.short(part.prefix(3)), years.rest.startIndex > part.startIndex else {
                throw fault
            }
            try fields.set(\.year, thousands.value &* 1000 &+ years.value)
            rest = part.dropFirst(years.rest.startIndex - part.startIndex)
            fields.yearDigits = 4
        }
    }

    // MARK: - Pieces

    /// Exactly `width` characters, unless nothing that begins with a digit follows.
    private mutating func number(
        _ width: Int, _ isLoose: Bool, _ pattern: MomentPattern
    ) throws(MomentError) -> (value: Int, length: Int) {
        let source = rest.drop(while: \.isBlank)
        let fault = MomentError(
            .invalidFormat, "invalid value “\(MomentError.quote(Array(source.prefix(width))))” for “\(pattern.name)”")
        if !isLoose, source.count < width {
            throw MomentError(.invalidFormat, "source string too short for “\(pattern.name)” formatting field")
        }
        let text = isLoose ? source : source.prefix(width)
        // C's strtol passes over blanks.
        let digits = text.drop(while: \.isBlank)
        guard let (value, end) = LeadingNumber.short(digits) else {
            throw MomentError(.fieldOverflow, "value for “\(pattern.name)” in source string is out of range")
        }
        guard end.startIndex > digits.startIndex else { throw fault }
        let used = end.startIndex - source.startIndex
        guard isLoose || used == width else { throw fault }
        // Blanks in front count, which only FX leaves there.
        let length = end.startIndex - rest.startIndex
        rest = source.dropFirst(used)
        last = source[source.startIndex + used - 1]
        return (value, length)
    }

    private mutating func name(_ names: [String], _ pattern: String) throws(MomentError) -> Int {
        for (index, name) in names.enumerated() {
            let length = name.utf8.count
            guard rest.count >= length else { continue }
            if rest.prefix(length).map(\.lowercased) == Array(name.lowercased().utf8) {
                for _ in 0..<length { skip() }
                return index
            }
        }
        throw MomentError(
            .invalidFormat, "invalid value “\(MomentError.quote(Array(rest.prefix(12))))” for “\(pattern)”")
    }
}

extension UInt8 {
    /// Printable ASCII that is no letter and no digit.
    fileprivate var isSeparator: Bool { self > 0x20 && self < 0x7F && !isLetter && !isDigit }
}

extension MomentPattern {
    /// Whether it is read as digits.
    fileprivate var isNumberInText: Bool {
        switch self {
        case .halfDay, .era, .month, .shortMonth, .romanMonth, .day, .shortDay, .zone, .zoneHour, .offset, .exact:
            false
        default: true
        }
    }

    fileprivate var takesOrdinalInText: Bool { isNumberInText && self != .zoneMinute }

    fileprivate var isShort: Bool {
        if case .shortDay = self { true } else { false }
    }

    /// For messages.
    fileprivate var name: String {
        switch self {
        case .hour12: "HH12"
        case .hour24: "HH24"
        case .minute: "MI"
        case .second: "SS"
        case .secondsOfDay: "SSSS"
        case .millisecond: "MS"
        case .microsecond: "US"
        case .fraction(let digits): "FF\(digits)"
        case .monthNumber: "MM"
        case .dayOfMonth: "DD"
        case .dayOfYear: "DDD"
        case .isoDayOfYear: "IDDD"
        case .dayOfWeek: "D"
        case .isoDayOfWeek: "ID"
        case .weekOfYear: "WW"
        case .isoWeek: "IW"
        case .weekOfMonth: "W"
        case .quarter: "Q"
        case .century: "CC"
        case .julian: "J"
        case .year(let digits): String(repeating: "Y", count: digits)
        case .isoYear(let digits): "I" + String(repeating: "Y", count: digits - 1)
        case .zone: "TZ"
        case .zoneHour: "TZH"
        case .zoneMinute: "TZM"
        case .offset: "OF"
        default: "\(self)"
        }
    }
}
