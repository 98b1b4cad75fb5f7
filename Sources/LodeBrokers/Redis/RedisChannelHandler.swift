import NIOCore

/// What goes into a connection.
enum RedisRequest: Sendable {
    /// So many answers are to come from now on. One such request is under way at a time.
    case expect(Int, EventLoopPromise<RedisExchange>)
    /// Commands, or a piece of them.
    case bytes(ByteBuffer)
}

/// What came back: the answers, in the order of the commands.
struct RedisExchange: Sendable {
    var answers: [RedisAnswer]
    /// Why there are fewer than were expected; the connection is over then.
    var loss: String?
}

/// The end of a connection's pipeline: counts answers, and ends the connection when they do not come.
///
/// Everything here happens on the channel's event loop.
final class RedisChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = RedisRequest
    typealias OutboundOut = ByteBuffer

    private let patience: TimeAmount
    private var reader = RedisAnswerReader()
    private var answers: [RedisAnswer] = []
    private var expected = 0
    private var promise: EventLoopPromise<RedisExchange>?
    /// When the peer last took or gave something.
    private var lastProgress = NIODeadline.uptimeNanoseconds(0)
    private var timer: Scheduled<Void>?
    private var loss: String?
    private let ending: EventLoopPromise<String>

    /// - Parameters:
    ///   - patience: The peer may neither take nor give anything for so long while something is expected of it.
    ///   - ending: Gets the reason when the connection is over.
    init(patience: TimeAmount, ending: EventLoopPromise<String>) {
        self.patience = patience
        self.ending = ending
    }

    // MARK: - Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .expect(let count, let exchange):
            promise?.succeed()
            guard loss == nil, context.channel.isActive, self.promise == nil else {
                exchange.succeed(RedisExchange(answers: [], loss: loss ?? "the connection is closed"))
                return
            }
            self.promise = exchange
            expected = count
            answers.reserveCapacity(count)
            lastProgress = .now()
            watch(context, until: lastProgress + patience)
        case .bytes(let bytes):
            // A piece that went out is a peer that takes, if slowly.
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenSuccess { self.lastProgress = .now() }
            if let promise { written.futureResult.cascade(to: promise) }
            context.write(wrapOutboundOut(bytes), promise: written)
        }
    }

    private func watch(_ context: ChannelHandlerContext, until deadline: NIODeadline) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            guard self.promise != nil else { return }
            let deadline = self.lastProgress + self.patience
            if deadline <= .now() {
                self.lose(context, "no answer within \(self.patience.nanoseconds / 1_000_000_000) s")
            } else {
                self.watch(context, until: deadline)
            }
        }
    }

    // MARK: - In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard loss == nil else { return }
        reader.feed(unwrapInboundIn(data).readableBytesView)
        lastProgress = .now()
        do throws(RedisProtocolError) {
            while let answer = try reader.next() {
                guard promise != nil else { throw RedisProtocolError(reason: Self.unasked(answer)) }
                answers.append(answer)
                if answers.count == expected { finish(RedisExchange(answers: answers)) }
            }
        } catch {
            lose(context, "the server sent \(error.reason)")
        }
    }

    /// A server that refuses a connection says why before it is asked anything.
    private static func unasked(_ answer: RedisAnswer) -> String {
        if case .error(let words) = answer { return "unasked: \(RedisVerdict.reason(words))" }
        return "an answer that nobody asked for"
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose(context, "the connection was closed")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lose(context, RedisConnection.reason(error))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        lose(context, "the connection was closed")
    }

    private func lose(_ context: ChannelHandlerContext, _ reason: String) {
        guard loss == nil else { return }
        loss = reason
        ending.succeed(reason)
        finish(RedisExchange(answers: answers, loss: reason))
        context.close(promise: nil)
    }

    private func finish(_ exchange: RedisExchange) {
        let promise = promise
        self.promise = nil
        answers = []
        timer?.cancel()
        timer = nil
        promise?.succeed(exchange)
    }
}
