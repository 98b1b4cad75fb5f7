import Foundation
import HTTPTypes
import Hummingbird

/// What every request must carry as its bearer token (RFC 6750, section 2.1).
struct EndpointToken: Sendable {
    private let bytes: [UInt8]

    /// - Throws: ``EndpointError`` when the file cannot be read or has none.
    init(file: String) throws(EndpointError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw EndpointError("http: token_file \(file) cannot be read; correct its path or its rights")
        }
        bytes = data.filter { $0 > 0x20 && $0 < 0x7F }
        guard !bytes.isEmpty else {
            throw EndpointError("http: token_file \(file) is empty; write a token into it")
        }
    }

    func isCarried(by request: Request) -> Bool {
        guard let given = request.headers[.authorization]?.utf8, given.count > 7,
            given.prefix(7).elementsEqual("bearer ".utf8, by: { $0 | 0x20 == $1 })
        else { return false }
        let offered = Array(given.dropFirst(7))
        // In constant time: how far a guess was right must not show.
        guard offered.count == bytes.count else { return false }
        return zip(offered, bytes).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
