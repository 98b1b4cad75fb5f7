import Foundation
import LodeDelivery

/// A file with a bearer token, read for every request: whoever renews it need tell nobody.
struct BearerFile: Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "lode.webhook.bearer")
    /// Longer files hold no token.
    private static let most = 64 * 1024

    init(_ path: String) { self.path = path }

    /// The token, without blanks and line breaks around it.
    func token() async throws -> String {
        try await queue.blocking { try read() }
    }

    private func read() throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw failure("cannot be read; correct its path or its rights")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: Self.most + 1) else { throw failure("has no token; write one") }
        let token = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty else { throw failure("has no token; write one") }
        // RFC 6750, 2.1: a token is one word of printable ASCII.
        guard data.count <= Self.most, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw failure("holds something else than a token; write the token alone")
        }
        return token
    }

    /// Its own fault: until the file is right nothing can be sent.
    private func failure(_ what: String) -> DeliveryFailure {
        DeliveryFailure(.retry, .peer, "bearer_file \(path) \(what)")
    }
}
