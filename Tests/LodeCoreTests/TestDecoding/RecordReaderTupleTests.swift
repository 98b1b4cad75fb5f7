import Testing

@testable import LodeCore

/// The rows: names, types and values, and where a tuple ends.
@Suite struct RecordReaderTupleTests {
    typealias Column = ReadRecord.Column

    /// As written after `[type]:`, what it is; of every kind that test_decoding prints.
    static let values: [(String, ReadRecord.Value)] = [
        ("1", .bare("1")), ("-9223372036854775808", .bare("-9223372036854775808")),
        ("12345678901234567890.123456789", .bare("12345678901234567890.123456789")),
        ("NaN", .bare("NaN")), ("Infinity", .bare("Infinity")), ("-Infinity", .bare("-Infinity")),
        ("1e+40", .bare("1e+40")), ("1e-300", .bare("1e-300")), ("-0", .bare("-0")),
        ("true", .bare("true")), ("false", .bare("false")),
        ("null", .null), ("'null'", .text("null")),
        ("unchanged-toast-datum", .unchanged), ("'unchanged-toast-datum'", .text("unchanged-toast-datum")),
        ("B'0101'", .bits("0101")), ("B''", .bits("")), ("'B''0101'''", .text("B'0101'")),
        ("''", .text("")), ("' '", .text(" ")), ("''''", .text("'")), ("''''''", .text("''")),
        ("'it''s ''quoted'''", .text("it's 'quoted'")),
        ("'two\nlines'", .text("two\nlines")), ("'\n'", .text("\n")), ("'x\r\ny'", .text("x\r\ny")),
        ("'x\nCOMMIT 529\nBEGIN 530'", .text("x\nCOMMIT 529\nBEGIN 530")),
        ("' new-tuple: id[integer]:1'", .text(" new-tuple: id[integer]:1")),
        ("' old-key: id[integer]:1 new-tuple:'", .text(" old-key: id[integer]:1 new-tuple:")),
        ("'(no-tuple-data)'", .text("(no-tuple-data)")), ("' (no-tuple-data)'", .text(" (no-tuple-data)")),
        (#"'back\slash \n \\'"#, .text(#"back\slash \n \\"#)), (#"'\'"#, .text(#"\"#)), (#"'\'''''"#, .text(#"\''"#)),
        (#"'"'"#, .text(#"""#)), (#"'{"a": "it''s"}'"#, .text(#"{"a": "it's"}"#)),
        ("'b[text]:''x'''", .text("b[text]:'x'")), ("'grüße 日本語 🐘'", .text("grüße 日本語 🐘")),
        (#"'\x00ff10'"#, .text(#"\x00ff10"#)), ("'tab\tend'", .text("tab\tend")),
    ]

    /// Every value, alone, first, in the middle, last, and in each of the two rows of an update.
    @Test(arguments: values)
    func readsEveryValueEverywhere(_ written: String, _ value: ReadRecord.Value) throws {
        let it = Column("v", "t", value)
        let a = Column("a", "integer", .bare("1"))
        let b = Column("b", "text", .text("z"))
        let expected: [(String, ReadRecord)] = [
            ("INSERT: v[t]:\(written)", .insert("s", "t", [it])),
            ("INSERT: v[t]:\(written) a[integer]:1", .insert("s", "t", [it, a])),
            ("INSERT: a[integer]:1 v[t]:\(written)", .insert("s", "t", [a, it])),
            ("INSERT: a[integer]:1 v[t]:\(written) b[text]:'z'", .insert("s", "t", [a, it, b])),
            ("INSERT: v[t]:\(written) v[t]:\(written)", .insert("s", "t", [it, it])),
            ("UPDATE: v[t]:\(written)", .update("s", "t", [it])),
            ("UPDATE: a[integer]:1 v[t]:\(written)", .update("s", "t", [a, it])),
            (
                "UPDATE: old-key: a[integer]:1 v[t]:\(written) new-tuple: v[t]:\(written) b[text]:'z'",
                .update("s", "t", old: [a, it], [it, b])
            ),
            ("UPDATE: old-key: v[t]:\(written) new-tuple: v[t]:\(written)", .update("s", "t", old: [it], [it])),
            ("DELETE: v[t]:\(written)", .delete("s", "t", [it])),
            ("DELETE: a[integer]:1 v[t]:\(written)", .delete("s", "t", [a, it])),
        ]
        let earlier = "table s.t: UPDATE: old-key: x[integer]:1 new-tuple: y[integer]:2"
        for (text, record) in expected {
            #expect(try ReadRecord.read("table s.t: " + text) == record, "\(text)")
            #expect(try ReadRecord.read("table s.t: " + text, after: earlier) == record, "\(text)")
        }
    }

    /// As written before the value: name and type.
    static let columns: [(String, String, String)] = [
        ("id[integer]", "id", "integer"), ("_a_1[bigint]", "_a_1", "bigint"),
        ("a[character varying]", "a", "character varying"),
        ("a[timestamp with time zone]", "a", "timestamp with time zone"),
        ("a[time without time zone]", "a", "time without time zone"),
        ("a[double precision]", "a", "double precision"), ("a[bit varying]", "a", "bit varying"),
        ("a[integer[]]", "a", "integer[]"), ("a[text[]]", "a", "text[]"),
        ("a[timestamp with time zone[]]", "a", "timestamp with time zone[]"),
        (#"a["char"]"#, "a", #""char""#), (#"a["char"[]]"#, "a", #""char"[]"#),
        (#"a[app."Odd ]Type"]"#, "a", #"app."Odd ]Type""#), (#"a[app."Odd ]Type"[]]"#, "a", #"app."Odd ]Type"[]"#),
        (#"a["Odd ""schema"".x: y"."dom[]ain"]"#, "a", #""Odd ""schema"".x: y"."dom[]ain""#),
        ("a[\"new\nline]:\".x]", "a", "\"new\nline]:\".x"), (#"a["it's"]"#, "a", #""it's""#),
        (#""Col ""name"":x"[text]"#, #"Col "name":x"#, "text"), (#""a.b"[text]"#, "a.b", "text"),
        (#""[x]"[integer[]]"#, "[x]", "integer[]"), (#""]:'"[text]"#, "]:'", "text"),
        ("\"new\nline\"[text]", "new\nline", "text"), (#"" new-tuple:"[text]"#, " new-tuple:", "text"),
        (#"" old-key:"[text]"#, " old-key:", "text"), (#"" (no-tuple-data)"[text]"#, " (no-tuple-data)", "text"),
        (#""it's"[text]"#, "it's", "text"), (#""ümläut"[text]"#, "ümläut", "text"), ("\"\"\"\"[text]", "\"", "text"),
        (#"null[text]"#, "null", "text"), (#""unchanged-toast-datum"[text]"#, "unchanged-toast-datum", "text"),
        (#"new[text]"#, "new", "text"), (#"old[text]"#, "old", "text"),
    ]

    @Test(arguments: columns)
    func readsEveryNameAndTypeEverywhere(_ written: String, _ name: String, _ type: String) throws {
        let one = Column(name, type, .bare("1"))
        let text = Column(name, type, .text("x'y"))
        let none = Column(name, type, .null)
        #expect(try ReadRecord.read("table s.t: INSERT: \(written):1") == .insert("s", "t", [one]))
        #expect(
            try ReadRecord.read("table s.t: INSERT: \(written):'x''y' \(written):null \(written):1")
                == .insert("s", "t", [text, none, one]))
        #expect(
            try ReadRecord.read("table s.t: UPDATE: old-key: \(written):1 new-tuple: \(written):null \(written):'x''y'")
                == .update("s", "t", old: [one], [none, text]))
        #expect(try ReadRecord.read("table s.t: DELETE: \(written):'x''y'") == .delete("s", "t", [text]))
    }

    static let tuples: [(String, ReadRecord)] = [
        // Replica identity nothing, or no key.
        ("DELETE: (no-tuple-data)", .delete("s", "t", nil)),
        ("INSERT: (no-tuple-data)", .insert("s", "t", nil)),
        ("UPDATE: (no-tuple-data)", .update("s", "t", nil)),
        (
            "UPDATE: old-key: a[integer]:1 new-tuple: (no-tuple-data)",
            .update("s", "t", old: [Column("a", "integer", .bare("1"))], nil)
        ),
        // Replica identity full, all columns null: old tuples leave nulls out.
        ("DELETE:", .delete("s", "t", [])),
        ("UPDATE: old-key: new-tuple: a[integer]:null", .update("s", "t", old: [], [Column("a", "integer", .null)])),
        // A table without columns.
        ("INSERT:", .insert("s", "t", [])),
        ("UPDATE:", .update("s", "t", [])),
    ]

    @Test(arguments: tuples)
    func readsTuplesThatAreNotThere(_ text: String, _ expected: ReadRecord) throws {
        #expect(try ReadRecord.read("table s.t: " + text) == expected)
        #expect(
            try ReadRecord.read("table s.t: " + text, after: "table s.t: UPDATE: old-key: a[b]:1 new-tuple: a[b]:2")
                == expected)
    }

    @Test func tellsPlainFromDoubledQuotes() throws {
        let record = Array("table s.t: INSERT: a[text]:'x' b[text]:'y''z' c[text]:''".utf8)
        var change = Change()
        try RecordReader().read(record.span, into: &change)
        #expect(change.new.map(\.cell.form) == [.quoted, .doubled, .quoted])
        #expect(record.span.string(change.new[1].cell.bytes) == "y''z")
    }
}
