/// A finite floating-point number's size in decimal: `digits * 10^exponent`, without zeros at the end
/// of the digits.
struct FloatDecimal {
    private(set) var digits: UInt64
    private(set) var exponent: Int

    private init(_ digits: UInt64, _ exponent: Int) {
        (self.digits, self.exponent) = (digits, exponent)
        while self.digits > 0, self.digits % 10 == 0 {
            self.digits /= 10
            self.exponent += 1
        }
        if self.digits == 0 { self.exponent = 0 }
    }

    // MARK: - Rounded

    /// To so many significant digits, at most fifteen, as C's `%.15g` rounds: to the nearest, of two
    /// the even one.
    init(_ value: Double, digits count: Int) {
        if value.isNormal || value == 0 {
            // A number with so few digits reads back from them, so no other ones are nearer.
            let shortest = FloatDecimal(description: "\(value.magnitude)")
            let surplus = Magnitude.word(shortest.digits).digitCount - count
            if surplus <= 0 {
                self = shortest
                return
            }
            let cut = Magnitude.word(shortest.digits).scaledDown(by: surplus)
            // Only just at the half may the shortest digits and the number itself be on two sides.
            if cut.digit != 5 || cut.hasMore, case .word(let rounded) = cut.rounded {
                self.init(rounded, shortest.exponent + surplus)
                return
            }
        }
        let (exact, scale) = Self.exact(value)
        let surplus = exact.digitCount - count
        guard case .word(let rounded) = exact.scaledDown(by: surplus).roundedToEven else {
            self.init(0, 0)
            return
        }
        self.init(rounded, max(0, surplus) - scale)
    }

    /// The number itself: a finite one has finitely many decimals.
    static func exact(_ value: Double) -> (magnitude: Magnitude, scale: Int) {
        guard value != 0 else { return (.zero, 0) }
        let (significand, exponent) = parts(value)
        let zeros = significand.trailingZeroBitCount
        return times(significand >> UInt64(zeros), powerOfTwo: exponent + zeros)
    }

    /// A power of two below one is a power of five with as many decimals.
    private static func times(_ factor: UInt64, powerOfTwo exponent: Int) -> (magnitude: Magnitude, scale: Int) {
        let power = Magnitude(exponent < 0 ? 5 : 2, toPower: abs(exponent))
        return (Magnitude.word(factor).multiplied(by: power), max(0, -exponent))
    }

    /// The value is `significand * 2^exponent`.
    private static func parts<F: BinaryFloatingPoint>(_ value: F) -> (significand: UInt64, exponent: Int) {
        let bias = (1 << (F.exponentBitCount - 1)) - 1 + F.significandBitCount
        let field = Int(value.exponentBitPattern)
        let bits = UInt64(value.significandBitPattern)
        return field == 0 ? (bits, 1 - bias) : (bits | 1 << UInt64(F.significandBitCount), field - bias)
    }

    // MARK: - Shortest

    init(shortest value: Double) {
        self =
            Self.needsCare(value, Self.doubleCare)
            ? Self.shortestWithin(value) : FloatDecimal(description: "\(value.magnitude)")
    }

    init(shortest value: Float) {
        self =
            Self.needsCare(value, Self.realCare)
            ? Self.shortestWithin(value) : FloatDecimal(description: "\(value.magnitude)")
    }

    /// Where PostgreSQL may print other digits than Swift.
    private struct Care {
        /// It never prints the very half of two neighbours (`STRICTLY_SHORTEST` in ryu_common.h). That
        /// can have few digits from where all numbers are even up to where it would have the factor five
        /// more often than its bits allow.
        var halves: Range<Double>
        /// Below a power of two the neighbours are closer. Those with these exponents have so few digits
        /// that no others are near.
        var shortPowers: ClosedRange<Int>
    }

    private static let doubleCare = Care(halves: 0x1p54..<1e45, shortPowers: -21...53)
    private static let realCare = Care(halves: 0x1p25..<1e25, shortPowers: -8...19)

    private static func needsCare<F: BinaryFloatingPoint>(_ value: F, _ care: Care) -> Bool {
        if value.significandBitPattern == 0, value != 0, !care.shortPowers.contains(Int(value.exponent)) { return true }
        return care.halves.contains(Double(value.magnitude))
    }

    /// The fewest digits that are nearer to the number than to its neighbours, and of those the nearest
    /// ones, worked out exactly.
    private static func shortestWithin<F: BinaryFloatingPoint>(_ value: F) -> FloatDecimal {
        let (significand, exponent) = parts(value)
        // In quarters, so that the halves to both neighbours are whole.
        let isCloseBelow = value.significandBitPattern == 0 && value.exponentBitPattern > 1
        let (exact, scale) = times(significand * 4, powerOfTwo: exponent - 2)
        let high = times(significand * 4 + 2, powerOfTwo: exponent - 2).magnitude
        let low = times(significand * 4 - (isCloseBelow ? 1 : 2), powerOfTwo: exponent - 2).magnitude
        let count = exact.digitCount
        for length in 1...17 where count > length {
            let surplus = count - length
            let cut = exact.scaledDown(by: surplus)
            let above = cut.quotient.adding(.word(1))
            let isLowInside = cut.quotient.scaledUp(by: surplus).compare(low) > 0
            let isHighInside = above.scaledUp(by: surplus).compare(high) < 0
            guard isLowInside || isHighInside else { continue }
            let nearest = isLowInside ? isHighInside ? cut.roundedToEven : cut.quotient : above
            if case .word(let digits) = nearest { return FloatDecimal(digits, surplus - scale) }
        }
        // Few enough digits as it is.
        if case .word(let digits) = exact { return FloatDecimal(digits, -scale) }
        return FloatDecimal(0, 0)
    }

    /// From what Swift prints: `1.5e-07`, `100.0`.
    private init(description: String) {
        var digits: UInt64 = 0
        var exponent = 0
        var isFraction = false
        var rest = description.utf8[...]
        while let byte = rest.popFirst() {
            if byte.isDigit {
                digits = digits &* 10 &+ UInt64(byte &- 48)
                if isFraction { exponent -= 1 }
            } else if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if byte == UInt8(ascii: "e") {
                exponent += Int(Substring(rest)) ?? 0
                break
            }
        }
        self.init(digits, exponent)
    }

    // MARK: - Text

    /// As `double_to_shortest_decimal_buf` writes it: plain from 10^-4 to below 10^`plainDigits`, else
    /// with an exponent of two digits or more.
    func text(isNegative: Bool, plainDigits: Int) -> [UInt8] {
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        let start = text.count
        JSONText.append(digits, to: &text)
        let count = text.count - start
        let place = count + exponent - 1
        guard place >= -4, place < plainDigits else {
            if count > 1 { text.insert(UInt8(ascii: "."), at: start + 1) }
            Self.appendExponent(place, to: &text)
            return text
        }
        if exponent >= 0 {
            text.append(contentsOf: repeatElement(48, count: exponent))
        } else if place >= 0 {
            text.insert(UInt8(ascii: "."), at: text.count + exponent)
        } else {
            text.insert(contentsOf: [48, UInt8(ascii: ".")] + repeatElement(48, count: -place - 1), at: start)
        }
        return text
    }

    /// `e-07`: a sign and at least two digits.
    static func appendExponent(_ exponent: Int, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "e"))
        text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        JSONText.append(exponent.magnitude, width: 2, to: &text)
    }
}
