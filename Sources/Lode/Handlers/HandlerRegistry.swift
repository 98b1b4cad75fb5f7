import LodeBrokers
import LodeConfiguration
import LodeCore
import LodeDelivery

/// Every kind of subscriber, and what makes its handler.
enum HandlerRegistry {
    /// - Throws: ``Diagnostics`` when this build has no such kind, or its settings cannot work.
    static func handler(
        for settings: SubscriberSettings, closures: [String: LodeDaemon.Handler]
    ) throws -> any EventHandler {
        switch settings.kind {
        case .stdout: return StdoutHandler()
        case .file(let path): return FileHandler(path: path)
        case .swift: return ClosureHandler(handle: closures[settings.name] ?? { _ in })
        #if NATS
            case .nats(let nats): return NATSHandler(nats)
        #endif
        #if RabbitMQ
            case .rabbitmq(let rabbitmq): return RabbitMQHandler(rabbitmq)
        #endif
        default:
            throw Diagnostics([Diagnostic(.error, at: settings.place, "this kind is not supported yet")])
        }
    }
}
