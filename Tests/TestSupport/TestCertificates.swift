/// Certificates of a test's own: an authority, and what it signed for a server on loopback and for a client.
public struct TestCertificates: Sendable {
    public let folder: String

    public var authority: String { folder + "/ca.crt" }
    public var serverCertificate: String { folder + "/server.crt" }
    public var serverKey: String { folder + "/server.key" }
    public var clientCertificate: String { folder + "/client.crt" }
    public var clientKey: String { folder + "/client.key" }

    /// - Parameter names: Of the server, as in a certificate's subjectAltName.
    public init(in folder: String, names: String = "DNS:localhost,IP:127.0.0.1") throws {
        self.folder = folder
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        try Shell.run(
            "openssl",
            ["req", "-x509"] + key + ["-subj", "/CN=Test authority", "-keyout", folder + "/ca.key", "-out", authority])
        for (name, alternatives) in [("server", names), ("client", "DNS:client")] {
            try Shell.run(
                "openssl",
                ["req", "-x509", "-CA", authority, "-CAkey", folder + "/ca.key"] + key + [
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(alternatives)",
                    "-addext", "basicConstraints=critical,CA:FALSE",
                    "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).crt",
                ])
        }
    }
}
