/// Reads intervals as PostgreSQL's input function does (`DecodeInterval` of datetime.c, as it is since 15):
/// `1 year 2 mons -3 days +04:05:06.7`, `1.5 hours ago`, `1-2`, `P1Y2M-3DT4H5M6.7S`.
struct IntervalReader {
    typealias Fault = MomentReader.Fault

    private var months: Int32 = 0
    private var days: Int32 = 0
    private var years: Int32 = 0
    private var microseconds: Int64 = 0

    static func read(_ text: [UInt8]) throws(MomentError) -> Interval {
        do {
            var reader = IntervalReader()
            if text.first == UInt8(ascii: "P") {
                try reader.readISO(text[...])
            } else {
                try reader.readUnits(text)
            }
            return try reader.interval()
        } catch {
            switch error {
            case .range, .zone:
                throw MomentError(
                    .intervalOverflow, "interval field value out of range: “\(MomentError.quote(text))”")
            case .format, .clock: throw .invalid(text, "interval")
            }
        }
    }

    private func interval() throws(Fault) -> Interval {
        let (yearMonths, isOver) = years.multipliedReportingOverflow(by: 12)
        let (months, isOverToo) = yearMonths.addingReportingOverflow(months)
        guard !isOver, !isOverToo else { throw .range }
        return Interval(months: months, days: days, microseconds: microseconds)
    }

    // MARK: - Numbers with units

    /// From the end, since a unit comes after its number.
    private mutating func readUnits(_ text: [UInt8]) throws(Fault) {
        guard let tokens = MomentToken.all(in: text) else { throw .format }
        // A number without one at the end is seconds, one before a time is days.
        var unit = MomentUnit.second
        var isUnitUnused = false
        var isBackwards = false
        var seen: Set<MomentUnit> = []
        for (index, token) in tokens.enumerated().reversed() {
            var found: Set<MomentUnit> = []
            switch token.kind {
            case _ where token.isClock:
                try addClock(token.text)
                unit = .day
                isUnitUnused = false
                found = [.hour, .minute, .second, .millisecond, .microsecond]
            case .time, .number, .date, .signed:
                found = try addNumber(token.text, &unit)
                isUnitUnused = false
            case .word, .special:
                guard !isUnitUnused else { throw .format }
                if token.text == Array("ago".utf8) {
                    guard index == tokens.count - 1 else { throw .format }
                    isBackwards = true
                    continue
                }
                guard let named = MomentUnit(unit: token.text) else { throw .format }
                unit = named
                isUnitUnused = true
            }
            guard seen.isDisjoint(with: found) else { throw .format }
            seen.formUnion(found)
        }
        guard !seen.isEmpty, !isUnitUnused else { throw .format }
        if isBackwards { try negate() }
    }

    private mutating func negate() throws(Fault) {
        guard months != .min, days != .min, years != .min, microseconds != .min else { throw .range }
        (months, days, years, microseconds) = (-months, -days, -years, -microseconds)
    }

    private mutating func addClock(_ text: [UInt8]) throws(Fault) {
        let isSigned = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
        let clock: ClockText
        do {
            clock = try ClockText(isSigned ? text.dropFirst() : text[...])
        } catch {
            // What is no clock after a sign is taken for a number then, and is none.
            throw isSigned ? .format : error
        }
        let rest = Int64(clock.minute * 60 + clock.second) * 1_000_000 + Int64(clock.microsecond)
        let (hours, isOver) = clock.hour.multipliedReportingOverflow(by: 3_600_000_000)
        let (time, isOverToo) = hours.addingReportingOverflow(rest)
        guard !isOver, !isOverToo else { throw .range }
        microseconds = text.first == UInt8(ascii: "-") ? -time : time
    }

    /// - Returns: What may not come again.
    private mutating func addNumber(_ text: [UInt8], _ unit: inout MomentUnit) throws(Fault) -> Set<MomentUnit> {
        guard let number = LeadingNumber.integer(text[...]) else { throw .range }
        var (value, rest) = number
        let isNegative = text.first == UInt8(ascii: "-")
        var fraction = 0.0
        if rest.first == UInt8(ascii: "-") {
            // Years and months: 1-2.
            guard let months = LeadingNumber.short(rest.dropFirst()), (0..<12).contains(months.value) else {
                throw .range
            }
            guard months.rest.isEmpty else { throw .format }
            unit = .month
            let (yearMonths, isOver) = value.multipliedReportingOverflow(by: 12)
            let (sum, isOverToo) = yearMonths.addingReportingOverflow(
                Int64(isNegative ? -months.value : months.value))
            guard !isOver, !isOverToo else { throw .range }
            value = sum
        } else if !rest.isEmpty {
            guard let part = LeadingNumber.fraction(rest) else { throw .format }
            fraction = isNegative ? -part : part
        }
        let used = unit
        try add(value, fraction, of: used)
        if used == .hour { unit = .day }
        if used == .second, fraction != 0 { return [.second, .millisecond, .microsecond] }
        return [used]
    }

    /// Adds so many of a unit; what is less than one goes to the smaller units.
    private mutating func add(_ value: Int64, _ fraction: Double, of unit: MomentUnit) throws(Fault) {
        switch unit {
        case .microsecond: try addTime(value, fraction, 1)
        case .millisecond: try addTime(value, fraction, 1000)
        case .second: try addTime(value, fraction, 1_000_000)
        case .minute: try addTime(value, fraction, 60_000_000)
        case .hour: try addTime(value, fraction, 3_600_000_000)
        case .day:
            try Self.add(value, 1, to: &days)
            try addTime(0, fraction, Moment.microsecondsPerDay)
        case .week:
            try Self.add(value, 7, to: &days)
            try addDays(fraction, 7)
        case .month:
            try Self.add(value, 1, to: &months)
            try addDays(fraction, 30)
        case .year: try addYears(value, fraction, 1)
        case .decade: try addYears(value, fraction, 10)
        case .century: try addYears(value, fraction, 100)
        case .millennium: try addYears(value, fraction, 1000)
        default: throw .format
        }
    }

    private mutating func addTime(_ value: Int64, _ fraction: Double, _ scale: Int64) throws(Fault) {
        let (whole, isOver) = value.multipliedReportingOverflow(by: scale)
        // Less than a day, so it is within 64 bits. Half a microsecond is nothing (`AdjustFractMicroseconds`).
        let exact = fraction * Double(scale)
        var part = Int64(exact)
        let rest = exact - Double(part)
        if rest > 0.5 { part += 1 } else if rest < -0.5 { part -= 1 }
        let (sum, isOverToo) = microseconds.addingReportingOverflow(whole)
        let (total, isOverThrice) = sum.addingReportingOverflow(part)
        guard !isOver, !isOverToo, !isOverThrice else { throw .range }
        microseconds = total
    }

    private mutating func addDays(_ fraction: Double, _ scale: Double) throws(Fault) {
        let exact = fraction * scale
        let whole = Int64(exact)
        try Self.add(whole, 1, to: &days)
        try addTime(0, exact - Double(whole), Moment.microsecondsPerDay)
    }

    private mutating func addYears(_ value: Int64, _ fraction: Double, _ scale: Int64) throws(Fault) {
        try Self.add(value, scale, to: &years)
        let part = (fraction * Double(scale) * 12).rounded(.toNearestOrEven)
        try Self.add(Int64(part), 1, to: &months)
    }

    private static func add(_ value: Int64, _ scale: Int64, to total: inout Int32) throws(Fault) {
        let (product, isOver) = value.multipliedReportingOverflow(by: scale)
        let (sum, isOverToo) = Int64(total).addingReportingOverflow(product)
        guard !isOver, !isOverToo, let sum = Int32(exactly: sum) else { throw .range }
        total = sum
    }

    // MARK: - ISO 8601

    /// `P1Y2M3W4DT5H6M7.8S`, each number with its own sign (`DecodeISO8601Interval`). The standard's alternative
    /// format, `P0001-02-03T04:05:06`, is not read.
    private mutating func readISO(_ text: ArraySlice<UInt8>) throws(Fault) {
        var rest = text.dropFirst()
        guard !rest.isEmpty else { throw .format }
        var isTime = false
        while let first = rest.first {
            if first == UInt8(ascii: "T") {
                isTime = true
                rest = rest.dropFirst()
                continue
            }
            let (value, fraction) = try Self.isoNumber(&rest)
            guard let letter = rest.popFirst(), let unit = Self.isoUnit(letter, isTime: isTime) else {
                throw .format
            }
            try add(value, fraction, of: unit)
        }
    }

    private static func isoUnit(_ letter: UInt8, isTime: Bool) -> MomentUnit? {
        switch (letter, isTime) {
        case (UInt8(ascii: "Y"), false): .year
        case (UInt8(ascii: "M"), false): .month
        case (UInt8(ascii: "W"), false): .week
        case (UInt8(ascii: "D"), false): .day
        case (UInt8(ascii: "H"), true): .hour
        case (UInt8(ascii: "M"), true): .minute
        case (UInt8(ascii: "S"), true): .second
        default: nil
        }
    }

    /// PostgreSQL reads a double here and takes none beyond 1e15, so that its whole part is exact.
    private static func isoNumber(_ rest: inout ArraySlice<UInt8>) throws(Fault) -> (Int64, Double) {
        let sign = rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") ? 1 : 0
        let number = rest.dropFirst(sign).prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
        let text = rest.prefix(sign + number.count)
        guard number.contains(where: \.isDigit), number.count(where: { $0 == UInt8(ascii: ".") }) <= 1,
            rest.first != UInt8(ascii: "+"), let value = Double(Self.completed(text))
        else { throw .format }
        guard value.magnitude <= 1e15 else { throw .range }
        rest = rest.dropFirst(text.count)
        let whole = Int64(value)
        return (whole, value - Double(whole))
    }

    /// With a digit before and after the point, as C does not ask for.
    private static func completed(_ number: ArraySlice<UInt8>) -> String {
        let isNegative = number.first == UInt8(ascii: "-")
        return (isNegative ? "-0" : "0") + String(decoding: number.dropFirst(isNegative ? 1 : 0), as: UTF8.self)
            + (number.last == UInt8(ascii: ".") ? "0" : "")
    }
}

extension MomentToken {
    /// With or without a sign.
    fileprivate var isClock: Bool { kind == .time || kind == .signed && text.contains(UInt8(ascii: ":")) }
}

extension Interval {
    /// Nil when PostgreSQL would refuse the text.
    static func parse(_ text: [UInt8]) -> Interval? { try? IntervalReader.read(text) }

    /// As `parse`, with the reason.
    static func read(_ text: [UInt8]) throws(MomentError) -> Interval { try IntervalReader.read(text) }
}
