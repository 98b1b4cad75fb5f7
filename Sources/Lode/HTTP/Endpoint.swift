import Hummingbird
import LodeConfiguration
import LodeJournal
import Logging
import NIOCore
import ServiceLifecycle

/// The daemon's HTTP endpoint: health, the feed of events, metrics, and a page for people.
struct Endpoint {
    let settings: HTTPSettings
    let daemon: LodeDaemon
    /// nil: `journal: none`, there is no feed.
    let feed: FeedReader?
    let slots: SlotWatch
    let limits: EndpointLimits
    let logger: Logger

    /// A connection on which nothing was asked for so long is closed.
    private static let idleTimeout = TimeAmount.seconds(75)

    /// Serves until cancelled or shut down.
    ///
    /// - Throws: ``EndpointError``
    func run() async throws {
        let token = try settings.tokenFile.map(EndpointToken.init(file:))
        var routes = HealthRoutes.all(of: daemon)
        routes.merge(FeedRoutes(feed, limits: limits).all) { old, _ in old }
        routes.merge(MetricsRoutes(daemon: daemon, slots: slots).all) { old, _ in old }
        routes.merge(PageRoutes.all) { old, _ in old }
        let responder = EndpointResponder(
            routes: routes, token: token, trustedHost: settings.isLoopback && token == nil ? settings.host : nil,
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await slots.run() }
            defer { group.cancelAll() }
            try await serve(responder)
        }
    }

    private func serve(_ responder: EndpointResponder) async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), serverName: "lode",
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { channel in
                daemon.bound(to: channel.localAddress?.port)
                logger.info(
                    "http endpoint listens",
                    metadata: ["address": "\(settings.host):\(channel.localAddress?.port ?? settings.port)"])
            },
            logger: quiet)
        // Ends as a shutdown does when it is cancelled, too: requests under way are answered, streams end whole.
        var silent = logger
        silent.logLevel = .critical
        let group = ServiceGroup(configuration: .init(services: [application], logger: silent))
        let running = Task { try await group.run() }
        do {
            try await withTaskCancellationHandler {
                try await running.value
            } onCancel: {
                Task { await group.triggerGracefulShutdown() }
            }
        } catch let error as IOError {
            throw EndpointError(
                "http: \(settings.host):\(settings.port) cannot be listened on (\(error)); "
                    + "set another `http: listen:`, or `http: none`")
        }
    }
}

/// The endpoint cannot be opened.
public struct EndpointError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
