/// Text as it stands in a record: the bytes between its quotes, perhaps with every `'` doubled.
struct TextPiece {
    var range: ByteRange
    var isDoubled: Bool
}

/// Compares texts in place, byte by byte, as the C collation does.
enum TextOrder {
    static func areEqual(_ a: TextPiece, in left: Span<UInt8>, _ b: TextPiece, in right: Span<UInt8>) -> Bool {
        if a.isDoubled || b.isDoubled { return order(a, in: left, b, in: right) == 0 }
        guard a.range.count == b.range.count else { return false }
        var other = Int(b.range.start)
        for index in a.range.range {
            if left[index] != right[other] { return false }
            other += 1
        }
        return true
    }

    /// Negative when `a` comes first.
    static func order(_ a: TextPiece, in left: Span<UInt8>, _ b: TextPiece, in right: Span<UInt8>) -> Int {
        var (at, end) = (Int(a.range.start), Int(a.range.end))
        var (other, otherEnd) = (Int(b.range.start), Int(b.range.end))
        while at < end, other < otherEnd {
            let byte = left[at]
            let otherByte = right[other]
            if byte != otherByte { return Int(byte) - Int(otherByte) }
            at += a.isDoubled && byte == UInt8(ascii: "'") ? 2 : 1
            other += b.isDoubled && otherByte == UInt8(ascii: "'") ? 2 : 1
        }
        return (at < end ? 1 : 0) - (other < otherEnd ? 1 : 0)
    }

    /// The order of the texts in lower case, which is citext's.
    static func caselessOrder(
        _ a: TextPiece, in left: Span<UInt8>, _ b: TextPiece, in right: Span<UInt8>
    ) -> Int {
        var (at, other) = (Int(a.range.start), Int(b.range.start))
        while at < Int(a.range.end), other < Int(b.range.end) {
            let scalar = lowered(left, &at, a)
            let otherScalar = lowered(right, &other, b)
            if scalar != otherScalar { return scalar < otherScalar ? -1 : 1 }
        }
        return (at < Int(a.range.end) ? 1 : 0) - (other < Int(b.range.end) ? 1 : 0)
    }

    /// The next character in lower case. UTF-8's byte order is that of its scalars.
    private static func lowered(_ bytes: Span<UInt8>, _ at: inout Int, _ piece: TextPiece) -> UInt32 {
        let lead = bytes[at]
        if lead < 0x80 {
            at += piece.isDoubled && lead == UInt8(ascii: "'") ? 2 : 1
            return UInt32(lead &- 65 < 26 ? lead + 32 : lead)
        }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        at += 1
        for _ in 1..<length where at < Int(piece.range.end) {
            value = value << 6 | UInt32(bytes[at] & 0x3F)
            at += 1
        }
        guard let scalar = Unicode.Scalar(value) else { return value }
        // A letter whose lower case is several, as İ, is left as it is by towlower() too.
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping[mapping.startIndex].value : value
    }
}
