/// A `to_char` format cut into its patterns and the text between them (`parse_format` of formatting.c).
///
/// Not known: `SP`, which PostgreSQL ignores too. `TM` is taken as `FM` with English names, since the server's locale
/// is not in the log.
struct MomentFormat: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case pattern(MomentPattern, Modifiers)
        /// A character to print; `isQuoted` in double quotes.
        case literal([UInt8], isQuoted: Bool)
    }

    struct Modifiers: OptionSet, Hashable, Sendable {
        let rawValue: Int
        /// No blanks and no zeros in front.
        static let fill = Modifiers(rawValue: 1)
        static let ordinal = Modifiers(rawValue: 2)
        static let upperOrdinal = Modifiers(rawValue: 4)
        static let local = Modifiers(rawValue: 8)
    }

    private(set) var steps: [Step] = []

    /// Every text is a format.
    init(_ text: [UInt8]) {
        var rest = text[...]
        while !rest.isEmpty { readStep(&rest) }
    }

    private mutating func readStep(_ rest: inout ArraySlice<UInt8>) {
        var modifiers: Modifiers = []
        if rest.starts(with: "FM".utf8) || rest.starts(with: "fm".utf8) {
            modifiers = .fill
            rest = rest.dropFirst(2)
        } else if rest.starts(with: "TM".utf8) || rest.starts(with: "tm".utf8) {
            modifiers = .local
            rest = rest.dropFirst(2)
        }
        guard let first = rest.first else { return }
        if let pattern = MomentPattern(at: &rest) {
            if rest.starts(with: "TH".utf8) {
                modifiers.formUnion(.upperOrdinal)
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "th".utf8) {
                modifiers.formUnion(.ordinal)
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "SP".utf8) {
                rest = rest.dropFirst(2)
            }
            steps.append(.pattern(pattern, modifiers))
            return
        }
        if first == UInt8(ascii: "\"") {
            readQuoted(&rest)
            return
        }
        // A backslash means something only before a double quote.
        if first == UInt8(ascii: "\\"), rest.dropFirst().first == UInt8(ascii: "\"") { rest = rest.dropFirst() }
        steps.append(.literal(Self.character(&rest), isQuoted: false))
    }

    private mutating func readQuoted(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.dropFirst()
        while let byte = rest.first {
            if byte == UInt8(ascii: "\"") {
                rest = rest.dropFirst()
                return
            }
            if byte == UInt8(ascii: "\\"), rest.count > 1 { rest = rest.dropFirst() }
            steps.append(.literal(Self.character(&rest), isQuoted: true))
        }
    }

    /// One character of UTF-8.
    private static func character(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var character = [UInt8](rest.prefix(1))
        rest = rest.dropFirst()
        while let byte = rest.first, byte & 0xC0 == 0x80 {
            character.append(byte)
            rest = rest.dropFirst()
        }
        return character
    }
}

/// The patterns of `to_char` and `to_timestamp`. Where only the case of letters in the output differs, it is kept.
enum MomentPattern: Hashable, Sendable {
    enum Case: Hashable, Sendable { case upper, title, lower }

    case halfDay(Case, isDotted: Bool)
    case era(Case, isDotted: Bool)
    case hour12, hour24, minute, second
    /// `SSSS` and `SSSSS` differ in how many digits are read.
    case secondsOfDay(Int)
    /// Decimals of the second.
    case fraction(Int)
    /// `MS`, `US`: the same, but read otherwise.
    case millisecond, microsecond
    case month(Case)
    case shortMonth(Case)
    case monthNumber
    case romanMonth(Case)
    case day(Case)
    case shortDay(Case)
    case dayOfMonth, dayOfYear, dayOfWeek, isoDayOfWeek, isoDayOfYear
    case weekOfMonth, weekOfYear, isoWeek
    case quarter, century, julian
    /// The last so many digits; four is all of them.
    case year(Int)
    case isoYear(Int)
    case yearWithComma
    case zone(Case)
    case zoneHour, zoneMinute, offset
    /// `FX`: asks `to_timestamp` to be strict; prints nothing.
    case exact

    /// Takes the longest pattern that `rest` starts with.
    init?(at rest: inout ArraySlice<UInt8>) {
        // The longest, so that HH24 is not HH.
        for length in stride(from: min(5, rest.count), through: 1, by: -1) {
            guard let known = Self.known[String(decoding: rest.prefix(length), as: UTF8.self)] else { continue }
            self = known
            rest = rest.dropFirst(length)
            return
        }
        return nil
    }

    /// Numbers print the same in either case.
    private static let numbers: [(String, MomentPattern)] = [
        ("CC", .century), ("DDD", .dayOfYear), ("DD", .dayOfMonth), ("D", .dayOfWeek), ("FF1", .fraction(1)),
        ("FF2", .fraction(2)), ("FF3", .fraction(3)), ("FF4", .fraction(4)), ("FF5", .fraction(5)),
        ("FF6", .fraction(6)), ("FX", .exact), ("HH24", .hour24), ("HH12", .hour12), ("HH", .hour12),
        ("IDDD", .isoDayOfYear), ("ID", .isoDayOfWeek), ("IW", .isoWeek), ("IYYY", .isoYear(4)),
        ("IYY", .isoYear(3)), ("IY", .isoYear(2)), ("I", .isoYear(1)), ("J", .julian), ("MI", .minute),
        ("MM", .monthNumber), ("MS", .millisecond), ("Q", .quarter), ("SSSSS", .secondsOfDay(5)),
        ("SSSS", .secondsOfDay(4)), ("SS", .second), ("US", .microsecond), ("WW", .weekOfYear), ("W", .weekOfMonth),
        ("Y,YYY", .yearWithComma), ("YYYY", .year(4)), ("YYY", .year(3)), ("YY", .year(2)), ("Y", .year(1)),
        ("TZH", .zoneHour), ("TZM", .zoneMinute), ("OF", .offset),
    ]

    private static let known: [String: MomentPattern] = {
        var known: [String: MomentPattern] = [
            "MONTH": .month(.upper), "Month": .month(.title), "month": .month(.lower), "MON": .shortMonth(.upper),
            "Mon": .shortMonth(.title), "mon": .shortMonth(.lower), "DAY": .day(.upper), "Day": .day(.title),
            "day": .day(.lower), "DY": .shortDay(.upper), "Dy": .shortDay(.title), "dy": .shortDay(.lower),
            "RM": .romanMonth(.upper), "rm": .romanMonth(.lower), "TZ": .zone(.upper), "tz": .zone(.lower),
        ]
        for (name, pattern) in numbers {
            known[name] = pattern
            known[name.lowercased()] = pattern
        }
        for name in ["AM", "PM"] {
            let dotted = name.map { "\($0)." }.joined()
            known[name] = .halfDay(.upper, isDotted: false)
            known[name.lowercased()] = .halfDay(.lower, isDotted: false)
            known[dotted] = .halfDay(.upper, isDotted: true)
            known[dotted.lowercased()] = .halfDay(.lower, isDotted: true)
        }
        for name in ["AD", "BC"] {
            let dotted = name.map { "\($0)." }.joined()
            known[name] = .era(.upper, isDotted: false)
            known[name.lowercased()] = .era(.lower, isDotted: false)
            known[dotted] = .era(.upper, isDotted: true)
            known[dotted.lowercased()] = .era(.lower, isDotted: true)
        }
        return known
    }()
}
