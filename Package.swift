// swift-tools-version: 6.2
import PackageDescription

// One level may import only those above it in this list; a test of the house rules holds it.
let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "lode",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "lode", targets: ["LodeCommand"]),
        .library(name: "Lode", targets: ["Lode"]),
    ],
    // Each broker's C client can be left out: `swift build --disable-default-traits --traits Kafka`.
    traits: [
        .trait(name: "Kafka", description: "Subscribers of kind kafka, through librdkafka."),
        .trait(name: "NATS", description: "Subscribers of kind nats, through libnats."),
        .trait(name: "RabbitMQ", description: "Subscribers of kind rabbitmq, through librabbitmq."),
        .default(enabledTraits: ["Kafka", "NATS", "RabbitMQ"]),
    ],
    dependencies: [
        // Command line: parsing, help and completion scripts.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // YAML with the line and column of every node, which our error messages need.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // SQLite: connection pool, migrations, readers that do not block the writer.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // The logging interface that an embedding program already uses.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // Start, signals and orderly stop of the daemon's services.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // The daemon's HTTP endpoint.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        // What the HTTP client speaks in its interface.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // The HTTP client: the health command now, webhooks next.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        // A double-ended queue, for the delivery engine's windows.
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // HMAC-SHA256, for webhooks' signatures.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // TLS for a webhook's own authorities, and for Redis, whose C client in Debian, hiredis 0.14, has none.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        // Documentation from the DocC catalogue.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),

        // Regular expressions in bounded steps, over bytes.
        .systemLibrary(
            name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),

        // What Glibc's Swift module leaves out of the calls that start a child process.
        .systemLibrary(name: "CSpawn"),

        // The brokers' own clients in C; only LodeBrokers imports them.
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CNats", pkgConfig: "libnats", providers: [.apt(["libnats-dev"])]),
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),

        // Pure: bytes of the log in, events out. Imports nothing but PCRE2.
        .target(name: "LodeCore", dependencies: ["CPCRE2"], swiftSettings: swift),
        // lode.yaml.
        .target(
            name: "LodeConfiguration",
            dependencies: ["LodeCore", .product(name: "Yams", package: "Yams")],
            swiftSettings: swift
        ),
        // libpq: the replication stream and the catalog.
        .target(name: "LodePostgres", dependencies: ["CPQ", "LodeCore"], swiftSettings: swift),
        // SQLite: the durable log of events and the cursors in it.
        .target(
            name: "LodeJournal",
            dependencies: [
                "LodeCore",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: swift
        ),
        // The journal to a subscriber: which events, when, how often, and what if not.
        .target(
            name: "LodeDelivery",
            dependencies: [
                "LodeCore", "LodeConfiguration", "LodeJournal",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift
        ),
        // Brokers as subscribers: each file is empty when its trait is off.
        .target(
            name: "LodeBrokers",
            dependencies: [
                "LodeCore", "LodeConfiguration", "LodeDelivery",
                .target(name: "CRdKafka", condition: .when(traits: ["Kafka"])),
                .target(name: "CNats", condition: .when(traits: ["NATS"])),
                .target(name: "CRabbitMQ", condition: .when(traits: ["RabbitMQ"])),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swift
        ),
        // The engine as a library: ingest, subscribers of every kind, health.
        .target(
            name: "Lode",
            dependencies: [
                "CSpawn", "LodeCore", "LodeConfiguration", "LodePostgres", "LodeJournal", "LodeDelivery",
                "LodeBrokers",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swift
        ),
        // The program `lode`.
        .executableTarget(
            name: "LodeCommand",
            dependencies: [
                "Lode",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swift
        ),

        // What tests share: a private PostgreSQL, temporary folders, seeded random numbers.
        .target(
            name: "TestSupport",
            dependencies: [
                "LodeCore", "LodeDelivery", "LodeJournal", "LodePostgres",
                .target(name: "CRdKafka", condition: .when(traits: ["Kafka"])),
            ],
            path: "Tests/TestSupport",
            swiftSettings: swift),
        .testTarget(
            name: "LodeCoreTests", dependencies: ["LodeCore", "TestSupport"], exclude: ["Recording/Fixtures"],
            swiftSettings: swift),
        .testTarget(
            name: "LodeConfigurationTests", dependencies: ["LodeConfiguration", "LodeCore"], swiftSettings: swift),
        .testTarget(
            name: "LodePostgresTests", dependencies: ["LodePostgres", "LodeCore", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "LodeJournalTests",
            dependencies: [
                "LodeJournal", "LodeCore", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: swift),
        // The engine against real servers.
        .testTarget(
            name: "LodeTests",
            dependencies: [
                "Lode", "LodeBrokers", "LodeConfiguration", "LodeCore", "LodeDelivery", "LodeJournal", "LodePostgres",
                "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swift),
        // The delivery engine on a simulated clock, and its journal.
        .testTarget(
            name: "LodeDeliveryTests",
            dependencies: ["LodeDelivery", "LodeConfiguration", "LodeCore", "LodeJournal", "TestSupport"],
            swiftSettings: swift),
        // Brokers, real ones.
        .testTarget(
            name: "LodeBrokersTests",
            dependencies: [
                "LodeBrokers", "LodeDelivery", "LodeConfiguration", "LodeCore", "LodeJournal", "TestSupport",
                .target(name: "CRdKafka", condition: .when(traits: ["Kafka"])),
            ],
            swiftSettings: swift),
        // The built program.
        .testTarget(
            name: "CommandTests", dependencies: ["LodeCommand", "LodeCore", "LodePostgres", "TestSupport"],
            swiftSettings: swift),
        // The rules of the house: sizes, imports, what documentation says.
        .testTarget(name: "HouseTests", dependencies: ["LodeConfiguration", "TestSupport"], swiftSettings: swift),
    ]
)
