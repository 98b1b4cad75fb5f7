import Foundation
import LodeConfiguration
import LodeDelivery
import NIOCore
import NIOPosix
import NIOSSL

/// One connection to a Redis server, logged in. One exchange at a time.
struct RedisConnection: Sendable {
    struct Times: Sendable {
        /// For the name to be found and the socket to be connected.
        var connect = Duration.seconds(5)
        /// How long the server may neither take nor give anything while answers are due.
        var answer = Duration.seconds(10)
    }

    private let channel: any Channel
    /// Why it is over, once it is.
    private let ending: EventLoopFuture<String>

    var isActive: Bool { channel.isActive }

    // MARK: - Opening

    /// Connects and logs in. Returns soon when the task is cancelled.
    ///
    /// - Throws: ``RedisRefusal``.
    static func open(_ address: RedisAddress, _ settings: RedisSettings, times: Times) async throws -> RedisConnection {
        var tls: NIOSSLContext?
        if address.isTLS {
            // Reads files, so not on the cooperative pool; anew each time, for certificates are renewed.
            tls = try await NIOThreadPool.singleton.runIfActive { try context(settings) }
        }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let wanted = loop.makePromise(of: (any Channel).self)
        let ending = loop.makePromise(of: String.self)
        let connecting = connect(address, tls: tls, on: loop, times: times, ending: ending)
        connecting.cascade(to: wanted)
        // Without a connection there is no handler to keep the promise.
        connecting.whenFailure { _ in ending.succeed("it was never connected") }
        let channel = try await withTaskCancellationHandler {
            do { return try await wanted.futureResult.get() } catch { throw RedisRefusal(reason: reason(error)) }
        } onCancel: {
            wanted.fail(CancellationError())
            connecting.whenSuccess { $0.close(promise: nil) }
        }
        let connection = RedisConnection(channel: channel, ending: ending.futureResult)
        do {
            try await connection.logIn(address)
            return connection
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func connect(
        _ address: RedisAddress, tls: NIOSSLContext?, on loop: any EventLoop, times: Times,
        ending: EventLoopPromise<String>
    ) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(times.connect))
            // A peer that went without a word is found out while nothing is sent.
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        // The name is checked by the certificate's addresses when it is one itself.
                        let isAddress = (try? SocketAddress(ipAddress: address.host, port: address.port)) != nil
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : address.host))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        RedisChannelHandler(patience: TimeAmount(times.answer), ending: ending))
                }
            }
            .connect(host: address.host, port: address.port)
    }

    private static func context(_ settings: RedisSettings) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            if let file = settings.caFile { tls.trustRoots = .file(file) }
            if let file = settings.certificateFile {
                tls.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
            }
            if let file = settings.keyFile {
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: file, format: .pem))
            }
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw RedisRefusal(reason: "its certificates or key cannot be read: \(reason(error))")
        }
    }

    private func logIn(_ address: RedisAddress) async throws {
        var commands: [UInt8] = []
        var count = 1
        if let password = address.password {
            count += 1
            if let user = address.user {
                RedisCommand.append("AUTH", user, password, to: &commands)
            } else {
                RedisCommand.append("AUTH", password, to: &commands)
            }
        }
        if address.database != 0 {
            count += 1
            RedisCommand.append("SELECT", String(address.database), to: &commands)
        }
        // Has a server that wants a password, or is still loading, say so now.
        RedisCommand.append("PING", to: &commands)
        let exchange = begin(expecting: count)
        write(commands)
        let result = try await outcome(of: exchange)
        for (index, answer) in result.answers.enumerated() {
            guard case .error(let words) = answer else { continue }
            let reason = RedisVerdict.failure(words).reason
            // A login that may do nothing but XADD is as good as any.
            if index == count - 1, reason.hasPrefix("NOPERM") { continue }
            throw RedisRefusal(reason: reason)
        }
        if let loss = result.loss { throw RedisRefusal(reason: loss) }
    }

    // MARK: - Use

    /// Says how many answers are to come; the commands follow by ``write(_:)``.
    func begin(expecting count: Int) -> EventLoopFuture<RedisExchange> {
        let promise = channel.eventLoop.makePromise(of: RedisExchange.self)
        // Fails only when the channel has no handlers any more: then nobody else keeps the promise.
        channel.write(RedisRequest.expect(count, promise)).whenFailure { [ending] _ in
            ending.whenSuccess { promise.succeed(RedisExchange(answers: [], loss: $0)) }
        }
        return promise.futureResult
    }

    /// Sends bytes, in order, without waiting.
    func write(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.piece)
            channel.writeAndFlush(RedisRequest.bytes(ByteBuffer(bytes: bytes[start..<end])), promise: nil)
            start = end
        }
    }

    /// A slow connection shows that it moves each time so much is out.
    private static let piece = 256 * 1024

    /// Waits for the answers; when the task is cancelled the connection ends, and what came by then is told.
    func outcome(of exchange: EventLoopFuture<RedisExchange>) async throws -> RedisExchange {
        try await withTaskCancellationHandler {
            try await exchange.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    func close() async { try? await channel.close() }
}

/// A connection was not to be had: the reason, for people.
struct RedisRefusal: Error {
    var reason: String
}

extension RedisConnection {
    /// An error of the network or of TLS, in words.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as RedisRefusal: error.reason
        case let error as NIOConnectionError:
            error.connectionErrors.last.map { reason($0.error) } ?? "its name is not known"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout: "no connection in time"
        case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.eof: "the connection was closed"
        case is CancellationError: "it is not wanted any more"
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: tlsReason("\(error)")
        default: RedisVerdict.plain("\(error)".utf8)
        }
    }

    /// BoringSSL tells where in its source it was; a person needs the cause.
    private static func tlsReason(_ text: String) -> String {
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "TLS: the server's certificate is not trusted; name the file of its authority in ca_file"
        }
        if text.contains("failedToValidateHostname") { return "TLS: the server's certificate is for another name" }
        if text.contains("WRONG_VERSION_NUMBER") { return "TLS: the server does not speak it on this port" }
        if text.contains("uncleanShutdown") { return "the connection was closed" }
        return "TLS: " + RedisVerdict.plain(text.utf8)
    }
}
