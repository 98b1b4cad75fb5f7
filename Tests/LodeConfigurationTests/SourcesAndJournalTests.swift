import LodeConfiguration
import LodeCore
import Testing

@Suite struct SourcesTests {
    @Test func sourcesKeepTheFilesOrderAndHaveDefaults() throws {
        let sources = try load(
            """
            sources:
              web-shop: { connection: "service=shop" }
              accounts: { connection: dbname=accounts, slot: mined_1, heartbeat: 1m30s }
              b: { connection: dbname=b, heartbeat: none }
            """
        ).sources
        #expect(sources.map(\.name) == ["web-shop", "accounts", "b"])
        #expect(sources.map(\.slot) == ["lode_web_shop", "mined_1", "lode_b"])
        #expect(sources.map(\.heartbeat) == [.seconds(10), .seconds(90), nil])
        #expect(sources.first?.connection == "service=shop")
        #expect(sources.first?.place?.line == 2)
    }

    @Test func aConfigurationWithoutASourceIsRefused() {
        expectErrors("▸events: {}\n", "“sources” is missing")
        expectErrors("▸sources: {}\n", "“sources” names no database")
        expectErrors("▸sources:\n", "“sources” names no database")
    }

    @Test func aSourceNeedsAConnection() {
        expectErrors("sources:\n  ▸shop: { slot: a }\n", "source “shop” has no connection")
        expectErrors("sources:\n  shop: { ▸connection: }\n", "“connection” has no value")
        expectErrors("sources:\n  shop: { connection: ▸[a] }\n", "“connection” is a text, not a list")
        expectErrors("sources:\n  shop: { connection: \"▸\" }\n", "“connection” is empty")
        expectErrors("sources:\n  shop: ▸dbname\n", "a source is a mapping, not a text")
    }

    @Test(arguments: ["Lode", "a-b", "ä", "a b", String(repeating: "a", count: 64)])
    func aSlotThatPostgreSQLWouldRefuseIsRefused(slot: String) {
        expectErrors("sources:\n  shop:\n    connection: a\n    slot: ▸\(slot)\n", "cannot name a slot")
    }

    @Test(arguments: ["Shop", "-shop", "my shop", "ünder", "a.b"])
    func aSourceNameThatCannotBeWrittenEverywhereIsRefused(name: String) {
        expectErrors("sources:\n  ▸\(name): { connection: a }\n", "cannot name a source")
    }

    @Test func aNameTooLongForItsDefaultSlotNeedsAnother() throws {
        let name = String(repeating: "n", count: 60)
        expectErrors("sources:\n  ▸\(name): { connection: a }\n", "longer than 63")
        #expect(try load("sources:\n  \(name): { connection: a, slot: n }\n").sources.count == 1)
    }

    @Test func twoSourcesCannotReadOneSlotOfOneServer() throws {
        expectErrors("sources:\n  a-b: { connection: x }\n  ▸a_b: { connection: x }\n", "read one slot")
        #expect(try load("sources:\n  a-b: { connection: x }\n  a_b: { connection: y }\n").sources.count == 2)
    }

    @Test func anUnknownKeyOfASourceIsNamed() {
        expectErrors(
            "sources:\n  shop:\n    ▸conection: x\n    ▸publication: p\n    connection: x\n",
            "did you mean “connection”?", "the keys of a source are connection, slot, heartbeat, transaction_memory")
    }

    @Test(arguments: ["0s", "ten", "-1s", "10"])
    func aHeartbeatThatIsNoDurationIsRefused(text: String) {
        expectErrors("sources:\n  s: { connection: x, heartbeat: ▸\(text) }\n", "is not a duration")
    }
}

@Suite struct TransactionMemoryTests {
    @Test(arguments: [
        ("", 64 << 20), (", transaction_memory: 1MB", 1 << 20), (", transaction_memory: 2048 kB", 2 << 20),
        (", transaction_memory: 3GB", 3 << 30),
    ])
    func memoryForAnOpenTransactionIsASize(setting: String, bytes: Int) throws {
        let source = try load("sources:\n  s: { connection: x\(setting) }\n").sources.first
        #expect(source?.transactionMemory == bytes)
    }

    @Test(arguments: [
        ("1023kB", "write 1MB or more"), ("64", "is not a size"), ("0MB", "is not a size"), ("none", "is not a size"),
        ("-1MB", "is not a size"), ("9999999999999TB", "is not a size"),
    ])
    func tooLittleMemoryOrNoSizeIsRefused(text: String, words: String) {
        expectErrors("sources:\n  s: { connection: x, transaction_memory: ▸\(text) }\n", words)
    }
}

@Suite struct JournalTests {
    @Test func aJournalCanBeSwitchedOff() throws {
        #expect(try load(shop + "journal: none\n").journal == nil)
        #expect(try load(shop + "journal: ${J:-none}\n").journal == nil)
    }

    @Test(arguments: [
        ("retain: 7d", JournalSettings.Retention(age: .seconds(7 * 86_400))),
        ("retain: 12h", .init(age: .seconds(12 * 3600))),
        ("retain: { for: 1d, size: 10GB }", .init(age: .seconds(86_400), sizeBytes: 10 << 30)),
        ("retain: { size: 500 MB }", .init(age: nil, sizeBytes: 500 << 20)),
        ("retain: forever", .init(age: nil)),
        ("path: x", .init(age: .seconds(7 * 86_400))),
    ])
    func retentionIsByAgeBySizeOrBoth(text: String, expected: JournalSettings.Retention) throws {
        #expect(try load(shop + "journal: { \(text) }\n").journal?.retention == expected)
    }

    @Test func pathsAreRelativeToTheFilesFolder() throws {
        for (file, path, expected) in [
            ("lode.yaml", "a.journal", "a.journal"), ("conf/lode.yaml", "a.journal", "conf/a.journal"),
            ("/etc/lode.yaml", "../a", "/etc/../a"), ("/etc/lode.yaml", "/var/a", "/var/a"),
        ] {
            let text = shop + "journal: { path: \(path) }\n"
            let journal = try Configuration.load(text: text, file: file).configuration.journal
            #expect(journal?.path == expected)
        }
    }

    @Test func mistakesInAJournalAreTold() {
        expectErrors(shop + "journal: ▸nothing\n", "is a mapping, not a text")
        expectErrors(shop + "journal: { ▸paht: x }\n", "did you mean “path”?")
        expectErrors(shop + "journal: { retain: { for: ▸7, size: ▸7 } }\n", "not a duration", "not a size")
        expectErrors(shop + "journal: { retain: ▸{} }\n", "sets no limit")
        expectErrors(shop + "journal: { retain: { ▸sizes: 1GB } }\n", "did you mean “size”?")
        expectErrors(shop + "▸journal:\n", "“journal” has no value")
    }
}
