import Testing

@testable import LodeCore

/// What stands in a record before the rows, and the records that have none.
///
/// The texts are those of `contrib/test_decoding/test_decoding.c`, and of a PostgreSQL 15.18 server.
@Suite struct RecordReaderHeadTests {
    static let transactions: [(String, ReadRecord)] = [
        ("BEGIN 529", .begin("529")),
        ("BEGIN", .begin()),
        ("BEGIN 4294967295", .begin("4294967295")),
        ("COMMIT 529", .commit("529")),
        ("COMMIT", .commit()),
        ("COMMIT 529 (at 2026-01-01 00:00:00.000000+00)", .commit("529", time: "2026-01-01 00:00:00.000000+00")),
        ("COMMIT (at 2026-01-01 00:00:00+05:30)", .commit(time: "2026-01-01 00:00:00+05:30")),
    ]

    @Test(arguments: transactions)
    func readsTransactionEnds(_ text: String, _ expected: ReadRecord) throws {
        #expect(try ReadRecord.read(text) == expected)
        #expect(try ReadRecord.read(text, after: "COMMIT 7 (at 2020-01-01 00:00:00+00)") == expected)
    }

    static let twoPhase: [(String, ReadRecord)] = [
        ("PREPARE TRANSACTION 'gid', txid 529", .twoPhase(.prepare, "'gid'", xid: "529")),
        ("COMMIT PREPARED 'gid', txid 529", .twoPhase(.commitPrepared, "'gid'", xid: "529")),
        ("ROLLBACK PREPARED 'gid', txid 529", .twoPhase(.rollbackPrepared, "'gid'", xid: "529")),
        // Without include-xids.
        ("PREPARE TRANSACTION 'gid'", .twoPhase(.prepare, "'gid'")),
        (
            "COMMIT PREPARED 'gid' (at 2026-01-01 00:00:00.5+00)",
            .twoPhase(.commitPrepared, "'gid'", time: "2026-01-01 00:00:00.5+00")
        ),
        (
            "ROLLBACK PREPARED 'a', txid 5 (at 2026-01-01 00:00:00+00)",
            .twoPhase(.rollbackPrepared, "'a'", xid: "5", time: "2026-01-01 00:00:00+00")
        ),
        // `quote_literal` of: it's a \ gid, newline, COMMIT 1', txid 7.
        (
            #"PREPARE TRANSACTION E'it''s a \\ gid"# + "\nCOMMIT 1'', txid 7', txid 529",
            .twoPhase(.prepare, #"E'it''s a \\ gid"# + "\nCOMMIT 1'', txid 7'", xid: "529")
        ),
    ]

    @Test(arguments: twoPhase)
    func readsTwoPhaseRecords(_ text: String, _ expected: ReadRecord) throws {
        #expect(try ReadRecord.read(text) == expected)
        #expect(
            try ReadRecord.read(text, after: "PREPARE TRANSACTION 'x', txid 9 (at 2020-01-01 00:00:00+00)") == expected)
    }

    /// From a slot that was asked for `stream-changes`, and by the aborts that a slot that was not
    /// has been seen to send.
    @Test(arguments: [
        "opening a streamed block for transaction TXN 835", "closing a streamed block for transaction TXN 835",
        "opening a streamed block for transaction", "streaming change for TXN 835", "streaming change for transaction",
        "streaming truncate for TXN 835", "streaming message: transactional: 1 prefix: it's, sz: 5",
        "aborting streamed (sub)transaction TXN 836", "aborting streamed (sub)transaction",
        "committing streamed transaction TXN 835",
        "committing streamed transaction (at 2026-11-23 23:54:15.819324+00)",
        "preparing streamed transaction TXN 'g1', txid 839", "preparing streamed transaction 'g1'",
    ])
    func knowsTheStreamingFamily(_ text: String) throws {
        #expect(try ReadRecord.read(text) == ReadRecord(.streaming))
    }

    static let truncates: [(String, ReadRecord)] = [
        ("table public.a: TRUNCATE: (no-flags)", .truncate(["a"])),
        ("table public.a: TRUNCATE: restart_seqs", .truncate(["a"], restart: true)),
        ("table public.a: TRUNCATE: cascade", .truncate(["a"], cascade: true)),
        ("table public.a: TRUNCATE: restart_seqs cascade", .truncate(["a"], restart: true, cascade: true)),
        ("table public.a, public.b: TRUNCATE: (no-flags)", .truncate(["a", "b"])),
        (
            #"table public."a, public.b: TRUNCATE:", public."c, ""d"": x", public.e: TRUNCATE: cascade"#,
            .truncate(["a, public.b: TRUNCATE:", #"c, "d": x"#, "e"], cascade: true)
        ),
    ]

    @Test(arguments: truncates)
    func readsTruncates(_ text: String, _ expected: ReadRecord) throws {
        #expect(try ReadRecord.read(text) == expected)
        #expect(try ReadRecord.read(text, after: "table x.y, x.z: TRUNCATE: restart_seqs cascade") == expected)
    }

    static let tableNames: [(String, TableName)] = [
        ("public.orders", TableName(schema: "public", name: "orders")),
        ("_a1.b_2", TableName(schema: "_a1", name: "b_2")),
        (#""Public"."Orders""#, TableName(schema: "Public", name: "Orders")),
        (#"public."a.b""#, TableName(schema: "public", name: "a.b")),
        (#""a.b".c"#, TableName(schema: "a.b", name: "c")),
        (#""a"".""b"."c""d""#, TableName(schema: #"a"."b"#, name: #"c"d"#)),
        (#""x: y"."INSERT: id[integer]:1""#, TableName(schema: "x: y", name: "INSERT: id[integer]:1")),
        (#"public.": DELETE: id[integer]:1""#, TableName(schema: "public", name: ": DELETE: id[integer]:1")),
        ("\"two\nlines\".\"table\nthree\"", TableName(schema: "two\nlines", name: "table\nthree")),
        (#"public."it's [x]""#, TableName(schema: "public", name: "it's [x]")),
        (#"public."grüße日本""#, TableName(schema: "public", name: "grüße日本")),
        ("\"\"\"\".\"\"\"\"", TableName(schema: "\"", name: "\"")),
    ]

    @Test(arguments: tableNames)
    func readsTableNames(_ written: String, _ expected: TableName) throws {
        let column = ReadRecord.Column("id", "integer", .bare("1"))
        let record = try ReadRecord.read("table \(written): INSERT: id[integer]:1")
        #expect(record == .insert(expected.schema, expected.name, [column]))
    }

    @Test func headAloneTellsTheTable() throws {
        let record = Array("table public.orders: INSERT: this is not looked at".utf8)
        var change = Change()
        try RecordReader().readHead(record.span, into: &change)
        #expect(change.kind == .insert)
        #expect(record.span.tableName(change.table) == TableName(schema: "public", name: "orders"))
    }
}
