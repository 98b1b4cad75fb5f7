extension Numeric {
    func adding(_ other: Numeric) throws(ArithmeticError) -> Numeric {
        guard isFinite, other.isFinite else {
            if isNaN || other.isNaN { return .notANumber }
            if isInfinite, other.isInfinite { return isNegative == other.isNegative ? self : .notANumber }
            return isInfinite ? self : other
        }
        let scale = max(scale, other.scale)
        let a = magnitude.scaledUp(by: scale - self.scale)
        let b = other.magnitude.scaledUp(by: scale - other.scale)
        if isNegative == other.isNegative {
            return try Numeric(a.adding(b), scale: scale, isNegative: isNegative).checked()
        }
        return a.compare(b) >= 0
            ? Numeric(a.subtracting(b), scale: scale, isNegative: isNegative)
            : Numeric(b.subtracting(a), scale: scale, isNegative: other.isNegative)
    }

    func subtracting(_ other: Numeric) throws(ArithmeticError) -> Numeric { try adding(other.negated) }

    /// With as many decimals as both factors have together, rounded where that is more than can be.
    func multiplied(by other: Numeric) throws(ArithmeticError) -> Numeric {
        let isNegative = isNegative != other.isNegative
        guard isFinite, other.isFinite else {
            if isNaN || other.isNaN || isZero || other.isZero { return .notANumber }
            return .infinity(isNegative: isNegative)
        }
        var product = magnitude.multiplied(by: other.magnitude)
        var scale = scale + other.scale
        if scale > Self.mostScale {
            product = product.scaledDown(by: scale - Self.mostScale).rounded
            scale = Self.mostScale
        }
        return try Numeric(product, scale: scale, isNegative: isNegative).checked()
    }

    func divided(by other: Numeric) throws(ArithmeticError) -> Numeric {
        let isNegative = isNegative != other.isNegative
        guard isFinite, other.isFinite else {
            if isNaN || other.isNaN { return .notANumber }
            if other.isZero { throw .divisionByZero }
            if isInfinite { return other.isInfinite ? .notANumber : .infinity(isNegative: isNegative) }
            return .zero
        }
        guard !other.isZero else { throw .divisionByZero }
        let scale = quotientScale(other)
        // The value is this.magnitude / other.magnitude * 10^(other.scale - this.scale).
        let shift = scale + other.scale - self.scale
        let divisor = other.magnitude.scaledUp(by: -shift)
        let quotient: Magnitude
        if case .word(let word) = magnitude, case .word(let small) = divisor, shift < Magnitude.powersOfTen.count {
            let wide = UInt128(word) * UInt128(Magnitude.powersOfTen[max(0, shift)])
            let (whole, rest) = wide.quotientAndRemainder(dividingBy: UInt128(small))
            // The quotient has room for one more: at most 2^64 * 10^19.
            quotient = Magnitude(whole + (rest * 2 >= UInt128(small) ? 1 : 0))
        } else {
            let (whole, rest) = magnitude.scaledUp(by: shift).quotientAndRemainder(dividingBy: divisor)
            quotient = rest.adding(rest).compare(divisor) >= 0 ? whole.adding(.word(1)) : whole
        }
        return try Numeric(quotient, scale: scale, isNegative: isNegative).checked()
    }

    /// The decimals of a quotient: at least sixteen significant digits, at least what both sides have,
    /// at most a thousand (`select_div_scale` in numeric.c). It estimates the quotient's size by the
    /// first digit of either side in base 10,000.
    private func quotientScale(_ divisor: Numeric) -> Int {
        let (weight, digit) = firstGroup
        let (divisorWeight, divisorDigit) = divisor.firstGroup
        let quotientWeight = weight - divisorWeight - (digit <= divisorDigit ? 1 : 0)
        return min(max(16 - quotientWeight * 4, scale, divisor.scale), 1000)
    }

    /// The first digit in base 10,000 that is not zero, and where it stands; zeros for zero.
    private var firstGroup: (weight: Int, digit: UInt64) {
        guard !magnitude.isZero else { return (0, 0) }
        let place = magnitude.digitCount - scale - 1
        let weight = place >> 2
        return (weight, magnitude.leading(place - weight * 4 + 1))
    }

    /// Where the first base-10,000 digit stands: 0 for 1 to 9,999, -1 for what begins right behind the point.
    var weight: Int { firstGroup.weight }

    /// What is left of a division that rounds towards zero; it has this number's sign.
    func remainder(dividingBy other: Numeric) throws(ArithmeticError) -> Numeric {
        guard isFinite, other.isFinite else {
            if isNaN || other.isNaN { return .notANumber }
            if isInfinite {
                if other.isZero { throw .divisionByZero }
                return .notANumber
            }
            return self
        }
        guard !other.isZero else { throw .divisionByZero }
        let scale = max(scale, other.scale)
        let remainder = magnitude.scaledUp(by: scale - self.scale)
            .quotientAndRemainder(dividingBy: other.magnitude.scaledUp(by: scale - other.scale)).remainder
        return Numeric(remainder, scale: scale, isNegative: isNegative)
    }
}
