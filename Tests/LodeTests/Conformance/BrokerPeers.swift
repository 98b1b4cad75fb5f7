import Foundation
import LodeConfiguration
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
