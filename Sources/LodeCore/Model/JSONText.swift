/// JSON written straight into bytes (RFC 8259), always on one line.
public enum JSONText {
    /// A JSON string of UTF-8 bytes, quotes included. Only what JSON demands is escaped.
    public static func appendQuoted(_ utf8: some Sequence<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        // SAFETY: the span does not outlive the closure that lends its bytes.
        let isDone: Void? = utf8.withContiguousStorageIfAvailable { bytes in
            unsafe appendEscaped(bytes.span, to: &out)
        }
        if isDone == nil {
            for byte in utf8 { appendEscaped(byte, to: &out) }
        }
        out.append(UInt8(ascii: "\""))
    }

    public static func appendQuoted(_ text: String, to out: inout [UInt8]) {
        appendQuoted(text.utf8, to: &out)
    }

    /// A JSON string of UTF-8 bytes, quotes included.
    @inline(__always)
    static func appendQuoted<Sink: ByteSink & ~Copyable>(_ utf8: Span<UInt8>, to out: inout Sink) {
        out.append(UInt8(ascii: "\""))
        appendEscaped(utf8, to: &out)
        out.append(UInt8(ascii: "\""))
    }

    /// The inside of a JSON string; what needs no escape is copied as one.
    static func appendEscaped<Sink: ByteSink & ~Copyable>(_ utf8: Span<UInt8>, to out: inout Sink) {
        var start = 0
        while start < utf8.count {
            let end = utf8.firstJSONEscape(from: start)
            out.append(utf8.extracting(start..<end))
            guard end < utf8.count else { return }
            appendEscaped(utf8[end], to: &out)
            start = end + 1
        }
    }

    public static func append(_ text: StaticString, to out: inout [UInt8]) {
        text.withUTF8Buffer { out.append(contentsOf: $0) }
    }

    static func append<Sink: ByteSink & ~Copyable>(_ text: StaticString, to out: inout Sink) {
        text.withUTF8Buffer { out.append($0.span) }
    }

    public static func append(_ number: some BinaryInteger, to out: inout [UInt8]) {
        append(number, width: 1, to: &out)
    }

    /// At least `width` digits, filled with zeros.
    @inline(__always)
    static func append<Sink: ByteSink & ~Copyable>(_ number: some BinaryInteger, width: Int, to out: inout Sink) {
        if number < 0 { out.append(UInt8(ascii: "-")) }
        appendDigits(UInt64(number.magnitude), width: width, to: &out)
    }

    private static func appendDigits<Sink: ByteSink & ~Copyable>(_ number: UInt64, width: Int, to out: inout Sink) {
        // The digits of the largest number are 20.
        let room = max(20, width)
        // SAFETY: every place read was written: all are filled with zeros first, and `at` stays in
        // `0..<room`, as a number has no more than 20 digits.
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { digits in
            unsafe digits.initialize(repeating: 48)
            var rest = number
            var at = room
            repeat {
                at -= 1
                unsafe digits[at] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            } while rest > 0
            unsafe out.append(UnsafeBufferPointer(rebasing: digits[min(at, room - width)...]).span)
        }
    }

    @inline(__always)
    static func appendEscaped<Sink: ByteSink & ~Copyable>(_ byte: UInt8, to out: inout Sink) {
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

extension Span<UInt8> {
    /// The first byte at or after `offset` that JSON wants escaped, or the end.
    fileprivate func firstJSONEscape(from offset: Int) -> Int {
        var at = offset
        // SAFETY: each load reads 8 bytes that end at or before the count; the pointer stays inside.
        let found: Bool = unsafe withUnsafeBytes { bytes in
            while at + 8 <= bytes.count {
                let lanes = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let marks = lanes.markedJSONEscapes
                if marks != 0 {
                    at += marks.trailingZeroBitCount / 8
                    return true
                }
                at += 8
            }
            return false
        }
        if found { return at }
        while at < count {
            let byte = byte(at)
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return at }
            at += 1
        }
        return at
    }
}

extension UInt64 {
    /// The high bits of bytes; the lowest that is set marks the first byte of eight that JSON wants
    /// escaped, those above it mean nothing. Zero: there is none.
    ///
    /// Subtracting borrows from the byte above only where a byte below was marked (Sean Anderson, "Bit
    /// Twiddling Hacks", "Determine if a word has a byte less than n").
    fileprivate var markedJSONEscapes: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = self ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = self ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let below = (self &- ones &* 0x20) & ~self
        return (below | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & (ones &* 0x80)
    }
}
