import LodeCore
import Testing

/// `net: true`: what the transaction did to a row, all told.
struct NetRuleTests {
    private typealias Log = OfflineMapping

    private func mapping() throws -> OfflineMapping {
        try OfflineMapping(
            """
            events:
              Created: { from: insert into orders, net: true, data: { status: status, note: note } }
              Changed: { from: update orders, net: true, data: { from: old.status, to: status, note: note } }
              Deleted: { from: delete from orders, net: true, data: { status: status } }
            """)
    }

    private func insert(_ id: Int, _ status: String, note: String = "null") -> String {
        "table public.orders: INSERT: id[integer]:\(id) status[text]:'\(status)' total[numeric]:1 note[text]:\(note)"
    }

    private func update(_ id: Int, _ old: String, _ new: String, oldNote: String = "'n'", note: String = "'n'")
        -> String
    {
        "table public.orders: UPDATE: old-key: id[integer]:\(id) status[text]:'\(old)' total[numeric]:1 note[text]:\(oldNote) "
            + "new-tuple: id[integer]:\(id) status[text]:'\(new)' total[numeric]:1 note[text]:\(note)"
    }

    private func delete(_ id: Int, _ status: String) -> String {
        "table public.orders: DELETE: id[integer]:\(id) status[text]:'\(status)' total[numeric]:1 note[text]:'n'"
    }

    @Test func insertThenUpdateIsAnInsertWithTheFinalValues() throws {
        let log = Log.transaction(insert(1, "NEW", note: "'n'"), update(1, "NEW", "OPEN"))
        #expect(try mapping().short(log) == [#"Created 1 {"status":"OPEN","note":"n"}"#])
    }

    @Test func insertThenDeleteIsNothing() throws {
        #expect(try mapping().short(Log.transaction(insert(1, "NEW"), delete(1, "NEW"))) == [])
        #expect(
            try mapping().short(
                Log.transaction(insert(1, "NEW", note: "'n'"), update(1, "NEW", "OPEN"), delete(1, "OPEN"))) == [])
    }

    @Test func updatesAreOneFromTheFirstToTheLast() throws {
        let log = Log.transaction(update(1, "NEW", "OPEN"), update(1, "OPEN", "PAID"), update(1, "PAID", "DONE"))
        #expect(try mapping().short(log) == [#"Changed 1 {"from":"NEW","to":"DONE","note":"n"}"#])
    }

    @Test func aRowThatEndsAsItBeganIsNothing() throws {
        #expect(try mapping().short(Log.transaction(update(1, "NEW", "OPEN"), update(1, "OPEN", "NEW"))) == [])
        #expect(try mapping().short(Log.transaction(update(1, "NEW", "NEW"))) == [])
    }

    @Test func deleteThenInsertIsAnUpdate() throws {
        let log = Log.transaction(delete(1, "OLD"), insert(1, "NEW", note: "'m'"))
        #expect(try mapping().short(log) == [#"Changed 1 {"from":"OLD","to":"NEW","note":"m"}"#])
    }

    @Test func updateThenDeleteIsADeleteOfTheRowAsItWas() throws {
        let log = Log.transaction(update(1, "NEW", "OPEN"), delete(1, "OPEN"))
        #expect(try mapping().short(log) == [#"Deleted 1 {"status":"NEW"}"#])
    }

    @Test func itsPlaceIsTheRowsLastChange() throws {
        let log = Log.transaction(
            update(1, "A", "B"), insert(2, "NEW"), update(1, "B", "C"))
        #expect(try mapping().replay(log).map { $0["subject"] as? String } == ["2", "1"])
    }

    @Test func aTOASTValueThatTheLastChangeLeftOutIsAnEarlierOnes() throws {
        let log = Log.transaction(
            insert(1, "NEW", note: "'long'"),
            "table public.orders: UPDATE: old-key: id[integer]:1 status[text]:'NEW' total[numeric]:1 note[text]:'long' "
                + "new-tuple: id[integer]:1 status[text]:'OPEN' total[numeric]:1 note[text]:unchanged-toast-datum")
        #expect(try mapping().short(log) == [#"Created 1 {"status":"OPEN","note":"long"}"#])
    }

    @Test func aKeyThatChangesIsFollowed() throws {
        let move =
            "table public.orders: UPDATE: old-key: id[integer]:1 status[text]:'A' total[numeric]:1 note[text]:'n' "
            + "new-tuple: id[integer]:5 status[text]:'B' total[numeric]:1 note[text]:'n'"
        let log = Log.transaction(move, update(5, "B", "C"))
        #expect(try mapping().short(log) == [#"Changed 5 {"from":"A","to":"C","note":"n"}"#])
    }

    @Test func gathersOfNetRulesSeeNetRows() throws {
        let mapping = try OfflineMapping(
            """
            events:
              All:
                from: transaction
                net: true
                gather: { made: insert into orders, gone: delete from orders }
                data: { made: count(made), gone: count(gone), status: array(made.status) }
            """)
        let log = Log.transaction(
            insert(1, "NEW", note: "'n'"), update(1, "NEW", "OPEN"), insert(2, "X"), delete(2, "X"), delete(3, "Y"))
        #expect(try mapping.short(log) == [#"All - {"made":1,"gone":1,"status":["OPEN"]}"#])
    }

    @Test func plainRulesStillSeeEveryChange() throws {
        let mapping = try OfflineMapping(
            """
            events:
              Step: { from: update orders, data: { to: status } }
              Net: { from: update orders, net: true, data: { to: status } }
            """)
        let log = Log.transaction(update(1, "A", "B"), update(1, "B", "C"))
        #expect(
            try mapping.short(log) == [#"Step 1 {"to":"B"}"#, #"Step 1 {"to":"C"}"#, #"Net 1 {"to":"C"}"#])
    }
}
