/// What `extract` gives: an exact number, whose decimals PostgreSQL prints all the same, or an infinity.
enum MomentField: Hashable, Sendable {
    case whole(Int64)
    /// In microseconds; printed in milliseconds with three decimals.
    case milliseconds(Int64)
    /// In microseconds; printed in seconds with six decimals.
    case seconds(Int64)
    /// In microseconds; printed as `seconds`, but a double is computed otherwise.
    case epoch(Int128)
    /// A Julian day and the part of it that has gone, in microseconds; 20 and more decimals as text.
    case julian(Int64, microseconds: Int64)
    case infinity(isNegative: Bool)

    init(_ value: some BinaryInteger) { self = .whole(Int64(truncatingIfNeeded: value)) }

    /// As `numeric_out` prints it: `56.789000`.
    var text: [UInt8] {
        switch self {
        case .whole(let value): return Self.text(Int128(value), 0)
        case .milliseconds(let value): return Self.text(Int128(value), 3)
        case .seconds(let value): return Self.text(Int128(value), 6)
        case .epoch(let value): return Self.text(value, 6)
        case .julian(let day, let microseconds): return Self.julianText(day, microseconds)
        case .infinity(let isNegative): return Array((isNegative ? "-Infinity" : "Infinity").utf8)
        }
    }

    /// As `date_part` gives it, with the rounding of its sums; the two `datePart` have their own for an epoch.
    var double: Double {
        switch self {
        case .whole(let value): return Double(value)
        case .milliseconds(let value):
            return Double(value / 1_000_000) * 1000 + Double(value % 1_000_000) / 1000
        case .seconds(let value): return Double(value / 1_000_000) + Double(value % 1_000_000) / 1_000_000
        case .epoch(let value): return Double(value) / 1_000_000
        case .julian(let day, let microseconds):
            let seconds = Double(microseconds / 1_000_000) + Double(microseconds % 1_000_000) / 1_000_000
            return Double(day) + seconds / 86_400
        case .infinity(let isNegative): return isNegative ? -.infinity : .infinity
        }
    }

    private static func text(_ value: Int128, _ scale: Int) -> [UInt8] {
        var backwards: [UInt8] = []
        var rest = value.magnitude
        var count = 0
        while rest > 0 || count <= scale {
            if count == scale, scale > 0 { backwards.append(UInt8(ascii: ".")) }
            backwards.append(48 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
            count += 1
        }
        if value < 0 { backwards.append(UInt8(ascii: "-")) }
        return backwards.reversed()
    }

    /// The quotient has as many decimals as gives 16 significant digits, by its base-10000 digits
    /// (`select_div_scale` of numeric.c).
    private static func julianText(_ day: Int64, _ microseconds: Int64) -> [UInt8] {
        let divisor = Moment.microsecondsPerDay
        var weight = 0
        var leading = microseconds
        while leading >= 10_000 {
            leading /= 10_000
            weight += 1
        }
        // 86400000000 is 864, 0, 0 there.
        let quotientWeight = weight - 2 - (leading <= 864 ? 1 : 0)
        let scale = 16 - quotientWeight * 4
        var digits: [UInt8] = []
        var rest = microseconds
        for _ in 0..<scale {
            rest *= 10
            digits.append(UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
        }
        if rest * 2 >= divisor {
            var index = digits.count - 1
            // Less than a whole day never rounds up to one at 16 decimals.
            while index > 0, digits[index] == 9 {
                digits[index] = 0
                index -= 1
            }
            digits[index] += 1
        }
        var out: [UInt8] = []
        JSONText.append(day, to: &out)
        out.append(UInt8(ascii: "."))
        return out + digits.map { $0 + 48 }
    }
}
