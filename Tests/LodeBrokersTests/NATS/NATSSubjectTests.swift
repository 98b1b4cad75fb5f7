#if NATS
    import LodeConfiguration
    import Testing

    @testable import LodeBrokers

    /// Subjects as the NATS documentation has them: tokens between dots, without white space, `*` and `>`.
    struct NATSSubjectTests {
        @Test(arguments: [
            ("shop.{type}", "OrderPlaced", "shop.OrderPlaced"),
            ("shop.{type}", "com.example.OrderPlaced", "shop.com.example.OrderPlaced"),
            ("{type}", "OrderPlaced", "OrderPlaced"),
            ("{type}.of.{type}", "A", "A.of.A"),
            ("shop", "OrderPlaced", "shop"),
            ("shop.{type}", "order placed", "shop.order_placed"),
            ("shop.{type}", "a*b>c\td\u{7F}\r\n", "shop.a_b_c_d___"),
            ("shop.{type}", ".a..b.", "shop._.a._.b._"),
            ("shop.{type}", "", "shop._"),
            ("{type}", "", "_"),
            ("{type}", "$JS.API.STREAM.DELETE.shop", "_JS.API.STREAM.DELETE.shop"),
            ("$KV.{type}", "$a", "$KV.$a"),
            ("shop.{type}", "Bestätigt", "shop.Bestätigt"),
        ])
        func aTypesSubject(template: String, type: String, subject: String) {
            #expect(NATSSubject(template: template).subject(ofType: type) == subject)
        }

        @Test(arguments: [
            ("shop.{type}", "shop.>", "shop"), ("shop.eu.{type}", "shop.eu.>", "shop_eu"), ("shop", "shop", "shop"),
            ("shop.{type}.new", "shop.*.new", "shop_new"), ("shop.x-{type}", "shop.>", "shop_x-"),
            ("shop.{type}-x.y", "shop.*.y", "shop_-x_y"), ("a/b.{type}", "a/b.>", "a_b"),
        ])
        func theStreamOfATemplate(template: String, pattern: String, name: String) {
            let subject = NATSSubject(template: template)
            #expect(subject.pattern == pattern)
            #expect(subject.streamName == name)
            #expect(subject.mistake(creates: true) == nil)
        }

        @Test(arguments: [
            "shop {type}", "shop.*", "shop.>", "shop..{type}", ".{type}", "shop.", String(repeating: "a", count: 3000),
        ])
        func templatesThatCannotWork(template: String) {
            #expect(NATSSubject(template: template).mistake(creates: false) != nil)
        }

        @Test func aStreamForEverythingIsRefused() {
            #expect(NATSHandler.mistakes(in: NATSSettings(url: "nats://a", subject: "{type}")) == [])
            #expect(NATSHandler.mistakes(in: NATSSettings(url: "nats://a", subject: "{type}", create: true)).count == 1)
        }

        @Test(arguments: [
            ("nats://a", "a", "a:4222", false), ("nats://user:p@ss@b:1", "b", "b:1", false),
            ("tls://[::1]:4223", "::1", "[::1]:4223", true), ("TLS://c", "c", "c:4222", true),
            ("d:7", "d", "d:7", false),
        ])
        func addresses(text: String, host: String, name: String, isTLS: Bool) throws {
            let address = try #require(NATSAddress.all(in: text).first)
            #expect(address.host == host)
            #expect(address.name == name)
            #expect(address.isTLS == isTLS)
        }

        @Test func severalAddresses() {
            #expect(NATSAddress.all(in: "nats://a:1, tls://b,").map(\.name) == ["a:1", "b:4222"])
        }

        /// CloudEvents NATS binding, 3.1.3.2, whose rule is the HTTP binding's with its example.
        @Test func headersAreEncoded() {
            func encoded(_ text: String) -> String {
                String(decoding: NATSMessage.encoded(Array(text.utf8)), as: UTF8.self)
            }
            #expect(encoded("Euro € 😀") == "Euro%20%E2%82%AC%20%F0%9F%98%80")
            #expect(encoded("a\"b%c\r\nd") == "a%22b%25c%0D%0Ad")
            #expect(encoded("urn:lode:shop:7?x=[1]~!") == "urn:lode:shop:7?x=[1]~!")
            func id(_ text: String) -> String {
                String(decoding: NATSMessage.messageID(Array(text.utf8)), as: UTF8.self)
            }
            #expect(id("00000000000003E8-1-a%2Eb") == "00000000000003E8-1-a%2Eb")
            #expect(id("1\r\nNats-Rollup: all") == "1%0D%0ANats-Rollup:%20all")
        }
    }
#endif
