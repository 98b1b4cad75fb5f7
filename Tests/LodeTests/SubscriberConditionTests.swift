import LodeCore
import TestSupport
import Testing

/// A subscriber's `where`.
struct SubscriberConditionTests {
    private func takes(_ text: String, _ data: String, key: String? = "7") throws -> Bool {
        var body: [UInt8] = []
        let keyBytes = Array((key ?? "").utf8)
        func append(_ number: UInt32) {
            for shift in stride(from: UInt32(0), to: 32, by: 8) { body.append(UInt8(number >> shift & 255)) }
        }
        append(UInt32(16 + keyBytes.count + data.utf8.count))
        append(1)
        append(0)
        append(key == nil ? .max : UInt32(keyBytes.count))
        append(0xFFFF)
        body += keyBytes + Array(data.utf8)
        // 2026-01-01
        let header = TransactionHeader(
            position: .lsn(LSN(1)), time: Timestamp(microseconds: 1_767_225_600_000_000), count: 1)
        let block = EventBlock(types: [EventType(name: "OrderPlaced")], transactions: [header], body: body)
        let event = try block.event(at: 0, of: header).event
        return try EventCondition(SourceText(text)).takes(event, of: block, source: "urn:lode:shop:1", typePrefix: "x.")
    }

    @Test(arguments: [
        "data.total > 9.4", "data.total > 9", "data.total between 9 and 10", "data.customer.name = 'Ann'",
        "data.customer.name like 'A%'", "data.paid", "not data.paid is null", "data.missing is null",
        "data.nothing is null",
        "data.total * 2 = 19.0", "data.tags is not null", "data.placed > timestamptz '2026-01-01'", "key = '7'",
        "type = 'x.OrderPlaced'", "source like 'urn:lode:shop:%'", "time >= '2026-01-01'", "id like '%-1-OrderPlaced'",
        "data.status in ('NEW', 'OPEN')", "data->'customer'->>'name' = 'Ann'", "coalesce(data.missing, 'x') = 'x'",
        "data.number = '12'",
    ])
    func takesWhatFulfilsIt(text: String) throws {
        let data =
            #"{"total":9.50,"customer":{"name":"Ann"},"paid":true,"nothing":null,"tags":["a"],"status":"NEW","#
            + #""placed":"2026-02-01T10:00:00Z","number":12}"#
        #expect(try takes(text, data))
    }

    @Test(arguments: [
        "data.total > 9.5", "data.missing = 'x'", "data.customer.name > 5", "data.paid is false",
        "data.missing.deeper = 1",
        "data.total = 'nine'", "key = '8'",
    ])
    func leavesTheRest(text: String) throws {
        #expect(try !takes(text, #"{"total":9.50,"customer":{"name":"Ann"},"paid":true}"#))
    }

    @Test func anEventWithoutDataOrKeyIsNoError() throws {
        #expect(try !takes("data.total > 1", "", key: nil))
        #expect(try takes("key is null and data.total is null", "", key: nil))
    }

    @Test func mistakesSayWhatThereIs() {
        #expect { try EventCondition(SourceText("total > 1")) } throws: {
            "\($0)".contains("an event has no “total”; write data.total")
        }
    }

    @Test func aSubscriberGetsOnlyItsOwn() async throws {
        let database = try TemporaryPostgres.shared.get().database(
            "CREATE TABLE orders (id int PRIMARY KEY, total numeric)")
        let daemon = try RunningDaemon(
            database, events: "  OrderPlaced: { from: insert into orders }",
            subscribers: "  rich: { file: { path: rich.jsonl }, where: data.total > 99.5 }")
        defer { daemon.cancel() }
        try await daemon.ready()
        try database.run("INSERT INTO orders VALUES (1, 99.5), (2, 99.51), (3, NULL), (4, 1000)")
        try await eventually("two lines") { daemon.folder.text("rich.jsonl").split(separator: "\n").count == 2 }
        try await daemon.stop()
        let subjects = daemon.folder.text("rich.jsonl").split(separator: "\n").map {
            $0.contains(#""subject":"2""#) || $0.contains(#""subject":"4""#)
        }
        #expect(subjects == [true, true])
    }
}
