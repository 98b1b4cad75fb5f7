import Testing

@testable import LodeCore

/// What is no record: a typed error that says where and shows no value; never a trap.
@Suite struct RecordReaderErrorTests {
    /// A record, the offset at which it goes wrong, and its beginning that may be shown.
    static let broken: [(String, Int, String)] = [
        ("", 0, ""), ("x", 0, ""), ("begin 529", 0, ""), ("secret", 0, ""), ("table", 0, ""),
        ("BEGINNING", 5, "BEGIN"), ("BEGIN 529x", 9, "BEGIN"), ("BEGIN x", 5, "BEGIN"),
        ("COMMIT 529 (at ", 10, "COMMIT"), ("COMMIT 529 (at 2026", 10, "COMMIT"), ("COMMIT 529 secret", 10, "COMMIT"),
        ("table public", 12, ""), ("table .t: INSERT:", 6, ""), ("table public.: INSERT:", 13, ""),
        ("table public.t", 14, "table public.t"), ("table public.t: MERGE: a[b]:1", 16, "table public.t"),
        ("table public.a, public.b: INSERT: id[integer]:1", 26, "table public.a"),
        ("table public.\"t: INSERT: a[b]:'secret'", 13, ""),
        ("table public.t: INSERT: a", 25, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b", 27, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]", 28, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]1", 28, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:", 29, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:'secret", 36, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:'secret''", 38, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:'secret'x", 37, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:1'", 30, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:1\n", 30, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:1 ", 31, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b[c]]:1", 27, "table public.t: INSERT:"),
        ("table public.t: INSERT: a[b]:1 new-tuple: a[b]:2", 30, "table public.t: INSERT:"),
        ("table public.t: INSERT: secret 5", 30, "table public.t: INSERT:"),
        ("table public.t: UPDATE: old-key: a[b]:1", 39, "table public.t: UPDATE:"),
        ("table public.t: UPDATE: old-key: a[b]:1 b[c]:2", 46, "table public.t: UPDATE:"),
        ("table public.t: DELETE: (no-tuple-data) a[b]:1", 39, "table public.t: DELETE:"),
        ("table public.t: TRUNCATE:", 25, "table public.t: TRUNCATE:"),
        ("table public.t: TRUNCATE: secret", 25, "table public.t: TRUNCATE:"),
        ("table public.t: TRUNCATE: (no-flags) cascade", 36, "table public.t: TRUNCATE:"),
        ("PREPARE TRANSACTION secret", 20, "PREPARE TRANSACTION"),
        ("PREPARE TRANSACTION 'secret", 27, "PREPARE TRANSACTION"),
        ("COMMIT PREPARED 'secret', txid ", 31, "COMMIT PREPARED"),
        ("ROLLBACK PREPARED 'secret', txid 5 x", 34, "ROLLBACK PREPARED"),
    ]

    @Test(arguments: broken)
    func saysWhereAndShowsNoValue(_ text: String, _ offset: Int, _ beginning: String) throws {
        let error = #expect(throws: DecodeError.self) { try ReadRecord.read(text) }
        #expect(error?.offset == offset)
        #expect(error?.beginning == beginning)
    }

    static let whole = [
        "BEGIN 529", "COMMIT 529 (at 2026-01-01 00:00:00.000000+00)",
        #"table "Odd ""x"": y".t: INSERT: "a ""b"":c"[app."Odd ]Type"[]]:'se''cret' n[integer[]]:null b[bit]:B'01' z[text]:'z'"#,
        "table public.t: UPDATE: old-key: id[integer]:1 a[text]:'secret' new-tuple: id[integer]:2 a[text]:unchanged-toast-datum",
        "table public.t: DELETE: id[integer]:1 n[numeric]:-1.5e+10",
        "table public.a, public.\"b\": TRUNCATE: restart_seqs cascade",
        "message: transactional: 1 prefix: p, sz: 6 content:secret", "PREPARE TRANSACTION 'it''s', txid 529",
        "COMMIT PREPARED E'a\\\\b', txid 529 (at 2026-01-01 00:00:00+00)", "streaming change for TXN 5",
    ]

    @Test(arguments: whole)
    func everyBeginningOfARecordIsAnErrorOrARecord(_ text: String) throws {
        let bytes = Array(text.utf8)
        for count in 0...bytes.count { check(Array(bytes[..<count]), "cut at \(count)") }
        for index in bytes.indices {
            for byte: UInt8 in [0, 10, 32, 34, 39, 44, 58, 91, 93, 0xFF] {
                var mutated = bytes
                mutated[index] = byte
                check(mutated, "\(byte) at \(index)")
            }
        }
    }

    @Test func mutatedAndRandomBytesNeverTrap() throws {
        var random = RecordFuzz()
        print("RecordReader fuzz: SEED=\(random.seed)")
        for round in 0..<20_000 {
            var bytes = Array(Self.whole[random.below(Self.whole.count)].utf8)
            for _ in 0...random.below(6) { random.mutate(&bytes, from: Self.whole) }
            check(bytes, mayMoveValues: true, "seed \(random.seed), round \(round)")
        }
        for round in 0..<5_000 {
            check((0..<random.below(60)).map { _ in random.byte() }, "seed \(random.seed), random round \(round)")
        }
    }

    /// Whatever the bytes are: places inside the record, or an error inside it.
    private func check(_ bytes: [UInt8], mayMoveValues: Bool = false, _ comment: @autoclosure () -> String) {
        do {
            var change = Change()
            let record = bytes.span
            try RecordReader().read(record, into: &change)
            let cells = change.old + change.new
            let ranges =
                cells.flatMap { [$0.name, $0.type, $0.cell.bytes] } + [change.table, change.prefix, change.content]
            let isInside = ranges.allSatisfy { 0 <= $0.start && $0.start <= $0.end && $0.end <= bytes.count }
            #expect(isInside, "\(comment())")
            // Taking it apart must not trap either.
            _ = ReadRecord(change, record)
            var json: [UInt8] = []
            DecodedRecordJSON.append(change, record: record, lsn: nil, to: &json)
        } catch {
            #expect(0...bytes.count ~= error.offset, "\(comment())")
            if !mayMoveValues { #expect(!error.description.contains("secret"), "\(comment())") }
        }
    }
}
