/// Durations as lode.yaml writes them: `200ms`, `10s`, `5m`, `1h30m`, `7d`.
package enum DurationText {
    /// What to write instead, for diagnostics.
    static let advice = "write numbers with units (ms, s, m, h, d), such as 200ms, 10s, 1h30m or 7d"

    /// A hundred years: more than anyone means, and no arithmetic on it overflows.
    static let longest: Duration = .seconds(36_525 * 86_400)

    private static let milliseconds: [String: Int64] = [
        "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]

    /// nil when the text is anything else, or longer than ``longest``.
    package static func parse(_ text: String) -> Duration? {
        var rest = text.utf8[...]
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = NumberWithUnit.take(from: &rest), let scale = milliseconds[part.unit] else { return nil }
            let (product, overflows) = part.number.multipliedReportingOverflow(by: scale)
            let (sum, overflowsToo) = total.addingReportingOverflow(product)
            guard !overflows, !overflowsToo else { return nil }
            total = sum
        }
        let duration = Duration.milliseconds(total)
        return duration <= longest ? duration : nil
    }
}

/// Sizes as lode.yaml writes them: `500MB`, `10GB`; as in PostgreSQL, a kB is 1024 bytes.
enum SizeText {
    /// What to write instead, for diagnostics.
    static let advice = "write a number with a unit (kB, MB, GB, TB), such as 500MB or 10GB"

    private static let bytes: [String: Int64] = ["b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40]

    /// nil when the text is anything else, or more than 2^63 bytes.
    static func parse(_ text: String) -> Int64? {
        var rest = text.utf8[...]
        guard let part = NumberWithUnit.take(from: &rest), rest.isEmpty, let scale = bytes[part.unit.lowercased()]
        else { return nil }
        let (product, overflows) = part.number.multipliedReportingOverflow(by: scale)
        return overflows ? nil : product
    }
}

private struct NumberWithUnit {
    var number: Int64
    var unit: String

    /// Takes `10s` off the front, with spaces anywhere but in the number; nil when it is not there.
    static func take(from rest: inout Substring.UTF8View) -> NumberWithUnit? {
        let digits = rest.prefix(while: \.isDigit)
        guard let number = Int64(Substring(digits)) else { return nil }
        rest = skipSpaces(rest.dropFirst(digits.count))
        let letters = rest.prefix(while: \.isLetter)
        rest = skipSpaces(rest.dropFirst(letters.count))
        return NumberWithUnit(number: number, unit: String(Substring(letters)))
    }

    private static func skipSpaces(_ text: Substring.UTF8View) -> Substring.UTF8View {
        text.drop { $0 == UInt8(ascii: " ") }
    }
}
