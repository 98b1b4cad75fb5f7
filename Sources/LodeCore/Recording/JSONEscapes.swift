/// The inside of JSON strings: from text to escapes and back, in long copies.
enum JSONEscapes {
    /// Appends what a string's bytes between the quotes mean; false when they are no JSON string.
    static func append(_ body: Span<UInt8>, to out: inout [UInt8]) -> Bool {
        var at = 0
        while let backslash = body.first(UInt8(ascii: "\\"), from: at) {
            let plain = body.extracting(at..<backslash)
            // A quote without a backslash would have ended the string.
            guard backslash + 1 < body.count, plain.first(UInt8(ascii: "\""), from: 0) == nil else { return false }
            out.append(plain)
            at = backslash + 2
            switch body[backslash + 1] {
            case UInt8(ascii: "\""): out.append(UInt8(ascii: "\""))
            case UInt8(ascii: "\\"): out.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "/"): out.append(UInt8(ascii: "/"))
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(body, &at) else { return false }
                out.append(contentsOf: Unicode.UTF8.encode(scalar)!)
            default: return false
            }
        }
        let plain = body.extracting(at..<body.count)
        out.append(plain)
        return plain.first(UInt8(ascii: "\""), from: 0) == nil
    }

    /// The character of `\u20ac` or of the two halves `\ud83d\udc18`; `at` stands after the `u`.
    private static func scalar(_ body: Span<UInt8>, _ at: inout Int) -> Unicode.Scalar? {
        guard let first = hex4(body, at) else { return nil }
        at += 4
        guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) }
        guard body.has("\\u", at: at), let second = hex4(body, at + 2), second & 0xFC00 == 0xDC00 else { return nil }
        at += 6
        return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
    }

    private static func hex4(_ body: Span<UInt8>, _ at: Int) -> UInt32? {
        guard at + 4 <= body.count else { return nil }
        var value: UInt32 = 0
        for index in at..<(at + 4) {
            let byte = body[index]
            guard byte.isHexDigit else { return nil }
            value = value << 4 | UInt32(byte.isDigit ? byte - 48 : (byte | 32) - 87)
        }
        return value
    }
}

extension Span<UInt8> {
    /// Whether the bytes are UTF-8 as the Unicode standard has it.
    var isUTF8: Bool { (try? UTF8Span(validating: self)) != nil }
}
