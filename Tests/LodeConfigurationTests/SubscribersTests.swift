import LodeConfiguration
import LodeCore
import Testing

@Suite struct SubscribersTests {
    private func subscriber(_ yaml: String) throws -> SubscriberSettings {
        try #require(try load(shop + "subscribers:\n  s: { \(yaml) }\n").subscribers.first)
    }

    @Test func aSubscriberHasDefaults() throws {
        let subscriber = try subscriber("stdout: {}")
        #expect(subscriber.name == "s")
        #expect(subscriber.on == [.all])
        #expect(subscriber.start == .earliest)
        #expect(subscriber.retry == RetrySettings(attempts: 12, first: .milliseconds(200), most: .seconds(300)))
        #expect(subscriber.then == .park)
        #expect(subscriber.kind == .stdout)
        #expect(subscriber.takes(type: "Anything"))
    }

    @Test func everyKindThatIsSupportedLoads() throws {
        #expect(try subscriber("stdout: ").kind == .stdout)
        #expect(try subscriber("swift: {}").kind == .swift)
        #expect(try subscriber("file: { path: /tmp/a }").kind == .file(path: "/tmp/a"))
    }

    @Test func theSettingsOfEveryKindAreRead() throws {
        #expect(
            try subscriber("webhook: { url: 'https://a.example/x', secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw }")
                .kind
                == .webhook(
                    WebhookSettings(url: "https://a.example/x", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])))
        #expect(
            try subscriber(
                "webhook: { url: 'http://a', mode: batch, concurrency: 3, timeout: 2s, headers: { X-A: b }, "
                    + "bearer_file: /t, allow_private: false, ca_file: /c }"
            ).kind
                == .webhook(
                    WebhookSettings(
                        url: "http://a", mode: .batch, concurrency: 3, timeout: .seconds(2),
                        headers: [NamedText(name: "X-A", text: "b")], bearerFile: "/t", allowPrivate: false,
                        caFile: "/c")))
        #expect(
            try subscriber("kafka: { brokers: [a:1, b:2], topic: 'shop.{type}', options: { acks: all } }").kind
                == .kafka(
                    KafkaSettings(
                        brokers: "a:1,b:2", topic: "shop.{type}", options: [NamedText(name: "acks", text: "all")])))
        #expect(
            try subscriber("nats: { url: 'nats://a:4222', subject: 's.{type}', create: true }").kind
                == .nats(NATSSettings(url: "nats://a:4222", subject: "s.{type}", create: true)))
        let files = "ca_file: /a/ca.crt, cert_file: /a/own.crt, key_file: /a/own.key"
        #expect(
            try subscriber("nats: { url: 'tls://a', subject: s, credentials_file: /a/lode.creds, \(files) }").kind
                == .nats(
                    NATSSettings(
                        url: "tls://a", subject: "s", credentialsFile: "/a/lode.creds", caFile: "/a/ca.crt",
                        certificateFile: "/a/own.crt", keyFile: "/a/own.key")))
        #expect(
            try subscriber("rabbitmq: { url: 'amqps://a', exchange: e, \(files) }").kind
                == .rabbitmq(
                    RabbitMQSettings(
                        url: "amqps://a", exchange: "e", caFile: "/a/ca.crt", certificateFile: "/a/own.crt",
                        keyFile: "/a/own.key")))
        #expect(
            try subscriber("rabbitmq: { url: 'amqp://a', exchange: shop }").kind
                == .rabbitmq(RabbitMQSettings(url: "amqp://a", exchange: "shop", routingKey: "{type}")))
        #expect(
            try subscriber("redis: { url: 'redis://a', stream: s, trim: 1000 }").kind
                == .redis(RedisSettings(url: "redis://a", stream: "s", trim: 1000)))
        #expect(
            try subscriber(
                "redis: { url: 'rediss://a', stream: s, create: true, ca_file: /ca, cert_file: /own, key_file: /key }"
            ).kind
                == .redis(
                    RedisSettings(
                        url: "rediss://a", stream: "s", create: true, caFile: "/ca", certificateFile: "/own",
                        keyFile: "/key")))
        #expect(
            try subscriber("exec: { command: [/bin/cat, -u] }").kind
                == .exec(ExecSettings(command: ["/bin/cat", "-u"])))
        guard
            case .postgres(let postgres) = try subscriber("postgres: { connection: dbname=v, sql: { A: select 1 } }")
                .kind
        else {
            Issue.record("not postgres")
            return
        }
        #expect(postgres.connection == "dbname=v")
        #expect(postgres.statements.map(\.sql.text) == ["select 1"])
    }

    @Test(arguments: [
        ("▸webhook: {}", "“webhook” has no url"), ("webhook: { url: ▸a }", "begins with http:// or https://"),
        ("webhook: { url: 'http://a', ▸secre: x }", "did you mean “secret”?"),
        ("webhook: { url: 'http://a', secret: ▸short }", "a secret"),
        ("webhook: { url: 'http://a', concurrency: ▸0 }", "from 1 to 1000"),
        ("webhook: { url: 'http://a', ▸headers: { Host: b } }", "Lode's own"),
        ("▸kafka: { brokers: a }", "“kafka” has no topic"), ("kafka: { brokers: a, topic: '▸{kind}' }", "a brace"),
        ("nats: { url: '▸http://a', subject: s }", "nats:// or tls://"),
        ("▸rabbitmq: { url: 'amqp://a' }", "has no exchange"),
        ("redis: { url: 'redis://a', stream: s, trim: ▸-1 }", "from 1"),
        ("▸exec: {}", "“exec” has no command"), ("exec: { command: ▸[] }", "“command” is empty"),
        ("▸postgres: { connection: dbname=v }", "has no sql"),
        ("postgres: { connection: dbname=v, ▸sql: {} }", "has no statement"),
        ("stdout: {}, batch: { events: ▸0 }", "from 1 to 10000"), ("stdout: {}, batch: { bytes: ▸1GB }", "1kB to 16MB"),
        ("stdout: {}, batch: { wait: ▸5m }", "longer than a minute"),
    ])
    func mistakesInTheSettingsOfAKindAreTold(yaml: String, message: String) {
        expectErrors(shop + "subscribers:\n  s: { \(yaml) }\n", message)
    }

    @Test func aBatchIsReadPartByPart() throws {
        let batch = try subscriber("stdout: {}, batch: { events: 5, bytes: 64kB, wait: 10ms }").batch
        #expect(batch == BatchSettings(events: 5, bytes: 65_536, wait: .milliseconds(10)))
        #expect(try subscriber("stdout: {}, retry: { age: 1h }").retry.age == .seconds(3600))
    }

    @Test func aConditionIsAnExpressionWithItsPlace() throws {
        let yaml = MarkedYAML(shop + "subscribers:\n  s: { stdout: {}, where: '▸data.total > 0' }\n")
        let condition = try #require(try load(yaml.text).subscribers.first?.condition)
        #expect(condition.text == "data.total > 0")
        #expect(condition.place.map { "\($0.line):\($0.column)" } == yaml.places.first)
        #expect(condition.isVerbatim)
        #expect(try subscriber("stdout: {}").condition == nil)
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, ▸where: }\n", "“where” has no value")
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, where: ▸[a] }\n", "“where” is a text, not a list")
    }

    @Test func aSubscriberHasExactlyOneKind() {
        expectErrors(shop + "subscribers:\n  ▸s: { on: A }\n", "has no kind")
        expectErrors(shop + "subscribers:\n  ▸s:\n", "has no kind")
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, ▸swift: {} }\n", "has one kind")
        expectErrors(
            shop + "subscribers:\n  ▸s: { ▸stdot: {} }\n", "has no kind", "did you mean “stdout”?")
    }

    @Test func mistakesInAKindAreTold() {
        expectErrors(shop + "subscribers:\n  s: { ▸file: {} }\n", "“file” has no path")
        expectErrors(shop + "subscribers:\n  s: { ▸file: }\n", "“file” does not say which")
        expectErrors(shop + "subscribers:\n  s: { file: { path: a, ▸mode: x } }\n", "the keys of “file” are path")
        expectErrors(shop + "subscribers:\n  s: { stdout: { ▸color: x } }\n", "“stdout” has no keys")
        expectErrors(shop + "subscribers:\n  s: { stdout: ▸yes }\n", "“stdout” is a mapping, not a text")
    }

    @Test(arguments: [
        ("earliest", StartPoint.earliest), ("latest", .latest), ("0", .position(0)), ("4711", .position(4711)),
        ("1970-01-02", .time(Timestamp(microseconds: 86_400_000_000))),
        ("1970-01-01T00:00:01Z", .time(Timestamp(microseconds: 1_000_000))),
        ("\"1970-01-01 01:00:00.5+01:00\"", .time(Timestamp(microseconds: 500_000))),
    ])
    func startIsAWordATimeOrAPosition(text: String, expected: StartPoint) throws {
        #expect(try subscriber("stdout: {}, start: \(text)").start == expected)
    }

    @Test(arguments: ["now", "-1", "99999999999999999999", "2026-02-30", "2026-13-01", "999999-01-01T00:00:00Z"])
    func aStartThatIsNoPlaceIsRefused(text: String) {
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, start: ▸\(text) }\n", "is not a place in the journal")
    }

    @Test func retryIsReadPartByPart() throws {
        #expect(try subscriber("stdout: {}, retry: { attempts: 3 }").retry == RetrySettings(attempts: 3))
        expectErrors(
            shop + "subscribers:\n  s: { stdout: {}, retry: { attempts: ▸0, first: ▸soon, most: ▸1, ▸last: x } }\n",
            "number of attempts", "not a duration", "not a duration", "unknown key “last”")
        expectErrors(
            shop + "subscribers:\n  s: { stdout: {}, retry: { first: 10s, most: ▸1s } }\n",
            "“most” is shorter than “first”")
        #expect(try subscriber("stdout: {}, retry: { first: 10m }").retry.most == .seconds(600))
        #expect(try subscriber("stdout: {}, retry: { most: 50ms }").retry.first == .milliseconds(50))
    }

    @Test func thenIsOneOfThree() throws {
        #expect(try subscriber("stdout: {}, then: stop").then == .stop)
        #expect(try subscriber("stdout: {}, then: skip").then == .skip)
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, then: ▸die }\n", "write park, skip or stop")
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, then: ▸stopp }\n", "did you mean “stop”?")
    }

    @Test func onTakesPatterns() throws {
        #expect(try subscriber("stdout: {}, on: A").on.map(\.text) == ["A"])
        #expect(try subscriber("stdout: {}, on: [A, \"B*\"]").on.map(\.text) == ["A", "B*"])
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, on: ▸[] }\n", "takes no type")
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, on: [A, ▸B C] }\n", "cannot be a type")
        expectErrors(shop + "subscribers:\n  s: { stdout: {}, on: ▸{ a: b } }\n", "“on” is a text, not a mapping")
    }

    @Test(arguments: [
        ("*", "", "OrderPlaced", true), ("Order*", "", "OrderPlaced", true), ("Order*", "", "Order", true),
        ("Order*", "", "PreOrder", false), ("*Placed", "", "OrderPlaced", true),
        ("*Placed", "", "OrderPlacedNot", false),
        ("O*P*d", "", "OrderPlaced", true), ("O*P*x", "", "OrderPlaced", false),
        ("OrderPlaced", "", "OrderPlaced", true),
        ("orderplaced", "", "OrderPlaced", false), ("", "", "", true), ("**", "", "x", true),
        ("Order*", "com.example.", "com.example.OrderPlaced", true), ("com.*", "com.example.", "com.example.A", true),
        ("Order*", "com.example.", "org.OrderPlaced", false), ("*a*b*c*d*", "", "aXbXcX", false),
    ])
    func aPatternFitsWithOrWithoutTheTypePrefix(pattern: String, prefix: String, type: String, fits: Bool) {
        #expect(TypePattern(pattern, typePrefix: prefix).matches(type) == fits)
    }

    @Test func subscribersAndEventsThatNeverMeetAreWarnedOf() throws {
        let yaml = MarkedYAML(
            shop + """
                type_prefix: com.example.
                events:
                  OrderPlaced: { from: insert into orders }
                  ▸OrderClosed: { from: delete from orders }
                subscribers:
                  a: { on: "*.OrderPlaced", stdout: {} }
                  ▸b: { on: OrderPlacd, stdout: {} }
                """)
        let warnings = try Configuration.load(text: yaml.text).warnings
        #expect(warnings.compactMap(\.place).map { "\($0.line):\($0.column)" } == yaml.places)
        #expect(warnings.map(\.severity) == [.warning, .warning])
        #expect(warnings.last?.message.contains("did you mean “OrderPlaced”?") == true)
    }

    @Test func anEventThatSaysItsTypeItselfMayReachEverybody() throws {
        let yaml = MarkedYAML(
            shop + """
                events:
                  Outbox: { from: insert into outbox, type: type }
                  ▸OrderClosed: { from: delete from orders }
                subscribers:
                  a: { on: PaymentTaken, stdout: {} }
                """)
        let warnings = try Configuration.load(text: yaml.text).warnings
        #expect(warnings.compactMap(\.place).map { "\($0.line):\($0.column)" } == yaml.places)
        #expect(warnings.first?.message.contains("no subscriber takes event “OrderClosed”") == true)
    }

    @Test func eventsThatNobodyTakesAndNothingKeepsAreWarnedOf() throws {
        let yaml = shop + "journal: none\nevents: { A: { from: update a } }\n"
        #expect(try Configuration.load(text: yaml).warnings.map(\.message).first?.contains("neither kept") == true)
    }
}

@Suite struct HTTPTests {
    @Test func theEndpointCanBeClosedOrMoved() throws {
        #expect(try load(shop + "http: none\n").http == nil)
        #expect(try load(shop + "http: { listen: localhost:0 }\n").http == HTTPSettings(host: "localhost", port: 0))
        #expect(try load(shop + "http: { listen: \"[::1]:80\" }\n").http == HTTPSettings(host: "::1", port: 80))
        let open = try load(shop + "http: { listen: 0.0.0.0:80, token_file: token }\n").http
        #expect(open == HTTPSettings(host: "0.0.0.0", port: 80, tokenFile: "token"))
    }

    @Test(arguments: ["0.0.0.0:80", "example.com:80", "127.evil.com:80", "\"[::]:80\"", "10.0.0.1:1", "127.0.0.1.2:1"])
    func whatOthersCanReachNeedsAToken(address: String) {
        let text = shop + "http: { listen: \(address) }\n"
        #expect(diagnostics(text).first?.message.contains("add “token_file”") == true)
    }

    @Test(arguments: ["8642", "localhost", "localhost:x", "localhost:65536", "localhost:+1", "a b:1", "\":80\""])
    func whatIsNoAddressIsRefused(address: String) {
        let text = shop + "http:\n  listen: \(address)\n"
        #expect(diagnostics(text).first?.message.contains("is not an address") == true)
    }

    @Test func mistakesAreTold() {
        expectErrors(shop + "http: ▸off\n", "is a mapping, not a text")
        expectErrors(shop + "http: { ▸port: 1 }\n", "unknown key “port”")
    }
}
