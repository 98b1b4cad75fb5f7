extension Numeric {
    // MARK: - From floating point

    /// As `float8::numeric`: fifteen significant digits, without zeros at their end.
    init(double value: Double) {
        self.init(value, digits: 15)
    }

    /// As `float4::numeric`: six significant digits.
    init(real value: Float) {
        self.init(Double(value), digits: 6)
    }

    private init(_ value: Double, digits: Int) {
        if value.isNaN {
            self = .notANumber
        } else if value.isInfinite {
            self = .infinity(isNegative: value < 0)
        } else {
            let decimal = FloatDecimal(value, digits: digits)
            let magnitude = Magnitude.word(decimal.digits).scaledUp(by: decimal.exponent)
            self.init(magnitude, scale: max(0, -decimal.exponent), isNegative: value < 0)
        }
    }

    // MARK: - To integers

    /// Rounded half away from zero.
    func int64() throws(ArithmeticError) -> Int64 { try integer(as: .bigint) }

    /// Rounded half away from zero, within the range of a width.
    func integer(as width: IntegerWidth) throws(ArithmeticError) -> Int64 {
        guard isFinite else { throw .notFinite(isNaN ? "NaN" : "infinity", type: width.name) }
        let rounded = magnitude.scaledDown(by: scale).rounded
        guard case .word(let word) = rounded else { throw .outOfRange(width.name) }
        // Downwards there is one more.
        let isLowest = isNegative && word == Int64.min.magnitude
        guard let value = isLowest ? .min : Int64(exactly: word).map({ isNegative ? -$0 : $0 }) else {
            throw .outOfRange(width.name)
        }
        return try width.check(value)
    }

    // MARK: - To floating point

    /// As `numeric::float8`: the nearest number that it has; an error when that is infinite, or zero
    /// for a number that is not.
    func double() throws(ArithmeticError) -> Double {
        // Exact factors give the nearest number at once (Clinger, 1990).
        if isFinite, case .word(let word) = magnitude, word <= 1 << 53, scale <= 19 {
            let value = Double(word) / Double(Magnitude.powersOfTen[scale])
            return isNegative ? -value : value
        }
        return try float(isReal: false, "double precision")
    }

    /// As `numeric::float4`, rounded once.
    func real() throws(ArithmeticError) -> Float {
        Float(try float(isReal: true, "real"))
    }

    private func float(isReal: Bool, _ type: String) throws(ArithmeticError) -> Double {
        switch form {
        case .notANumber: return .nan
        case .infinite: return isNegative ? -.infinity : .infinity
        case .finite:
            let text = text
            do {
                return try FloatText.value(text.span, 0..<text.count, isReal: isReal)
            } catch {
                throw .textOutOfRange(type)
            }
        }
    }
}
