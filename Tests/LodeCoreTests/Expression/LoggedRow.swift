@testable import LodeCore

/// A column's value as a record of the log has it.
enum LoggedValue: Hashable, Sendable {
    /// What PostgreSQL prints, without quotes.
    case bare(String)
    case quoted(String)
    case null
    case unchanged
    case absent
}

/// The bytes of a record and where the values of its two rows stand in them.
struct LoggedRow {
    private(set) var record: [UInt8] = Array("table public.t: ".utf8)
    private(set) var new: [Cell] = []
    private(set) var old: [Cell] = []

    init(new: [LoggedValue], old: [LoggedValue] = []) {
        self.old = old.map { append($0) }
        self.new = new.map { append($0) }
    }

    private mutating func append(_ value: LoggedValue) -> Cell {
        switch value {
        case .null: return Cell(.null)
        case .unchanged: return Cell(.unchanged)
        case .absent: return Cell(.absent)
        case .bare(let text):
            return Cell(.bare, append(Array(text.utf8)))
        case .quoted(let text):
            let doubled = text.utf8.flatMap { $0 == 39 ? [$0, $0] : [$0] }
            record.append(39)
            let range = append(doubled)
            record.append(39)
            return Cell(doubled.count > text.utf8.count ? .doubled : .quoted, range)
        }
    }

    private mutating func append(_ text: [UInt8]) -> ByteRange {
        let start = record.count
        record += text
        return ByteRange(start, record.count)
    }

    func truth(_ expression: Expression) throws(EvaluationError) -> Truth {
        var rows = RowSet(record: record, new: new, old: old)
        return try expression.truth(&rows)
    }

    func value(_ expression: Expression) throws(EvaluationError) -> Value {
        var rows = RowSet(record: record, new: new, old: old)
        return try expression.value(&rows)
    }
}

/// Random numbers that come again for the same seed (SplitMix64).
struct ReplayableRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func one<Element>(of choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    /// True `times` out of a hundred.
    mutating func percent(_ times: Int) -> Bool { Int.random(in: 0..<100, using: &self) < times }
}
