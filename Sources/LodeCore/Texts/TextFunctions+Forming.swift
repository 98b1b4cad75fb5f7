extension TextFunctions {
    enum Side: Hashable, Sendable { case start, end, both }

    /// Without the characters of `set` at one side or both: `ltrim`, `rtrim`, `btrim`.
    static func trim(_ text: [UInt8], of set: [UInt8] = [0x20], at side: Side = .both) -> [UInt8] {
        let span = text.span
        var members: Set<UInt32> = []
        var at = 0
        while at < set.count { members.insert(Characters.next(set.span, &at)) }
        var start = 0
        if side != .end {
            while start < span.count {
                var next = start
                guard members.contains(Characters.next(span, &next)) else { break }
                start = next
            }
        }
        var end = start
        if side == .start {
            end = span.count
        } else {
            at = start
            while at < span.count {
                if !members.contains(Characters.next(span, &at)) { end = at }
            }
        }
        return Array(text[start..<end])
    }

    /// `lpad`, `rpad`: filled to `count` characters, or cut to them at the end. An empty filling fills nothing.
    static func pad(
        _ text: [UInt8], to count: Int, with filling: [UInt8] = [0x20], at side: Side
    ) throws(EvaluationError) -> [UInt8] {
        let length = length(text)
        guard count > length else { return left(text, max(0, count)) }
        guard !filling.isEmpty else { return text }
        let missing = count - length
        let (whole, part) = missing.quotientAndRemainder(dividingBy: self.length(filling))
        // Every piece of the filling has a byte at least.
        guard missing <= longest, whole * filling.count + text.count <= longest else {
            throw tooLong(side == .start ? "lpad" : "rpad")
        }
        let padding = try `repeat`(filling, whole) + left(filling, part)
        return side == .start ? padding + text : text + padding
    }

    /// Every character of `from` as the one at its place in `to`; left out where `to` has none.
    static func translate(_ text: [UInt8], from: [UInt8], to: [UInt8]) throws(EvaluationError) -> [UInt8] {
        var table: [UInt32: UInt32?] = [:]
        var at = 0
        var other = 0
        while at < from.count {
            let character = Characters.next(from.span, &at)
            let substitute: UInt32? = other < to.count ? Characters.next(to.span, &other) : nil
            if table[character] == nil { table.updateValue(substitute, forKey: character) }
        }
        var out: [UInt8] = []
        at = 0
        while at < text.count {
            let start = at
            let character = Characters.next(text.span, &at)
            if let substitute = table[character] {
                if let substitute { Characters.append(substitute, to: &out) }
            } else {
                out.append(text.span.extracting(start..<at))
            }
            guard out.count <= max(longest, text.count) else { throw tooLong("translate") }
        }
        return out
    }

    /// `*` for every character but the last `kept`: `mask('4111 1111 1111 1234', 4)` is
    /// `***************1234`. Lode's own: PostgreSQL has no such function. The length stays, so a text of
    /// at most `kept` characters would be shown whole; it is masked whole instead.
    static func mask(_ text: [UInt8], keeping kept: Int = 0) -> [UInt8] {
        let length = length(text)
        let shown = kept > 0 && kept < length ? kept : 0
        return Array(repeating: UInt8(ascii: "*"), count: length - shown) + right(text, shown)
    }

    /// A string literal as `quote_literal` writes it.
    static func quoteLiteral(_ text: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "'")
        let backslash = UInt8(ascii: "\\")
        var out: [UInt8] = text.contains(backslash) ? [UInt8(ascii: "E")] : []
        out.append(quote)
        for byte in text {
            if byte == quote || byte == backslash { out.append(byte) }
            out.append(byte)
        }
        out.append(quote)
        return out
    }
}
