/// The pieces' insides: the parts of a date, run-together digits, the time and the zone.
extension MomentReader {
    /// `29-Feb-2024`, `2/29/2024` (`DecodeDate`).
    mutating func readDateParts(_ text: [UInt8]) throws(Fault) -> Fields {
        var parts: [ArraySlice<UInt8>] = []
        var rest = text[...]
        while !rest.isEmpty {
            rest = rest.drop { !$0.isDigit && !$0.isLetter }
            guard let first = rest.first else { throw .format }
            let part = rest.prefix { first.isDigit ? $0.isDigit : $0.isLetter }
            parts.append(part)
            // Whatever ends a part is gone with it.
            rest = rest.dropFirst(part.count + 1)
        }
        var found: Fields = []
        var hasName = false
        for part in parts where part.first?.isLetter == true {
            guard case .month(let month)? = MomentWord(Array(part)) else {
                if MomentWord(Array(part)) == .filler { continue }
                throw .format
            }
            guard known.union(found).isDisjoint(with: .month) else { throw .format }
            civil.month = month
            hasName = true
            found.formUnion(.month)
        }
        let hadTextMonth = hasTextMonth
        hasTextMonth = hasName
        defer { hasTextMonth = hadTextMonth }
        for part in parts where part.first?.isDigit == true {
            let field = try readPart(part, known.union(found))
            guard known.union(found).isDisjoint(with: field) else { throw .format }
            found.formUnion(field)
        }
        guard known.union(found).subtracting([.dayOfYear, .zone]) == .date else { throw .format }
        return found
    }

    /// One number of a date, whose meaning depends on those before it (`DecodeNumber`).
    mutating func readPart(_ text: ArraySlice<UInt8>, _ known: Fields) throws(Fault) -> Fields {
        guard let (value, rest) = LeadingNumber.short(text) else { throw .range }
        guard rest.startIndex > text.startIndex else { throw .format }
        if rest.first == UInt8(ascii: ".") {
            if text.count - rest.count > 2 { return try readRun(text, isDateKnown: true) }
            guard let fraction = LeadingNumber.microseconds(rest) else { throw .format }
            civil.microsecond = fraction
        } else if !rest.isEmpty {
            throw .format
        }
        let date = known.intersection(.date)
        if text.count == 3, date == .year, (1...366).contains(value) {
            dayOfYear = value
            return [.dayOfYear, .month, .day]
        }
        let isLong = text.count >= 3
        switch date {
        case [] where isLong, [.month] where hasTextMonth && isLong, [.month, .day]:
            civil.year = value
            isShortYear = text.count <= 2
            return .year
        case [], .year, .day:
            civil.month = value
            return .month
        case [.year, .month] where hasTextMonth && isLong && isShortYear:
            // The number before was the day.
            civil.day = civil.year
            civil.year = value
            isShortYear = false
            return .day
        case .month, [.year, .month]:
            civil.day = value
            return .day
        case .date: return try readRun(text)
        default: throw .format
        }
    }

    /// `20240229` or `123456.789` (`DecodeNumberField`).
    mutating func readRun(_ text: ArraySlice<UInt8>, isDateKnown: Bool = false) throws(Fault) -> Fields {
        var digits = text
        if let point = text.firstIndex(of: UInt8(ascii: ".")) {
            guard let fraction = LeadingNumber.microseconds(text[point...]) else { throw .format }
            civil.microsecond = fraction
            digits = text[..<point]
        } else if !isDateKnown, !known.isSuperset(of: .date), digits.count >= 6 {
            guard let number = LeadingNumber.integer(digits)?.value, number / 10_000 < 10_000_000 else {
                throw .range
            }
            (civil.year, civil.month, civil.day) = (
                Int(number / 10_000), Int(number / 100 % 100), Int(number % 100)
            )
            isShortYear = digits.count == 6
            return .date
        }
        guard !known.contains(.time), digits.count == 6 || digits.count == 4 else { throw .format }
        guard let (number, rest) = LeadingNumber.short(digits), rest.isEmpty else { throw .format }
        let time = digits.count == 6 ? number : number * 100
        (civil.hour, civil.minute, civil.second) = (time / 10_000, time / 100 % 100, time % 100)
        return .time
    }

    /// `12:34`, `12:34:56.789`; `34:56.789` is minutes and seconds (`DecodeTime`).
    mutating func readClock(_ text: ArraySlice<UInt8>) throws(Fault) {
        let clock = try ClockText(text)
        guard let hour = Int(exactly: clock.hour), hour <= 24 else { throw .range }
        (civil.hour, civil.minute, civil.second, civil.microsecond) = (
            hour, clock.minute, clock.second, clock.microsecond
        )
        try checkClock()
    }

    /// Up to 24:00, and to second 60.
    func checkClock() throws(Fault) {
        guard (0...24).contains(civil.hour), (0..<60).contains(civil.minute), (0...60).contains(civil.second),
            civil.microseconds <= Moment.microsecondsPerDay
        else { throw .range }
    }

    /// `+05`, `-0530`, `+05:30:15`: seconds east of UTC (`DecodeTimezone`).
    static func offset(_ text: ArraySlice<UInt8>) throws(Fault) -> Int {
        guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { throw .format }
        guard let number = LeadingNumber.short(text.dropFirst()) else { throw .zone }
        var (hour, rest) = number
        var minute = 0
        var second = 0
        if rest.first == UInt8(ascii: ":") {
            guard let number = LeadingNumber.short(rest.dropFirst()) else { throw .zone }
            (minute, rest) = number
            if rest.first == UInt8(ascii: ":") {
                guard let number = LeadingNumber.short(rest.dropFirst()) else { throw .zone }
                (second, rest) = number
            }
        } else if rest.isEmpty, text.count > 3 {
            (hour, minute) = (hour / 100, hour % 100)
        }
        guard (0...15).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { throw .zone }
        guard rest.isEmpty else { throw .format }
        let offset = (hour * 60 + minute) * 60 + second
        return sign == UInt8(ascii: "-") ? -offset : offset
    }
}

/// `12:34:56.789` with as many hours as an interval may have (`DecodeTimeCommon`).
struct ClockText {
    private(set) var hour: Int64
    private(set) var minute: Int
    private(set) var second = 0
    /// A million at most, when .9999999 is rounded.
    private(set) var microsecond = 0

    init(_ text: ArraySlice<UInt8>) throws(MomentReader.Fault) {
        guard let hours = LeadingNumber.integer(text) else { throw .range }
        hour = hours.value
        guard hours.rest.first == UInt8(ascii: ":") else { throw .format }
        guard let minutes = LeadingNumber.short(hours.rest.dropFirst()) else { throw .range }
        minute = minutes.value
        var rest = minutes.rest
        if rest.first == UInt8(ascii: ".") {
            guard Int32(exactly: hour) != nil else { throw .range }
            (second, minute, hour) = (minute, Int(hour), 0)
        } else if rest.first == UInt8(ascii: ":") {
            guard let seconds = LeadingNumber.short(rest.dropFirst()) else { throw .range }
            (second, rest) = seconds
        }
        if !rest.isEmpty {
            guard let fraction = LeadingNumber.microseconds(rest) else { throw .format }
            microsecond = fraction
        }
        guard hour >= 0, (0..<60).contains(minute), (0...60).contains(second) else { throw .range }
    }
}
