#if NATS
    import Foundation
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    @testable import LodeBrokers

    /// Everything about NATS that needs a server.
    @Suite(.blocking, .timeLimit(.minutes(10))) struct NATSTests {}

    enum NATSFixture {
        /// For all tests that leave it up; each takes subjects of its own.
        static let shared: Result<TemporaryNATS, any Error> = Result { try TemporaryNATS() }

        /// A first word of subjects that no other test has.
        static func word() -> String { "w\(UInt32.random(in: 0 ... .max))" }

        static func handler(
            _ server: TemporaryNATS, subject: String, create: Bool = false, limits: NATSLimits = NATSLimits()
        ) -> NATSHandler {
            NATSHandler(NATSSettings(url: server.url, subject: subject, create: create), limits: limits)
        }
    }
#endif
