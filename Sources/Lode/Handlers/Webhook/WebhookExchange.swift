import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// One request and its answer, of which no more than a beginning is kept.
///
/// The client calls it on an event loop; `wasSent` may be asked anywhere, hence the lock.
final class WebhookExchange: HTTPClientResponseDelegate, Sendable {
    /// Of the body, for the reason.
    static let keptBytes = 4096
    /// A longer answer is not read to its end: its status has said all, and its connection is given up.
    static let readBytes = 64 * 1024

    private struct State {
        var wasSent = false
        var answer: WebhookAnswer?
        var received = 0
    }

    private let state = Mutex(State())

    /// Whether the request was on its way: the peer may have seen it.
    var wasSent: Bool { state.withLock { $0.wasSent } }

    /// What had come when the answer was given up for its length; nil: that was not why it failed.
    var overlongAnswer: WebhookAnswer? {
        state.withLock { $0.received > Self.readBytes ? $0.answer : nil }
    }

    /// - Parameter deadline: For everything up to the answer's last byte.
    /// - Throws: What the client throws; its `cancelled` when the task is.
    func run(
        _ request: HTTPClient.Request, on client: HTTPClient, deadline: NIODeadline
    ) async throws -> WebhookAnswer {
        let task = client.execute(request: request, delegate: self, deadline: deadline)
        return try await withTaskCancellationHandler {
            try await task.futureResult.get()
        } onCancel: {
            task.cancel()
        }
    }

    // MARK: - What the client calls

    func didSendRequestHead(task: HTTPClient.Task<WebhookAnswer>, _ head: HTTPRequestHead) {
        state.withLock { $0.wasSent = true }
    }

    func didReceiveHead(task: HTTPClient.Task<WebhookAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock { $0.answer = WebhookAnswer(head) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<WebhookAnswer>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let isOverlong = state.withLock { state in
            state.received += part.readableBytes
            let room = Self.keptBytes - (state.answer?.body.count ?? 0)
            state.answer?.body += part.readableBytesView.prefix(max(0, room))
            return state.received > Self.readBytes
        }
        return isOverlong
            ? task.eventLoop.makeFailedFuture(OverlongAnswer()) : task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<WebhookAnswer>) throws -> WebhookAnswer {
        guard let answer = state.withLock({ $0.answer }) else { throw HTTPClientError.remoteConnectionClosed }
        return answer
    }

    private struct OverlongAnswer: Error {}
}
