import Foundation
import HTTPTypes
import Hummingbird
import LodeConfiguration
import Logging
import NIOCore

/// The daemon's HTTP endpoint: `/health/live`, `/health/ready`, `/health/started`.
struct HealthEndpoint {
    let settings: HTTPSettings
    let daemon: LodeDaemon
    let logger: Logger

    /// Serves until cancelled or shut down.
    func run() async throws {
        let token = try settings.tokenFile.map(Self.token)
        let router = Router()
        for (path, verdict) in Self.verdicts {
            router.get("/health/\(path)") { request, _ in
                guard Self.isAllowed(request, token: token) else { return Self.refusal }
                return Self.response(verdict(daemon.health))
            }
        }
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: "lode"),
            onServerRunning: { channel in
                daemon.bound(to: channel.localAddress?.port)
                logger.info(
                    "http endpoint listens",
                    metadata: ["address": "\(settings.host):\(channel.localAddress?.port ?? settings.port)"])
            },
            logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw EndpointError(
                "http: \(settings.host):\(settings.port) cannot be listened on (\(error)); "
                    + "set another `http: listen:`, or `http: none`")
        }
    }

    private static let verdicts: [(String, @Sendable (Health) -> Health.Verdict)] = [
        ("live", { $0.live }), ("ready", { $0.ready }), ("started", { $0.started }),
    ]

    private static func response(_ verdict: Health.Verdict) -> Response {
        Response(
            status: verdict.isGood ? .ok : .serviceUnavailable, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: verdict.json + [0x0A])))
    }

    private static let refusal = Response(
        status: .unauthorized, headers: [.contentType: "application/json", .wwwAuthenticate: "Bearer"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "{\"error\":\"a bearer token is needed\"}\n")))

    private static func isAllowed(_ request: Request, token: [UInt8]?) -> Bool {
        guard let token else { return true }
        guard let given = request.headers[.authorization]?.utf8, given.starts(with: "Bearer ".utf8) else {
            return false
        }
        let offered = Array(given.dropFirst(7))
        // In constant time: how far a guess was right must not show.
        guard offered.count == token.count else { return false }
        return zip(offered, token).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func token(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw EndpointError("http: token_file \(file) cannot be read; correct its path or its rights")
        }
        let token = Array(data).filter { $0 > 0x20 && $0 < 0x7F }
        guard !token.isEmpty else {
            throw EndpointError("http: token_file \(file) is empty; write a token into it")
        }
        return token
    }
}

/// The endpoint cannot be opened.
public struct EndpointError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
