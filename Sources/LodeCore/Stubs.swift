struct Interval: Hashable, Sendable {
    var months: Int32; var days: Int32; var microseconds: Int64
    static func parse(_ text: [UInt8]) -> Interval? { (try? IntervalText.microseconds(text.span, 0..<text.count)).map { Interval(months: 0, days: 0, microseconds: $0) } }
    var text: [UInt8] { [] }
    func compare(_ other: Interval) -> Int { microseconds < other.microseconds ? -1 : microseconds > other.microseconds ? 1 : 0 }
}
enum CalendarDay { static func text(_ days: Int64) -> [UInt8] { [] } }
enum Moment { static func text(_ us: Int64, withZone: Bool) -> [UInt8] { [] } }
enum TimeOfDay { static func text(_ us: Int64) -> [UInt8] { [] } }
