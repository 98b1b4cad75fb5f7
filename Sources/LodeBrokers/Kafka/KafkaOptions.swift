#if Kafka
    import CRdKafka
    import LodeConfiguration

    /// librdkafka's settings: Lode's own, then those of the file.
    struct KafkaOptions {
        let settings: KafkaSettings
        /// How long a wave waits for its acknowledgements.
        let deadline: Duration

        init(_ settings: KafkaSettings) {
            self.settings = settings
            let named = settings.options.last { Self.deadlines.contains($0.name) }
            let milliseconds = named.flatMap { Int($0.text) } ?? 30_000
            deadline = .milliseconds(min(max(milliseconds, 1000), Self.longestDeadline))
        }

        /// librdkafka's own deadline for a message must never pass before ours: it takes messages one by
        /// one, and the second half of a record batch would go when the first had expired.
        private static let messageTimeout = 900_000
        /// Messages wait for the end of their wave, which is a flush.
        private static let linger = 600_000
        private static let longestDeadline = 300_000
        private static let deadlines: Set<String> = ["delivery.timeout.ms", "message.timeout.ms"]

        /// What the options cannot say, and why.
        private static let reserved: [String: String] = [
            "bootstrap.servers": "write it as “brokers”", "metadata.broker.list": "write it as “brokers”",
            "allow.auto.create.topics": "write it as “create”",
            "transactional.id": "Lode uses no transactions; leave it out",
            "linger.ms": lingerMend, "queue.buffering.max.ms": lingerMend,
        ]
        private static let lingerMend =
            "a batch goes as soon as it is complete; leave it out, and let “batch: { wait: ... }” make batches larger"

        /// What is wrong with the options, in librdkafka's words where it has any; nobody is asked.
        var mistakes: [String] {
            var found = ownMistakes
            let (configuration, refused) = configuration(connects: false)
            found += refused
            guard found.isEmpty else {
                rd_kafka_conf_destroy(configuration)
                return found
            }
            // Certificates are read and the options compared with each other. Without brokers it connects to none.
            switch Self.open(configuration) {
            case .success(let handle): rd_kafka_destroy(handle)
            case .failure(let error): found.append(error.words)
            }
            return found
        }

        struct Refused: Error { var words: String }

        /// The client of a subscriber; the configuration is consumed.
        static func open(_ configuration: OpaquePointer?) -> Result<OpaquePointer, Refused> {
            var words = [CChar](repeating: 0, count: 512)
            if let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &words, words.count) {
                return .success(handle)
            }
            rd_kafka_conf_destroy(configuration)
            return .failure(Refused(words: text(words)))
        }

        /// - Returns: A configuration that is the caller's, and what librdkafka refused of the options.
        func configuration(connects: Bool = true) -> (OpaquePointer?, refused: [String]) {
            let configuration = rd_kafka_conf_new()
            var own: [(String, String)] = [
                ("client.id", "lode"), ("request.timeout.ms", "10000"), ("socket.timeout.ms", "10000"),
                ("partitioner", "murmur2_random"), ("socket.nagle.disable", "true"),
                ("allow.auto.create.topics", settings.create ? "true" : "false"),
            ]
            if connects { own.append(("bootstrap.servers", settings.brokers)) }
            var refused: [String] = []
            for (name, value) in own { Self.set(name, value, in: configuration, &refused) }
            for option in settings.options { Self.set(option.name, option.text, in: configuration, &refused) }
            for (name, value) in [
                ("enable.idempotence", "true"), ("linger.ms", "\(Self.linger)"),
                ("message.timeout.ms", "\(Self.messageTimeout)"),
            ] { Self.set(name, value, in: configuration, &refused) }
            // Its errors come as error events; its log is for those who ask for it by the option `debug`.
            if !settings.options.contains(where: { $0.name == "debug" }) {
                rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
            }
            return (configuration, refused)
        }

        private var ownMistakes: [String] {
            var found: [String] = []
            if let mistake = KafkaTopicName(template: settings.topic).mistake { found.append(mistake) }
            for broker in settings.brokers.split(separator: ",", omittingEmptySubsequences: false) {
                let hasPlace = broker.contains { !$0.isWhitespace }
                if !hasPlace { found.append("brokers has an empty place; write it as host:port, several with commas") }
            }
            for option in settings.options {
                if let mend = Self.reserved[option.name] {
                    found.append("option \(option.name) is Lode's own; \(mend)")
                } else if option.name == "enable.idempotence", option.text != "true" {
                    found.append("option enable.idempotence must be true, or repeats would change a key's order")
                } else if option.name == "partitioner", option.text == "random" {
                    found.append("option partitioner: random would spread one key's events over partitions")
                } else if Self.deadlines.contains(option.name),
                    !(1000...Self.longestDeadline).contains(Int(option.text) ?? 0)
                {
                    found.append("option \(option.name) must be from 1000 to \(Self.longestDeadline) milliseconds")
                }
            }
            return found
        }

        private static func set(
            _ name: String, _ value: String, in configuration: OpaquePointer?, _ refused: inout [String]
        ) {
            var words = [CChar](repeating: 0, count: 512)
            let result = rd_kafka_conf_set(configuration, name, value, &words, words.count)
            guard result != RD_KAFKA_CONF_OK else { return }
            // Some errors quote the value.
            let told = text(words)
            refused.append(isSecret(name) && !value.isEmpty ? told.replacing(value, with: "…") : told)
        }

        private static func isSecret(_ name: String) -> Bool {
            ["password", "secret", "pem", "key", "oauthbearer", "kinit"].contains { name.contains($0) }
        }

        static func text(_ characters: [CChar]) -> String {
            line(String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }

        /// A reason is one line; OpenSSL's may be more.
        static func line(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
    }
#endif
