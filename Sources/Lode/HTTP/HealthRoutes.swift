import Hummingbird

/// `/health/live`, `/health/ready`, `/health/started`.
enum HealthRoutes {
    private static let verdicts: [(String, @Sendable (Health) -> Health.Verdict)] = [
        ("live", { $0.live }), ("ready", { $0.ready }), ("started", { $0.started }),
    ]

    static func all(of daemon: LodeDaemon) -> [String: EndpointRoute] {
        var routes: [String: EndpointRoute] = [:]
        for (path, verdict) in verdicts {
            routes["/health/\(path)"] = EndpointRoute { _, _ in
                let verdict = verdict(daemon.health)
                return .json(verdict.isGood ? .ok : .serviceUnavailable, verdict.json + [0x0A])
            }
        }
        return routes
    }
}
