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
        let mistakes = mistakes(in: settings)
        if !mistakes.isEmpty { throw Diagnostics(mistakes) }
        switch settings.kind {
        case .stdout: return StdoutHandler()
        case .file(let path): return FileHandler(path: path)
        case .swift: return ClosureHandler(handle: closures[settings.name] ?? { _ in })
        case .exec(let exec): return ExecHandler(exec, name: settings.name, logger: logger)
        case .redis(let redis): return try RedisHandler(redis, at: settings.place)
        case .postgres(let postgres): return try PostgresHandler(postgres, name: settings.name)
        case .webhook(let webhook): return try WebhookHandler(webhook, place: settings.place)
        #if Kafka
            case .kafka(let kafka): return KafkaHandler(kafka)
        #else
            case .kafka: throw Diagnostics([isLeftOut("kafka", trait: "Kafka", of: settings)])
        #endif
        #if NATS
            case .nats(let nats): return NATSHandler(nats)
        #else
            case .nats: throw Diagnostics([isLeftOut("nats", trait: "NATS", of: settings)])
        #endif
        #if RabbitMQ
            case .rabbitmq(let rabbitmq): return RabbitMQHandler(rabbitmq)
        #else
            case .rabbitmq: throw Diagnostics([isLeftOut("rabbitmq", trait: "RabbitMQ", of: settings)])
        #endif
        }
    }

    /// What is wrong with a subscriber's settings as far as this program alone can tell: nobody is
    /// asked, nothing is made. `lode check` tells it, and the start refuses it.
    static func mistakes(in settings: SubscriberSettings) -> [Diagnostic] {
        switch settings.kind {
        #if Kafka
            case .kafka(let kafka): return KafkaHandler.mistakes(in: kafka).map { mistake($0, of: settings) }
        #else
            case .kafka: return [isLeftOut("kafka", trait: "Kafka", of: settings)]
        #endif
        #if NATS
            case .nats(let nats): return NATSHandler.mistakes(in: nats).map { mistake($0, of: settings) }
        #else
            case .nats: return [isLeftOut("nats", trait: "NATS", of: settings)]
        #endif
        #if RabbitMQ
            case .rabbitmq(let rabbitmq):
                return RabbitMQHandler.mistakes(in: rabbitmq).map { mistake($0, of: settings) }
        #else
            case .rabbitmq: return [isLeftOut("rabbitmq", trait: "RabbitMQ", of: settings)]
        #endif
        default: return []
        }
    }

    private static func mistake(_ text: String, of settings: SubscriberSettings) -> Diagnostic {
        Diagnostic(.error, at: settings.place, "subscriber \(settings.name): \(text)")
    }

    /// This program was built without the client of a kind of subscriber.
    static func isLeftOut(_ kind: String, trait: String, of settings: SubscriberSettings) -> Diagnostic {
        mistake("this build has no \(kind); build with --traits \(trait)", of: settings)
    }
}
