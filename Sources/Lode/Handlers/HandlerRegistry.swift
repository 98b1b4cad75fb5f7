import LodeBrokers
import LodeConfiguration
import LodeCore
import LodeDelivery
import Logging

/// Every kind of subscriber, and what makes its handler.
enum HandlerRegistry {
    /// - Throws: ``Diagnostics`` when this build has no such kind, or its settings cannot work.
    static func handler(
        for settings: SubscriberSettings, closures: [String: LodeDaemon.Handler], logger: Logger
    ) throws -> any EventHandler {
        switch settings.kind {
        case .stdout: return StdoutHandler()
        case .file(let path): return FileHandler(path: path)
        case .swift: return ClosureHandler(handle: closures[settings.name] ?? { _ in })
        case .redis(let redis): return try RedisHandler(redis, at: settings.place)
        case .exec(let exec): return ExecHandler(exec, name: settings.name, logger: logger)
        case .webhook, .postgres, .kafka, .nats, .rabbitmq:
            throw Diagnostics([Diagnostic(.error, at: settings.place, "this kind is not supported yet")])
        }
    }
}
