import Foundation
import LodeCore

/// What a `redis://` or `rediss://` URL says.
///
/// `redis://user:password@host:port/database`: the scheme as IANA has it, `rediss` with TLS. A password
/// alone (`redis://:password@host`) is that of the user `default`. User and password are
/// percent-encoded.
struct RedisAddress: Equatable, Sendable {
    var host: String
    var port = 6379
    var isTLS = false
    var user: String?
    var password: String?
    var database = 0

    /// For people: nothing of the user or the password.
    var name: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    init(host: String, port: Int = 6379, isTLS: Bool = false) {
        self.host = host
        self.port = port
        self.isTLS = isTLS
    }

    /// - Throws: What is wrong, without a word of the URL, which may hold a password.
    init(url: String) throws(Diagnostic) {
        guard let parts = URLComponents(string: url, encodingInvalidCharacters: false), let host = parts.host,
            !host.isEmpty
        else {
            throw Diagnostic(
                .error,
                "the URL of redis cannot be read; write one such as redis://user:password@host:6379/0, "
                    + "with every sign of the password that is no letter or digit percent-encoded")
        }
        // An IPv6 address stands in brackets in a URL, and without them in a socket's address.
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        isTLS = parts.scheme?.lowercased() == "rediss"
        if let port = parts.port {
            guard (1...65535).contains(port) else {
                throw Diagnostic(.error, "the URL of redis has no such port; write a number from 1 to 65535")
            }
            self.port = port
        }
        password = parts.password.flatMap { $0.isEmpty ? nil : $0 }
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        if user != nil, password == nil {
            throw Diagnostic(.error, "the URL of redis has a user but no password; write redis://user:password@host")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw Diagnostic(.error, "the URL of redis has something behind the database; leave it out")
        }
        let path = parts.path.drop { $0 == "/" }
        if !path.isEmpty {
            guard let database = Int(path), database >= 0 else {
                throw Diagnostic(
                    .error, "the URL of redis has a path that is no database; write its number, as in redis://host/0")
            }
            self.database = database
        }
    }
}
