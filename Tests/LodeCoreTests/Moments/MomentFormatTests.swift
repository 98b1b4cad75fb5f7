import TestSupport
import Testing

@testable import LodeCore

struct MomentFormatTests {
    private static let moment = "2024-02-29 15:04:05.678901"

    private func format(_ format: String) throws -> String? {
        let moment = try Moment.parse(Array(Self.moment.utf8), withZone: true)
        return MomentFormat(Array(format.utf8)).text(moment, withZone: true).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("YYYY-MM-DD\"T\"HH24:MI:SS.MS", "2024-02-29T15:04:05.678"), ("FMDDth FMMonth YYYY", "29th February 2024"),
        ("Day|DY|dy|Month|", "Thursday |THU|thu|February |"), ("HH12:MI am", "03:04 pm"),
        ("IYYY-\"W\"IW-ID", "2024-W09-4"),
        ("Q J DDD WW W CC", "1 2460370 060 09 5 21"), ("US TZ OF", "678901 UTC +00"), ("\\\"YYYY\\\"", "\"2024\""),
        ("l’année YYYY", "l’année 2024"), ("FMMM/FMDD/YY", "2/29/24"), ("RM rm", "II   ii  "),
    ])
    func patternsPrint(pattern: String, text: String) throws {
        #expect(try format(pattern) == text)
    }

    @Test func anEmptyFormatAndAnInfiniteMomentGiveNull() throws {
        #expect(try format("") == nil)
        #expect(MomentFormat(Array("YYYY".utf8)).text(MomentText.infinity, withZone: false) == nil)
    }

    @Test func anIntervalHasNoWeekday() {
        #expect(throws: MomentError.self) { try MomentFormat(Array("Day".utf8)).text(Interval(days: 1)) }
    }

    @Test(arguments: [
        ("29.02.2024", "DD.MM.YYYY", "2024-02-29 00:00:00+00"),
        ("05 Dec 2000", "DD Mon YYYY", "2000-12-05 00:00:00+00"),
        ("2024-060 03:04 pm", "YYYY-DDD HH12:MI am", "2024-02-29 15:04:00+00"),
        ("20240229150405", "YYYYMMDDHH24MISS", "2024-02-29 15:04:05+00"),
        ("2024-02-29 15:04+02", "YYYY-MM-DD HH24:MITZH", "2024-02-29 13:04:00+00"),
    ])
    func formatsRead(text: String, pattern: String, moment: String) throws {
        let read = try MomentFormat(Array(pattern.utf8)).moment(in: Array(text.utf8))
        #expect(String(decoding: Moment.text(read, withZone: true), as: UTF8.self) == moment)
    }

    @Test func noTextTrapsAnyReader() {
        var random = SeededGenerator(for: "momentReaders")
        let pieces = [
            "9", "99999999999", "-", ":", ".", " ", "T", "P", "J", "Y", "BC", "am", "Jan", "+", "/", "é", "\u{0}",
            "2024",
            "M", "D", "S", "H", "day", "year", "mon", "ago", "YYYY", "FM", "th", "TZH", "\"", "\\", "infinity", ",",
            "IW", "IYYY",
            "W", "CC", "922337203685477580", "2147483647", "DDD", "US", "SSSS", "Y,YYY",
        ]
        func text() -> [UInt8] {
            (0..<Int.random(in: 0...9, using: &random)).flatMap { _ in
                Array((pieces.randomElement(using: &random) ?? "").utf8)
            }
        }
        for _ in 0..<8_000 {
            let (text, other) = (text(), text())
            _ = try? CalendarDay.parse(text)
            _ = try? Moment.parse(text, withZone: true)
            _ = try? TimeOfDay.parse(text)
            let interval = Interval.parse(text)
            let format = MomentFormat(other)
            _ = try? format.moment(in: text)
            _ = try? format.day(in: text)
            if let interval { _ = try? format.text(interval) }
            _ = try? format.text(Interval(months: .min, days: .min, microseconds: .min))
            _ = try? format.text(Interval(months: .max, days: .max, microseconds: .max))
            _ = format.text(Moment.first, withZone: true)
            _ = format.text(Moment.end - 1, withZone: false)
        }
    }
}
