import Testing

@testable import LodeCore

@Suite struct IntegerAndFloatTests {
    @Test func integersOverflowAtTheirWidth() throws {
        #expect(try IntegerArithmetic.add(32_767, 1, as: .integer) == 32_768)
        #expect(throws: ArithmeticError.outOfRange("smallint")) { try IntegerArithmetic.add(32_767, 1, as: .smallint) }
        #expect(throws: ArithmeticError.outOfRange("bigint")) { try IntegerArithmetic.add(.max, 1, as: .bigint) }
        #expect(throws: ArithmeticError.outOfRange("integer")) {
            try IntegerArithmetic.multiply(65_536, 32_768, as: .integer)
        }
        #expect(throws: ArithmeticError.outOfRange("bigint")) { try IntegerArithmetic.divide(.min, -1, as: .bigint) }
        #expect(throws: ArithmeticError.outOfRange("integer")) {
            try IntegerArithmetic.negate(-2_147_483_648, as: .integer)
        }
        #expect(throws: ArithmeticError.outOfRange("bigint")) { try IntegerArithmetic.absolute(.min, as: .bigint) }
        #expect(throws: ArithmeticError.divisionByZero) { try IntegerArithmetic.divide(1, 0, as: .integer) }
        #expect(throws: ArithmeticError.divisionByZero) { try IntegerArithmetic.remainder(1, 0, as: .integer) }
    }

    @Test func integersDivideTowardsZero() throws {
        #expect(try IntegerArithmetic.divide(-7, 2, as: .integer) == -3)
        #expect(try IntegerArithmetic.remainder(-7, 2, as: .integer) == -1)
        #expect(try IntegerArithmetic.remainder(.min, -1, as: .bigint) == 0)
        #expect(try IntegerArithmetic.subtract(1, 3, as: .smallint) == -2)
    }

    @Test func floatsThatOverflowOrVanishAreErrors() throws {
        #expect(throws: ArithmeticError.overflow) { try FloatArithmetic.multiply(1e200, 1e200) }
        #expect(throws: ArithmeticError.underflow) { try FloatArithmetic.multiply(1e-200, 1e-200) }
        #expect(throws: ArithmeticError.overflow) { try FloatArithmetic.add(Float(3e38), Float(3e38)) }
        #expect(throws: ArithmeticError.divisionByZero) { try FloatArithmetic.divide(1.0, 0) }
        #expect(throws: ArithmeticError.underflow) { try FloatArithmetic.divide(1e-300, 1e300) }
        #expect(try FloatArithmetic.divide(Double.nan, 0).isNaN)
        #expect(try FloatArithmetic.divide(1, Double.infinity) == 0)
        #expect(try FloatArithmetic.add(Double.infinity, 1) == .infinity)
        #expect(throws: ArithmeticError.overflow) { try FloatArithmetic.real(1e39) }
        #expect(throws: ArithmeticError.underflow) { try FloatArithmetic.real(1e-46) }
        #expect(throws: ArithmeticError.outOfRange("bigint")) {
            try FloatArithmetic.integer(9_223_372_036_854_775_808, as: .bigint)
        }
        #expect(throws: ArithmeticError.outOfRange("integer")) { try FloatArithmetic.integer(.nan, as: .integer) }
        #expect(throws: ArithmeticError.squareRootOfNegative) { try FloatArithmetic.squareRoot(-1) }
    }

    @Test(
        arguments: [
            (0.1, "0.1"), (100_000, "100000"), (1e15, "1e+15"), (123_456_789_012_345, "123456789012345"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"), (-0.0, "-0"), (1e40, "1e+40"), (1.5e-300, "1.5e-300"), (.nan, "NaN"),
            (-.infinity, "-Infinity"),
            // Below a power of two the neighbours are closer, and a half of two neighbours is not printed.
            (0x1p-44, "5.684341886080802e-14"), (.leastNonzeroMagnitude, "5e-324"),
            (9_007_199_254_740_992, "9.007199254740992e+15"),
        ] as [(Double, String)])
    func doublesPrintTheirShortestDigits(value: Double, text: String) {
        #expect(String(decoding: FloatArithmetic.text(value), as: UTF8.self) == text)
    }

    @Test(
        arguments: [
            (0.1, "0.1"), (100_000, "100000"), (1e6, "1e+06"), (16_777_216, "1.6777216e+07"), (1.5, "1.5"),
            (1e-5, "1e-05"),
        ] as [(Float, String)])
    func realsPrintTheirShortestDigits(value: Float, text: String) {
        #expect(String(decoding: FloatArithmetic.text(value), as: UTF8.self) == text)
    }

    private func integer(_ text: String, _ width: IntegerWidth = .integer) throws(ArithmeticError) -> Int64 {
        let bytes = Array(text.utf8)
        return try NumberText.integer(bytes.span, 0..<bytes.count, as: width)
    }

    @Test func integersAreReadFromText() throws {
        #expect(try integer(" +42\t") == 42)
        #expect(try integer("-2147483648") == -2_147_483_648)
        #expect(throws: ArithmeticError.textOutOfRange("integer")) { try integer("2147483648") }
        #expect(throws: ArithmeticError.textOutOfRange("bigint")) { try integer("9223372036854775808", .bigint) }
        #expect(try integer("-9223372036854775808", .bigint) == .min)
        for text in ["", "  ", "-", "4 2", "1.0", "0x10", "1_000", "1e3"] {
            #expect(throws: ArithmeticError.invalidText("integer")) { try integer(text) }
        }
    }

    @Test(arguments: [
        ("t", true), ("TRUE", true), (" yes ", true), ("y", true), ("on", true), ("1", true), ("f", false),
        ("fal", false),
        ("No", false), ("of", false), ("off", false), ("0", false), ("o", nil), ("", nil), ("10", nil), ("truely", nil),
        ("offf", nil), ("2", nil),
    ])
    func booleansAreReadFromAnyUnambiguousBeginning(text: String, value: Bool?) {
        let bytes = Array(text.utf8)
        do {
            #expect(try NumberText.boolean(bytes.span, 0..<bytes.count) == value)
        } catch {
            #expect(error == ArithmeticError.invalidText("boolean"))
            #expect(value == nil)
        }
    }
}
