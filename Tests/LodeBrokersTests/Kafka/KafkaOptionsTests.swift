#if Kafka
    import LodeBrokers
    import LodeConfiguration
    import Testing

    /// What `lode check` says of a `kafka` subscriber's settings.
    struct KafkaOptionsTests {
        private func mistakes(
            _ options: [(String, String)] = [], brokers: String = "localhost:9092", topic: String = "shop.{type}"
        ) -> [String] {
            KafkaHandler.mistakes(
                in: KafkaSettings(
                    brokers: brokers, topic: topic, options: options.map { NamedText(name: $0.0, text: $0.1) }))
        }

        @Test func whatPeopleWriteIsFine() {
            #expect(mistakes() == [])
            #expect(
                mistakes([
                    ("acks", "all"), ("enable.idempotence", "true"), ("compression.codec", "zstd"),
                    ("delivery.timeout.ms", "10000"), ("security.protocol", "SASL_SSL"),
                    ("sasl.mechanisms", "SCRAM-SHA-512"), ("sasl.username", "lode"), ("sasl.password", "hush"),
                    ("message.max.bytes", "5000000"), ("batch.num.messages", "500"),
                ]) == [])
        }

        @Test(arguments: [
            ("no.such", "1", #"No such configuration property: "no.such""#),
            ("compression.codec", "zip", #"Invalid value "zip" for configuration property "compression.codec""#),
            ("acks", "1", "`acks` must be set to `all` when `enable.idempotence` is true"),
            ("max.in.flight", "9", "must be set <= 5"),
            ("linger.ms", "5", "option linger.ms is Lode's own; a batch goes as soon as it is complete"),
            ("bootstrap.servers", "a:1", "option bootstrap.servers is Lode's own; write it as “brokers”"),
            ("enable.idempotence", "false", "option enable.idempotence must be true"),
            ("partitioner", "random", "spread one key's events"),
            ("delivery.timeout.ms", "0", "from 1000 to 300000"),
            ("ssl.ca.location", "/no/such/file.pem", ""),
        ])
        func wrongOptionsAreToldInTheClientsWords(name: String, value: String, words: String) {
            var options = [(name, value)]
            if name.hasPrefix("ssl.") { options.append(("security.protocol", "SSL")) }
            let found = mistakes(options)
            #expect(found.count == 1)
            #expect(found.first?.contains(words.isEmpty ? "ssl.ca.location" : words) == true, "\(found)")
        }

        @Test func severalAreToldAtOnce() {
            #expect(mistakes([("a", "1"), ("linger.ms", "5")], topic: "my topic").count == 3)
            #expect(mistakes(brokers: "a:1,").count == 1)
            #expect(mistakes(topic: String(repeating: "x", count: 250)).count == 1)
        }

        @Test func noSecretIsTold() {
            let secret = "hunter2-hunter2"
            for name in ["ssl.key.pem", "ssl.key.password", "ssl.certificate.pem", "sasl.oauthbearer.client.secret"] {
                let options = [(name, secret), ("security.protocol", "SSL"), ("acks", "1")]
                #expect(mistakes(options).allSatisfy { !$0.contains(secret) }, "\(name)")
            }
        }
    }
#endif
