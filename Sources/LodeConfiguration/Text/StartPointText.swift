import LodeCore

extension StartPoint {
    /// What to write instead, for diagnostics.
    static let advice = "write earliest, latest, a time such as 2026-01-31T00:00:00Z, or a position such as 4711"

    /// Reads `earliest`, `latest`, a position (a number from 0), a time in ISO 8601 (UTC unless
    /// it has a zone) or a date, which is its first moment; nil when the text is anything else.
    public init?(_ text: String) {
        if text == "earliest" {
            self = .earliest
        } else if text == "latest" {
            self = .latest
        } else if !text.isEmpty, text.utf8.allSatisfy(\.isDigit) {
            guard let position = Int64(text) else { return nil }
            self = .position(position)
        } else {
            guard let time = Self.time(text) else { return nil }
            self = .time(time)
        }
    }

    /// The year has four digits, and the day exists.
    private static func time(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-") else { return nil }
        let day = Array(bytes[..<10])
        guard let midnight = Timestamp(day + Array("T00:00:00Z".utf8)),
            midnight.description.utf8.starts(with: day)
        else { return nil }
        return bytes.count == 10 ? midnight : Timestamp(bytes)
    }
}
