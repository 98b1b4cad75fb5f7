extension SchemaTable {
    static let subscriber = SchemaSection(
        "subscriber", "One who hears of events, by exactly one kind of handler.",
        [
            SchemaKey(
                "on", .any([.text, .list(of: .text)]),
                "The types it takes; * stands for any characters. Left out: all.", examples: ["OrderPlaced", "Order*"]),
            SchemaKey("where", .expression, "Of those, the events for which it is true.", examples: ["data.total > 0"]),
            SchemaKey(
                "start", .text,
                "Where in the journal a new subscriber begins: earliest, latest, a time or a position.",
                default: "earliest"),
            SchemaKey("batch", .section("batch"), "How many events go together."),
            SchemaKey("retry", .section("retry"), "How a failed delivery is tried again."),
            SchemaKey(
                "then", .words(SubscriberSettings.AfterLastAttempt.allCases.map(\.rawValue)),
                "When the last attempt failed: the event is set aside with the later ones of its key, is left out, or "
                    + "the subscriber stands still.", default: "park"),
            SchemaKey("stdout", .empty, "Standard output: readable for a person, JSON lines for a program."),
            SchemaKey("swift", .empty, "A closure that the embedding program registered under the subscriber's name."),
        ] + subscriberKinds.map { SchemaKey($0.name, .section($0.name), $0.description) },
        kinds: ["stdout", "swift"] + subscriberKinds.map(\.name))

    static let retry = SchemaSection(
        "retry", "How often and how soon; each pause is twice as long as the one before.",
        [
            SchemaKey("attempts", .number(from: 1), "Deliveries of one event in all.", default: "12"),
            SchemaKey("first", .duration, "The pause after the first failure.", default: "200ms"),
            SchemaKey("most", .duration, "No pause is longer.", default: "5m"),
            SchemaKey("age", .duration, "So long after an event's first failure its attempts are over, too."),
        ])

    static let batch = SchemaSection(
        "batch", "How many events go together; left out, what suits the kind.",
        [
            SchemaKey("events", .number(from: 1), "At most so many.", examples: ["100"]),
            SchemaKey("bytes", .size, "At most so large, unless a single event is larger.", examples: ["1MB"]),
            SchemaKey("wait", .duration, "How long a batch that is not full waits for more.", examples: ["10ms"]),
        ])

    /// Those that have keys.
    static let subscriberKinds = [
        SchemaSection(
            "file", "JSON lines appended to a file.",
            [SchemaKey("path", .text, "The file, relative to this file's folder.", isRequired: true)]),
        SchemaSection(
            "webhook", "HTTP requests with CloudEvents, signed as Standard Webhooks.",
            [
                SchemaKey("url", .text, "Where they go.", isRequired: true),
                SchemaKey("secret", .text, "Signs the requests."),
                SchemaKey("secrets", .list(of: .text), "Several, while one is replaced; the first signs first."),
                SchemaKey(
                    "mode", .words(["structured", "binary", "batch"]), "How CloudEvents are put into a request.",
                    default: "structured"),
                SchemaKey(
                    "concurrency", .number(from: 1), "Requests under way at once, each of another key.", default: "8"),
                SchemaKey("timeout", .duration, "How long an answer may take.", default: "10s"),
                SchemaKey("headers", .mapping(of: .text, names: .any), "More headers of every request."),
                SchemaKey("bearer_file", .text, "A file with the bearer token of every request."),
                SchemaKey("allow_private", .flag, "Whether private addresses may be called.", default: "true"),
                SchemaKey("ca_file", .text, "Authorities in PEM that https certificates must come from."),
            ]),
        SchemaSection(
            "postgres", "SQL on a PostgreSQL, exactly once: the cursor moves in the same transaction.",
            [
                SchemaKey("connection", .text, "Anything libpq takes.", isRequired: true),
                SchemaKey(
                    "sql", .mapping(of: .text, names: .any),
                    "Statements for each type. :name is a member of data, :data all of it, and :event.id, :event.type, "
                        + ":event.key, :event.time, :event.source are the event's.", isRequired: true),
                SchemaKey("timeout", .duration, "How long one statement may take.", default: "30s"),
            ]),
        SchemaSection(
            "kafka", "Kafka, by the CloudEvents binding.",
            [
                SchemaKey(
                    "brokers", .any([.text, .list(of: .text)]), "host:port, several with commas.", isRequired: true),
                SchemaKey("topic", .text, "{type} stands for the event's type.", isRequired: true),
                SchemaKey(
                    "mode", .words(["binary", "structured"]), "How CloudEvents are put into a message.",
                    default: "binary"),
                SchemaKey("options", .mapping(of: .any([.text, .flag]), names: .any), "Settings of librdkafka."),
                SchemaKey("create", .flag, "Whether topics are created.", default: "false"),
            ]),
        SchemaSection(
            "nats", "NATS JetStream.",
            [
                SchemaKey("url", .text, "The server.", isRequired: true, examples: ["nats://localhost:4222"]),
                SchemaKey("subject", .text, "{type} stands for the event's type.", isRequired: true),
                SchemaKey("credentials_file", .text, "A file of NATS credentials."),
                SchemaKey("create", .flag, "Whether the stream is created.", default: "false"),
                SchemaKey("ca_file", .text, "PEM: the authorities trusted with the server's certificate."),
                SchemaKey("cert_file", .text, "PEM: Lode's own certificate."),
                SchemaKey("key_file", .text, "PEM: the key of Lode's own certificate."),
            ]),
        SchemaSection(
            "rabbitmq", "RabbitMQ, with publisher confirms.",
            [
                SchemaKey("url", .text, "The server.", isRequired: true, examples: ["amqp://localhost"]),
                SchemaKey("exchange", .text, "The exchange.", isRequired: true),
                SchemaKey("routing_key", .text, "{type} stands for the event's type."),
                SchemaKey("create", .flag, "Whether the exchange is created.", default: "false"),
                SchemaKey("ca_file", .text, "PEM: the authorities trusted with the server's certificate."),
                SchemaKey("cert_file", .text, "PEM: Lode's own certificate."),
                SchemaKey("key_file", .text, "PEM: the key of Lode's own certificate."),
            ]),
        SchemaSection(
            "redis", "Redis streams.",
            [
                SchemaKey("url", .text, "The server.", isRequired: true, examples: ["redis://localhost:6379"]),
                SchemaKey("stream", .text, "{type} stands for the event's type.", isRequired: true),
                SchemaKey("trim", .number(from: 1), "A stream keeps about so many entries."),
                SchemaKey("create", .flag, "Whether streams are created.", default: "false"),
                SchemaKey("ca_file", .text, "PEM: the authorities trusted with the server's certificate."),
                SchemaKey("cert_file", .text, "PEM: Lode's own certificate."),
                SchemaKey("key_file", .text, "PEM: the key of Lode's own certificate."),
            ]),
        SchemaSection(
            "exec", "A program that reads events as JSON lines.",
            [
                SchemaKey("command", .list(of: .text), "The program and its arguments.", isRequired: true),
                SchemaKey("timeout", .duration, "How long the answer to an event may take.", default: "30s"),
            ]),
    ]
}
