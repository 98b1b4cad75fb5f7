#if NATS
    /// How long things may take.
    struct NATSLimits: Sendable {
        /// To be connected with one server, login and TLS included.
        var connect = Duration.seconds(5)
        /// From the last message of a batch to its last acknowledgement, and for JetStream's interface.
        var answer = Duration.seconds(10)
        /// For the server to take some bytes.
        var write = Duration.seconds(10)
    }
#endif
