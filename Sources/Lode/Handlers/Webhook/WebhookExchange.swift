import AsyncHTTPClient
import NIOCore

/// One request and its answer, of which no more than a beginning is kept.
///
/// By the client's `execute` and not by a response delegate: there a request's end may be written after the
/// answer has come and the connection has gone, which the client's pool takes for a broken invariant and traps.
enum WebhookExchange {
    /// Of the body, for the reason.
    static let keptBytes = 4096
    /// A longer answer is not read to its end: its status has said all, and its connection is given up.
    static let readBytes = 64 * 1024

    /// - Parameter deadline: For everything up to the answer's last byte.
    /// - Throws: What the client throws, `HTTPClientError.deadlineExceeded` for one; `CancellationError`.
    static func run(
        _ request: HTTPClientRequest, on client: HTTPClient, deadline: ContinuousClock.Instant
    ) async throws -> WebhookAnswer {
        let response = try await client.execute(request, timeout: TimeAmount(deadline - .now))
        // The client's own deadline ends with the answer's head.
        return try await withThrowingTaskGroup(of: WebhookAnswer.self) { group in
            group.addTask {
                var answer = WebhookAnswer(response)
                var received = 0
                for try await part in response.body {
                    received += part.readableBytes
                    answer.body += part.readableBytesView.prefix(keptBytes - answer.body.count)
                    if received > readBytes { break }
                }
                return answer
            }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            // A cancelled body ends as if it were whole.
            try Task.checkCancellation()
            return answer
        }
    }
}
