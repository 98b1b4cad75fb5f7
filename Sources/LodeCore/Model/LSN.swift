/// A byte position in PostgreSQL's write-ahead log.
///
/// Written as PostgreSQL writes it, `16/B374D848`: the upper and the lower 32 bits in hexadecimal.
/// Only the LSNs of commits are in order across transactions; those of the changes inside a
/// transaction are not comparable with another transaction's (`reorderbuffer.c`).
public struct LSN: Hashable, Comparable, Sendable {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// `InvalidXLogRecPtr`: no position.
    public static let zero = LSN(0)

    /// Reads `X/Y`; nil when the text is anything else.
    public init?(_ text: some StringProtocol) {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, let high = Self.hex(halves[0]), let low = Self.hex(halves[1]) else {
            return nil
        }
        self.init(UInt64(high) << 32 | UInt64(low))
    }

    public static func < (a: LSN, b: LSN) -> Bool { a.rawValue < b.rawValue }

    /// `UInt32(_, radix:)` would also take a sign.
    private static func hex(_ digits: some Collection<UInt8>) -> UInt32? {
        guard (1...8).contains(digits.count) else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(digit - 55)
            default: return nil
            }
        }
        return value
    }
}

extension LSN: CustomStringConvertible {
    public var description: String {
        String(rawValue >> 32, radix: 16, uppercase: true) + "/"
            + String(rawValue & 0xFFFF_FFFF, radix: 16, uppercase: true)
    }
}
