import Foundation
import LodeConfiguration
import Synchronization
import TestSupport

/// A Redis server, which goes away and comes back with what it had.
final class RedisPeer: ConformancePeer {
    private let server: TemporaryRedis
    let kind: SubscriberSettings.Kind
    let poison = SampleEvent("Poison", key: "p")

    init() throws {
        server = try TemporaryRedis(settings: ["appendonly": "yes", "appendfsync": "always"])
        kind = .redis(RedisSettings(url: server.url, stream: "shop.{type}", create: true))
        // Where its stream would be there is something else.
        _ = try server.run("SET", "shop.Poison", "x")
    }

    func received() throws -> [String] { try server.entries(of: "shop.A").compactMap { $0["id"] } }
    func vanish() { server.stop() }
    func comeBack() throws { try server.start() }
    func close() { server.stop() }
}

#if Kafka
    /// librdkafka's mock cluster, whose broker goes away.
    final class KafkaPeer: ConformancePeer {
        private let cluster: KafkaMockCluster
        let kind: SubscriberSettings.Kind
        /// More than a broker takes.
        let poison = SampleEvent("A", key: "p", data: #"{"text":"\#(String(repeating: "x", count: 2_000_000))"}"#)

        init() throws {
            cluster = try KafkaMockCluster()
            try cluster.create(topic: "shop", partitions: 3)
            kind = .kafka(KafkaSettings(brokers: cluster.brokers, topic: "shop"))
        }

        /// Of several partitions, each in its order: a key is in one.
        func received() async throws -> [String] {
            let cluster = cluster
            return try await withCheckedThrowingContinuation { done in
                DispatchQueue.global().async {
                    done.resume(with: Result { try cluster.records(of: "shop").compactMap { $0.header("ce_id") } })
                }
            }
        }

        func vanish() { cluster.setDown() }
        func comeBack() { cluster.setUp() }
    }
#endif

#if NATS
    /// A NATS server with a stream, which goes away and comes back with what it had.
    final class NATSPeer: ConformancePeer {
        private let server: TemporaryNATS
        let kind: SubscriberSettings.Kind
        /// More than the server takes.
        let poison = SampleEvent("A", key: "p", data: #"{"text":"\#(String(repeating: "x", count: 2_000_000))"}"#)
        /// By `Nats-Msg-Id`, within two minutes.
        let dropsRepeats = true

        init() throws {
            server = try TemporaryNATS()
            try server.addStream("shop", subjects: ["shop.>"])
            kind = .nats(NATSSettings(url: server.url, subject: "shop.{type}"))
        }

        func received() throws -> [String] { try server.messages(of: "shop").compactMap { $0.headers["Nats-Msg-Id"] } }
        func vanish() { server.stop() }
        func comeBack() throws { try server.start() }
        func close() { server.stop() }
    }
#endif

#if RabbitMQ
    /// A queue of a RabbitMQ server, which goes away and comes back with what it had.
    final class RabbitMQPeer: ConformancePeer {
        /// It takes long to start.
        private static let server = Result { try TemporaryRabbitMQ() }
        private let server: TemporaryRabbitMQ
        private let name = "x\(UInt32.random(in: 0 ... .max))"
        private let ids = Mutex<[String]>([])
        let kind: SubscriberSettings.Kind
        /// No queue is bound for it.
        let poison = SampleEvent("Poison", key: "p")

        init() throws {
            server = try Self.server.get()
            try server.addQueue(name, keys: ["A"])
            kind = .rabbitmq(RabbitMQSettings(url: server.url, exchange: name))
        }

        func received() throws -> [String] {
            let new = try server.takeMessages(of: name).compactMap(\.properties.messageID)
            return ids.withLock { ids in
                ids += new
                return ids
            }
        }

        func vanish() { server.stop() }
        func comeBack() throws { try server.start() }
    }
#endif
