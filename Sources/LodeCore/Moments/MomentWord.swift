/// The words in dates and times (`datetktbl` of datetime.c), in lower case.
enum MomentWord: Hashable {
    case month(Int)
    case weekday
    case isAfternoon(Bool)
    case isBeforeChrist(Bool)
    /// `at`, `on`: says nothing.
    case filler
    /// `T` before a time.
    case timeMark
    /// `J` before a Julian day.
    case julianMark
    case utc
    case epoch, infinity, minusInfinity, midnightUTC
    /// `now` and its like.
    case clock

    init?(_ word: [UInt8]) {
        guard let known = Self.words[String(decoding: word, as: UTF8.self)] else { return nil }
        self = known
    }

    private static let words: [String: MomentWord] = {
        var words: [String: MomentWord] = [
            "sept": .month(9), "tues": .weekday, "weds": .weekday, "thur": .weekday, "thurs": .weekday,
            "am": .isAfternoon(false), "pm": .isAfternoon(true), "ad": .isBeforeChrist(false),
            "bc": .isBeforeChrist(true), "at": .filler, "on": .filler, "t": .timeMark, "j": .julianMark,
            "jd": .julianMark, "julian": .julianMark, "z": .utc, "utc": .utc, "gmt": .utc, "zulu": .utc, "ut": .utc,
            "uct": .utc, "epoch": .epoch, "infinity": .infinity, "+infinity": .infinity,
            "-infinity": .minusInfinity, "allballs": .midnightUTC, "now": .clock, "today": .clock,
            "tomorrow": .clock, "yesterday": .clock,
        ]
        for (index, name) in CalendarNames.months.enumerated() {
            words[name.lowercased()] = .month(index + 1)
            words[name.prefix(3).lowercased()] = .month(index + 1)
        }
        for name in CalendarNames.days {
            words[name.lowercased()] = .weekday
            words[name.prefix(3).lowercased()] = .weekday
        }
        return words
    }()
}

/// The English names, which `to_char` uses whatever the server's locale, but for the prefix TM.
enum CalendarNames {
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    /// From Sunday.
    static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}

/// The units of intervals, and the fields that `extract` and `date_trunc` know.
enum MomentUnit: Hashable, Sendable {
    case microsecond, millisecond, second, minute, hour, day, week, month, quarter, year, decade, century, millennium
    case julian, isoYear, dayOfWeek, isoDayOfWeek, dayOfYear, zone, zoneHour, zoneMinute, epoch

    /// A unit's name, in any case, by its first ten letters (`DecodeUnits` and `deltatktbl`).
    init?(unit name: some Collection<UInt8>) {
        let word = String(decoding: name.prefix(10), as: UTF8.self).lowercased()
        guard let unit = Self.units[word] else { return nil }
        self = unit
    }

    /// What `extract` takes: a unit, or one of the words that are no length of time.
    init?(field name: some Collection<UInt8>) {
        if let unit = MomentUnit(unit: name) {
            self = unit
            return
        }
        switch String(decoding: name.prefix(10), as: UTF8.self).lowercased() {
        case "julian", "j", "jd": self = .julian
        case "isoyear": self = .isoYear
        case "dow": self = .dayOfWeek
        case "isodow": self = .isoDayOfWeek
        case "doy": self = .dayOfYear
        case "epoch": self = .epoch
        default: return nil
        }
    }

    private static let units: [String: MomentUnit] = {
        let names: [(MomentUnit, String)] = [
            (.microsecond, "microsecon us usec usecs useconds"), (.millisecond, "millisecon ms msec msecs mseconds"),
            (.second, "s sec secs second seconds"), (.minute, "m min mins minute minutes"),
            (.hour, "h hr hrs hour hours"), (.day, "d day days"), (.week, "w week weeks"),
            (.month, "mon mons month months"), (.quarter, "qtr quarter"), (.year, "y yr yrs year years"),
            (.decade, "dec decs decade decades"), (.century, "c cent century centuries"),
            (.millennium, "mil mils millennia millennium"), (.zone, "timezone"), (.zoneHour, "timezone_h"),
            (.zoneMinute, "timezone_m"),
        ]
        var units: [String: MomentUnit] = [:]
        for (unit, words) in names {
            for word in words.split(separator: " ") { units[String(word)] = unit }
        }
        return units
    }()
}
