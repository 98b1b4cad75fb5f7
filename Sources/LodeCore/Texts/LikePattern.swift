/// A pattern of `LIKE` or `ILIKE`, read once (like.c, like_match.c).
///
///     LikePattern("Order\_%") matches what begins with "Order_"
///
/// Matching allocates nothing and takes at most the product of both lengths. Without case, text and
/// pattern are compared in lower case, letter by letter, as PostgreSQL does in UTF-8.
struct LikePattern: Hashable, Sendable {
    private enum Unit: Hashable {
        /// A byte, or without case a character in lower case.
        case literal(UInt32)
        /// `_`
        case anyCharacter
        /// `%`
        case anySequence
    }

    private let units: [Unit]
    private let ignoresCase: Bool

    /// - Parameter escape: What takes `%` and `_` their meaning: one character, or none.
    /// - Throws: When the escape is longer, or ends the pattern. PostgreSQL says the latter only when a text
    ///   matches so far.
    init(
        _ pattern: [UInt8], escape: [UInt8] = [UInt8(ascii: "\\")], ignoringCase: Bool = false
    ) throws(EvaluationError) {
        let escaping = try Self.character(escape)
        var units: [Unit] = []
        var at = 0
        // A `%` is kept back until no `_` follows, so that a literal comes after it: `%_` is `_%`.
        var hasSequence = false
        while at < pattern.count {
            let start = at
            var character = Characters.next(pattern.span, &at)
            var literal = start..<at
            if character == escaping {
                guard at < pattern.count else {
                    throw EvaluationError("LIKE pattern must not end with escape character")
                }
                let next = at
                character = Characters.next(pattern.span, &at)
                literal = next..<at
            } else if character == UInt32(UInt8(ascii: "%")) {
                hasSequence = true
                continue
            } else if character == UInt32(UInt8(ascii: "_")) {
                units.append(.anyCharacter)
                continue
            }
            if hasSequence { units.append(.anySequence) }
            hasSequence = false
            if ignoringCase {
                units.append(.literal(LetterCase.lower(character)))
            } else {
                for byte in pattern[literal] { units.append(.literal(UInt32(byte))) }
            }
        }
        if hasSequence { units.append(.anySequence) }
        self.units = units
        ignoresCase = ignoringCase
    }

    private static func character(_ escape: [UInt8]) throws(EvaluationError) -> UInt32? {
        guard !escape.isEmpty else { return nil }
        var at = 0
        let character = Characters.next(escape.span, &at)
        guard at == escape.count else {
            throw EvaluationError("invalid escape string: it must be empty or one character")
        }
        return character
    }

    func matches(_ text: [UInt8]) -> Bool { matches(text.span) }

    func matches(_ text: Span<UInt8>) -> Bool {
        var at = 0
        var unit = 0
        // Behind the last `%`, and where the text that it does not cover begins.
        var retryUnit = -1
        var retryAt = 0
        while true {
            if unit < units.count, units[unit] == .anySequence {
                unit += 1
                if unit == units.count { return true }
                retryUnit = unit
                retryAt = at
                continue
            }
            guard at < text.count else { return unit == units.count }
            if unit < units.count {
                var next = at
                let isMatch =
                    switch units[unit] {
                    case .literal(let wanted): read(text, &next) == wanted
                    default: skip(text, &next)
                    }
                if isMatch {
                    at = next
                    unit += 1
                    continue
                }
            }
            guard retryUnit >= 0 else { return false }
            _ = skip(text, &retryAt)
            at = retryAt
            unit = retryUnit
        }
    }

    @inline(__always)
    private func read(_ text: Span<UInt8>, _ at: inout Int) -> UInt32 {
        if ignoresCase { return LetterCase.lower(Characters.next(text, &at)) }
        at += 1
        return UInt32(text[at - 1])
    }

    private func skip(_ text: Span<UInt8>, _ at: inout Int) -> Bool {
        at += Characters.length(text, at)
        return true
    }
}
