import Testing

@testable import LodeCore

@Suite struct EvaluationTests {
    private static let new: [String: LoggedValue] = [
        "id": .bare("7"), "status": .quoted("OPEN"), "total": .bare("12.50"), "quantity": .bare("3"),
        "note": .quoted("it's 5 o'clock"), "paid": .bare("true"), "placed": .quoted("2024-02-29 12:34:56.789+00"),
        "due": .quoted("2024-03-01"), "customerId": .bare("42"), "mood": .quoted("happy"), "wait": .quoted("1 day"),
        "weight": .bare("0.30000000000000004"), "code": .quoted("ab   "), "email": .quoted("Ann@Example.com"),
        "token": .quoted("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "rank": .quoted("9"),
        "details": .quoted(#"{"a": 'x'}"#),
        "tags": .quoted("{a,b}"),
    ]
    private static var old: [String: LoggedValue] {
        new.merging([
            "status": .quoted("NEW"), "total": .bare("12.5"), "note": .absent, "paid": .null, "due": .null,
            "quantity": .absent,
        ]) { $1 }
    }
    private static let row = ShopTable.row(new, old: old)

    private func truth(_ text: String, _ row: LoggedRow = Self.row) throws -> Truth {
        try row.truth(try Expression(condition: SourceText(text), in: ShopTable.scope()))
    }

    @Test(arguments: [
        "old.status = 'NEW' and new.status = 'OPEN'", "status in ('NEW', 'OPEN')", "status not in ('NEW')",
        "orders.id = 7",
        "id = 7.0", "id < 7.5", "id <> 9223372036854775808", "total = 12.5", "total > 12", "total > quantity",
        "total = '1.25e1'",
        "quantity between 1 and 3", "quantity not between symmetric 9 and 4", "note = 'it''s 5 o''clock'",
        "note > 'it''r'",
        "paid", "paid is true", "paid = 't'", "old.paid is null", "old.paid is not true", "old.paid is unknown",
        "placed > '2024-02-29'", "placed = '2024-02-29 14:34:56.789+02'", "due > placed", "due = '20240301'",
        "old.due is null",
        "\"customerId\" = 42", "mood = 'happy'", "wait in ('24:00:00')", "wait > '23 hours'", "weight > 0.3",
        "weight = '0.30000000000000004'",
        "code = 'ab'", "code = 'ab  '", "email = 'ann@example.COM'", "token = 'A0EEBC999C0B4EF8BB6D6BB9BD380A11'",
        "rank = 9",
        "rank > quantity", "changed(status)", "not changed(id)", "details is not null", "tags is not null", "1 = 1.00",
        "'a' < 'b'", "null is null", "old.status is distinct from status", "old.total is not distinct from total",
        "null is not distinct from old.due", "status is distinct from null", "5 in (old.quantity, 5)",
    ])
    func holds(text: String) throws { #expect(try truth(text) == .true) }

    @Test(arguments: [
        "status = 'open'", "status < 'NEW'", "paid is false", "not paid", "id in (1, 2, 3)", "changed(total)",
        "changed(mood)",
        "details is null", "status is null", "old.due is not null", "quantity > 3.0001", "'a' = 'b'", "5 = 6",
    ])
    func failsToHold(text: String) throws { #expect(try truth(text) == .false) }

    @Test(arguments: [
        "old.due > '2024-01-01'", "not old.paid", "id in (1, null)", "id not in (1, null)", "null = null",
        "old.paid and paid",
        "old.due between '2024-01-01' and '2024-12-31'", "status = null", "null and true", "old.due = old.due",
    ])
    func isNull(text: String) throws { #expect(try truth(text) == .null) }

    @Test(arguments: [
        "old.note = 'x'", "old.note is null", "old.note in ('x', null)", "not old.quantity > 5", "changed(note)",
        "old.note is distinct from null", "old.note = note", "old.quantity > 5 or paid is false",
        "(old.note = 'x') is null",
    ])
    func isUnknown(text: String) throws { #expect(try truth(text) == .unknown) }

    @Test(arguments: [
        ("old.note = 'x' and status = 'NEW'", Truth.false), ("old.note = 'x' or status = 'OPEN'", .true),
        ("old.note = null", .null), ("null in (old.note)", .null), ("old.quantity not in (null, 1) and false", .false),
    ])
    func unknownDoesNotHideWhatIsCertain(text: String, truth: Truth) throws {
        #expect(try self.truth(text) == truth)
    }

    /// An update that did not touch a TOAST value leaves it out: unknown, but not null, not changed.
    @Test(arguments: [
        ("changed(note)", Truth.false), ("note is null", .false), ("note is not null", .true), ("note = 'x'", .unknown),
        ("note is distinct from null", .true), ("null is not distinct from note", .false),
        ("note is distinct from 'x'", .unknown),
        ("changed(note) or changed(status)", .true), ("note = old.note", .unknown), ("note in (null)", .null),
    ])
    func anUnchangedValueIsUnknownButNotNull(text: String, truth: Truth) throws {
        let row = ShopTable.row(Self.new.merging(["note": .unchanged]) { $1 }, old: Self.old)
        #expect(try self.truth(text, row) == truth)
    }

    @Test func aRowThatIsNotThereIsUnknown() throws {
        let row = ShopTable.row(Self.new)
        #expect(try truth("old.status = 'NEW'", row) == .unknown)
        #expect(try truth("changed(status)", row) == .unknown)
    }

    @Test func aBareColumnOfADeleteIsTheOldRows() throws {
        let row = ShopTable.row([:], old: Self.old)
        let expression = try Expression(condition: SourceText("status = 'NEW'"), in: ShopTable.scope(.delete))
        #expect(try row.truth(expression) == .true)
    }

    @Test(arguments: [
        ("id", "7"), ("total", "12.50"), ("status", "\"OPEN\""), ("old.due", "null"), ("weight", "0.30000000000000004"),
        ("paid", "true"), ("details", "{\"a\": 'x'}"), ("tags", "[\"a\",\"b\"]"),
        ("placed", "\"2024-02-29T12:34:56.789Z\""),
        ("'x'", "\"x\""), ("1", "1"), ("-1.50e1", "-15.0"), ("null", "null"), ("total > 1", "true"),
        ("old.due > due", "null"),
        ("wait + '1 hour'", "\"P1DT1H\""), ("due + 1", "\"2024-03-02\""),
        ("placed + wait", "\"2024-03-01T12:34:56.789Z\""),
        ("total * 2", "25.00"), ("status || '-' || id", "\"OPEN-7\""), ("array[id, quantity]", "[7,3]"),
        ("object('a', total, 'b', tags)", #"{"a":12.50,"b":["a","b"]}"#), ("quantity / 2.0", "1.5000000000000000"),
        ("coalesce(old.due, due)", "\"2024-03-01\""), ("case when paid then 1 end", "1"), ("length(code)", "2"),
        ("rank", "9"), ("-9223372036854775808", "-9223372036854775808"), ("9223372036854775808", "9223372036854775808"),
    ])
    func valuesAsJSON(text: String, json: String) throws {
        var out: [UInt8] = []
        let expression = try Expression(SourceText(text), in: ShopTable.scope())
        try Self.row.value(expression).appendJSON(as: expression.type ?? .text, to: &out)
        #expect(String(decoding: out, as: UTF8.self) == json)
    }

    /// What PostgreSQL 15 prints with the session's `intervalstyle = iso_8601` is what the log has.
    @Test(arguments: [
        ("P1DT2H", "1 day 02:00:00", "P1DT2H"),
        ("P1Y2M-3DT-4H-5M-6.7S", "1 year 2 mons -3 days -04:05:06.7", "P1Y2M-3DT-4H-5M-6.7S"),
        ("PT0S", "00:00:00", "PT0S"), ("PT36H0.000001S", "36:00:00.000001", "PT36H0.000001S"),
        ("P-1M", "-1 mons", "P-1M"),
    ])
    func intervalsOfTheLogAreRead(cell: String, text: String, json: String) throws {
        let row = ShopTable.row(["wait": .quoted(cell)])
        let asText = try Expression(SourceText("wait::text"), in: ShopTable.scope())
        #expect(try row.value(asText) == .text(Array(text.utf8)))
        let computed = try Expression(SourceText("wait + '0'::interval"), in: ShopTable.scope())
        var out: [UInt8] = []
        try row.value(computed).appendJSON(as: .interval, to: &out)
        #expect(String(decoding: out, as: UTF8.self) == "\"\(json)\"")
        #expect(try row.truth(Expression(condition: SourceText("wait = '\(text)'"), in: ShopTable.scope())) == .true)
    }

    /// What goes wrong with a row's values is told without them.
    @Test(arguments: [
        ("status::integer", "invalid input syntax for type integer"),
        ("status::date", "invalid input syntax for type date"),
        ("status::uuid", "invalid input syntax for type uuid"),
        ("status::jsonb", "invalid input syntax for type jsonb"),
        ("status::interval", "invalid input syntax for type interval"), ("status::text[]", "malformed array literal"),
        ("total / (quantity - 3)", "division by zero"), ("id::integer * 2147483647", "integer out of range"),
        ("total::numeric(3, 2)", "numeric field overflow"), ("to_date(status, 'YYYY')", "invalid value"),
        ("date_trunc(status, placed)", "not recognized"), ("placed at time zone status", "is not known here"),
        ("note ~ ('(' || status)", "invalid regular expression"),
        ("make_date(quantity, 13, 1)", "date field value out of range"),
    ])
    func errorsOfARowHoldNoneOfItsValues(text: String, message: String) throws {
        let expression = try Expression(SourceText(text), in: ShopTable.scope())
        let error = #expect(throws: EvaluationError.self) { try Self.row.value(expression) }
        let told = error?.message.replacing(text, with: "") ?? ""
        #expect(told.contains(message))
        for value in ["OPEN", "12.5", "5 o'clock", "-13-"] { #expect(!told.contains(value), "\(told)") }
    }

    @Test func valuesThatTheLogDoesNotSayAreUnknown() throws {
        for text in [
            "old.note || 'x'", "upper(old.note)", "old.quantity + 1", "coalesce(old.note, 'x')", "old.note::integer",
            "case when old.quantity > 1 then 1 end", "concat('a', old.note)", "array[old.note]",
            "object('a', old.note)", "old.note", "old.note = 'x'", "changed(note)",
        ] {
            #expect(try Self.row.value(try Expression(SourceText(text), in: ShopTable.scope())) == .unknown)
        }
    }

    @Test(arguments: [
        ("quantity > 1", "quantity", "eleven", "cannot be read"), ("total > 1", "total", "1e5", "cannot be read"),
        ("placed > '2024-01-01'", "placed", "yesterday", "cannot be read"),
        ("weight > total", "total", "1" + String(repeating: "0", count: 400), "out of range"),
    ])
    func valuesThatAreNoneOfTheirTypeAreErrors(text: String, column: String, value: String, message: String) throws {
        let row = ShopTable.row(Self.new.merging([column: .bare(value)]) { $1 })
        let expression = try Expression(condition: SourceText(text), in: ShopTable.scope())
        let error = #expect(throws: EvaluationError.self) { try row.truth(expression) }
        #expect(error?.message.contains(message) == true && error?.message.contains(column) == true)
        #expect(error?.message.contains(value) == false)
    }

    @Test func whatIsNoConditionHasNoTruth() throws {
        let expression = try Expression(SourceText("id"), in: ShopTable.scope())
        #expect(throws: EvaluationError.self) { try Self.row.truth(expression) }
    }
}
