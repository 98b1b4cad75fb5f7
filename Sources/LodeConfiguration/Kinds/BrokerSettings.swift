/// A subscriber that is Kafka topics.
public struct KafkaSettings: Hashable, Sendable {
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The data in the message, the attributes in `ce_` headers.
        case binary
        /// The whole CloudEvent as JSON in the message.
        case structured
    }

    /// `host:port`, several with commas.
    public var brokers: String
    /// `{type}` stands for the event's type.
    public var topic: String
    public var mode: Mode
    /// Settings of librdkafka, in the file's order.
    public var options: [NamedText]
    /// Whether topics that are not there are created.
    public var create: Bool

    public init(
        brokers: String, topic: String, mode: Mode = .binary, options: [NamedText] = [], create: Bool = false
    ) {
        self.brokers = brokers
        self.topic = topic
        self.mode = mode
        self.options = options
        self.create = create
    }
}

/// A subscriber that is subjects of NATS JetStream.
public struct NATSSettings: Hashable, Sendable {
    /// `nats://` or `tls://`; several with commas.
    public var url: String
    /// `{type}` stands for the event's type.
    public var subject: String
    /// A file of NATS credentials (JWT and seed).
    public var credentialsFile: String?
    /// Whether a stream for the subject is created when there is none.
    public var create: Bool
    /// PEM: the authorities that are trusted with the server's certificate; nil: the system's.
    public var caFile: String?
    /// PEM: Lode's own certificate and its key, for a server that asks for one; both or none.
    public var certificateFile: String?
    public var keyFile: String?

    public init(
        url: String, subject: String, credentialsFile: String? = nil, create: Bool = false, caFile: String? = nil,
        certificateFile: String? = nil, keyFile: String? = nil
    ) {
        self.url = url
        self.subject = subject
        self.credentialsFile = credentialsFile
        self.create = create
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// A subscriber that is an exchange of RabbitMQ.
public struct RabbitMQSettings: Hashable, Sendable {
    /// `amqp://` or `amqps://`, with user, password and virtual host if need be.
    public var url: String
    public var exchange: String
    /// `{type}` stands for the event's type.
    public var routingKey: String
    /// Whether the exchange (a durable topic exchange) is created when there is none.
    public var create: Bool
    /// PEM: the authorities that are trusted with the server's certificate; nil: the system's.
    public var caFile: String?
    /// PEM: Lode's own certificate and its key, for a server that asks for one; both or none.
    public var certificateFile: String?
    public var keyFile: String?

    public init(
        url: String, exchange: String, routingKey: String = "{type}", create: Bool = false, caFile: String? = nil,
        certificateFile: String? = nil, keyFile: String? = nil
    ) {
        self.url = url
        self.exchange = exchange
        self.routingKey = routingKey
        self.create = create
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// A subscriber that is streams of Redis.
public struct RedisSettings: Hashable, Sendable {
    /// `redis://` or `rediss://`, with user, password and database number if need be.
    public var url: String
    /// `{type}` stands for the event's type.
    public var stream: String
    /// A stream keeps about so many entries; nil: all.
    public var trim: Int?
    /// Whether streams that are not there are created.
    public var create: Bool
    /// PEM: the authorities that are trusted with the server's certificate; nil: the system's.
    public var caFile: String?
    /// PEM: Lode's own certificate and its key, for a server that asks for one; both or none.
    public var certificateFile: String?
    public var keyFile: String?

    public init(
        url: String, stream: String, trim: Int? = nil, create: Bool = false, caFile: String? = nil,
        certificateFile: String? = nil, keyFile: String? = nil
    ) {
        self.url = url
        self.stream = stream
        self.trim = trim
        self.create = create
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
