extension Numeric {
    /// To so many decimals, half away from zero; negative: to tens, hundreds and so on.
    func rounded(to scale: Int) throws(ArithmeticError) -> Numeric {
        try rescaled(to: scale) { $0.rounded }
    }

    /// To so many decimals, towards zero.
    func truncated(to scale: Int) throws(ArithmeticError) -> Numeric {
        try rescaled(to: scale) { $0.quotient }
    }

    private func rescaled(
        to scale: Int, _ round: (Magnitude.Cut) -> Magnitude
    ) throws(ArithmeticError) -> Numeric {
        guard isFinite else { return self }
        // Past either end there is nothing more to round.
        let scale = max(-Self.mostWholeDigits - 1, min(Self.mostScale, scale))
        let cut = round(magnitude.scaledDown(by: self.scale - scale))
        let result = scale > self.scale ? cut.scaledUp(by: scale - self.scale) : cut.scaledUp(by: -scale)
        return try Numeric(result, scale: max(0, scale), isNegative: isNegative).checked()
    }

    /// The smallest whole number that is not less.
    func ceiling() throws(ArithmeticError) -> Numeric { try whole(awayFromZero: !isNegative) }

    /// The largest whole number that is not more.
    func floor() throws(ArithmeticError) -> Numeric { try whole(awayFromZero: isNegative) }

    private func whole(awayFromZero: Bool) throws(ArithmeticError) -> Numeric {
        guard isFinite else { return self }
        let cut = magnitude.scaledDown(by: scale)
        let magnitude = awayFromZero ? cut.roundedUp : cut.quotient
        return try Numeric(magnitude, scale: 0, isNegative: isNegative).checked()
    }

    /// With at least sixteen significant digits and this number's decimals, at most a thousand
    /// (`numeric_sqrt`).
    func squareRoot() throws(ArithmeticError) -> Numeric {
        if isNegative { throw .squareRootOfNegative }
        guard isFinite else { return self }
        let scale = min(max(16 - (weight * 2 + 1), self.scale, 0), 1000)
        // One digit more than is shown tells how to round; the root of the whole part has the same.
        let shift = 2 * (scale + 1) - self.scale
        let square = shift >= 0 ? magnitude.scaledUp(by: shift) : magnitude.scaledDown(by: -shift).quotient
        return Numeric(square.squareRoot.scaledDown(by: 1).rounded, scale: scale, isNegative: false)
    }
}
