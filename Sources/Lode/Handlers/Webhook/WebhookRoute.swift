import AsyncHTTPClient
import LodeConfiguration
import LodeDelivery
import NIOCore
import NIOSSL

/// The HTTP client, with its connections; made when it is first needed.
///
/// Where only some addresses may be called, the name is resolved here, what came is checked, and the client
/// gets one address that passed in the name's place. It connects there and nowhere else, whatever the name
/// means a moment later, and still asks for the name in `Host` and in TLS.
actor WebhookRoute {
    /// A client that may be in use.
    final class Line: Sendable {
        let client: HTTPClient
        let connections: ConnectionCount
        /// Where its connections go; nil: wherever the name says.
        let address: IPAddress?

        init(client: HTTPClient, connections: ConnectionCount, address: IPAddress?) {
            self.client = client
            self.connections = connections
            self.address = address
        }
    }

    private struct Usage {
        var line: Line
        var users = 0
    }

    /// So long an address that was checked is taken without asking again.
    private static let checkedFor = Duration.seconds(60)

    private let configuration: HTTPClient.Configuration
    private let target: WebhookTarget
    private let lookup: AddressLookup?
    private var current: Line?
    /// Clients that are not shut down: the current one, and others as long as requests are under way on them.
    private var lines: [ObjectIdentifier: Usage] = [:]
    private var checked = ContinuousClock.now
    private var isSuspect = false
    private var isClosed = false

    init(_ settings: WebhookSettings, target: WebhookTarget, addressGuard: AddressGuard?) {
        configuration = .webhook(settings)
        self.target = target
        lookup = addressGuard.map { AddressLookup(target.host, guard: $0) }
    }

    /// The client to send with; ``leave(_:isUsable:)`` gives it back.
    ///
    /// - Throws: ``DeliveryFailure`` when the host has no address that may be called, or none was found in time.
    func line(until deadline: ContinuousClock.Instant) async throws -> Line {
        var line = current
        if let lookup, line == nil || isSuspect || checked + Self.checkedFor < .now {
            let addresses = try await lookup.addresses(until: deadline)
            line = take(addresses)
        }
        guard let chosen = line ?? open(at: nil) else { throw CancellationError() }
        lines[ObjectIdentifier(chosen), default: Usage(line: chosen)].users += 1
        return chosen
    }

    /// - Parameter isUsable: Whether a connection came about.
    func leave(_ line: Line, isUsable: Bool) async {
        if line === current, !isUsable { isSuspect = true }
        lines[ObjectIdentifier(line)]?.users -= 1
        guard line !== current, lines[ObjectIdentifier(line)]?.users == 0 else { return }
        lines[ObjectIdentifier(line)] = nil
        try? await line.client.shutdown()
    }

    func close() async {
        isClosed = true
        current = nil
        let all = lines.values.map(\.line)
        lines = [:]
        for line in all { try? await line.client.shutdown() }
    }

    /// The client for what the name means now: the one there is when its address is still good, else a new one.
    private func take(_ addresses: [IPAddress]) -> Line? {
        let old = current?.address.flatMap { addresses.firstIndex(of: $0) }
        checked = .now
        if let current, old != nil, !isSuspect || addresses.count == 1 {
            isSuspect = false
            return current
        }
        isSuspect = false
        // After an address that could not be reached comes the next.
        let next = old.map { ($0 + 1) % addresses.count } ?? 0
        return open(at: addresses[next])
    }

    private func open(at address: IPAddress?) -> Line? {
        guard !isClosed else { return nil }
        var configuration = configuration
        // An address in the URL stands for itself; it has been checked like any other.
        if let address, !target.isAddress { configuration.dnsOverride = [target.host: address.text] }
        let connections = ConnectionCount()
        connections.watch(&configuration)
        let line = Line(
            client: HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration),
            connections: connections, address: address)
        if let current, lines[ObjectIdentifier(current)]?.users == 0 {
            lines[ObjectIdentifier(current)] = nil
            let client = current.client
            // Nobody waits for it; it has no request under way.
            client.shutdown { _ in }
        }
        lines[ObjectIdentifier(line)] = Usage(line: line)
        current = line
        return line
    }
}

extension HTTPClient.Configuration {
    fileprivate static func webhook(_ settings: WebhookSettings) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = min(.seconds(10), TimeAmount(settings.timeout))
        // The delivery engine knows when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.concurrency
        // Below what common peers and balancers allow, lest a request meets a connection that they close.
        configuration.connectionPool.idleTimeout = .seconds(30)
        // A name that moved to other addresses is noticed under load, too.
        configuration.maximumUsesPerConnection = 10_000
        if let file = settings.caFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(file)
            configuration.tlsConfiguration = tls
        }
        return configuration
    }
}
