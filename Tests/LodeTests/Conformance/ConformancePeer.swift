import Lode
import LodeConfiguration
import TestSupport
import Testing

/// The other end of a kind of subscriber, a real one: what the conformance suite asks of it.
protocol ConformancePeer: Sendable {
    /// The subscriber's settings that lead to this peer.
    var kind: SubscriberSettings.Kind { get }
    /// Closures by the subscriber's name, for the kind `swift`.
    var closure: (@Sendable (Event) async throws -> Void)? { get }
    /// The ids of the events it has, in the order in which it took them, repeats and all.
    func received() async throws -> [String]
    /// Goes away without a word, and keeps what it has.
    func vanish() async throws
    func comeBack() async throws
    /// An event that it never takes, while it takes all others.
    var poison: SampleEvent { get }
    /// Whether it knows an event that it had by its id.
    var dropsRepeats: Bool { get }
    func close() async
}

extension ConformancePeer {
    var closure: (@Sendable (Event) async throws -> Void)? { nil }

    var dropsRepeats: Bool { false }

    func close() async {}
}

/// Every kind of subscriber. One more is one line here and a peer.
enum ConformanceKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case swift, file, webhook, binaryWebhook, batchWebhook, postgres, exec, redis
    #if Kafka
        case kafka
    #endif
    #if NATS
        case nats
    #endif
    #if RabbitMQ
        case rabbitmq
    #endif

    var testDescription: String { rawValue }

    func peer() async throws -> any ConformancePeer {
        switch self {
        case .swift: ClosurePeer()
        case .file: try FilePeer()
        case .webhook: try WebhookPeer(mode: .structured)
        case .binaryWebhook: try WebhookPeer(mode: .binary)
        case .batchWebhook: try WebhookPeer(mode: .batch)
        case .postgres: try PostgresPeer()
        case .exec: try ExecPeer()
        case .redis: try RedisPeer()
        #if Kafka
            case .kafka: try KafkaPeer()
        #endif
        #if NATS
            case .nats: try NATSPeer()
        #endif
        #if RabbitMQ
            case .rabbitmq: try RabbitMQPeer()
        #endif
        }
    }
}
