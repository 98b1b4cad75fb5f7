/// Dates and times as people write them, read as PostgreSQL's input functions read them with DateStyle MDY
/// (`DecodeDateTime` of datetime.c): `Feb 29 2024 1:23 pm`, `2/29/24`, `20240229T123456Z`, `J2460370`, `2024.060`.
///
/// Of the zones it knows UTC and offsets; what asks the clock is refused.
struct MomentReader {
    enum Reading {
        case civil(CivilMoment, zone: Int)
        case epoch, infinity, minusInfinity
    }

    enum Fault: Error {
        case format, range, zone, clock
    }

    struct Fields: OptionSet {
        let rawValue: Int
        static let year = Fields(rawValue: 1)
        static let month = Fields(rawValue: 2)
        static let day = Fields(rawValue: 4)
        static let date: Fields = [.year, .month, .day]
        static let time = Fields(rawValue: 8)
        static let zone = Fields(rawValue: 16)
        static let dayOfYear = Fields(rawValue: 32)
        static let weekday = Fields(rawValue: 64)
        static let half = Fields(rawValue: 128)
        static let era = Fields(rawValue: 256)
    }

    var civil = CivilMoment()
    /// Seconds east of UTC.
    var zone = 0
    var known: Fields = []
    var dayOfYear = 0
    var isShortYear = false
    var hasTextMonth = false
    private var isJulian = false
    private var isBeforeChrist = false
    private var isAfternoon: Bool?
    /// What the last piece said that the next one is.
    private var announced: MomentWord?
    private var reserved: Reading?
    /// Whether only a time is wanted, so that a number cannot be a date.
    private let isTimeOnly: Bool

    private init(isTimeOnly: Bool) { self.isTimeOnly = isTimeOnly }

    /// - Parameter type: The type's name, for the message.
    static func read(_ text: [UInt8], as type: String) throws(MomentError) -> Reading {
        var reader = MomentReader(isTimeOnly: false)
        do {
            return try reader.readAll(text)
        } catch {
            throw message(error, text, type)
        }
    }

    static func readTimeOfDay(_ text: [UInt8]) throws(MomentError) -> Int64 {
        var reader = MomentReader(isTimeOnly: true)
        do {
            guard case .civil(let civil, zone: _) = try reader.readAll(text) else { throw Fault.format }
            return civil.microseconds
        } catch {
            throw message(error as? Fault ?? .format, text, "time")
        }
    }

    private static func message(_ fault: Fault, _ text: [UInt8], _ type: String) -> MomentError {
        switch fault {
        case .format: .invalid(text, type)
        case .range: .fieldRange(text)
        case .zone:
            MomentError(
                .zoneDisplacement, "time zone displacement out of range: “\(MomentError.quote(text))”")
        case .clock: .clock(text)
        }
    }

    private mutating func readAll(_ text: [UInt8]) throws(Fault) -> Reading {
        guard let tokens = MomentToken.all(in: text), !tokens.isEmpty else { throw .format }
        for (index, token) in tokens.enumerated() {
            let found: Fields
            switch token.kind {
            case .date: found = try readDate(token.text, index, tokens)
            case .time:
                try takeAnnounced(.timeMark)
                try readClock(token.text[...])
                found = .time
            case .signed:
                zone = try Self.offset(token.text[...])
                found = .zone
            case .number: found = try readNumber(token.text, index, tokens)
            case .word, .special: found = try readWord(token.text)
            }
            guard known.isDisjoint(with: found) else { throw .format }
            known.formUnion(found)
        }
        guard announced == nil else { throw .format }
        if let reserved { return reserved }
        try validateDate()
        try applyHalf()
        guard known.isSuperset(of: isTimeOnly ? .time : .date) else { throw .format }
        return .civil(civil, zone: zone)
    }

    /// Spends what the last piece announced, if it did.
    private mutating func takeAnnounced(_ expected: MomentWord) throws(Fault) {
        guard announced == nil || announced == expected else { throw .format }
        announced = nil
    }

    // MARK: - Pieces

    private mutating func readDate(
        _ text: [UInt8], _ index: Int, _ tokens: [MomentToken]
    ) throws(Fault) -> Fields {
        if isTimeOnly {
            let mayBeDate =
                index == 0 && tokens.count >= 2
                && (tokens[tokens.count - 1].kind == .date || tokens[1].kind == .time)
            if mayBeDate { return try readDateParts(text) }
        } else if announced == .julianMark {
            // J2460370-05
            announced = nil
            guard let (julian, rest) = LeadingNumber.short(text[...]) else { throw .range }
            setJulian(julian)
            zone = try Self.offset(rest)
            return [.date, .time, .zone]
        } else if announced == nil, !known.isSuperset(of: [.month, .day]) {
            return try readDateParts(text)
        }
        // 123456-05
        guard announced != nil || text.first?.isDigit == true else { throw .format }
        try takeAnnounced(.timeMark)
        guard !known.contains(.time), let dash = text.firstIndex(of: UInt8(ascii: "-")) else { throw .format }
        zone = try Self.offset(text[dash...])
        return try readRun(text[..<dash]).union(.zone)
    }

    private mutating func readNumber(
        _ text: [UInt8], _ index: Int, _ tokens: [MomentToken]
    ) throws(Fault) -> Fields {
        if let mark = announced {
            announced = nil
            guard let (value, rest) = LeadingNumber.short(text[...]) else { throw .range }
            guard rest.isEmpty || rest.first == UInt8(ascii: ".") else { throw .format }
            if mark == .julianMark { return try readJulian(value, rest) }
            let found = try readRun(text[...], isDateKnown: true)
            guard found == .time else { throw .format }
            return found
        }
        let point = text.firstIndex(of: UInt8(ascii: "."))
        if isTimeOnly {
            if let point {
                if index == 0, tokens.count >= 2, tokens[tokens.count - 1].kind == .date {
                    return try readDateParts(text)
                }
                guard point > 2 else { throw .format }
            }
            return try readRun(text[...], isDateKnown: true)
        }
        if point != nil, known.isDisjoint(with: .date) { return try readDateParts(text) }
        if let point, point > 2 { return try readRun(text[...]) }
        if text.count >= 6, known.isDisjoint(with: .date) || !known.contains(.time) {
            return try readRun(text[...])
        }
        return try readPart(text[...], known)
    }

    private mutating func readJulian(_ value: Int, _ fraction: ArraySlice<UInt8>) throws(Fault) -> Fields {
        setJulian(value)
        guard !fraction.isEmpty else { return .date }
        guard let part = LeadingNumber.fraction(fraction) else { throw .format }
        civil.setTime(Int64(part * 86_400_000_000))
        return [.date, .time]
    }

    private mutating func setJulian(_ value: Int) {
        (civil.year, civil.month, civil.day) = CalendarDay.civil(Int64(value) - CalendarDay.julianOffset)
        isJulian = true
    }

    private mutating func readWord(_ text: [UInt8]) throws(Fault) -> Fields {
        guard let word = MomentWord(text) else { throw .format }
        switch word {
        case .month(let month):
            guard !isTimeOnly else { throw .format }
            var found = Fields.month
            // The number that was taken for the month is the day then.
            if known.contains(.month), !hasTextMonth, !known.contains(.day), (1...31).contains(civil.month) {
                civil.day = civil.month
                found = .day
            }
            hasTextMonth = true
            civil.month = month
            return found
        case .weekday: return isTimeOnly ? [] : .weekday
        case .isAfternoon(let half):
            isAfternoon = half
            return .half
        case .isBeforeChrist(let isBefore):
            isBeforeChrist = isBefore
            return .era
        case .filler: return []
        case .timeMark, .julianMark:
            guard announced == nil, word == .julianMark || isTimeOnly || known.isSuperset(of: .date) else {
                throw .format
            }
            announced = word
            return []
        case .utc:
            zone = 0
            return .zone
        case .midnightUTC:
            civil.setTime(0)
            zone = 0
            return [.time, .zone]
        case .epoch, .infinity, .minusInfinity:
            reserved = word == .epoch ? .epoch : word == .infinity ? .infinity : .minusInfinity
            return [.date, .time, .zone]
        case .clock: throw .clock
        }
    }

    // MARK: - The whole

    /// `ValidateDate`.
    private mutating func validateDate() throws(Fault) {
        if known.contains(.year), !isJulian {
            if isBeforeChrist {
                guard civil.year > 0 else { throw .range }
                civil.year = 1 - civil.year
            } else if isShortYear {
                if civil.year < 70 { civil.year += 2000 } else if civil.year < 100 { civil.year += 1900 }
            } else if civil.year <= 0 {
                throw .range
            }
        }
        guard civil.year.magnitude < 10_000_000 else { throw .range }
        if known.contains(.dayOfYear) {
            let start = CalendarDay.days(year: civil.year, month: 1, day: 1)
            (civil.year, civil.month, civil.day) = CalendarDay.civil(start + Int64(dayOfYear) - 1)
        }
        if known.contains(.month) { guard (1...12).contains(civil.month) else { throw .range } }
        if known.contains(.day) { guard (1...31).contains(civil.day) else { throw .range } }
        if known.isSuperset(of: .date) {
            guard civil.day <= CalendarDay.length(ofMonth: civil.month, civil.year) else { throw .range }
        }
    }

    private mutating func applyHalf() throws(Fault) {
        if let isAfternoon {
            guard civil.hour <= 12 else { throw .range }
            if isAfternoon {
                if civil.hour < 12 { civil.hour += 12 }
            } else if civil.hour == 12 {
                civil.hour = 0
            }
        }
        // PostgreSQL lets the minutes of `0160` be, but not those of `01:60`.
        if isTimeOnly { try checkClock() }
    }
}
