import AsyncHTTPClient
import Foundation
import LodeDelivery
import NIOCore
import NIOPosix
import NIOSSL

extension DeliveryFailure {
    /// What an exchange ended in that has no answer.
    ///
    /// - Parameter wasSent: Without a request on its way the peer cannot be had; with one, it may be the event's
    ///   own fault.
    init(_ error: any Error, ofRequestTo peer: String, wasSent: Bool, timeout: Duration) {
        let words: String
        switch error as? HTTPClientError {
        case .deadlineExceeded? where wasSent:
            words = "no whole answer within \(timeout.formatted(.units(allowed: [.minutes, .seconds, .milliseconds])))"
        case .deadlineExceeded?, .connectTimeout?, .tlsHandshakeTimeout?, .getConnectionFromPoolTimeout?:
            words = Self.noConnection
        case .remoteConnectionClosed?:
            words = wasSent ? "the connection was closed before the answer's end" : "the connection was closed at once"
        case let error?:
            words = error.shortDescription
        case nil:
            words = Self.words(error)
        }
        self.init(.retry, wasSent ? .event : .peer, OneLine.text("\(peer): \(words)".utf8, most: 300))
    }

    private static let noConnection = "no connection within the time that there was"

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { words($0.error) } ?? "the name cannot be resolved"
        case is SocketAddressError: "the name cannot be resolved"
        case ChannelError.connectTimeout: noConnection
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOSSLError: "TLS: \(tlsWords("\(error)"))"
        case let error as BoringSSLError: "TLS: \(tlsWords("\(error)"))"
        case is NIOSSLExtraError: "TLS: the certificate is not one of this name"
        default: "\(error)"
        }
    }

    /// BoringSSL's own name for what went wrong, the end of `OPENSSL_internal:CERTIFICATE_VERIFY_FAILED`.
    private static func tlsWords(_ text: String) -> String {
        guard let mark = text.range(of: "OPENSSL_internal:") else { return text }
        let name = text[mark.upperBound...].prefix { $0 == "_" || $0.isLetter || $0.isNumber }
        return name.lowercased().replacingOccurrences(of: "_", with: " ")
    }
}
