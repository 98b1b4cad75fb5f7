/// `127.0.0.1:8642`, `localhost:8642`, `[::1]:8642`.
enum ListenAddress {
    /// What to write instead, for diagnostics.
    static let advice = "write a host and a port, such as 127.0.0.1:8642 or “[::1]:8642”"

    /// nil when the text is anything else, or the port is not of 0 to 65535.
    static func parse(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits)
        else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 2
        if isBracketed { host = host.dropFirst().dropLast() }
        let allowed = host.utf8.allSatisfy { byte in
            byte.isHostByte || (isBracketed && (byte == UInt8(ascii: ":") || byte == UInt8(ascii: "%")))
        }
        guard !host.isEmpty, allowed else { return nil }
        return (String(host), Int(port))
    }
}

extension UInt8 {
    fileprivate var isHostByte: Bool {
        isLetterOrUnderscore || isDigit || self == UInt8(ascii: ".") || self == UInt8(ascii: "-")
    }
}
