import Testing

@testable import LodeCore

@Suite struct MomentTests {
    private func days(_ text: String) throws(MomentText.Failure) -> Int64 {
        let bytes = Array(text.utf8)
        return try MomentText.days(bytes.span, 0..<bytes.count)
    }

    private func moment(_ text: String, appliesZone: Bool = true) throws(MomentText.Failure) -> Int64 {
        let bytes = Array(text.utf8)
        return try MomentText.microseconds(bytes.span, 0..<bytes.count, appliesZone: appliesZone)
    }

    @Test func daysCountFrom2000() throws {
        #expect(try days("2000-01-01") == 0)
        #expect(try days("1970-01-01") == -10_957)
        #expect(try days("epoch") == -10_957)
        #expect(try days("2024-02-29") == 8825)
        #expect(try days("0001-01-01") == days("0001-12-31 BC") + 1)
        #expect(try days("4714-11-24 BC") == -2_451_545)
        #expect(try days("5874897-12-31") == 2_147_483_493 - 2_451_545)
        #expect(try days("INFINITY") == .max)
        #expect(try days("-infinity") == .min)
    }

    @Test func momentsAreMicrosecondsInUTC() throws {
        #expect(try moment("2000-01-01 00:00:00.000001+00") == 1)
        #expect(try moment("2000-01-01 00:00:00+00") == 0)
        #expect(try moment("2000-01-01T02:00:00+02") == 0)
        #expect(try moment("1999-12-31 18:30:00-05:30") == 0)
        #expect(try moment("1999-12-31 24:00:00Z") == 0)
        #expect(try moment("2000-01-01 05:00+05", appliesZone: false) == 5 * 3_600_000_000)
        #expect(try moment("4714-11-24 00:00:00+00 BC") == -211_813_488_000_000_000)
        #expect(try moment("294276-12-31 23:59:59.999999+00") == 9_223_371_331_199_999_999)
    }

    @Test func theOrderOfTimeIsKept() throws {
        let order = try [
            "-infinity", "4714-11-24 00:00:00+00 BC", "0044-03-15 12:00:00+00 BC", "0001-12-31 23:59:59+00 BC",
            "0001-01-01 00:00:00+00", "1969-12-31 23:59:59.999999+00", "1970-01-01 00:00:00+00",
            "2024-02-29 23:59:59+00",
            "2024-03-01 00:00:00+00", "12024-01-01 00:00:00+00", "294276-12-31 23:59:59.999999+00", "infinity",
        ].map { try moment($0) }
        #expect(order == order.sorted())
        #expect(Set(order).count == order.count)
    }

    @Test func aDateBeyondAllTimestampsComesAfterThem() throws {
        let beyond = MomentText.midnight(of: try days("294277-01-01"))
        #expect(try beyond > moment("294276-12-31 23:59:59.999999+00"))
        #expect(try beyond < moment("infinity"))
        #expect(MomentText.midnight(of: .max) == .max)
        #expect(MomentText.midnight(of: .min) == .min)
    }

    @Test(arguments: [
        "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "2024-01-01 25:00", "2024-01-01 00:60",
        "2024-01-01 24:00:01",
        "5874898-01-01", "4714-11-23 BC", "0000-01-01", "2024-01-01 00:00+16",
    ])
    func fieldsOutOfRange(text: String) {
        #expect(throws: MomentText.Failure.range) { try days(text) }
    }

    @Test(arguments: [
        "", "x", "2024", "2024-01", "2024-01-01x", "2024-01-01 12", "2024-01-01 12:3", "24-01-01",
        "2024-01-01 12:00 CET",
        "01/02/2024", "2024-01-01 BCE", "infinite", "- infinity", "2024-01-01T", "2024-01-01 +", "2024-01-01-05",
    ])
    func whatIsNoDateIsRefused(text: String) {
        #expect(throws: MomentText.Failure.syntax) { try days(text) }
    }

    @Test func timesOfDay() throws {
        func time(_ text: String) throws(MomentText.Failure) -> Int64 {
            let bytes = Array(text.utf8)
            return try MomentText.timeOfDay(bytes.span, 0..<bytes.count)
        }
        #expect(try time("00:00:00") == 0)
        #expect(try time("9:30") == 34_200_000_000)
        #expect(try time("23:59:59.999999") == 86_399_999_999)
        #expect(try time("24:00:00") == 86_400_000_000)
        #expect(throws: MomentText.Failure.range) { try time("24:00:01") }
        #expect(throws: MomentText.Failure.syntax) { try time("noon") }
    }
}
