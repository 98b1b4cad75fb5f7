import TestSupport

@testable import LodeCore

/// Random questions about dates and times, with many at the edges.
struct MomentQuestions {
    typealias Question = MomentOracleTests.Question

    var random: SeededGenerator
    /// The server's major version: some of what overflows is refused by newer ones alone.
    let version: Int

    // MARK: - Values

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }

    mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 { .random(in: range, using: &random) }

    /// A day of a timestamp, mostly; rarely one that only a date has, or an infinity.
    mutating func day(isFinite: Bool = false) -> Int64 {
        if !isFinite, chance(20) { return pick([MomentText.infinity, MomentText.minusInfinity]) }
        let year: Int
        switch number(0...9) {
        case 0: year = Int(number(-4712...0))
        case 1: year = Int(number(10_000...294_275))
        case 2: year = pick([-3, -1, 0, 1, 2, 99, 100, 101, 999, 1000, 1001, 1900, 2000, 2001, 9999, 10_000])
        case 3: year = pick([1600, 1700, 2004, 2023, 2024, 2100])
        default: year = Int(number(1890...2110))
        }
        let month = Int(number(1...12))
        let days: Int = chance(3) ? CalendarDay.length(ofMonth: month, year) : Int(number(1...28))
        if chance(8) {
            let edge = CalendarDay.days(year: year, month: 1, day: 1)
            return max(CalendarDay.first, edge + number(-4...4))
        }
        if chance(60) { return pick([CalendarDay.first, Moment.end / Moment.microsecondsPerDay - 1]) }
        return CalendarDay.days(year: year, month: month, day: days)
    }

    mutating func time() -> Int64 {
        switch number(0...5) {
        case 0: return pick([0, 1, 999_999, 59_999_999, 43_200_000_000, 46_800_000_000, 86_399_999_999])
        case 1: return number(0...86_399) * 1_000_000
        case 2: return number(0...86_399_999) * 1000
        default: return number(0...86_399_999_999)
        }
    }

    mutating func moment(isFinite: Bool = false) -> Int64 {
        let day = day(isFinite: isFinite)
        guard CalendarDay.isFinite(day) else { return day }
        return day * Moment.microsecondsPerDay + time()
    }

    mutating func interval() -> Interval {
        var interval = Interval()
        if chance(2) { interval.months = Int32(number(chance(4) ? -6000...6000 : -30...30)) }
        if chance(2) { interval.days = Int32(number(chance(4) ? -40_000...40_000 : -70...70)) }
        if chance(2) {
            interval.microseconds =
                chance(3) ? number(-200...200) * 3_600_000_000 : number(-400_000_000_000...400_000_000_000)
        }
        if chance(200) { interval.months = pick([.max, .min, .max - 1]) }
        if chance(200) { interval.days = pick([.max, .min, .max - 1]) }
        if chance(200) { interval.microseconds = pick([.max, .min + 1, .max - 1]) }
        return interval
    }

    func sql(_ text: [UInt8], _ type: String) -> String { "'\(String(decoding: text, as: UTF8.self))'::\(type)" }

    func date(_ day: Int64) -> String { sql(CalendarDay.text(day), "date") }

    func timestamp(_ moment: Int64, withZone: Bool = false) -> String {
        sql(Moment.text(moment, withZone: withZone), withZone ? "timestamptz" : "timestamp")
    }

    func time(_ time: Int64) -> String { sql(TimeOfDay.text(time), "time") }

    /// By its parts, so that a fault in our text of one does not hide another.
    func interval(_ interval: Interval) -> String {
        "interval '\(interval.months) mon \(interval.days) day \(interval.microseconds) us'"
    }

    static func text(_ number: some BinaryInteger) -> [UInt8] { Array("\(number)".utf8) }

    // MARK: - Questions

    mutating func text() -> Question {
        let day = day()
        let moment = moment()
        let time = time()
        let interval = interval()
        switch number(0...13) {
        case 0: return Question(date(day)) { CalendarDay.text(day) }
        case 1: return Question(timestamp(moment)) { Moment.text(moment, withZone: false) }
        case 2: return Question(timestamp(moment, withZone: true)) { Moment.text(moment, withZone: true) }
        case 3: return Question(self.time(time)) { TimeOfDay.text(time) }
        case 4: return Question(timestamp(moment) + "::date") { CalendarDay.text(Moment.day(of: moment)) }
        case 5:
            return Question(date(day) + "::timestamptz") {
                try Moment.text(Moment.moment(ofDay: day), withZone: true)
            }
        case 6: return Question(timestamp(moment) + "::time") { Moment.timeOfDay(of: moment).map(TimeOfDay.text) }
        case 7: return Question(timestamp(moment) + "::timestamptz") { Moment.text(moment, withZone: true) }
        case 8:
            return Question(timestamp(moment) + " at time zone 'UTC'") { Moment.text(moment, withZone: true) }
        case 9:
            let zone = Interval(microseconds: number(-54_000...54_000) * 1_000_000)
            let source = moment
            return Question("\(timestamp(source, withZone: true)) at time zone \(self.interval(zone))") {
                try Moment.text(Moment.shifted(source, by: zone, toZone: true), withZone: false)
            }
        case 10:
            let seconds = Double(number(-99_999_999_999...9_999_999_999_999)) / pick([1, 10, 1000, 8, 1_000_000])
            return Question("to_timestamp(\(seconds)::float8)") {
                try Moment.text(Moment.moment(ofUnixSeconds: seconds), withZone: true)
            }
        case 11:
            let (year, month, day) = (number(-5000...5000), number(0...13), number(0...32))
            return Question("make_date(\(year), \(month), \(day))") {
                try CalendarDay.text(CalendarDay.make(year: year, month: month, day: day))
            }
        case 12:
            let (year, month, day) = (number(1...2500), number(1...12), number(1...29))
            let (hour, minute) = (number(0...24), number(0...60))
            let second = Double(number(0...61_000_000)) / pick([1_000_000, 1_000_000, 999_999.5])
            return Question("make_timestamp(\(year), \(month), \(day), \(hour), \(minute), \(second))") {
                try Moment.text(
                    Moment.make(year: year, month: month, day: day, hour: hour, minute: minute, second: second),
                    withZone: false)
            }
        default: return Question(self.interval(interval)) { interval.text }
        }
    }

    mutating func arithmetic() -> Question {
        let (a, b) = (moment(), chance(4) ? moment() : moment(isFinite: true))
        let (day, other) = (day(), self.day())
        let interval = interval()
        let (time, late) = (time(), self.time())
        let count = number(chance(10) ? -3_000_000...3_000_000 : -1000...1000)
        let withZone = chance(2)
        let spelled = self.interval(interval)
        // Before 16 the time is added without a look at the overflow, and 17 has infinite intervals.
        let isSmall =
            interval.months.magnitude < 10_000_000 && interval.days.magnitude < 10_000_000
            && interval.microseconds.magnitude < 1_000_000_000_000
        switch number(0...14) {
        case 0: return Question("\(date(day)) + \(count)") { try CalendarDay.text(CalendarDay.adding(count, to: day)) }
        case 1:
            return Question("\(date(day)) - \(count)") {
                try CalendarDay.text(CalendarDay.subtracting(count, from: day))
            }
        case 2: return Question("\(date(day)) - \(date(other))") { Self.text(try CalendarDay.difference(day, other)) }
        case 3 where isSmall:
            return Question("\(date(day)) + \(spelled)") {
                try Moment.text(CalendarDay.adding(interval, to: day), withZone: false)
            }
        case 4 where isSmall:
            return Question("\(date(day)) - \(spelled)") {
                try Moment.text(CalendarDay.subtracting(interval, from: day), withZone: false)
            }
        case 5:
            return Question("\(date(day)) + \(self.time(time))") {
                try Moment.text(CalendarDay.adding(time: time, to: day), withZone: false)
            }
        case 6, 7:
            guard isSmall else { return arithmetic() }
            return Question("\(timestamp(a, withZone: withZone)) + \(spelled)") {
                try Moment.text(Moment.adding(interval, to: a), withZone: withZone)
            }
        case 8 where isSmall:
            return Question("\(timestamp(a, withZone: withZone)) - \(spelled)") {
                try Moment.text(Moment.subtracting(interval, from: a), withZone: withZone)
            }
        case 9:
            guard version < 17 || Moment.isFinite(a) && Moment.isFinite(b), !a.subtractingReportingOverflow(b).overflow
            else { return arithmetic() }
            return Question("\(timestamp(a, withZone: withZone)) - \(timestamp(b, withZone: withZone))") {
                try Moment.difference(a, b).text
            }
        case 10, 11:
            // Older ones give some number for an infinite one.
            guard Moment.isFinite(a), Moment.isFinite(b) else { return arithmetic() }
            return Question("age(\(timestamp(a, withZone: withZone)), \(timestamp(b, withZone: withZone)))") {
                try Moment.age(a, b).text
            }
        case 12 where isSmall:
            return Question("\(self.time(time)) + \(spelled)") { TimeOfDay.text(TimeOfDay.adding(interval, to: time)) }
        case 13 where isSmall:
            return Question("\(self.time(time)) - \(spelled)") {
                TimeOfDay.text(TimeOfDay.subtracting(interval, from: time))
            }
        case 14: return Question("\(self.time(time)) - \(self.time(late))") { TimeOfDay.difference(time, late).text }
        default: return arithmetic()
        }
    }

    mutating func intervalArithmetic() -> Question {
        let (a, b) = (interval(), interval())
        let factor = pick([
            0, 1, -1, 2, 0.5, 1.5, -0.3, 1.0 / 3, 7, 1e9, 0.1, Double(number(-1000...1000)) / 7,
            Double(number(-1000...1000)) / 100,
        ])
        let (x, y) = (interval(a), interval(b))
        switch number(0...9) {
        case 0: return Question("\(x) + \(y)") { try a.adding(b).text }
        case 1: return Question("\(x) - \(y)") { try a.subtracting(b).text }
        case 2: return Question("- \(x)") { try a.negated().text }
        case 3, 4: return Question("\(x) * \(factor)::float8") { try a.multiplied(by: factor).text }
        case 5: return Question("\(x) / \(factor)::float8") { try a.divided(by: factor).text }
        case 6: return Question("justify_hours(\(x))") { try a.justifyingHours().text }
        case 7: return Question("justify_days(\(x))") { try a.justifyingDays().text }
        case 8: return Question("justify_interval(\(x))") { try a.justifying().text }
        default: return Question("interval_cmp(\(x), \(y))") { Self.text(a.compare(b)) }
        }
    }

    private static let units = [
        "microseconds", "milliseconds", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade",
        "century", "millennium", "MONTH", "mons", "h", "fortnight",
    ]

    mutating func truncation() -> Question {
        let unit = pick(Self.units)
        let field = Array(unit.utf8)
        if chance(4) {
            let interval = interval()
            return Question("date_trunc('\(unit)', \(self.interval(interval)))") {
                try interval.truncated(to: field).text
            }
        }
        let moment = moment()
        let withZone = chance(2)
        // Before 18 an infinite one is itself whatever the unit.
        if !Moment.isFinite(moment), unit == "fortnight" { return truncation() }
        return Question("date_trunc('\(unit)', \(timestamp(moment, withZone: withZone)))") {
            try Moment.text(Moment.truncated(moment, to: field, withZone: withZone), withZone: withZone)
        }
    }

    mutating func extraction() -> Question {
        let unit = pick(
            Self.units + [
                "epoch", "dow", "isodow", "doy", "isoyear", "julian", "timezone", "timezone_hour", "timezone_m",
            ])
        let field = Array(unit.utf8)
        let moment = moment()
        let day = day()
        let time = time()
        let interval = interval()
        // A zone is asked of an infinite timestamp without a complaint.
        let withZone = chance(2) || unit.hasPrefix("timezone")
        switch number(0...6) {
        case 0:
            return Question("extract('\(unit)' from \(date(day)))") {
                try CalendarDay.extract(field, from: day)?.text
            }
        case 1:
            return Question("extract('\(unit)' from \(self.time(time)))") {
                try TimeOfDay.extract(field, from: time).text
            }
        case 2, 3:
            // Weeks and quarters of intervals changed in 18.
            if ["week", "quarter"].contains(unit) { return extraction() }
            return Question("extract('\(unit)' from \(self.interval(interval)))") {
                try interval.extract(field).text
            }
        case 4 where chance(2):
            if ["week", "quarter"].contains(unit) { return extraction() }
            return Question("encode(float8send(date_part('\(unit)', \(self.interval(interval)))), 'hex')") {
                try Self.hex(interval.datePart(field))
            }
        case 4:
            // Printed by the server as a bit pattern, so that no rounding of ours counts.
            return Question(
                "encode(float8send(date_part('\(unit)', \(timestamp(moment, withZone: withZone)))), 'hex')"
            ) {
                try Moment.datePart(field, of: moment, withZone: withZone).map { Self.hex($0) }
            }
        default:
            return Question("extract('\(unit)' from \(timestamp(moment, withZone: withZone)))") {
                try Moment.extract(field, from: moment, withZone: withZone)?.text
            }
        }
    }

    private static func hex(_ number: Double) -> [UInt8] {
        // PostgreSQL's zeros are what C computes: 0 from integers has no sign.
        let digits = String(number.bitPattern, radix: 16)
        return Array((String(repeating: "0", count: 16 - digits.count) + digits).utf8)
    }
}
