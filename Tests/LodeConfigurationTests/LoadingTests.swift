import Foundation
import LodeConfiguration
import LodeCore
import Testing

@Suite struct LoadingTests {
    @Test func theContractsExampleLoadsAsFarAsItIsSupported() throws {
        let (configuration, warnings) = try Configuration.load(
            text: Self.example, file: "/etc/lode/lode.yaml", environment: [:])
        #expect(warnings.isEmpty)
        let source = try #require(configuration.sources.first)
        #expect(source.name == "shop")
        #expect(source.connection == "postgresql://lode@localhost/shop")
        #expect(source.slot == "lode_shop")
        #expect(source.heartbeat == .seconds(10))
        #expect(configuration.journal?.path == "/etc/lode/lode.journal")
        #expect(configuration.journal?.retention == .init(age: .seconds(7 * 86_400)))
        #expect(configuration.events.map(\.name.text) == ["OrderPlaced", "OrderOpened", "OrderCancelled"])
        #expect(configuration.events.last?.ways.map(\.operation) == [.update, .delete])
        let subscriber = try #require(configuration.subscribers.first)
        #expect(subscriber.on.map(\.text) == ["OrderPlaced", "Order*"])
        #expect(subscriber.retry == RetrySettings(attempts: 12, first: .milliseconds(200), most: .seconds(300)))
        #expect(subscriber.then == .park)
        #expect(subscriber.start == .earliest)
        #expect(subscriber.kind == .file(path: "/etc/lode/events.jsonl"))
    }

    /// product.md's example without what a later issue brings.
    static let example = """
        sources:
          shop:
            connection: ${SHOP_URL:-postgresql://lode@localhost/shop}   # anything libpq takes
            slot: lode_shop                 # default lode_<source>; created on first run

        journal:
          path: lode.journal                # `journal: none` keeps nothing
          retain: 7d                        # or { for: 7d, size: 10GB }

        events:
          OrderPlaced:
            from: insert into orders
            when: status = 'NEW'
            key: id
            data:
              orderId: id
              customerId: customer_id
              total: total

          OrderOpened:
            from: update orders
            when: old.status = 'NEW' and new.status = 'OPEN'
            key: id

          OrderCancelled:                   # one event, two ways it can come about
            - from: update orders
              when: changed(status) and status = 'CANCELLED'
            - from: delete from orders

        subscribers:
          credit:
            on: [OrderPlaced, "Order*"]
            file: { path: events.jsonl }
            retry: { attempts: 12, first: 200ms, most: 5m }
            then: park                      # park | skip | stop
            start: earliest                 # the default; or latest, a time, a position in the journal
        """

    @Test func theSmallestFileHasAllDefaults() throws {
        let configuration = try load(shop)
        #expect(configuration.sources.count == 1)
        #expect(configuration.journal == JournalSettings())
        #expect(configuration.journal?.path == "lode.journal")
        #expect(configuration.http == HTTPSettings())
        #expect(configuration.http?.host == "127.0.0.1")
        #expect(configuration.http?.port == 8642)
        #expect(configuration.events.isEmpty)
        #expect(configuration.subscribers.isEmpty)
        #expect(configuration.typePrefix == "")
    }

    @Test func sectionsOfWhichAllIsCommentedOutAreEmpty() throws {
        let configuration = try load(shop + "events:\n  # A:\nsubscribers:\n")
        #expect(configuration.events.isEmpty)
        #expect(configuration.subscribers.isEmpty)
    }

    @Test func tenMistakesGiveTenDiagnosticsEachAtItsPlace() {
        expectErrors(
            """
            sources:
              ▸Shop:
                connection: dbname=shop
                slot: ▸Lode-Shop
            journal:
              retain: ▸10
            events:
              OrderPlaced:
                ▸form: insert into orders
                from: insert into orders
              ▸OrderOpened:
                when: status = 'OPEN'
              OrderClosed:
                from: ▸upsert orders
                ▸gather: {}
            subscribers:
              ▸idle:
                on: OrderPlaced
              log:
                stdout: {}
                then: ▸park it
            ▸subscriber: {}
            """,
            "cannot name a source", "cannot name a slot", "is not a duration", "did you mean “from”?",
            "has no “from”", "does not begin with what happened", "is not supported yet", "has no kind",
            "park, skip or stop", "did you mean “subscribers”?")
    }

    @Test func aTopLevelThatIsNoMappingIsSaidSo() {
        expectErrors("▸- a\n- b\n", "the file is a mapping, not a list")
        expectErrors("▸hello\n", "the file is a mapping, not a text")
    }

    @Test(arguments: ["", "\n\n", "# nothing yet\n", "---\n", "null\n", "\u{FEFF}"])
    func anEmptyFileIsSaidSo(text: String) {
        let found = diagnostics(text)
        #expect(found.count == 1)
        #expect(found.first?.message.contains("the file is empty; “lode init") == true)
        #expect(found.first?.place?.line == 1)
    }

    @Test func aByteOrderMarkIsNoColumn() {
        let found = diagnostics("\u{FEFF}sourcs: {}\n")
        #expect(found.first?.place?.column == 1)
        #expect(found.first?.message.contains("did you mean “sources”?") == true)
    }

    @Test func aTypePrefixGoesThrough() throws {
        #expect(try load(shop + "type_prefix: com.example.\n").typePrefix == "com.example.")
        expectErrors(shop + "type_prefix: ▸com example\n", "cannot begin a type")
    }

    @Test func whatALaterVersionBringsIsNotUnknown() {
        expectErrors(shop + "▸on_error: stop\n", "“on_error” is not supported yet")
    }
}

@Suite struct FileTests {
    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lode-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "lode.yaml").path
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        try body(file)
    }

    private func told(_ file: String) -> [Diagnostic] {
        do {
            return try Configuration.load(file: file, environment: [:]).warnings
        } catch {
            return error.all
        }
    }

    @Test func aFileIsReadAndItsFolderIsWherePathsStart() throws {
        try withFile(Array((shop + "subscribers: { log: { file: { path: a/b.jsonl } } }").utf8)) { file in
            let configuration = try Configuration.load(file: file, environment: [:]).configuration
            let folder = file.dropLast("lode.yaml".count)
            #expect(configuration.journal?.path == folder + "lode.journal")
            #expect(configuration.subscribers.first?.kind == .file(path: folder + "a/b.jsonl"))
        }
    }

    @Test func aFileThatIsNotThereSaysWhatToDo() {
        let found = told("/nowhere/lode.yaml")
        #expect(
            found.map(\.description) == [
                "error: there is no file /nowhere/lode.yaml; "
                    + "run “lode init --connection URL” to write one, or name another with --config FILE"
            ])
    }

    @Test func aFolderIsNotAFile() {
        let found = told(FileManager.default.temporaryDirectory.path)
        #expect(found.count == 1)
        #expect(found.first?.message.contains("cannot be read") == true)
    }

    @Test func aFileThatIsNotUTF8SaysWhere() throws {
        try withFile(Array("sources:\n  a".utf8) + [0xFF, 0x41]) { file in
            let found = told(file)
            #expect(found.first?.place == Place(file: file, line: 2, column: 4))
            #expect(found.first?.message.contains("not UTF-8") == true)
        }
    }

    @Test func aHugeFileIsRefusedWithoutReadingItAll() {
        let found = told("/dev/zero")
        #expect(found.first?.message.contains("is larger than 16 MB") == true)
    }
}
