import LodeCore

extension ConfigurationReader {
    static let kafkaKeys = ["brokers", "topic", "mode", "options", "create"]
    static let natsKeys = ["url", "subject", "credentials_file", "create", "ca_file", "cert_file", "key_file"]
    static let rabbitmqKeys = ["url", "exchange", "routing_key", "create", "ca_file", "cert_file", "key_file"]
    static let redisKeys = ["url", "stream", "trim", "create", "ca_file", "cert_file", "key_file"]

    mutating func readKafka(_ entry: YAMLEntry) -> KafkaSettings? {
        let example = "write “kafka: { brokers: localhost:9092, topic: \"shop.{type}\" }”"
        guard let section = readKind(entry, keys: Self.kafkaKeys, example: example) else { return nil }
        let brokers = section["brokers"].map { readTexts($0, example: example).map(\.source.text) }
        if brokers == nil { error(at: entry.key.place, "“kafka” has no brokers; \(example)") }
        let topic = readTemplate("topic", in: section, of: entry, example: example)
        guard let brokers, let topic else { return nil }
        return KafkaSettings(
            brokers: brokers.joined(separator: ","), topic: topic,
            mode: section["mode"].flatMap { readChoice($0, as: KafkaSettings.Mode.self) } ?? .binary,
            options: section["options"].map { readNamedTexts($0, example: "write “options: { acks: all }”") } ?? [],
            create: section["create"].flatMap { readFlag($0) } ?? false)
    }

    mutating func readNATS(_ entry: YAMLEntry) -> NATSSettings? {
        let example = "write “nats: { url: nats://localhost:4222, subject: \"shop.{type}\" }”"
        guard let section = readKind(entry, keys: Self.natsKeys, example: example),
            let url = readRequired("url", in: section, of: entry, example: example)
        else { return nil }
        checkURL(url, schemes: ["nats", "tls"], example: "nats://localhost:4222")
        guard let subject = readTemplate("subject", in: section, of: entry, example: example) else { return nil }
        return NATSSettings(
            url: url.source.text, subject: subject,
            credentialsFile: section["credentials_file"].flatMap { readPath($0) },
            create: section["create"].flatMap { readFlag($0) } ?? false,
            caFile: section["ca_file"].flatMap { readPath($0) },
            certificateFile: section["cert_file"].flatMap { readPath($0) },
            keyFile: section["key_file"].flatMap { readPath($0) })
    }

    mutating func readRabbitMQ(_ entry: YAMLEntry) -> RabbitMQSettings? {
        let example = "write “rabbitmq: { url: amqp://localhost, exchange: shop }”"
        guard let section = readKind(entry, keys: Self.rabbitmqKeys, example: example),
            let url = readRequired("url", in: section, of: entry, example: example)
        else { return nil }
        checkURL(url, schemes: ["amqp", "amqps"], example: "amqp://localhost")
        guard let exchange = readRequired("exchange", in: section, of: entry, example: example) else { return nil }
        let key =
            section["routing_key"] == nil
            ? "{type}" : readTemplate("routing_key", in: section, of: entry, example: example)
        return RabbitMQSettings(
            url: url.source.text, exchange: exchange.source.text, routingKey: key ?? "{type}",
            create: section["create"].flatMap { readFlag($0) } ?? false,
            caFile: section["ca_file"].flatMap { readPath($0) },
            certificateFile: section["cert_file"].flatMap { readPath($0) },
            keyFile: section["key_file"].flatMap { readPath($0) })
    }

    mutating func readRedis(_ entry: YAMLEntry) -> RedisSettings? {
        let example = "write “redis: { url: redis://localhost:6379, stream: \"shop.{type}\" }”"
        guard let section = readKind(entry, keys: Self.redisKeys, example: example),
            let url = readRequired("url", in: section, of: entry, example: example)
        else { return nil }
        checkURL(url, schemes: ["redis", "rediss"], example: "redis://localhost:6379")
        guard let stream = readTemplate("stream", in: section, of: entry, example: example) else { return nil }
        return RedisSettings(
            url: url.source.text, stream: stream, trim: section["trim"].flatMap { readCount($0, most: .max) },
            create: section["create"].flatMap { readFlag($0) } ?? false,
            caFile: section["ca_file"].flatMap { readPath($0) },
            certificateFile: section["cert_file"].flatMap { readPath($0) },
            keyFile: section["key_file"].flatMap { readPath($0) })
    }

    /// A text in which `{type}` stands for the event's type, and no other brace stands.
    private mutating func readTemplate(
        _ name: String, in section: Section, of kind: YAMLEntry, example: String
    ) -> String? {
        guard let scalar = readRequired(name, in: section, of: kind, example: example) else { return nil }
        let text = scalar.source.text
        if text.split(separator: "{type}", omittingEmptySubsequences: false).contains(where: {
            $0.contains("{") || $0.contains("}")
        }) {
            error(
                at: scalar.source.place, "“\(name)” has a brace that is not of {type}; {type} is all that is replaced")
        }
        return text
    }
}
