/// A format of `to_char` for numbers, such as `FM999,990.00`, read once (formatting.c).
///
/// Everything that PostgreSQL knows but Roman numerals (`RN`) and a `0` behind `V`, where its versions
/// differ. The locale is C, as everywhere in Lode: `D` is a point, `G` a comma, `L` a space.
struct NumberFormat: Hashable, Sendable {
    enum Item: Hashable, Sendable {
        case nine, zero, point, comma, minus, plus, sign, currency
        case ordinal(isUpper: Bool)
        case literal(UInt8)
        /// Patterns that write nothing where they stand.
        case silent
    }

    enum SignPlace: Hashable, Sendable { case none, before, after }

    /// Longer ones are refused.
    static let mostBytes = 1000

    private(set) var items: [Item] = []
    /// Digits before the point and behind it.
    var whole = 0
    var fraction = 0
    /// Digits behind `V`: the number is shown times 10 to this power.
    private(set) var shift = 0
    /// Where the first `0` before the point stands, among the digits.
    private(set) var firstZero: Int?
    /// How many digits there are up to the last `0`.
    private(set) var lastZero = 0
    private(set) var hasPoint = false
    /// `FM`: no blanks, no zeros at the end.
    private(set) var fills = false
    private(set) var hasMinus = false
    private(set) var hasPlus = false
    private(set) var hasBrackets = false
    private(set) var hasShift = false
    private(set) var isScientific = false
    private var isBlankZero = false
    private(set) var signPlace = SignPlace.none
    /// Digits in front of `S`.
    private(set) var digitsBeforeSign = 0

    /// - Throws: `invalidFormat` for what PostgreSQL refuses, `unsupportedFormat` for what is not done here.
    init(_ format: [UInt8]) throws(ArithmeticError) {
        guard format.count <= Self.mostBytes else {
            throw .unsupportedFormat("more than \(Self.mostBytes) bytes")
        }
        var rest = format[...]
        while let byte = rest.first {
            if let (pattern, length) = Pattern.first(of: rest) {
                try add(pattern, isUpper: byte < 97)
                rest = rest.dropFirst(length)
            } else if byte == UInt8(ascii: "\"") {
                quoted(&rest)
            } else {
                let isEscape = byte == UInt8(ascii: "\\") && rest.dropFirst().first == UInt8(ascii: "\"")
                if isEscape { rest = rest.dropFirst() }
                items.append(.literal(rest.removeFirst()))
            }
        }
    }

    /// Text in double quotes, in which a backslash takes the next character as it is. The end of the
    /// format ends it too.
    private mutating func quoted(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            let isEscape = byte == UInt8(ascii: "\\")
            items.append(.literal(isEscape ? rest.popFirst() ?? byte : byte))
        }
    }

    /// What a pattern asks for, and PostgreSQL's rules about which go together.
    private mutating func add(_ pattern: Pattern, isUpper: Bool) throws(ArithmeticError) {
        if isScientific, pattern != .scientific {
            throw .invalidFormat("\"EEEE\" must be the last pattern used")
        }
        switch pattern {
        case .nine:
            if hasBrackets { throw .invalidFormat("\"9\" must be ahead of \"PR\"") }
            if hasShift {
                shift += 1
            } else if hasPoint {
                fraction += 1
            } else {
                whole += 1
            }
            items.append(.nine)
        case .zero:
            if hasBrackets { throw .invalidFormat("\"0\" must be ahead of \"PR\"") }
            if hasShift { throw .unsupportedFormat("“0” behind “V”") }
            if firstZero == nil, !hasPoint { firstZero = whole }
            if hasPoint { fraction += 1 } else { whole += 1 }
            lastZero = whole + fraction
            items.append(.zero)
        case .point:
            if hasPoint { throw .invalidFormat("multiple decimal points") }
            if hasShift { throw .invalidFormat("cannot use \"V\" and decimal point together") }
            hasPoint = true
            items.append(.point)
        case .shift:
            if hasPoint { throw .invalidFormat("cannot use \"V\" and decimal point together") }
            hasShift = true
            items.append(.silent)
        case .fill:
            fills = true
            items.append(.silent)
        case .blankZero:
            if whole == 0, fraction == 0, firstZero == nil { isBlankZero = true }
            items.append(.silent)
        case .sign, .minus, .plus, .bothSigns, .brackets: try addSign(pattern)
        case .comma: items.append(.comma)
        case .currency: items.append(.currency)
        case .ordinal: items.append(.ordinal(isUpper: isUpper))
        case .nothing: items.append(.silent)
        case .roman: throw .unsupportedFormat("“RN”")
        case .scientific:
            if isScientific { throw .invalidFormat("cannot use \"EEEE\" twice") }
            if isBlankZero || fills || signPlace != .none || hasBrackets || hasMinus || hasPlus || hasShift {
                throw .invalidFormat("\"EEEE\" is incompatible with other formats")
            }
            // PostgreSQL fills a float's digits up with zeros from 350 on.
            if fraction > 350 { throw .unsupportedFormat("“EEEE” with more than 350 decimals") }
            isScientific = true
        }
    }

    private mutating func addSign(_ pattern: Pattern) throws(ArithmeticError) {
        let hasSign = signPlace != .none
        switch pattern {
        case .sign:
            if hasSign { throw .invalidFormat("cannot use \"S\" twice") }
            if hasPlus || hasMinus || hasBrackets {
                throw .invalidFormat("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together")
            }
            signPlace = hasPoint ? .after : .before
            if !hasPoint { digitsBeforeSign = whole }
            items.append(.silent)
        case .minus:
            if hasSign { throw .invalidFormat("cannot use \"S\" and \"MI\" together") }
            hasMinus = true
            items.append(.minus)
        case .plus:
            if hasSign { throw .invalidFormat("cannot use \"S\" and \"PL\" together") }
            hasPlus = true
            items.append(.plus)
        case .bothSigns:
            if hasSign { throw .invalidFormat("cannot use \"S\" and \"SG\" together") }
            (hasMinus, hasPlus) = (true, true)
            items.append(.sign)
        default:
            if hasSign || hasPlus || hasMinus {
                throw .invalidFormat("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together")
            }
            hasBrackets = true
            items.append(.silent)
        }
    }
}

extension NumberFormat {
    /// A keyword of a format, all in capitals or all in small letters.
    enum Pattern {
        case nine, zero, point, comma, fill, blankZero, sign, minus, plus, bothSigns, brackets, currency, ordinal
        case shift, scientific, roman, nothing

        /// Those that begin another one come after it.
        private static let all: [(word: StaticString, pattern: Pattern)] = [
            (",", .comma), (".", .point), ("0", .zero), ("9", .nine), ("B", .blankZero), ("C", .nothing),
            ("D", .point), ("EEEE", .scientific), ("FM", .fill), ("G", .comma), ("L", .currency), ("MI", .minus),
            ("PL", .plus), ("PR", .brackets), ("RN", .roman), ("SG", .bothSigns), ("SP", .nothing), ("S", .sign),
            ("TH", .ordinal), ("V", .shift),
        ]

        /// The one that `text` begins with, and how many bytes it has.
        static func first(of text: ArraySlice<UInt8>) -> (Pattern, Int)? {
            for (word, pattern) in all {
                let isIt = word.withUTF8Buffer { letters in
                    text.starts(with: letters) || text.starts(with: letters.lazy.map { small($0) })
                }
                if isIt { return (pattern, word.utf8CodeUnitCount) }
            }
            return nil
        }

        private static func small(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
    }
}
