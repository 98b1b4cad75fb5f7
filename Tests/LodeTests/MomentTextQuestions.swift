@testable import LodeCore

/// Questions whose randomness is in a text: input and formats.
extension MomentQuestions {
    // MARK: - Formats

    private static let patterns = [
        "YYYY", "YYY", "YY", "Y", "Y,YYY", "IYYY", "IYY", "IY", "I", "MM", "Mon", "MON", "mon", "Month", "MONTH",
        "month", "DD", "D", "ID", "DDD", "IDDD", "Dy", "DY", "dy", "Day", "DAY", "day", "HH", "HH12", "HH24", "MI",
        "SS", "SSSS", "SSSSS", "MS", "US", "FF1", "FF3", "FF6", "AM", "PM", "am", "p.m.", "A.M.", "AD", "BC", "b.c.",
        "CC", "WW", "W", "IW", "Q", "J", "RM", "rm", "TZ", "tz", "TZH", "TZM", "OF", "yyyy", "hh24", "mi", "dd",
    ]

    mutating func format() -> String {
        var format = ""
        for _ in 0..<number(1...6) {
            if chance(4) { format += pick(["FM", "fm", "TM"]) }
            format += pick(Self.patterns)
            if chance(5) { format += pick(["th", "TH"]) }
            format += pick(["-", " ", "/", ":", "", ".", "T", "\"at\"", "\"YYYY \\\" x\"", " of ", "x", "é", "\\", ","])
        }
        return format
    }

    mutating func formatting() -> Question {
        let format = format()
        let bytes = Array(format.utf8)
        let quoted = format.replacing("'", with: "''")
        // These have no meaning in an interval, and PostgreSQL's answer none.
        let hasMeaning = MomentFormat(bytes).steps.allSatisfy {
            switch $0 {
            case .pattern(.julian, _), .pattern(.isoWeek, _), .pattern(.isoYear, _), .pattern(.isoDayOfYear, _): false
            default: true
            }
        }
        if chance(3), hasMeaning {
            var interval = interval()
            // PostgreSQL does not look whether a day of the year fits.
            if interval.days.magnitude > 1_000_000_000 { interval.days = 0 }
            return Question("to_char(\(self.interval(interval)), '\(quoted)')") {
                try MomentFormat(bytes).text(interval)
            }
        }
        let moment = moment()
        let withZone = chance(2)
        return Question("to_char(\(timestamp(moment, withZone: withZone)), '\(quoted)')") {
            MomentFormat(bytes).text(moment, withZone: withZone)
        }
    }

    private static let readPatterns = [
        "YYYY", "YYYY", "YYYY", "YYY", "YY", "Y", "Y,YYY", "MM", "MM", "Mon", "Month", "MONTH", "DD", "DD", "DDD",
        "D", "DAY", "Dy", "HH", "HH12", "HH24", "HH24", "MI", "SS", "MS", "US", "FF3", "AM", "p.m.", "BC", "CC", "WW",
        "W", "Q", "J", "RM", "TZH", "TZM", "SSSS", "IYYY", "IW", "ID", "IDDD", "FX",
    ]

    mutating func reading() -> Question {
        let moment = moment(isFinite: true)
        var format: String
        switch number(0...3) {
        case 0:
            format = pick(["YYYY-MM-DD HH24:MI:SS.US", "DD Mon YYYY", "YYYYMMDDHH24MISS", "IYYY-IW-ID", "YYYY-DDD"])
        default:
            format = ""
            for _ in 0..<number(1...5) {
                if chance(5) { format += "FM" }
                format += pick(Self.readPatterns)
                if chance(8) { format += "th" }
                format += pick(["-", " ", "/", ":", "", ".", "T", "\"at\"", ", ", "  ", "x"])
            }
        }
        var text = String(
            decoding: MomentFormat(Array(format.utf8)).text(moment, withZone: true) ?? [], as: UTF8.self)
        if chance(3) {
            let places = text.indices.filter { !text[$0].isLetter }
            if let index = places.randomElement(using: &random) {
                if chance(2) { text.remove(at: index) } else { text.insert(pick([" ", "-", "1", "x"]), at: index) }
            }
        }
        // A negative Julian day is a date there, though which one has no meaning.
        if format.contains("J"), text.contains(/-\d/) { return reading() }
        // A year of a million and more overflows there.
        if format.contains("I") || format.contains("Y,"), text.contains(/\d{7}/) { return reading() }
        // Another format of the same parts.
        if chance(8) { format = format.replacing("-", with: pick(["", " ", "/"])) }
        let (bytes, pattern) = (Array(text.utf8), Array(format.utf8))
        let arguments = "'\(text)', '\(format)'"
        var question =
            chance(2)
            ? Question("to_timestamp(\(arguments))") {
                try Moment.text(MomentFormat(pattern).moment(in: bytes), withZone: true)
            }
            : Question("to_date(\(arguments))") { try CalendarDay.text(MomentFormat(pattern).day(in: bytes)) }
        question.anyFault = true
        return question
    }

    // MARK: - Input

    private mutating func dateText() -> String {
        let (year, month, day) = CalendarDay.civil(self.day(isFinite: true))
        let counted = year > 0 ? year : 1 - year
        let era = year > 0 ? (chance(20) ? " AD" : "") : " BC"
        let padded = String(repeating: "0", count: max(0, 4 - "\(counted)".count)) + "\(counted)"
        let name = CalendarNames.months[month - 1]
        let short = pick([name, String(name.prefix(3)), name.uppercased()])
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        switch number(0...12) {
        case 0: return "\(padded)\(two(month))\(two(day))\(era)"
        case 1: return "\(month)/\(day)/\(padded)\(era)"
        case 2: return "\(short) \(day), \(padded)\(era)"
        case 3: return "\(day) \(short) \(padded)\(era)"
        case 4: return "\(day)-\(short)-\(padded)\(era)"
        case 5: return "\(padded)-\(short)-\(two(day))\(era)"
        case 6: return "\(two(month))-\(two(day))-\(two(counted % 100))"
        case 7: return "J\(number(2_000_000...2_600_000))"
        case 8: return "\(padded).\(number(100...366))\(era)"
        case 9: return "\(padded)-\(number(0...13))-\(number(0...32))\(era)"
        case 10: return "\(pick(["Mon", "tuesday", "on"])) \(short) \(two(day)) \(padded)\(era)"
        default: return "\(padded)-\(two(month))-\(two(day))\(era)"
        }
    }

    private mutating func timeText() -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hour, minute, second) = (number(0...24), number(0...60), number(0...60))
        let fraction = pick(["", "", ".5", ".123456", ".1234567", ".9999999", "."])
        switch number(0...7) {
        case 0: return "\(two(hour))\(two(minute))\(two(second))\(fraction)"
        case 1: return "\(hour):\(two(minute)) \(pick(["am", "PM", "pm"]))"
        case 2: return "\(two(hour)):\(two(minute))"
        case 3: return "\(two(hour))\(two(minute))"
        case 4: return "\(minute):\(two(second))\(fraction)"
        default: return "\(two(hour)):\(two(minute)):\(two(second))\(fraction)"
        }
    }

    mutating func input() -> Question {
        var text = pick(["", "", "", " "])
        let type = pick(["date", "timestamp", "timestamptz", "time"])
        if type != "time" || chance(6) { text += dateText() }
        if type != "date" || chance(4) {
            // A T after letters would be one word with them.
            text += (text.last?.isLetter == true ? " " : pick([" ", "T", "  ", "t", " at "])) + timeText()
        }
        if chance(3) { text += pick(["Z", "+00", "+05:30", " -0800", " UTC", "+16", " -3", "+1:2:3", " gmt"]) }
        if chance(30) {
            text = pick(["infinity", "-infinity", "epoch", " Infinity ", "", "foo", "2024-02-30", "0000-01-01", "12"])
        } else if chance(12) {
            // One character less, or one that does not belong.
            let digits = text.indices.filter { text[$0].isNumber || text[$0].isPunctuation }
            if let index = digits.randomElement(using: &random) { text.remove(at: index) }
            if chance(2) { text.insert(pick(["-", ":", "x", "1", " ", "."]), at: text.startIndex) }
        }
        let bytes = Array(text.utf8)
        var question = Question("'\(text)'::\(type)") {
            switch type {
            case "date": return try CalendarDay.text(CalendarDay.parse(bytes))
            case "time": return try TimeOfDay.text(TimeOfDay.parse(bytes))
            default:
                let withZone = type == "timestamptz"
                return try Moment.text(Moment.parse(bytes, withZone: withZone), withZone: withZone)
            }
        }
        question.anyFault = true
        return question
    }

    private mutating func amount() -> String {
        let whole = number(chance(5) ? -100_000...100_000 : -99...99)
        return "\(whole)" + pick(["", "", "", ".5", ".25", ".123456789", "."])
    }

    mutating func intervalInput() -> Question {
        var text = ""
        switch number(0...5) {
        case 0, 1:
            text = "P"
            for unit in ["Y", "M", "W", "D"] where chance(3) { text += amount() + unit }
            if chance(2) {
                text += "T"
                for unit in ["H", "M", "S"] where chance(2) { text += amount() + unit }
            }
        case 2:
            let known = interval()
            text = String(decoding: known.text, as: UTF8.self)
        case 3: text = amount() + pick([" ", " day ", " month "]) + pick(["-", "+", ""]) + timeText()
        default:
            let units = [
                "year", "years", "mon", "months", "w", "day", "days", "hours", "h", "min", "m", "sec", "s", "ms", "us",
                "decade", "centuries", "millennium", "quarter",
            ]
            for _ in 0..<number(1...4) { text += amount() + pick([" ", ""]) + pick(units) + pick([" ", " ", ", "]) }
            if chance(5) { text += "ago" }
            if chance(15) { text += pick(["x", "1", "-3", "1-2", "@"]) }
        }
        let bytes = Array(text.utf8)
        return Question("'\(text)'::interval") { try Interval.read(bytes).text }
    }
}
