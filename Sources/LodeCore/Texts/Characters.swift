/// Characters of UTF-8 text as PostgreSQL counts them: Unicode scalars.
///
/// Bytes that are no UTF-8 are walked over as `pg_utf_mblen` (wchar.c) does, by the first byte of each
/// character, and never past the end.
enum Characters {
    /// The length of the character that starts at `at`, which must be inside the text.
    @inline(__always)
    static func length(_ text: Span<UInt8>, _ at: Int) -> Int {
        let lead = text[at]
        if lead < 0xC0 { return 1 }
        return min(lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1, text.count - at)
    }

    static func count(_ text: Span<UInt8>) -> Int {
        var count = 0
        var at = 0
        while at < text.count {
            at += length(text, at)
            count += 1
        }
        return count
    }

    /// Where the character number `position`, counted from zero, starts; the text's end when there are
    /// not so many.
    static func offset(_ text: Span<UInt8>, of position: Int) -> Int {
        var at = 0
        var left = position
        while left > 0, at < text.count {
            at += length(text, at)
            left -= 1
        }
        return at
    }

    /// The character that starts at `at`, which moves to the next one. A byte that starts none is itself.
    @inline(__always)
    static func next(_ text: Span<UInt8>, _ at: inout Int) -> UInt32 {
        let lead = text[at]
        let length = length(text, at)
        at += 1
        if length == 1 { return UInt32(lead) }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for _ in 1..<length {
            value = value << 6 | UInt32(text[at] & 0x3F)
            at += 1
        }
        return value
    }

    /// Appends the UTF-8 of a character; one that Unicode has not is left out.
    static func append(_ character: UInt32, to out: inout [UInt8]) {
        if character < 0x80 {
            out.append(UInt8(character))
        } else if let scalar = Unicode.Scalar(character) {
            out.append(contentsOf: UTF8.encode(scalar) ?? .init())
        }
    }
}
