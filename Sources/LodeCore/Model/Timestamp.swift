/// A moment in microseconds since 1970-01-01 00:00 UTC, in the proleptic Gregorian calendar, which
/// is PostgreSQL's.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    /// Reads `2026-01-01 00:00:00[.123456][+00[:30[:15]]]`, with a space or a `T`, with `Z` or
    /// without a zone (then UTC); nil when the text is anything else.
    public init?(_ text: some Collection<UInt8>) {
        // SAFETY: the buffer does not outlive the closure that lends it.
        let whole = text.withContiguousStorageIfAvailable { bytes in
            var reader = unsafe TimestampReader(bytes)
            return reader.readAll()
        }
        var reader = TimestampReader(text)
        guard let moment = whole ?? reader.readAll() else { return nil }
        microseconds = moment
    }

    /// The same of bytes that are a part of others.
    init?(_ text: Span<UInt8>) {
        // SAFETY: the buffer does not outlive the closure that lends it.
        let moment: Int64? = unsafe text.withUnsafeBufferPointer { bytes in
            var reader = unsafe TimestampReader(bytes)
            return reader.readAll()
        }
        guard let moment else { return nil }
        microseconds = moment
    }

    /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
    ///
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Appends `2026-01-01T00:00:00.000000Z` (RFC 3339), always with six decimals.
    public func appendRFC3339(to out: inout [UInt8]) {
        let day = Int64(86_400_000_000)
        let days = microseconds >= 0 ? microseconds / day : (microseconds - (day - 1)) / day
        let rest = microseconds - days * day
        let date = Self.date(days: Int(days))
        JSONText.append(date.year, width: 4, to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(date.month, width: 2, to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(date.day, width: 2, to: &out)
        out.append(UInt8(ascii: "T"))
        JSONText.append(rest / 3_600_000_000, width: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        JSONText.append(rest / 60_000_000 % 60, width: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        JSONText.append(rest / 1_000_000 % 60, width: 2, to: &out)
        out.append(UInt8(ascii: "."))
        JSONText.append(rest % 1_000_000, width: 6, to: &out)
        out.append(UInt8(ascii: "Z"))
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String {
        var bytes: [UInt8] = []
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Reads a timestamp's text from left to right.
private struct TimestampReader<Text: Collection<UInt8>> where Text.Element == UInt8 {
    private var rest: Text.SubSequence

    init(_ text: Text) { rest = text[...] }

    mutating func readAll() -> Int64? {
        guard let year = number(4...6), take("-"), let month = number(2...2), take("-"),
            let day = number(2...2), (1...12).contains(month), (1...31).contains(day),
            take(" ") || take("T"),
            let hour = number(2...2), take(":"), let minute = number(2...2), take(":"),
            let second = number(2...2), hour < 25, minute < 60, second < 61
        else { return nil }
        guard let fraction = fraction(), let zone = zone(), rest.isEmpty else { return nil }
        let days = Timestamp.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - zone
        // Beyond the year 294246, PostgreSQL's own last, the microseconds overflow.
        let (whole, overflows) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
        let (moment, overflowsToo) = whole.addingReportingOverflow(Int64(fraction))
        return overflows || overflowsToo ? nil : moment
    }

    /// Up to six decimals as microseconds; more are cut.
    private mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var value = 0
        var digits = 0
        while let byte = rest.first, byte.isDigit {
            if digits < 6 { value = value * 10 + Int(byte - 48) }
            digits += 1
            rest.removeFirst()
        }
        guard digits > 0 else { return nil }
        for _ in 0..<max(0, 6 - digits) { value *= 10 }
        return value
    }

    /// The zone's offset from UTC in seconds.
    private mutating func zone() -> Int? {
        if take("Z") || rest.isEmpty { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(2...2) else { return nil }
        var seconds = hours * 3600
        if take(":") {
            guard let minutes = number(2...2) else { return nil }
            seconds += minutes * 60
            if take(":") {
                guard let more = number(2...2) else { return nil }
                seconds += more
            }
        }
        return isWest ? -seconds : seconds
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func number(_ length: ClosedRange<Int>) -> Int? {
        var value = 0
        var digits = 0
        while digits < length.upperBound, let byte = rest.first, byte.isDigit {
            value = value * 10 + Int(byte - 48)
            digits += 1
            rest.removeFirst()
        }
        return length.contains(digits) ? value : nil
    }
}
