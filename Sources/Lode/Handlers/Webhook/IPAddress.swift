import Foundation

/// An address of the internet protocol, version 4 or 6.
struct IPAddress: Hashable, Sendable {
    /// 4 or 16, in the network's order.
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil: this is no address in the one form that standards have, `127.0.0.1` or `::1`.
    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.withUnsafeBytes({ inet_ntop(family, $0.baseAddress, &buffer, socklen_t(buffer.count)) }) != nil
        else { return "?" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether it is somebody's on the internet: none of what IANA's registries of special-purpose addresses
    /// (RFC 6890) keep for loopback, links, sites, carriers, documents, groups or later.
    var isPublic: Bool { bytes.count == 4 ? isPublic4 : isPublic6 }

    private var isPublic4: Bool {
        !Self.special4.contains { $0.holds(bytes) }
    }

    private var isPublic6: Bool {
        // An address of version 4 within: mapped (RFC 4291, 2.5.5.2) is that one itself, and a translator
        // (RFC 6052) takes what is sent there to it.
        if Self.mapped.holds(bytes) { return IPAddress(Array(bytes[12...])).isPublic }
        if Self.translated.holds(bytes) { return IPAddress(Array(bytes[12...])).isPublic }
        // Nothing else is given out so far: RFC 4291, 2.4, and IANA's registry of global unicast.
        return Self.unicast.holds(bytes) && !Self.special6.contains { $0.holds(bytes) }
    }

    /// Addresses with the same first bits.
    private struct Network: Sendable {
        let start: [UInt8]
        let bits: Int

        init(_ text: String, _ bits: Int) {
            start = IPAddress(text)?.bytes ?? []
            self.bits = bits
        }

        func holds(_ bytes: [UInt8]) -> Bool {
            guard bytes.count == start.count else { return false }
            for index in 0..<bits where (bytes[index / 8] ^ start[index / 8]) & (0x80 >> UInt8(index % 8)) != 0 {
                return false
            }
            return true
        }
    }

    private static let special4 = [
        Network("0.0.0.0", 8), Network("10.0.0.0", 8), Network("100.64.0.0", 10), Network("127.0.0.0", 8),
        Network("169.254.0.0", 16), Network("172.16.0.0", 12), Network("192.0.0.0", 24), Network("192.0.2.0", 24),
        Network("192.88.99.0", 24), Network("192.168.0.0", 16), Network("198.18.0.0", 15),
        Network("198.51.100.0", 24), Network("203.0.113.0", 24), Network("224.0.0.0", 3),
    ]
    private static let mapped = Network("::ffff:0:0", 96)
    private static let translated = Network("64:ff9b::", 96)
    private static let unicast = Network("2000::", 3)
    private static let special6 = [
        Network("2001::", 23), Network("2001:db8::", 32), Network("2002::", 16), Network("3fff::", 20),
    ]
}
