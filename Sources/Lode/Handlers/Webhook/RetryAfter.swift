import Foundation

/// The header `Retry-After`: RFC 9110, 10.2.3.
enum RetryAfter {
    /// No peer holds up a subscriber for longer; asking once an hour is polite whatever it said.
    static let most = Duration.seconds(3600)

    /// How long to wait; nil: not at all, or the value says nothing.
    ///
    /// - Parameter answeredAt: The answer's `Date`, so that a clock that is wrong on either side does not count.
    static func pause(_ value: String, answeredAt date: String?, now: Date) -> Duration? {
        let text = value.trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            // More digits than a number has are a very long time.
            let seconds = Int64(text) ?? .max
            return seconds == 0 ? nil : min(.seconds(min(seconds, 1_000_000)), most)
        }
        guard let until = HTTPDate.date(text, now: now) else { return nil }
        let seconds = until.timeIntervalSince(date.flatMap { HTTPDate.date($0, now: now) } ?? now)
        return seconds <= 0 ? nil : min(.seconds(min(seconds, 1_000_000)), most)
    }
}

/// A date in a header, in any of the three forms that a reader must take: RFC 9110, 5.6.7.
enum HTTPDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    static func date(_ text: String, now: Date) -> Date? {
        // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
        var words = text.lowercased().split { " ,-:".contains($0) }
        if words.last == "gmt" { words.removeLast() }
        guard words.count == 7 else { return nil }
        // By the place of the month.
        let order = Int(words[1]) == nil ? [6, 1, 2, 3, 4, 5] : [3, 2, 1, 4, 5, 6]
        guard let month = months.firstIndex(of: String(words[order[1]])) else { return nil }
        let numbers = order.map { Int(words[$0]) ?? -1 }
        guard (0...59).contains(numbers[4]), (0...23).contains(numbers[3]), (0...60).contains(numbers[5]) else {
            return nil
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var year = numbers[0]
        if words[order[0]].count == 2 {
            // Of two digits, and more than 50 years ahead: the century before.
            let current = calendar.component(.year, from: now)
            year += current / 100 * 100
            if year > current + 50 { year -= 100 }
        }
        // Second 60 is the next minute's first.
        let parts = DateComponents(
            calendar: calendar, timeZone: .gmt, year: year, month: month + 1, day: numbers[2], hour: numbers[3],
            minute: numbers[4], second: min(numbers[5], 59))
        guard (1970...9999).contains(year), parts.isValidDate(in: calendar) else { return nil }
        return calendar.date(from: parts)
    }
}
