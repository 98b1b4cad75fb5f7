import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// How many connections a client has and had: whether a request that failed may have reached its peer, the
/// client does not say.
final class ConnectionCount: Sendable {
    struct Count: Sendable {
        var open = 0
        var opened = 0
    }

    private let state = Mutex(Count())

    var count: Count { state.withLock { $0 } }

    /// Counts the connections of the client that is made with `configuration`.
    func watch(_ configuration: inout HTTPClient.Configuration) {
        let noted: @Sendable (any Channel) -> EventLoopFuture<Void> = { [self] channel in
            state.withLock {
                $0.open += 1
                $0.opened += 1
            }
            channel.closeFuture.whenComplete { _ in self.state.withLock { $0.open -= 1 } }
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        // After TLS, and before the first request.
        configuration.http1_1ConnectionDebugInitializer = noted
        configuration.http2ConnectionDebugInitializer = noted
    }

    /// Whether a request may have been on its way when it ended in `error`.
    ///
    /// - Parameter before: What the count was when the request began.
    func mayHaveCarried(since before: Count, _ error: any Error) -> Bool {
        guard before.open > 0 || count.opened > before.opened else { return false }
        return switch error {
        case is NIOConnectionError, is SocketAddressError: false
        case let error as IOError: ![ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
        case let error as HTTPClientError:
            ![.connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout].contains(error)
        default: true
        }
    }
}
