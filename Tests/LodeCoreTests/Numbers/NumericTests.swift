import Testing

@testable import LodeCore

/// Expected values are those of PostgreSQL's documentation, and of arithmetic.
@Suite struct NumericTests {
    private func numeric(_ text: String) throws -> Numeric {
        let bytes = Array(text.utf8)
        return try Numeric.read(bytes.span, 0..<bytes.count)
    }

    private func text(_ value: Numeric) -> String { String(decoding: value.text, as: UTF8.self) }

    private func error(_ work: () throws -> Numeric) -> ArithmeticError? {
        do {
            _ = try work()
            return nil
        } catch {
            return error as? ArithmeticError
        }
    }

    @Test(arguments: [
        ("0", "0"), ("-0.00", "0.00"), ("007.10", "7.10"), (".5", "0.5"), ("5.", "5"), ("+1e5", "100000"),
        ("1.5E+3", "1500"), ("12.50e-1", "1.250"), (" \t42\n", "42"), ("nan", "NaN"), ("-inf", "-Infinity"),
        ("+Infinity", "Infinity"), ("18446744073709551616", "18446744073709551616"),
        ("1e-20", "0.00000000000000000001"),
        ("-123456789012345678901234567890.12", "-123456789012345678901234567890.12"), ("0e99999", "0"),
    ])
    func textsAreReadAndPrinted(input: String, output: String) throws {
        #expect(text(try numeric(input)) == output)
    }

    @Test(arguments: [
        "", " ", "-", ".", "+.", "1e", "1e+", "e5", "1.2.3", "abc", "1 2", "+NaN", "-nan", "0x10", "1_000", "infinit",
        "1e5.5", "--1",
    ])
    func whatIsNoNumberIsRefused(input: String) {
        #expect(error { try numeric(input) } == .invalidText("numeric"))
        let bytes = Array(input.utf8)
        #expect(Numeric(bytes.span, 0..<bytes.count) == nil)
    }

    @Test(arguments: ["1e131072", "1e-16384", "0e-16384", "1e99999999999999999999", "-9e200000"])
    func whatHasTooManyDigitsIsRefused(input: String) {
        #expect(error { try numeric(input) } == .outOfRange("numeric"))
    }

    @Test(arguments: [
        ("2", "+", "3.50", "5.50"), ("0.1", "+", "0.2", "0.3"), ("1", "-", "1.00", "0.00"),
        ("-1.5", "+", "0.5", "-1.0"),
        ("9223372036854775807", "+", "1", "9223372036854775808"),
        ("99999999999999999999", "+", "1", "100000000000000000000"),
        ("100000000000000000000", "-", "1", "99999999999999999999"), ("1.10", "*", "2.20", "2.4200"),
        ("-3", "*", "0.0", "0.0"),
        ("18446744073709551615", "*", "18446744073709551615", "340282366920938463426481119284349108225"),
        ("10", "/", "4", "2.5000000000000000"), ("1", "/", "3", "0.33333333333333333333"),
        ("2", "/", "3", "0.66666666666666666667"), ("0", "/", "7", "0.00000000000000000000"),
        ("5", "%", "4", "1"), ("-5", "%", "4", "-1"), ("5.5", "%", "-2", "1.5"), ("1", "/", "Infinity", "0"),
        ("Infinity", "-", "Infinity", "NaN"), ("Infinity", "+", "1", "Infinity"), ("0", "*", "Infinity", "NaN"),
        ("Infinity", "/", "-2", "-Infinity"), ("5", "%", "-Infinity", "5"), ("Infinity", "%", "3", "NaN"),
        ("NaN", "/", "0", "NaN"), ("NaN", "+", "1", "NaN"),
    ])
    func operatorsAreExact(a: String, symbol: String, b: String, result: String) throws {
        let (left, right) = (try numeric(a), try numeric(b))
        let value =
            switch symbol {
            case "+": try left.adding(right)
            case "-": try left.subtracting(right)
            case "*": try left.multiplied(by: right)
            case "/": try left.divided(by: right)
            default: try left.remainder(dividingBy: right)
            }
        #expect(text(value) == result)
    }

    @Test func errorsAreThoseOfPostgreSQL() throws {
        let (one, zero) = (Numeric(1), try numeric("0.00"))
        for dividend in [one, .infinity] {
            #expect(error { try dividend.divided(by: zero) } == .divisionByZero)
            #expect(error { try dividend.remainder(dividingBy: zero) } == .divisionByZero)
        }
        let large = try numeric("1e131071")
        #expect(error { try large.multiplied(by: Numeric(10)) } == .outOfRange("numeric"))
        #expect(error { try Numeric(-1).squareRoot() } == .squareRootOfNegative)
        #expect(error { try Numeric.negativeInfinity.squareRoot() } == .squareRootOfNegative)
        #expect(ArithmeticError.divisionByZero.message == "division by zero")
        #expect(ArithmeticError.outOfRange("bigint").message == "bigint out of range")
        #expect(ArithmeticError.outOfRange("numeric").message == "value overflows numeric format")
        #expect(ArithmeticError.notFinite("NaN", type: "integer").message == "cannot convert NaN to integer")
    }

    @Test(arguments: [
        ("42.4382", 2, "42.44", "42.43"), ("1234.56", -1, "1230", "1230"), ("-42.8", 0, "-43", "-42"),
        ("0.5", 0, "1", "0"), ("-0.4", 0, "0", "0"), ("99.95", 1, "100.0", "99.9"), ("1.5", 3, "1.500", "1.500"),
        ("5", -1, "10", "0"), ("50", -2, "100", "0"), ("49", -2, "0", "0"),
        ("999999999999999999999.5", 0, "1000000000000000000000", "999999999999999999999"),
        ("NaN", 2, "NaN", "NaN"),
    ])
    func roundingGoesAwayFromZeroAtTheHalf(input: String, scale: Int, rounded: String, truncated: String) throws {
        #expect(text(try numeric(input).rounded(to: scale)) == rounded)
        #expect(text(try numeric(input).truncated(to: scale)) == truncated)
    }

    @Test(arguments: [
        ("42.2", "43", "42"), ("-42.8", "-42", "-43"), ("-0.5", "0", "-1"), ("7.000", "7", "7"), ("0.0001", "1", "0"),
        ("-Infinity", "-Infinity", "-Infinity"),
    ])
    func ceilingAndFloor(input: String, ceiling: String, floor: String) throws {
        #expect(text(try numeric(input).ceiling()) == ceiling)
        #expect(text(try numeric(input).floor()) == floor)
    }

    @Test func signsAndRoots() throws {
        #expect(text(try numeric("-17.40").absolute) == "17.40")
        #expect(text(try numeric("-17.40").negated) == "17.40")
        #expect(text(try numeric("0.0").negated) == "0.0")
        #expect(text(try numeric("-8.4").sign) == "-1")
        #expect(text(Numeric.infinity.negated.sign) == "-1")
        #expect(text(try numeric("2").squareRoot()) == "1.414213562373095")
        #expect(text(try numeric("0").squareRoot()) == "0.000000000000000")
        #expect(text(try numeric("144.00").squareRoot()) == "12.000000000000000")
    }

    /// Smallest first; those in one row are equal.
    @Test func orderIsThatOfValues() throws {
        let order = [
            ["-Infinity"], ["-1e40"], ["-10", "-10.0"], ["-9.99"], ["-0.001"], ["0", "-0", "0.000"], ["0.0009"],
            ["0.001", "0.00100"], ["1", "1.0", "1.00000000000000000000000000000"], ["1.00000000000000000001"], ["9"],
            ["18446744073709551615"], ["18446744073709551616", "18446744073709551616.0"], ["1e40"], ["Infinity"],
            ["NaN"],
        ]
        for (rank, row) in order.enumerated() {
            for (otherRank, otherRow) in order.enumerated() {
                for (a, b) in row.flatMap({ a in otherRow.map { (a, $0) } }) {
                    #expect(try numeric(a).compare(numeric(b)).signum() == (rank - otherRank).signum(), "\(a) \(b)")
                }
            }
        }
    }

    /// The table of PostgreSQL's chapter on numeric types.
    @Test(arguments: [
        ("-3.5", -4, -4), ("-2.5", -3, -2), ("-1.5", -2, -2), ("-0.5", -1, 0), ("0.5", 1, 0), ("1.5", 2, 2),
        ("2.5", 3, 2), ("3.5", 4, 4),
    ])
    func halvesRoundByTheType(input: String, ofNumeric: Int64, ofDouble: Int64) throws {
        #expect(try numeric(input).int64() == ofNumeric)
        #expect(try FloatArithmetic.integer(numeric(input).double(), as: .integer) == ofDouble)
    }

    @Test func integersHaveTheirRanges() throws {
        #expect(try numeric("9223372036854775807.4").int64() == .max)
        #expect(try numeric("-9223372036854775808.4").int64() == .min)
        #expect(throws: ArithmeticError.outOfRange("bigint")) { try numeric("9223372036854775807.5").int64() }
        #expect(throws: ArithmeticError.outOfRange("bigint")) { try numeric("1e30").int64() }
        #expect(throws: ArithmeticError.outOfRange("integer")) { try numeric("2147483647.5").integer(as: .integer) }
        #expect(throws: ArithmeticError.outOfRange("smallint")) { try numeric("-32768.5").integer(as: .smallint) }
        #expect(throws: ArithmeticError.notFinite("NaN", type: "bigint")) { try Numeric.notANumber.int64() }
        #expect(throws: ArithmeticError.notFinite("infinity", type: "bigint")) { try Numeric.infinity.int64() }
    }

    @Test func doublesKeepFifteenDigitsAndRealsSix() throws {
        #expect(text(Numeric(double: 0.1)) == "0.1")
        #expect(text(Numeric(double: 1e20)) == "100000000000000000000")
        #expect(text(Numeric(double: 2.0 / 3)) == "0.666666666666667")
        #expect(text(Numeric(double: -.infinity)) == "-Infinity")
        #expect(text(Numeric(double: .nan)) == "NaN")
        #expect(text(Numeric(double: -0.0)) == "0")
        // Exactly at the half of fifteen digits: to the even one.
        #expect(text(Numeric(double: 1_000_000_000_000_005)) == "1000000000000000")
        #expect(text(Numeric(double: 1_000_000_000_000_015)) == "1000000000000020")
        #expect(text(Numeric(real: 0.1)) == "0.1")
        #expect(text(Numeric(real: 16_777_216)) == "16777200")
    }

    @Test func numericsBecomeTheNearestDouble() throws {
        #expect(try numeric("59.90").double() == 59.9)
        #expect(try numeric("9007199254740993").double() == 9_007_199_254_740_992)
        #expect(try numeric("123456789012345678901234567890.5").double() == 123456789012345678901234567890.5)
        #expect(try numeric("0.1").real() == 0.1)
        #expect(throws: ArithmeticError.textOutOfRange("double precision")) { try numeric("1e400").double() }
        #expect(throws: ArithmeticError.textOutOfRange("double precision")) { try numeric("1e-400").double() }
        #expect(throws: ArithmeticError.textOutOfRange("real")) { try numeric("1e39").real() }
        #expect(try Numeric.notANumber.double().isNaN)
    }
}
