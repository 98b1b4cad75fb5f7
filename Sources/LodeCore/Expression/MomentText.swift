/// Dates and times out of their text, as numbers that compare: days or microseconds from 2000-01-01,
/// PostgreSQL's own epoch, from which every timestamp that it knows fits 64 bits.
///
/// Reads what PostgreSQL prints with DateStyle ISO and TimeZone UTC, and the ISO forms that people
/// write in literals.
enum MomentText {
    enum Failure: Error {
        case syntax
        /// The 30th of February, 25 o'clock, the year 300000.
        case range
    }

    static let infinity = Int64.max
    static let minusInfinity = Int64.min

    private static let day: Int64 = 86_400_000_000
    /// 1970-01-01.
    private static let epoch: Int64 = -10_957
    /// 4714-11-24 BC, the Julian day 0.
    private static let firstDay: Int64 = -2_451_545
    /// 5874898-01-01.
    private static let endOfDates: Int64 = 2_147_483_494 - 2_451_545
    /// 294277-01-01.
    private static let endOfTimestamps: Int64 = 109_203_528 - 2_451_545

    static func days(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Failure) -> Int64 {
        let range = bytes.trimmed(range)
        if let infinity = infinity(bytes, range) { return infinity }
        if bytes.hasWord("epoch", range) { return epoch }
        return try MomentFields(bytes, range).days(before: endOfDates)
    }

    /// - Parameter appliesZone: Whether a zone in the text counts; a `timestamp` takes no notice of it.
    static func microseconds(
        _ bytes: Span<UInt8>, _ range: Range<Int>, appliesZone: Bool
    ) throws(Failure) -> Int64 {
        let range = bytes.trimmed(range)
        if let infinity = infinity(bytes, range) { return infinity }
        if bytes.hasWord("epoch", range) { return epoch * day }
        let fields = try MomentFields(bytes, range)
        let days = try fields.days(before: endOfTimestamps + 1)
        // Within 64 bits for all the days let through; midnight UTC of a day may be one too many.
        let (moment, isOver) = (days * day).addingReportingOverflow(
            fields.microseconds - (appliesZone ? fields.zone * 1_000_000 : 0))
        guard !isOver, moment >= firstDay * day, moment < endOfTimestamps * day else { throw .range }
        return moment
    }

    static func timeOfDay(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Failure) -> Int64 {
        let range = bytes.trimmed(range)
        return try MomentFields(timeOfDay: bytes, range).microseconds
    }

    /// The first moment of a day; one that no timestamp reaches comes after all of them, but before
    /// infinity.
    static func midnight(of days: Int64) -> Int64 {
        if days == infinity || days == minusInfinity { return days }
        return days >= endOfTimestamps ? infinity - 1 : days * day
    }

    static func infinity(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        if bytes.hasWord("infinity", range) { return infinity }
        guard range.count == 9, bytes.hasWord("infinity", range.dropFirst()) else { return nil }
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "+"): return infinity
        case UInt8(ascii: "-"): return minusInfinity
        default: return nil
        }
    }
}

/// The numbers of a date and time, each within its bounds.
private struct MomentFields {
    private var year = 2000
    private var month = 1
    private var dayOfMonth = 1
    /// Of the day; a whole day for 24:00.
    private(set) var microseconds: Int64 = 0
    /// Seconds east of UTC.
    private(set) var zone: Int64 = 0

    private var at: Int
    private let end: Int

    /// `2024-02-29[ 12:34[:56.789]][+00[:30]][ BC]`
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MomentText.Failure) {
        (at, end) = (range.lowerBound, range.upperBound)
        try readDate(bytes)
        let dateEnd = at
        let hasMark = take("T", bytes) || take("t", bytes)
        if !hasMark { skipBlanks(bytes) }
        if hasMark || at > dateEnd && at < end && bytes[at].isDigit {
            try readTime(bytes)
            try readZone(bytes)
        }
        readEra(bytes)
        guard at == end else { throw .syntax }
        guard (1...12).contains(month), dayOfMonth >= 1, dayOfMonth <= Self.length(of: month, year) else {
            throw .range
        }
    }

    init(timeOfDay bytes: Span<UInt8>, _ range: Range<Int>) throws(MomentText.Failure) {
        (at, end) = (range.lowerBound, range.upperBound)
        try readTime(bytes)
        guard at == end else { throw .syntax }
    }

    /// From 2000-01-01.
    func days(before limit: Int64) throws(MomentText.Failure) -> Int64 {
        let days = Int64(Timestamp.days(year: year, month: month, day: dayOfMonth)) - 10_957
        guard days >= -2_451_545, days < limit else { throw .range }
        return days
    }

    private mutating func readDate(_ bytes: Span<UInt8>) throws(MomentText.Failure) {
        let start = at
        year = try number(bytes, 4...8)
        if at < end, bytes[at] == UInt8(ascii: "-") {
            guard at - start < 8 else { throw .range }
            at += 1
            month = try number(bytes, 1...2)
            guard take("-", bytes) else { throw .syntax }
            dayOfMonth = try number(bytes, 1...2)
        } else {
            // 20240229
            guard at - start == 8 else { throw .syntax }
            (year, month, dayOfMonth) = (year / 10_000, year / 100 % 100, year % 100)
        }
        if year == 0 { throw .range }
    }

    private mutating func readTime(_ bytes: Span<UInt8>) throws(MomentText.Failure) {
        let hour = try number(bytes, 1...2)
        guard take(":", bytes) else { throw .syntax }
        let minute = try number(bytes, 2...2)
        var second = 0
        var fraction: Int64 = 0
        if take(":", bytes) {
            second = try number(bytes, 2...2)
            fraction = try readFraction(bytes)
        }
        guard hour <= 24, minute < 60, second <= 60 else { throw .range }
        microseconds = Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
        guard microseconds <= 86_400_000_000 else { throw .range }
    }

    /// In microseconds; more than six decimals are rounded, as `ParseFractionalSecond` does.
    private mutating func readFraction(_ bytes: Span<UInt8>) throws(MomentText.Failure) -> Int64 {
        guard take(".", bytes) else { return 0 }
        var value: Int64 = 0
        var power: Int64 = 1
        let start = at
        while at < end, bytes[at].isDigit {
            if power < 1_000_000_000_000_000 {
                value = value * 10 + Int64(bytes[at] &- 48)
                power *= 10
            }
            at += 1
        }
        guard at > start else { return 0 }
        if power <= 1_000_000 { return value * (1_000_000 / power) }
        return Int64((Double(value) / Double(power) * 1_000_000).rounded(.toNearestOrEven))
    }

    private mutating func readZone(_ bytes: Span<UInt8>) throws(MomentText.Failure) {
        skipBlanks(bytes)
        if take("Z", bytes) || take("z", bytes) { return }
        if end - at >= 3, bytes.hasWord("utc", at..<at + 3) || bytes.hasWord("gmt", at..<at + 3) {
            at += 3
            return
        }
        let isWest = take("-", bytes)
        guard isWest || take("+", bytes) else { return }
        let start = at
        var hours = try number(bytes, 1...4)
        var minutes = 0
        var seconds = 0
        if at - start > 2 {
            (hours, minutes) = (hours / 100, hours % 100)
        } else if take(":", bytes) {
            minutes = try number(bytes, 2...2)
            if take(":", bytes) { seconds = try number(bytes, 2...2) }
        }
        guard hours <= 15, minutes < 60, seconds < 60 else { throw .range }
        zone = Int64((hours * 60 + minutes) * 60 + seconds) * (isWest ? -1 : 1)
    }

    private mutating func readEra(_ bytes: Span<UInt8>) {
        skipBlanks(bytes)
        guard end - at == 2 else { return }
        if bytes.hasWord("bc", at..<end) {
            // There is no year 0: 1 BC is the year before 1.
            year = 1 - year
            at = end
        } else if bytes.hasWord("ad", at..<end) {
            at = end
        }
    }

    private static func length(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private mutating func number(
        _ bytes: Span<UInt8>, _ lengths: ClosedRange<Int>
    ) throws(MomentText.Failure) -> Int {
        let start = at
        var value = 0
        while at < end, at - start < lengths.upperBound, bytes[at].isDigit {
            value = value * 10 + Int(bytes[at] &- 48)
            at += 1
        }
        guard at - start >= lengths.lowerBound else { throw .syntax }
        return value
    }

    private mutating func take(_ character: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
        guard at < end, UInt32(bytes[at]) == character.value else { return false }
        at += 1
        return true
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while at < end, bytes[at].isBlank { at += 1 }
    }
}

extension Span<UInt8> {
    /// `range` without blanks at its ends, as the input functions of most types read it.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start].isBlank { start += 1 }
        while start < end, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }
}
