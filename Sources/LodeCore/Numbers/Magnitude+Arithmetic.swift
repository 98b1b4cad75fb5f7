extension Magnitude {
    func adding(_ other: Magnitude) -> Magnitude {
        if case .word(let a) = self, case .word(let b) = other { return Magnitude(UInt128(a) + UInt128(b)) }
        var (sum, addend) = (limbs, other.limbs)
        if sum.count < addend.count { swap(&sum, &addend) }
        var carry: UInt32 = 0
        var index = 0
        while index < sum.count, index < addend.count || carry > 0 {
            let value = sum[index] + (index < addend.count ? addend[index] : 0) + carry
            carry = value >= 1_000_000_000 ? 1 : 0
            sum[index] = value - carry * 1_000_000_000
            index += 1
        }
        if carry > 0 { sum.append(carry) }
        return Magnitude(limbs: sum)
    }

    /// The difference; `other` must not be larger.
    func subtracting(_ other: Magnitude) -> Magnitude {
        if case .word(let a) = self, case .word(let b) = other { return .word(a &- b) }
        let subtrahend = other.limbs
        var difference = limbs
        var borrow: UInt32 = 0
        var index = 0
        while index < difference.count, index < subtrahend.count || borrow > 0 {
            let taken = (index < subtrahend.count ? subtrahend[index] : 0) + borrow
            borrow = difference[index] < taken ? 1 : 0
            difference[index] = difference[index] &+ borrow * 1_000_000_000 &- taken
            index += 1
        }
        return Magnitude(limbs: difference)
    }

    func multiplied(by other: Magnitude) -> Magnitude {
        if case .word(let a) = self, case .word(let b) = other {
            let (high, low) = a.multipliedFullWidth(by: b)
            return Magnitude(UInt128(high) << 64 | UInt128(low))
        }
        let (a, b) = (limbs, other.limbs)
        var product = [UInt32](repeating: 0, count: a.count + b.count)
        for (start, factor) in a.enumerated() where factor > 0 {
            // The largest sum is a product of two limbs and two limbs more, well below 2^64.
            var carry: UInt64 = 0
            var index = start
            for limb in b {
                let value = UInt64(factor) &* UInt64(limb) &+ UInt64(product[index]) &+ carry
                carry = value / Self.limbBase
                product[index] = UInt32(truncatingIfNeeded: value &- carry &* Self.limbBase)
                index += 1
            }
            // Nothing was written there yet.
            product[index] = UInt32(truncatingIfNeeded: carry)
        }
        return Magnitude(limbs: product)
    }

    /// Times 10^count.
    func scaledUp(by count: Int) -> Magnitude {
        guard count > 0, !isZero else { return self }
        if case .word(let word) = self, count < Self.powersOfTen.count {
            // 2^64 * 10^19 fits with a bit to spare.
            return Magnitude(UInt128(word) * UInt128(Self.powersOfTen[count]))
        }
        let factor = Self.powersOfTen[count % Self.limbDigits]
        let low = [UInt32](repeating: 0, count: count / Self.limbDigits)
        return Magnitude(limbs: low + multiplied(by: .word(factor)).limbs)
    }

    /// What was cut off a number.
    struct Cut {
        var quotient: Magnitude
        /// The first decimal digit that was cut off: from five on, it is half or more.
        var digit: UInt64
        /// Whether any digit behind that one is not zero.
        var hasMore: Bool

        /// Half away from zero, as `round_var` does.
        var rounded: Magnitude { digit >= 5 ? quotient.adding(.word(1)) : quotient }

        /// The nearest, of two the even one.
        var roundedToEven: Magnitude {
            let isHalf = digit == 5 && !hasMore
            return digit >= 5 && (!isHalf || quotient.isOdd) ? quotient.adding(.word(1)) : quotient
        }

        /// Away from zero, unless nothing was cut off.
        var roundedUp: Magnitude { digit > 0 || hasMore ? quotient.adding(.word(1)) : quotient }
    }

    var isOdd: Bool {
        switch self {
        case .word(let word): word & 1 == 1
        // The base is even.
        case .limbs(let limbs): limbs[0] & 1 == 1
        }
    }

    /// Without its last `count` decimal digits.
    func scaledDown(by count: Int) -> Cut {
        guard count > 0 else { return Cut(quotient: self, digit: 0, hasMore: false) }
        switch self {
        case .word(let word):
            guard count <= Self.powersOfTen.count else { return Cut(quotient: .zero, digit: 0, hasMore: word > 0) }
            // 10^20 is more than any word.
            let isAll = count == Self.powersOfTen.count
            let (quotient, rest) = isAll ? (0, word) : word.quotientAndRemainder(dividingBy: Self.powersOfTen[count])
            let (digit, more) = rest.quotientAndRemainder(dividingBy: Self.powersOfTen[count - 1])
            return Cut(quotient: .word(quotient), digit: digit, hasMore: more > 0)
        case .limbs(let limbs):
            let (whole, part) = count.quotientAndRemainder(dividingBy: Self.limbDigits)
            let hasLowDigits = limbs.prefix(part > 0 ? whole : whole - 1).contains { $0 > 0 }
            if part == 0 {
                let last = UInt64(whole <= limbs.count ? limbs[whole - 1] : 0)
                return Cut(
                    quotient: Magnitude(limbs: Array(limbs.dropFirst(whole))), digit: last / 100_000_000,
                    hasMore: hasLowDigits || last % 100_000_000 > 0)
            }
            let (quotient, rest) = Self.divide(limbs.dropFirst(whole), by: Self.powersOfTen[part])
            let (digit, more) = rest.quotientAndRemainder(dividingBy: Self.powersOfTen[part - 1])
            return Cut(quotient: Magnitude(limbs: quotient), digit: digit, hasMore: hasLowDigits || more > 0)
        }
    }
}
