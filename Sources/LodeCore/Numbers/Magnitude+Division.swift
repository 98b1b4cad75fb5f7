extension Magnitude {
    /// The divisor must not be zero.
    func quotientAndRemainder(dividingBy divisor: Magnitude) -> (quotient: Magnitude, remainder: Magnitude) {
        switch (self, divisor) {
        case (_, .word(0)): return (.zero, self)
        case (.word(let a), .word(let b)):
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            return (.word(quotient), .word(remainder))
        case (.word, .limbs): return (.zero, self)
        case (.limbs(let limbs), .word(let word)) where word < Self.limbBase:
            let (quotient, remainder) = Self.divide(limbs[...], by: word)
            return (Magnitude(limbs: quotient), .word(remainder))
        case (.limbs(let limbs), _):
            let (quotient, remainder) = Self.divide(limbs, by: divisor.limbs)
            return (Magnitude(limbs: quotient), Magnitude(limbs: remainder))
        }
    }

    /// By less than a limb's base.
    static func divide(_ limbs: ArraySlice<UInt32>, by divisor: UInt64) -> (quotient: [UInt32], remainder: UInt64) {
        var quotient = Array(limbs)
        var remainder: UInt64 = 0
        for index in quotient.indices.reversed() {
            let value = remainder * limbBase + UInt64(quotient[index])
            quotient[index] = UInt32(value / divisor)
            remainder = value % divisor
        }
        return (quotient, remainder)
    }

    /// Long division (Knuth, The Art of Computer Programming, 4.3.1, algorithm D), in limbs.
    ///
    /// - Parameter divisor: At least two limbs, the last one not zero.
    private static func divide(
        _ dividend: [UInt32], by divisor: [UInt32]
    ) -> (quotient: [UInt32], remainder: [UInt32]) {
        let count = divisor.count
        guard dividend.count >= count else { return ([], dividend) }
        // Both times the same, so that the divisor begins with at least half the base, and a guess
        // from its first limb is at most two too large.
        let factor = limbBase / (UInt64(divisor[count - 1]) + 1)
        let divisor = times(divisor, factor).prefix(count)
        var rest = times(dividend, factor)
        let (first, second) = (UInt64(divisor[count - 1]), UInt64(divisor[count - 2]))
        var quotient = [UInt32](repeating: 0, count: dividend.count - count + 1)
        for place in quotient.indices.reversed() {
            let top = UInt64(rest[place + count]) * limbBase + UInt64(rest[place + count - 1])
            var (guess, left) = top.quotientAndRemainder(dividingBy: first)
            while guess >= limbBase
                || left < limbBase && guess * second > left * limbBase + UInt64(rest[place + count - 2])
            {
                guess -= 1
                left += first
            }
            if takeAway(divisor, times: guess, from: &rest, at: place) {
                guess -= 1
                putBack(divisor, to: &rest, at: place)
            }
            quotient[place] = UInt32(guess)
        }
        return (quotient, divide(rest[..<count], by: factor).quotient)
    }

    /// With one limb more than `limbs` has.
    private static func times(_ limbs: [UInt32], _ factor: UInt64) -> [UInt32] {
        var product: [UInt32] = []
        product.reserveCapacity(limbs.count + 1)
        var carry: UInt64 = 0
        for limb in limbs {
            let value = UInt64(limb) * factor + carry
            product.append(UInt32(value % limbBase))
            carry = value / limbBase
        }
        product.append(UInt32(carry))
        return product
    }

    /// True: there was less than that, and one divisor must be put back.
    private static func takeAway(
        _ divisor: ArraySlice<UInt32>, times guess: UInt64, from rest: inout [UInt32], at place: Int
    ) -> Bool {
        var carry: UInt64 = 0
        var index = place
        for limb in divisor {
            let value = guess &* UInt64(limb) &+ carry
            carry = value / limbBase
            let taken = value &- carry &* limbBase
            if UInt64(rest[index]) < taken {
                rest[index] = UInt32(UInt64(rest[index]) &+ limbBase &- taken)
                carry += 1
            } else {
                rest[index] -= UInt32(taken)
            }
            index += 1
        }
        let isShort = UInt64(rest[index]) < carry
        rest[index] = UInt32(truncatingIfNeeded: UInt64(rest[index]) &+ (isShort ? limbBase : 0) &- carry)
        return isShort
    }

    private static func putBack(_ divisor: ArraySlice<UInt32>, to rest: inout [UInt32], at place: Int) {
        var carry: UInt32 = 0
        var index = place
        for limb in divisor {
            let value = rest[index] + limb + carry
            carry = value >= 1_000_000_000 ? 1 : 0
            rest[index] = value - carry * 1_000_000_000
            index += 1
        }
        // What was borrowed too much goes away with the carry.
        let value = rest[index] + carry
        rest[index] = value >= 1_000_000_000 ? value - 1_000_000_000 : value
    }

    /// The whole part of the square root, by Newton's method from above. Half of the digits are taken
    /// from the root of the number's first half, so that a step or two do for the rest.
    var squareRoot: Magnitude {
        guard !isZero else { return self }
        let known = digitCount / 4
        var root =
            known > 2
            ? scaledDown(by: known * 2).quotient.squareRoot.adding(.word(1)).scaledUp(by: known)
            : Magnitude.word(1).scaledUp(by: (digitCount + 1) / 2)
        while true {
            let next = root.adding(quotientAndRemainder(dividingBy: root).quotient)
                .quotientAndRemainder(dividingBy: .word(2)).quotient
            guard next.compare(root) < 0 else { return root }
            root = next
        }
    }
}
