/// JSON written straight into bytes (RFC 8259), always on one line.
public enum JSONText {
    /// A JSON string of UTF-8 bytes, quotes included. Only what JSON demands is escaped.
    public static func appendQuoted(_ utf8: some Sequence<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in utf8 { appendEscaped(byte, to: &out) }
        out.append(UInt8(ascii: "\""))
    }

    public static func appendQuoted(_ text: String, to out: inout [UInt8]) {
        appendQuoted(text.utf8, to: &out)
    }

    public static func append(_ text: StaticString, to out: inout [UInt8]) {
        text.withUTF8Buffer { out.append(contentsOf: $0) }
    }

    public static func append(_ number: some BinaryInteger, to out: inout [UInt8]) {
        if number < 0 {
            out.append(UInt8(ascii: "-"))
        }
        var rest = UInt64(number.magnitude)
        let start = out.count
        repeat {
            out.append(UInt8(48 + rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
    }

    /// At least `width` digits, filled with zeros.
    static func append(_ number: some BinaryInteger, width: Int, to out: inout [UInt8]) {
        var digits: [UInt8] = []
        append(number, to: &digits)
        for _ in 0..<max(0, width - digits.count) { out.append(48) }
        out.append(contentsOf: digits)
    }

    @inline(__always)
    static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
        if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            out.append(byte)
            return
        }
        out.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(byte)
        case 0x08: out.append(UInt8(ascii: "b"))
        case 0x09: out.append(UInt8(ascii: "t"))
        case 0x0A: out.append(UInt8(ascii: "n"))
        case 0x0C: out.append(UInt8(ascii: "f"))
        case 0x0D: out.append(UInt8(ascii: "r"))
        default:
            append("u00", to: &out)
            out.append(hexDigit(byte >> 4))
            out.append(hexDigit(byte & 15))
        }
    }

    static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
