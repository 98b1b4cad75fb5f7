/// Attributes as values of HTTP headers: CloudEvents HTTP binding 1.0.2, 3.1.3.2.
enum CloudEventHeader {
    /// Spaces, double quotes, percent signs and all that is not printable ASCII as `%20`.
    static func encoded(_ value: some Collection<UInt8>) -> String {
        if value.allSatisfy({ isPrintable($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "%") }) {
            return String(decoding: value, as: UTF8.self)
        }
        var out: [UInt8] = []
        out.reserveCapacity(value.count * 3)
        for byte in value {
            if isPrintable(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "%") {
                out.append(byte)
            } else {
                out.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? 48 + digit : 55 + digit) }
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// An id for `webhook-id`: as it is where it can be, for receivers compare it with the event's own.
    static func identifier(_ id: [UInt8]) -> String {
        id.allSatisfy(isPrintable) ? String(decoding: id, as: UTF8.self) : encoded(id)
    }

    /// Whether a text can be a header's value unchanged: RFC 9110, 5.5.
    static func canStandAsItIs(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isPrintable(first) && isPrintable(last) && text.utf8.allSatisfy { isPrintable($0) || $0 == 0x20 }
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x21 && byte <= 0x7E }
}
