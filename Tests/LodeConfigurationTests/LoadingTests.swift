import Foundation
import LodeConfiguration
import LodeCore
import Testing

@Suite struct LoadingTests {
    @Test func theContractsExampleLoads() throws {
        let (configuration, warnings) = try Configuration.load(
            text: Self.example, file: "/etc/lode/lode.yaml", environment: [:])
        #expect(warnings.map { $0.message.prefix { $0 != ";" } } == ["no subscriber takes event “MoneyTransferred”"])
        let source = try #require(configuration.sources.first)
        #expect(source.name == "shop")
        #expect(source.connection == "postgresql://lode@localhost/shop")
        #expect(source.slot == "lode_shop")
        #expect(source.heartbeat == .seconds(10))
        #expect(configuration.journal?.path == "/etc/lode/lode.journal")
        #expect(configuration.journal?.retention == .init(age: .seconds(7 * 86_400)))
        #expect(
            configuration.events.map(\.name.text) == [
                "OrderPlaced", "OrderOpened", "OrderCancelled", "MoneyTransferred", "Outbox",
            ])
        let ways = configuration.events.flatMap(\.ways)
        #expect(ways.map(\.trigger) == Self.triggers)
        #expect(ways.map { $0.gather.map(\.name.text) } == [["lines"], [], [], [], ["debit", "credit"], []])
        #expect(ways.last?.id?.text == "id")
        #expect(ways.last?.type?.text == "type")
        let subscriber = try #require(configuration.subscribers.first)
        #expect(subscriber.condition?.text == "data.total > 0")
        #expect(subscriber.on.map(\.text) == ["OrderPlaced", "Order*"])
        #expect(subscriber.retry == RetrySettings(attempts: 12, first: .milliseconds(200), most: .seconds(300)))
        #expect(subscriber.then == .park)
        #expect(subscriber.start == .earliest)
        #expect(subscriber.kind == .file(path: "/etc/lode/events.jsonl"))
    }

    private static let triggers: [EventDefinition.Trigger] = {
        let orders = TableName(schema: "public", name: "orders")
        return [
            .row(.insert, orders), .row(.update, orders), .row(.update, orders), .row(.delete, orders),
            .transaction, .row(.insert, TableName(schema: "public", name: "outbox")),
        ]
    }()

    /// The whole mapping language at work, with a subscriber of a kind that there is.
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
            gather:                         # other changes of the SAME transaction
              lines: insert into order_lines where order_id = orders.id
            data:
              orderId: id
              customerId: customer_id
              total: total
              lines:
                each: lines
                as: { sku: sku, quantity: quantity }

          OrderOpened:
            from: update orders
            when: old.status = 'NEW' and new.status = 'OPEN'
            key: id

          OrderCancelled:                   # one event, two ways it can come about
            - from: update orders
              when: changed(status) and status = 'CANCELLED'
            - from: delete from orders

          MoneyTransferred:                 # no single row says it: the transaction does
            from: transaction
            gather:
              debit: update accounts where new.balance < old.balance
              credit: update accounts where new.balance > old.balance
            when: count(debit) = 1 and count(credit) = 1
            key: debit.id
            data: { from: debit.id, to: credit.id, amount: credit.balance - credit.old.balance }

          Outbox:                           # the local-transaction way: the service wrote the event itself
            from: insert into outbox
            id: id
            type: type
            key: aggregateid
            data: payload

        subscribers:
          credit:
            on: [OrderPlaced, "Order*"]
            where: data.total > 0
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
            subscribers:
              ▸idle:
                on: OrderPlaced
              log:
                stdout: {}
                then: ▸parc
              late:
                ▸webhook: {}
            ▸subscriber: {}
            """,
            "cannot name a source", "cannot name a slot", "is not a duration", "did you mean “from”?",
            "has no “from”", "does not begin with what happened", "has no kind", "did you mean “park”?",
            "has no url", "did you mean “subscribers”?")
    }

    @Test func tenMistakesInTheMappingGiveTenDiagnosticsEachAtItsPlace() {
        expectErrors(
            shop + """
                unknown: ▸omitt
                events:
                  OrderPlaced:
                    from: insert into orders
                    net: ▸yes
                    gather:
                      ▸orders: insert into order_lines where order_id = orders.id
                      notes: "insert ▸notes where order_id = orders.id"
                    data:
                      lines:
                        each: ▸line
                        as: { sku: sku }
                      notes: { ▸each: notes }
                  OrderTold:
                    from: message ▸'lode.context'
                    on_error: ▸ignore
                  Outbox:
                    from: ▸update outbox
                    preset: debezium-outbox
                    ▸unknwon: fail
                """,
            "did you mean “omit”?", "write true or false", "it is the trigger's table", "“into” is missing",
            "nothing is gathered as “line”; this way gathers notes, orders", "“each” has no “as”",
            "choose another prefix", "write stop or skip", "a preset reads inserted rows", "did you mean “unknown”?")
    }

    @Test func defaultsOfEveryEventStandAtTheTop() throws {
        let text = """
            on_error: skip
            unknown: fail
            events:
              A: { from: update a }
              B: { from: update b, on_error: stop, unknown: omit }
              C: [{ from: update c }, { from: delete from c, unknown: reselect, on_error: stop }]
            """
        let events = try load(shop + text).events
        #expect(events.map(\.onError) == [.skip, .stop, .stop])
        #expect(events.flatMap(\.ways).map(\.unknown) == [.fail, .omit, .fail, .reselect])
        let plain = try load(shop + "events: { A: { from: update a } }\n").events
        #expect(plain.map(\.onError) == [.stop])
        #expect(plain.first?.ways.map(\.unknown) == [nil])
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
