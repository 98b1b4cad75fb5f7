extension TextFunctions {
    /// Where `part` begins first, as a character's number; 0: nowhere. The empty text is at 1.
    static func position(of part: [UInt8], in text: [UInt8]) -> Int {
        guard let offset = find(part.span, in: text.span, from: 0) else { return 0 }
        return Characters.count(text.span.extracting(0..<offset)) + 1
    }

    static func startsWith(_ text: [UInt8], _ prefix: [UInt8]) -> Bool { text.starts(with: prefix) }

    /// Every `part` replaced; nothing when it is empty.
    static func replace(
        _ text: [UInt8], _ part: [UInt8], with other: [UInt8]
    ) throws(EvaluationError) -> [UInt8] {
        guard !part.isEmpty, var found = find(part.span, in: text.span, from: 0) else { return text }
        var out: [UInt8] = []
        var start = 0
        while true {
            guard out.count + found - start + other.count <= max(longest, text.count) else { throw tooLong("replace") }
            out.append(text.span.extracting(start..<found))
            out += other
            start = found + part.count
            guard let next = find(part.span, in: text.span, from: start) else { break }
            found = next
        }
        guard out.count + text.count - start <= max(longest, text.count) else { throw tooLong("replace") }
        out.append(text.span.extracting(start..<text.count))
        return out
    }

    /// The field number `field` between the delimiters, counted from one, or from the end when negative
    /// (PostgreSQL 14). The empty text when there are not so many.
    static func splitPart(
        _ text: [UInt8], _ delimiter: [UInt8], _ field: Int
    ) throws(EvaluationError) -> [UInt8] {
        guard field != 0 else { throw EvaluationError("split_part: its field is 0; count from 1, or -1 from the end") }
        guard !delimiter.isEmpty else { return field == 1 || field == -1 ? text : [] }
        var wanted = field
        if field < 0 {
            let (sum, isBeyond) = field.addingReportingOverflow(pieceCount(text, delimiter) + 1)
            guard !isBeyond, sum > 0 else { return [] }
            wanted = sum
        }
        var start = 0
        while wanted > 1 {
            guard let found = find(delimiter.span, in: text.span, from: start) else { return [] }
            start = found + delimiter.count
            wanted -= 1
        }
        return Array(text[start..<(find(delimiter.span, in: text.span, from: start) ?? text.count)])
    }

    private static func pieceCount(_ text: [UInt8], _ delimiter: [UInt8]) -> Int {
        var count = 1
        var start = 0
        while let found = find(delimiter.span, in: text.span, from: start) {
            count += 1
            start = found + delimiter.count
        }
        return count
    }

    /// The pieces between the delimiters; pieces equal to `null` are null. Without a delimiter (SQL's
    /// null) every character is a piece; an empty one leaves the text whole. The empty text has none.
    static func stringToArray(
        _ text: [UInt8], delimiter: [UInt8]?, null: [UInt8]? = nil
    ) -> PostgresArray {
        guard !text.isEmpty else { return PostgresArray() }
        var pieces: [[UInt8]?] = []
        func add(_ range: Range<Int>) {
            let piece = Array(text[range])
            pieces.append(piece == null ? nil : piece)
        }
        var start = 0
        if let delimiter {
            if !delimiter.isEmpty {
                while let found = find(delimiter.span, in: text.span, from: start) {
                    add(start..<found)
                    start = found + delimiter.count
                }
            }
            add(start..<text.count)
        } else {
            while start < text.count {
                let end = start + Characters.length(text.span, start)
                add(start..<end)
                start = end
            }
        }
        return PostgresArray(pieces)
    }

    /// Every element in a row; null ones are left out, or stand as `null`.
    static func arrayToString(
        _ array: PostgresArray, delimiter: [UInt8], null: [UInt8]? = nil
    ) throws(EvaluationError) -> [UInt8] {
        try concat(array.elements.map { $0 ?? null }, separator: delimiter)
    }

    /// The offset of `part` at or after `start`. UTF-8 begins no character inside another, so bytes do.
    static func find(_ part: Span<UInt8>, in text: Span<UInt8>, from start: Int) -> Int? {
        guard !part.isEmpty else { return start <= text.count ? start : nil }
        var at = start
        while let found = text.first(part[0], from: at), found + part.count <= text.count {
            var index = 1
            while index < part.count, text[found + index] == part[index] { index += 1 }
            if index == part.count { return found }
            at = found + 1
        }
        return nil
    }
}
