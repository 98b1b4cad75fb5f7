#if RabbitMQ
    /// How long things may take.
    struct RabbitMQLimits: Sendable {
        /// To be connected, and again to be logged in.
        var connect = Duration.seconds(5)
        /// From one confirm to the next, and for the answer to a call.
        var answer = Duration.seconds(30)
        /// For the server to take some bytes, and for it to end a `connection.blocked`.
        var write = Duration.seconds(30)
        /// Without a sign of the other side for twice as long, either ends the connection.
        var heartbeat = Duration.seconds(20)
    }
#endif
