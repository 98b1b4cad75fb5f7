import Testing

@testable import LodeCore

/// Known days; that PostgreSQL agrees with us on thousands more is asked of a live server.
struct CalendarTests {
    private func string(_ text: [UInt8]?) -> String? { text.map { String(decoding: $0, as: UTF8.self) } }

    private func day(_ text: String) throws -> Int64 { try CalendarDay.parse(Array(text.utf8)) }

    private func moment(_ text: String) throws -> Int64 { try Moment.parse(Array(text.utf8), withZone: true) }

    @Test(arguments: [
        ("2000-01-01", 0), ("1970-01-01", -10_957), ("2024-02-29", 8825), ("4714-11-24 BC", -2_451_545),
        ("5874897-12-31", 2_145_031_948), ("0001-12-31 BC", -730_120), ("infinity", Int64.max),
    ])
    func daysCountFrom2000(text: String, days: Int64) throws {
        #expect(try day(text) == days)
        #expect(string(CalendarDay.text(days)) == text)
    }

    @Test(arguments: [
        // ISO 8601's own examples of weeks at the turn of a year.
        ("2005-01-01", 2004, 53, 6), ("2005-01-02", 2004, 53, 7), ("2007-01-01", 2007, 1, 1),
        ("2008-12-29", 2009, 1, 1), ("2010-01-03", 2009, 53, 7), ("2024-12-30", 2025, 1, 1),
    ])
    func weeksBelongToTheYearOfTheirThursday(text: String, year: Int, week: Int, weekday: Int) throws {
        let day = try day(text)
        #expect(CalendarDay.isoWeek(day) == (year, week))
        #expect(CalendarDay.isoDayOfWeek(day) == weekday)
    }

    @Test(arguments: [
        "Feb 29 2024 1:23 pm", "29-Feb-2024 13:23", "2/29/2024 13:23:00", "20240229T132300Z", "2024.060 13:23",
        "J2460370 1323", "Thu Feb 29 13:23:00 2024 UTC", "2024-02-29 18:53+05:30",
    ])
    func oneMomentIsWrittenInManyWays(text: String) throws {
        #expect(try string(Moment.text(moment(text), withZone: true)) == "2024-02-29 13:23:00+00")
    }

    @Test(arguments: ["now", "today", "TOMORROW", " yesterday ", "yesterday 04:05"])
    func whatAsksTheClockIsRefused(text: String) {
        let error = #expect(throws: MomentError.self) { try moment(text) }
        #expect(error?.message.contains("a replay must give the same bytes") == true)
        #expect(throws: MomentError.self) { try day(text) }
    }

    @Test(arguments: ["2024-02-30", "2023-02-29", "0000-01-01", "2024-13-01", "5874898-01-01", "4714-11-23 BC"])
    func daysThatAreNoneAreOutOfRange(text: String) {
        let error = #expect(throws: MomentError.self) { try day(text) }
        #expect(error?.code == .fieldOverflow)
    }

    @Test func monthsEndWhereTheyEnd() throws {
        let month = Interval(months: 1)
        #expect(try Moment.adding(month, to: moment("2024-01-31")) == moment("2024-02-29"))
        #expect(try Moment.subtracting(month, from: moment("2023-03-31 12:00")) == moment("2023-02-28 12:00"))
        #expect(try Moment.adding(Interval(months: -24_288), to: moment("2024-02-29")) == moment("0001-02-29 BC"))
    }

    @Test func onlyUTCHasAName() {
        #expect(throws: Never.self) { try Moment.requireUTC(Array("utc".utf8)) }
        #expect(throws: MomentError.self) { try Moment.requireUTC(Array("Europe/Berlin".utf8)) }
    }

    @Test func arithmeticAtTheEndsIsRefusedAndDoesNotTrap() throws {
        let edges: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        let intervals = [Interval(months: .min, days: .min, microseconds: .min), Interval(months: .max, days: .max)]
        for edge in edges {
            _ = try? CalendarDay.adding(edge, to: CalendarDay.end - 1)
            _ = try? CalendarDay.subtracting(edge, from: CalendarDay.first)
            _ = try? CalendarDay.make(year: edge, month: edge, day: edge)
            _ = try? TimeOfDay.make(hour: edge, minute: edge, second: 0)
            for interval in intervals + [Interval(microseconds: edge)] {
                for moment in [Moment.first, 0, Moment.end - 1, .min, .max] {
                    _ = try? Moment.adding(interval, to: moment)
                    _ = try? Moment.subtracting(interval, from: moment)
                    _ = try? Moment.shifted(moment, by: interval, toZone: edge > 0)
                }
                _ = TimeOfDay.adding(interval, to: 86_400_000_000)
                _ = try? interval.negated()
                _ = try? interval.adding(interval)
                _ = try? interval.justifyingHours()
                _ = try? interval.justifyingDays()
                _ = try? interval.justifying()
                _ = interval.compare(Interval())
                _ = interval.text
                _ = try? interval.extract(Array("epoch".utf8)).text
            }
        }
        for factor in [Double.nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, 0] {
            for interval in intervals {
                _ = try? interval.multiplied(by: factor)
                _ = try? interval.divided(by: factor)
            }
            _ = try? Moment.moment(ofUnixSeconds: factor)
            _ = try? TimeOfDay.make(hour: 1, minute: 1, second: factor)
        }
    }
}
