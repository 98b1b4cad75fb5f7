/// The daemon's own HTTP endpoint, under `http`.
public struct HTTPSettings: Hashable, Sendable {
    /// The address or host name to listen on, without the brackets of an IPv6 address.
    public var host: String
    /// 0: any free port.
    public var port: Int
    /// A file whose text every request must carry as its bearer token; nil: no token is asked for,
    /// which a configuration file can say only of a loopback address. A relative path in lode.yaml
    /// is relative to lode.yaml's folder; here it is already joined to it.
    public var tokenFile: String?

    public static let defaultHost = "127.0.0.1"
    public static let defaultPort = 8642

    public init(host: String = Self.defaultHost, port: Int = Self.defaultPort, tokenFile: String? = nil) {
        self.host = host
        self.port = port
        self.tokenFile = tokenFile
    }

    /// Whether only this machine can reach the endpoint.
    public var isLoopback: Bool {
        let name = host.lowercased()
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
