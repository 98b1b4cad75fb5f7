/// What `regexp_replace` puts in the place of a match, read once: `\1` to `\9` are groups, `\&` is all of
/// it, `\\` a backslash; any other backslash is itself (appendStringInfoRegexpSubstr, varlena.c).
struct RegularExpressionReplacement: Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case literal([UInt8])
        /// 0: the whole match.
        case group(Int)
    }

    let pieces: [Piece]

    init(_ text: [UInt8]) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var at = 0
        while at < text.count {
            let byte = text[at]
            at += 1
            guard byte == UInt8(ascii: "\\"), at < text.count else {
                literal.append(byte)
                continue
            }
            switch text[at] {
            case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "&"):
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = []
                pieces.append(.group(text[at] == UInt8(ascii: "&") ? 0 : Int(text[at] - 48)))
                at += 1
            case UInt8(ascii: "\\"):
                literal.append(byte)
                at += 1
            default: literal.append(byte)
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    var usesGroups: Bool { pieces.contains { if case .group(1...) = $0 { true } else { false } } }
}

extension RegularExpression {
    /// `regexp_replace(text, pattern, replacement)`: the first match, or with the flag g all.
    func replacing(
        in text: [UInt8], with replacement: RegularExpressionReplacement, all: Bool = false
    ) throws(EvaluationError) -> [UInt8] {
        var search = try Search(text)
        let withGroups = replacement.usesGroups
        var out: [UInt8] = []
        var copied = 0
        var start = 0
        while start <= text.count, let match = try match(&search, from: start, withGroups: withGroups) {
            let whole = match.whole
            out += text[copied..<whole.lowerBound]
            for piece in replacement.pieces {
                switch piece {
                case .literal(let literal): out += literal
                case .group(let group):
                    if group < match.groups.count, let place = match.groups[group] { out += text[place] }
                }
            }
            guard out.count <= max(TextFunctions.longest, text.count) else {
                throw TextFunctions.tooLong("regexp_replace")
            }
            copied = whole.upperBound
            guard all else { break }
            // After a match of nothing the next character is passed over.
            start = whole.upperBound
            if whole.isEmpty { start += start < text.count ? Characters.length(text.span, start) : 1 }
        }
        out += text[copied...]
        return out
    }
}
