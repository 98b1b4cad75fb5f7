/// PostgreSQL's functions on text (varlena.c, oracle_compat.c), over UTF-8 bytes.
///
/// Positions and lengths count characters, from one. All are pure; what a function would throw in
/// PostgreSQL it throws here, without the text in the message.
enum TextFunctions {
    /// The longest text that a function which can grow one makes, in bytes. PostgreSQL allows 1 GB; an
    /// event has no use for it.
    static let longest = 16 << 20

    // MARK: - Case

    static func lower(_ text: [UInt8]) -> [UInt8] { mapped(text, LetterCase.lower) }

    static func upper(_ text: [UInt8]) -> [UInt8] { mapped(text, LetterCase.upper) }

    /// Each word's first letter upper case, its others lower case.
    static func initcap(_ text: [UInt8]) -> [UInt8] {
        var isInWord = false
        return mapped(text) { character in
            let changed = isInWord ? LetterCase.lower(character) : LetterCase.upper(character)
            isInWord = LetterCase.isOfWord(changed)
            return changed
        }
    }

    private static func mapped(_ text: [UInt8], _ change: (UInt32) -> UInt32) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        let span = text.span
        var at = 0
        // What has not changed is copied in one.
        var copied = 0
        while at < span.count {
            let start = at
            let character = Characters.next(span, &at)
            let changed = change(character)
            guard changed != character else { continue }
            out.append(span.extracting(copied..<start))
            Characters.append(changed, to: &out)
            copied = at
        }
        out.append(span.extracting(copied..<span.count))
        return out
    }

    // MARK: - Length and parts

    static func length(_ text: [UInt8]) -> Int { Characters.count(text.span) }

    static func octetLength(_ text: [UInt8]) -> Int { text.count }

    /// `count` characters from number `start`, which may lie before the first; to the end without a count.
    static func substring(
        _ text: [UInt8], from start: Int, count: Int? = nil
    ) throws(EvaluationError) -> [UInt8] {
        guard let count else { return Array(text[Characters.offset(text.span, of: max(0, start &- 1))...]) }
        guard count >= 0 else { throw EvaluationError("substring: its length is negative; give zero or more") }
        let (end, isBeyond) = start.addingReportingOverflow(count)
        let last = isBeyond ? Int.max : end
        guard last > 1 else { return [] }
        let first = Characters.offset(text.span, of: max(0, start < 1 ? 0 : start - 1))
        let span = text.span.extracting(first..<text.count)
        let length = Characters.offset(span, of: last - max(start, 1))
        return Array(text[first..<(first + length)])
    }

    /// The first `count` characters; all but the last `-count` when it is negative.
    static func left(_ text: [UInt8], _ count: Int) -> [UInt8] {
        let wanted = count < 0 ? length(text) - magnitude(count) : count
        return Array(text[..<Characters.offset(text.span, of: wanted)])
    }

    /// The last `count` characters; all but the first `-count` when it is negative.
    static func right(_ text: [UInt8], _ count: Int) -> [UInt8] {
        let skipped = count < 0 ? magnitude(count) : length(text) - count
        return Array(text[Characters.offset(text.span, of: skipped)...])
    }

    private static func magnitude(_ number: Int) -> Int { Int(clamping: number.magnitude) }

    static func reverse(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var starts: [Int] = []
        var at = 0
        while at < text.count {
            starts.append(at)
            at += Characters.length(text.span, at)
        }
        var end = text.count
        for start in starts.reversed() {
            out.append(contentsOf: text[start..<end])
            end = start
        }
        return out
    }

    // MARK: - Characters and numbers

    /// The number of the first character; 0 for the empty text.
    static func ascii(_ text: [UInt8]) -> Int {
        guard !text.isEmpty else { return 0 }
        var at = 0
        return Int(Characters.next(text.span, &at))
    }

    static func chr(_ number: Int) throws(EvaluationError) -> [UInt8] {
        guard number != 0, let value = UInt32(exactly: number), let scalar = Unicode.Scalar(value) else {
            throw EvaluationError("chr: there is no character of that number")
        }
        return Array(UTF8.encode(scalar) ?? .init())
    }

    // MARK: - Joining

    /// All pieces in a row; null ones are left out.
    static func concat(_ pieces: [[UInt8]?]) throws(EvaluationError) -> [UInt8] {
        try concat(pieces, separator: [])
    }

    /// `concat_ws`: with the separator between the pieces that are not null.
    static func concat(_ pieces: [[UInt8]?], separator: [UInt8]) throws(EvaluationError) -> [UInt8] {
        var out: [UInt8] = []
        var isFirst = true
        for case .some(let piece) in pieces {
            guard out.count + piece.count + separator.count <= longest else { throw tooLong("concat") }
            if !isFirst { out += separator }
            out += piece
            isFirst = false
        }
        return out
    }

    /// `count` times the text; the empty text for none or fewer.
    static func `repeat`(_ text: [UInt8], _ count: Int) throws(EvaluationError) -> [UInt8] {
        guard count > 0, !text.isEmpty else { return [] }
        let (size, isBeyond) = text.count.multipliedReportingOverflow(by: count)
        guard !isBeyond, size <= longest else { throw tooLong("repeat") }
        var out: [UInt8] = []
        out.reserveCapacity(size)
        for _ in 0..<count { out += text }
        return out
    }

    static func tooLong(_ function: String) -> EvaluationError {
        EvaluationError("\(function): its result would be longer than \(longest >> 20) MB; make it shorter")
    }
}
