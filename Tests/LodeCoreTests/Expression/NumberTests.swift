import Testing

@testable import LodeCore

@Suite struct NumberTests {
    private static let seed = UInt64.random(in: 0...UInt64.max)

    private func order(_ a: String, _ b: String) throws -> Int {
        let (left, right) = (Array(a.utf8), Array(b.utf8))
        guard let first = DecimalText(left.span, 0..<left.count),
            let second = DecimalText(right.span, 0..<right.count)
        else { throw Diagnostic(.error, "“\(a)” or “\(b)” is no numeric") }
        return DecimalText.order(first, in: left.span, second, in: right.span).signum()
    }

    /// Smallest first; those in one row are equal.
    @Test func numericsHaveOneOrder() throws {
        let order = [
            ["-Infinity"], ["-123456789012345678901234567890"], ["-10", "-10.0", "-010"], ["-9.99"], ["-0.001"],
            ["0", "-0", "0.000", "00", "+0"], ["0.0009"], ["0.001", "0.00100"], ["0.1"], ["1", "1.0", "01.00"],
            ["1.00000000000000000001"],
            ["9"], ["10"], ["99999999999999999999"], ["100000000000000000000"], ["Infinity", "+Infinity"], ["NaN"],
        ]
        for (rank, row) in order.enumerated() {
            for (otherRank, otherRow) in order.enumerated() {
                for a in row {
                    for b in otherRow { #expect(try self.order(a, b) == (rank - otherRank).signum(), "\(a) \(b)") }
                }
            }
        }
    }

    @Test func randomNumericsCompareLikeBigNumbers() throws {
        var random = ReplayableRandom(seed: Self.seed)
        func digits(_ most: Int) -> String {
            // Few different digits, so that long beginnings are equal.
            (0..<Int.random(in: 0...most, using: &random)).map { _ in String(random.one(of: [0, 0, 1, 9])) }.joined()
        }
        for _ in 0..<5000 {
            let numbers = (0..<2).map { _ in
                (isNegative: random.percent(50), whole: "0" + digits(30), fraction: digits(20))
            }
            let texts = numbers.map {
                ($0.isNegative ? "-" : "") + $0.whole + ($0.fraction.isEmpty ? "" : "." + $0.fraction)
            }
            // Both scaled to whole numbers of 20 decimals, digit by digit in base ten.
            let scaled = numbers.map { number in
                (number.whole + number.fraction + String(repeating: "0", count: 20 - number.fraction.count)).utf8
                    .map { (number.isNegative ? -1 : 1) * (Int($0) - 48) }
            }
            let width = scaled.map(\.count).max() ?? 0
            let padded = scaled.map { Array(repeating: 0, count: width - $0.count) + $0 }
            let difference = zip(padded[0], padded[1]).map { $0 - $1 }
            // A difference's sign: carried from the right into the left.
            var carry = 0
            var hasRest = false
            for digit in difference.reversed() {
                let sum = digit + carry
                carry = sum < 0 ? -((9 - sum) / 10) : sum / 10
                if sum - carry * 10 != 0 { hasRest = true }
            }
            let expected = carry != 0 ? carry.signum() : hasRest ? 1 : 0
            #expect(try order(texts[0], texts[1]) == expected, "\(texts), seed \(Self.seed)")
        }
    }

    @Test(arguments: ["", "-", ".", "1e5", "1.2.3", "abc", "nan", "1 ", "--1", "-NaN"])
    func whatIsNoNumericIsRefused(text: String) {
        let bytes = Array(text.utf8)
        #expect(DecimalText(bytes.span, 0..<bytes.count) == nil)
    }

    @Test(arguments: [
        ("1e5", "100000"), ("1.5e3", "1500"), ("-.50", "-0.50"), ("+007.10", "7.10"), ("12.5e-1", "1.25"),
        ("5e-3", "0.005"),
        ("-0", "0"), ("-0.00", "0.00"), ("0e10", "0"), ("1.e2", "100"), ("1e-00000000000002", "0.01"), ("42.", "42"),
    ])
    func literalsAreBroughtToPlainForm(text: String, plain: String) throws {
        #expect(String(decoding: try NumberLiteral.plain(Array(text.utf8)), as: UTF8.self) == plain)
    }

    @Test(arguments: ["1e131073", "1e-16384", "1e99999999999999999999", "1e-99999999999999999999"])
    func numeralsTooLargeAreRefused(text: String) {
        #expect(throws: NumberLiteral.Failure.range) { try NumberLiteral.plain(Array(text.utf8)) }
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("42", 42), ("+7", 7), ("-9223372036854775808", Int64.min), ("9223372036854775807", .max),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("", nil), ("-", nil), ("1x", nil),
        ("99999999999999999999", nil),
    ])
    func integersFit64Bits(text: String, value: Int64?) {
        let bytes = Array(text.utf8)
        #expect(NumberLiteral.integer(bytes.span, 0..<bytes.count) == value)
    }

    private func float(_ text: String, isReal: Bool = false) throws(FloatText.Failure) -> Double {
        let bytes = Array(text.utf8)
        return try FloatText.value(bytes.span, 0..<bytes.count, isReal: isReal)
    }

    /// Swift's own reader is the oracle, from the fast way and the slow one alike.
    @Test func floatsAreReadToTheLastBit() throws {
        var random = ReplayableRandom(seed: Self.seed)
        for _ in 0..<20_000 {
            let digits = String(
                UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0...63, using: &random))
            let exponent = Int.random(in: -30...30, using: &random)
            let point = Int.random(in: 0...digits.count, using: &random)
            let text =
                "0\(digits.prefix(point)).\(digits.dropFirst(point))0" + (random.percent(50) ? "e\(exponent)" : "")
            #expect(try float(text) == Double(text), "\(text), seed \(Self.seed)")
        }
        for _ in 0..<20_000 {
            let value = Double(bitPattern: .random(in: 0...UInt64.max, using: &random))
            guard value.isFinite else { continue }
            #expect(try float("\(value)") == value, "seed \(Self.seed)")
            let single = Float(bitPattern: .random(in: 0...UInt32.max, using: &random))
            guard single.isFinite else { continue }
            #expect(try float("\(single)", isReal: true) == Double(single), "seed \(Self.seed)")
        }
    }

    @Test func floatsOutOfRangeAreErrors() throws {
        for text in ["1e400", "-1e400", "1e-400", "1e999999999999"] {
            #expect(throws: FloatText.Failure.range) { try float(text) }
        }
        #expect(throws: FloatText.Failure.range) { try float("1e39", isReal: true) }
        #expect(throws: FloatText.Failure.range) { try float("1e-46", isReal: true) }
        #expect(try float("0e400") == 0)
        for text in ["", ".", "e5", "1e", "1x", "0x10", "+-1", "--1", "in", "1e5.5"] {
            #expect(throws: FloatText.Failure.syntax) { try float(text) }
        }
    }

    @Test func notANumberComesLastAndEqualsItself() throws {
        let order = try ["-Infinity", "-1", "-0", "5e-324", "1", "inf", "NaN"].map { try float($0) }
        for (rank, a) in order.enumerated() {
            for (otherRank, b) in order.enumerated() {
                #expect(FloatText.order(a, b) == (rank - otherRank).signum())
            }
        }
        #expect(FloatText.order(0, -0.0) == 0)
    }
}
