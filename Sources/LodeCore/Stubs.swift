public struct Numeric: Hashable, Sendable {
    var digits: [UInt8]
    init?(_ text: Span<UInt8>, _ range: Range<Int>) { digits = text.bytes(ByteRange(range.lowerBound, range.upperBound)) }
    init(_ value: Int64) { digits = Array(String(value).utf8) }
    var text: [UInt8] { digits }
    func compare(_ other: Numeric) -> Int { 0 }
    func double() -> Double { 0 }
}
public struct Interval: Hashable, Sendable {
    var months: Int32; var days: Int32; var microseconds: Int64
    static func parse(_ text: [UInt8]) -> Interval? { (try? IntervalText.microseconds(text.span, 0..<text.count)).map { Interval(months: 0, days: 0, microseconds: $0) } }
    var text: [UInt8] { [] }
    func compare(_ other: Interval) -> Int { microseconds < other.microseconds ? -1 : microseconds > other.microseconds ? 1 : 0 }
}
enum CalendarDay { static func text(_ days: Int64) -> [UInt8] { [] } }
enum Moment { static func text(_ us: Int64, withZone: Bool) -> [UInt8] { [] } }
enum TimeOfDay { static func text(_ us: Int64) -> [UInt8] { [] } }
enum FloatFormat { static func text(_ value: Double, isReal: Bool) -> [UInt8] { Array(String(value).utf8) } }
enum JSONNormalForm { static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a == b } }
struct PostgresArray { var elements: [[UInt8]?]; init?(_ text: [UInt8]) { return nil } }
extension PostgresArray { init(_ e: [[UInt8]?]) { elements = e }; var text: [UInt8] { [] }; func element(at place: Int64) -> [UInt8]? { nil } }
