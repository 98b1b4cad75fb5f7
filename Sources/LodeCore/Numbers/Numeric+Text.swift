extension Numeric {
    /// Reads what PostgreSQL's `numeric_in` does: blanks around it, a sign, an exponent, NaN, inf and
    /// Infinity in any capitals. Nil for anything else and for what is out of range; ``read(_:_:)``
    /// says which.
    ///
    /// What versions differ about is refused: other bases and underscores, which PostgreSQL 16 brought,
    /// and a blank in front of an exponent, which it took away.
    init?(_ text: Span<UInt8>, _ range: Range<Int>) {
        do {
            self = try Self.read(text, range)
        } catch {
            return nil
        }
    }

    /// As the initialiser, with the error that PostgreSQL raises.
    static func read(_ text: Span<UInt8>, _ range: Range<Int>) throws(ArithmeticError) -> Numeric {
        let range = text.trimmed(range)
        var at = range.lowerBound
        let end = range.upperBound
        guard at < end else { throw .invalidText("numeric") }
        if text.hasWord("nan", range) { return .notANumber }
        let isNegative = text[at] == UInt8(ascii: "-")
        if isNegative || text[at] == UInt8(ascii: "+") { at += 1 }
        if text.hasWord("infinity", at..<end) || text.hasWord("inf", at..<end) {
            return .infinity(isNegative: isNegative)
        }
        let start = at
        var word: UInt64 = 0
        // Zeros in front do not count.
        var significant = 0
        var digits = 0
        var scale = 0
        var hasPoint = false
        while at < end {
            let byte = text[at]
            if byte.isDigit {
                digits += 1
                if hasPoint { scale += 1 }
                if significant > 0 || byte != 48 { significant += 1 }
                if significant <= 19 { word = word &* 10 &+ UInt64(byte &- 48) }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            at += 1
        }
        guard digits > 0 else { throw .invalidText("numeric") }
        let mantissa = start..<at
        if at < end { scale -= try exponent(text, at..<end) }
        guard scale <= mostScale, significant == 0 || significant - scale <= mostWholeDigits else {
            throw .outOfRange("numeric")
        }
        let magnitude = significant <= 19 ? .word(word) : Magnitude(digits: text.digits(mantissa))
        return Numeric(magnitude.scaledUp(by: -scale), scale: max(0, scale), isNegative: isNegative)
    }

    /// Of `e+05` and the like.
    private static func exponent(_ text: Span<UInt8>, _ range: Range<Int>) throws(ArithmeticError) -> Int {
        var at = range.lowerBound + 1
        guard text[range.lowerBound] | 0x20 == UInt8(ascii: "e"), at < range.upperBound else {
            throw .invalidText("numeric")
        }
        let isNegative = text[at] == UInt8(ascii: "-")
        if isNegative || text[at] == UInt8(ascii: "+") { at += 1 }
        guard at < range.upperBound, text[at].isDigit else { throw .invalidText("numeric") }
        // The limit of `set_var_from_str`, far above what a number can have.
        let most = Int(Int32.max / 2)
        var value = 0
        while at < range.upperBound, text[at].isDigit {
            value = min(most, value * 10 + Int(text[at] &- 48))
            at += 1
        }
        guard value < most else { throw .outOfRange("numeric") }
        guard at == range.upperBound else { throw .invalidText("numeric") }
        return isNegative ? -value : value
    }

    /// As `numeric_out` prints it, with all digits that its scale shows.
    var text: [UInt8] {
        var text: [UInt8] = []
        appendText(to: &text)
        return text
    }

    func appendText(to out: inout [UInt8]) {
        if isNegative { out.append(UInt8(ascii: "-")) }
        switch form {
        case .notANumber: JSONText.append("NaN", to: &out)
        case .infinite: JSONText.append("Infinity", to: &out)
        case .finite:
            if case .word(let word) = magnitude, scale < Magnitude.powersOfTen.count {
                appendText(word, to: &out)
                return
            }
            let start = out.count
            magnitude.appendDigits(to: &out)
            guard scale > 0 else { return }
            let missing = scale + 1 - (out.count - start)
            if missing > 0 { out.insert(contentsOf: repeatElement(48, count: missing), at: start) }
            out.insert(UInt8(ascii: "."), at: out.count - scale)
        }
    }

    /// From the end, in place.
    private func appendText(_ word: UInt64, to out: inout [UInt8]) {
        let digits = max(magnitude.digitCount, scale + 1)
        out.append(contentsOf: repeatElement(48, count: scale > 0 ? digits + 1 : digits))
        var at = out.count - 1
        let point = scale > 0 ? at - scale : -1
        var rest = word
        while rest > 0 {
            if at != point {
                out[at] = 48 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            at -= 1
        }
        if point >= 0 { out[point] = UInt8(ascii: ".") }
    }
}

extension Span<UInt8> {
    /// The decimal digits of `range`, without a point among them.
    fileprivate func digits(_ range: Range<Int>) -> [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(range.count)
        for index in range where self[index].isDigit { digits.append(self[index]) }
        return digits
    }
}
