import LodeCore
import Testing

/// Rules that see a whole transaction: gather, each, aggregates, `from: transaction`.
struct TransactionRuleTests {
    private typealias Log = OfflineMapping

    private let order =
        "table public.orders: INSERT: id[integer]:1 status[text]:'NEW' total[numeric]:9.50 note[text]:null"
    private let line1 =
        "table public.order_lines: INSERT: id[integer]:10 order_id[integer]:1 sku[text]:'A' quantity[integer]:2"
    private let line2 =
        "table public.order_lines: INSERT: id[integer]:11 order_id[integer]:1 sku[text]:'B''s' quantity[integer]:1"
    private let foreign =
        "table public.order_lines: INSERT: id[integer]:12 order_id[integer]:2 sku[text]:'C' quantity[integer]:7"

    private let placed = """
        events:
          OrderPlaced:
            from: insert into orders
            when: status = 'NEW'
            gather:
              lines: insert into order_lines where order_id = orders.id
            data:
              orderId: id
              count: count(lines)
              pieces: sum(lines.quantity)
              skus: array(lines.sku)
              first: first(lines.sku)
              last: last(lines.sku)
              most: max(lines.quantity)
              mean: avg(lines.quantity)
              any: exists(lines)
              lines:
                each: lines
                as: { sku: sku, quantity: quantity, order: orders.id, total: trigger.total }
        """

    @Test func linesAreGatheredWhereverTheyStandInTheTransaction() throws {
        let mapping = try OfflineMapping(placed)
        let data =
            #"{"orderId":1,"count":2,"pieces":3,"skus":["A","B's"],"first":"A","last":"B's","most":2,"#
            + #""mean":1.5000000000000000,"any":true,"lines":[{"sku":"A","quantity":2,"order":1,"total":9.50},"#
            + #"{"sku":"B's","quantity":1,"order":1,"total":9.50}]}"#
        for log in [
            Log.transaction(order, line1, foreign, line2), Log.transaction(line1, foreign, line2, order),
            Log.transaction(line1, order, foreign, line2),
        ] {
            #expect(try mapping.short(log) == ["OrderPlaced 1 \(data)"])
        }
    }

    @Test func aggregatesOverNoRowAreZeroAndNull() throws {
        let mapping = try OfflineMapping(placed)
        #expect(
            try mapping.short(Log.transaction(order, foreign)) == [
                #"OrderPlaced 1 {"orderId":1,"count":0,"pieces":null,"skus":null,"first":null,"last":null,"most":null,"#
                    + #""mean":null,"any":false,"lines":[]}"#
            ])
    }

    @Test func rowsOfAnotherTransactionAreNotGathered() throws {
        let mapping = try OfflineMapping(placed)
        let log = Log.transaction(line1) + "\n" + Log.transaction(order, xid: 2) + "\n" + Log.transaction(line2, xid: 3)
        #expect(try mapping.short(log).first?.contains(#""count":0"#) == true)
    }

    @Test func manyRowsAreFoundThroughAnIndexInTheOrderOfTheLog() throws {
        let mapping = try OfflineMapping(
            """
            events:
              OrderPlaced:
                from: insert into orders
                gather: { lines: insert into order_lines where order_id = orders.id and quantity > 0 }
                data: { skus: array(lines.sku) }
            """)
        var records: [String] = []
        for number in 0..<300 {
            records.append(
                "table public.order_lines: INSERT: id[integer]:\(number) order_id[integer]:\(number % 30) "
                    + "sku[text]:'s\(number)' quantity[integer]:\(number < 30 ? 0 : 1)")
        }
        for number in 0..<30 {
            records.append(
                "table public.orders: INSERT: id[integer]:\(number) status[text]:'NEW' total[numeric]:1 note[text]:null"
            )
        }
        let log = (["BEGIN 1"] + records + ["COMMIT 1"]).joined(separator: "\n")
        let expected = (0..<30).map { order in
            let skus = (1..<10).map { "\"s\(order + 30 * $0)\"" }.joined(separator: ",")
            return "OrderPlaced \(order) {\"skus\":[\(skus)]}"
        }
        #expect(try mapping.short(log) == expected)
    }

    @Test func theTransactionItselfIsATrigger() throws {
        let mapping = try OfflineMapping(
            """
            events:
              MoneyTransferred:
                from: transaction
                gather:
                  debit: update accounts where new.balance < old.balance
                  credit: update accounts where new.balance > old.balance
                when: count(debit) = 1 and count(credit) = 1
                key: debit.id
                data: { from: debit.id, to: credit.id, amount: credit.balance - credit.old.balance }
            """)
        func account(_ id: Int, _ old: String, _ new: String) -> String {
            "table public.accounts: UPDATE: old-key: id[integer]:\(id) balance[numeric]:\(old) "
                + "new-tuple: id[integer]:\(id) balance[numeric]:\(new)"
        }
        let transfer = Log.transaction(account(1, "10.00", "7.50"), account(2, "1", "3.50"))
        #expect(try mapping.short(transfer) == [#"MoneyTransferred 1 {"from":1,"to":2,"amount":2.50}"#])
        #expect(try mapping.short(Log.transaction(account(1, "10", "7"))) == [])
        #expect(
            try mapping.short(Log.transaction(account(1, "10", "7"), account(2, "1", "3"), account(3, "1", "2"))) == [])
    }

    @Test func oneRowIsWantedWhereSeveralWereGathered() throws {
        let mapping = try OfflineMapping(
            """
            events:
              Moved:
                from: transaction
                gather: { debit: update accounts where new.balance < old.balance }
                when: count(debit) > 0
                data: { from: debit.id }
            """)
        let log = Log.transaction(
            "table public.accounts: UPDATE: old-key: id[integer]:1 balance[numeric]:2 new-tuple: id[integer]:1 balance[numeric]:1",
            "table public.accounts: UPDATE: old-key: id[integer]:2 balance[numeric]:2 new-tuple: id[integer]:2 balance[numeric]:1"
        )
        #expect { _ = try mapping.short(log) } throws: {
            "\($0)".contains("“debit” gathered 2 rows where one was expected; write first(…) round it")
        }
    }

    @Test func eventsComeInTheOrderOfTheirTriggerRowsAndTransactionsLast() throws {
        let mapping = try OfflineMapping(
            """
            events:
              Whole: { from: transaction, data: { ok: "true" } }
              Line: { from: insert into order_lines, data: { sku: sku } }
              Order:
                from: insert into orders
                gather: { lines: insert into order_lines where order_id = orders.id }
                data: { n: count(lines) }
              Again: { from: insert into orders, data: { id: id } }
            """)
        #expect(
            try mapping.short(Log.transaction(line1, order, line2)) == [
                #"Line 10 {"sku":"A"}"#, #"Order 1 {"n":2}"#, #"Again 1 {"id":1}"#, #"Line 11 {"sku":"B's"}"#,
                #"Whole - {"ok":true}"#,
            ])
    }

    @Test func aRuleMoreChangesNoOtherEventsIDs() throws {
        let plain = try OfflineMapping("events: { Line: { from: insert into order_lines, data: { sku: sku } } }")
        let more = try OfflineMapping(
            """
            events:
              Line: { from: insert into order_lines, data: { sku: sku } }
              Order:
                from: insert into orders
                gather: { lines: insert into order_lines where order_id = orders.id }
            """)
        let log = Log.transaction(line1, order, line2)
        let ids = try plain.replay(log).map { $0["id"] as? String }
        let same = try more.replay(log).filter { $0["type"] as? String == "Line" }.map { $0["id"] as? String }
        #expect(ids == same)
        #expect(ids.count == 2)
    }

    @Test func aTransactionWithoutDataSaysWhatItGathered() throws {
        let mapping = try OfflineMapping(
            "events: { All: { from: transaction, gather: { lines: insert into order_lines }, when: exists(lines) } }")
        #expect(
            try mapping.short(Log.transaction(line1)) == [
                #"All - {"lines":[{"id":10,"order_id":1,"sku":"A","quantity":2}]}"#
            ])
    }

    @Test func changesAreTheColumnsThatDiffer() throws {
        let mapping = try OfflineMapping(
            "events: { C: { from: update orders, data: { changes: changes, some: 'pick(new, id, status)', rest: 'omit(old, note, total)' } } }"
        )
        let log = Log.transaction(
            "table public.orders: UPDATE: old-key: id[integer]:1 status[text]:'NEW' total[numeric]:1.0 "
                + "new-tuple: id[integer]:1 status[text]:'OPEN' total[numeric]:1.00 note[text]:'x'")
        #expect(
            try mapping.short(log) == [
                #"C 1 {"changes":{"status":{"old":"NEW","new":"OPEN"},"note":{"old":null,"new":"x"}},"#
                    + #""some":{"id":1,"status":"OPEN"},"rest":{"id":1,"status":"NEW"}}"#
            ])
    }
}
