import LodeBrokers
import LodeConfiguration
import LodeCore
import LodeDelivery
import Logging
import Testing

@testable import Lode

/// What `lode check` and the start say of subscribers' settings that no handler can work with.
struct HandlerRegistryTests {
    private func configuration(_ subscriber: String) throws -> Configuration {
        try Configuration.load(
            text: """
                sources: { shop: { connection: dbname=shop } }
                events: { A: { from: insert into a } }
                subscribers:
                  s: { \(subscriber) }
                """
        ).0
    }

    @Test func aKindThatTheBuildLeftOutSaysWhichTraitBringsIt() throws {
        let settings = try #require(try configuration("kafka: { brokers: a, topic: t }").subscribers.first)
        let diagnostic = HandlerRegistry.isLeftOut("kafka", trait: "Kafka", of: settings)
        #expect(diagnostic.severity == .error)
        #expect(diagnostic.message == "subscriber s: this build has no kafka; build with --traits Kafka")
        #expect(diagnostic.place?.line == 4)
    }

    #if Kafka
        @Test func mistakesInOptionsAreToldByTheCheckAndTheStart() throws {
            let configuration = try configuration("kafka: { brokers: a, topic: t, options: { no.such: 1 } }")
            let words = "subscriber s: No such configuration property: \"no.such\""
            let told = MappingCheck.offline(configuration, tables: nil)
            #expect(told.told.map(\.message) == [words])
            #expect(told.errors == 1)
            let settings = try #require(configuration.subscribers.first)
            let thrown = #expect(throws: Diagnostics.self) {
                _ = try HandlerRegistry.handler(for: settings, closures: [:], logger: Logger(label: "test"))
            }
            #expect(thrown?.all.map(\.message) == [words])
        }

        @Test func kafkaHasAHandler() throws {
            let settings = try #require(try configuration("kafka: { brokers: 'a:1', topic: t }").subscribers.first)
            #expect(HandlerRegistry.mistakes(in: settings).isEmpty)
            #expect(
                try HandlerRegistry.handler(for: settings, closures: [:], logger: Logger(label: "test")) is KafkaHandler
            )
        }
    #endif
}
