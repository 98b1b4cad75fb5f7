import Testing

@testable import LodeCore

@Suite struct NumberFormatTests {
    private func format(_ number: String, _ format: String) throws -> String {
        let bytes = Array(number.utf8)
        let value = try Numeric.read(bytes.span, 0..<bytes.count)
        return String(decoding: try NumberFormat(Array(format.utf8)).text(value), as: UTF8.self)
    }

    /// The examples of PostgreSQL's documentation of `to_char`, in the C locale.
    @Test(arguments: [
        ("-0.1", "99.99", "  -.10"), ("-0.1", "FM9.99", "-.1"), ("-0.1", "FM90.99", "-0.1"), ("0.1", "0.9", " 0.1"),
        ("12", "9990999.9", "    0012.0"), ("12", "FM9990999.9", "0012."), ("485", "999", " 485"),
        ("-485", "999", "-485"), ("485", "9 9 9", " 4 8 5"), ("1485", "9,999", " 1,485"), ("1485", "9G999", " 1,485"),
        ("148.5", "999.999", " 148.500"), ("148.5", "FM999.999", "148.5"), ("148.5", "FM999.990", "148.500"),
        ("148.5", "999D999", " 148.500"), ("-485", "999S", "485-"), ("-485", "999MI", "485-"), ("485", "999MI", "485 "),
        ("485", "FM999MI", "485"), ("485", "PL999", "+ 485"), ("485", "SG999", "+485"), ("-485", "SG999", "-485"),
        ("-485", "9SG99", "4-85"), ("-485", "999PR", "<485>"), ("485", "999th", " 485th"),
        ("485", "\"Good number:\"999", "Good number: 485"),
        ("485.8", "\"Pre:\"999\" Post:\" .999", "Pre: 485 Post: .800"),
        ("12", "99V999", " 12000"), ("12.4", "99V999", " 12400"), ("12.45", "99V9", " 125"),
        ("0.0004859", "9.99EEEE", " 4.86e-04"),
    ])
    func examplesOfTheDocumentation(number: String, format: String, text: String) throws {
        #expect(try self.format(number, format) == text)
    }

    @Test(arguments: [
        ("1234.5", "FM999,990.00", "1,234.50"), ("0", "FM999,990.00", "0.00"), ("7", "0000", " 0007"),
        ("1000", "999", " ###"), ("1", "", ""), ("1", "FM9TH", "1ST"), ("12", "FM99th", "12th"),
        ("23", "FM99th", "23rd"),
    ])
    func usualFormats(number: String, format: String, text: String) throws {
        #expect(try self.format(number, format) == text)
    }

    @Test(arguments: [
        ("9.9.9", "multiple decimal points"), ("9S9S", "cannot use \"S\" twice"),
        ("PR9", "\"9\" must be ahead of \"PR\""), ("9.9V9", "cannot use \"V\" and decimal point together"),
        ("9EEEE9", "\"EEEE\" must be the last pattern used"),
        ("FM9EEEE", "\"EEEE\" is incompatible with other formats"),
    ])
    func formatsThatPostgreSQLRefusesAreRefused(format: String, message: String) {
        #expect(throws: ArithmeticError.invalidFormat(message)) { try NumberFormat(Array(format.utf8)) }
    }

    @Test(arguments: ["RN", "99rn", "9V0", String(repeating: "9", count: 1001)])
    func whatIsNotDoneIsAnError(format: String) {
        #expect { try NumberFormat(Array(format.utf8)) } throws: { error in
            (error as? ArithmeticError)?.sqlState == "0A000"
        }
    }
}
