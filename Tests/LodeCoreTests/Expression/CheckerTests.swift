import Testing

@testable import LodeCore

@Suite struct CheckerTests {
    private func errors(_ text: MarkedText, _ operation: RowOperation = .update) -> [Diagnostic] {
        Result { () throws(Diagnostics) in try Expression(text.source, in: ShopTable.scope(operation)) }.diagnostics
    }

    private func expect(_ marked: String, _ message: String, _ operation: RowOperation = .update) {
        let text = MarkedText(marked)
        let errors = errors(text, operation)
        #expect(errors.map(\.message) == [message])
        #expect(errors.map { $0.place?.column } == text.columns)
    }

    @Test(arguments: [
        ("🚩statsu = 'NEW'", "table public.orders has no column “statsu”; did you mean “status”?"),
        (
            "🚩customerId = 5",
            "table public.orders has no column “customerid”; did you mean “customerId”? (in double quotes: \"customerId\")"
        ),
        ("status = 🚩\"NEW\"", "table public.orders has no column “NEW”; text is written in single quotes: 'NEW'"),
        (
            "🚩zzzzzz is null",
            "table public.orders has no column “zzzzzz”; it has id, status, total, quantity, note, paid, placed, due, "
                + "customerId, order, …"
        ),
        ("🚩old = 'NEW'", "“old” is a row, not a value; name its column: old.status"),
        ("🚩odl.status = 'NEW'", "there is no row “odl”; did you mean “old”?"),
        ("🚩customers.status = 'NEW'", "there is no row “customers”; the rows are new and old"),
        ("new.details.🚩size = 1", "“size” is inside no row; name a column, such as new.status"),
        ("🚩chnaged(status)", "there is no function “chnaged”; did you mean “changed”?"),
        ("🚩lowr(status) = 'new'", "there is no function “lowr”; did you mean “lower”?"),
        ("🚩frobnicate(1)", "there is no function “frobnicate”; the page on expressions lists those there are"),
        ("🚩lower(1, 2)", "function lower(integer, integer) does not exist; see which arguments it takes, or cast one"),
        ("changed(🚩'x')", "changed() takes the name of one column; write changed(status)"),
        ("🚩changed()", "changed() takes the name of one column; write changed(status)"),
        ("changed(🚩status, note)", "changed() takes the name of one column; write changed(status)"),
    ])
    func unknownNames(marked: String, message: String) { expect(marked, message) }

    @Test(arguments: [
        ("status 🚩= 5", "operator does not exist: text = integer; text is compared with text: '5'"),
        ("5.50 🚩< status", "operator does not exist: numeric < text; text is compared with text: '5.50'"),
        ("status 🚩<> 9999999999", "operator does not exist: text <> bigint; text is compared with text: '9999999999'"),
        ("total 🚩>= status", "operator does not exist: numeric >= text; compare values of one kind"),
        ("paid 🚩= 1", "operator does not exist: boolean = integer; a boolean is compared with true or false"),
        ("due 🚩= quantity", "operator does not exist: date = integer; compare values of one kind"),
        ("mood 🚩= status", "operator does not exist: public.mood = text; compare values of one kind"),
        ("details 🚩> '{}'", "values of type jsonb have no order here; compare them with = or <> only"),
        (
            "tags 🚩= array[1]",
            "operator does not exist: text[] = integer[]; take a value out of the text[] first, as in details->>'name' or tags[1]"
        ),
        (
            "details 🚩= status",
            "operator does not exist: jsonb = text; take a value out of the jsonb first, as in details->>'name' or tags[1]"
        ),
        ("status 🚩+ 1", "operator does not exist: text + integer; cast one side, as in value::numeric"),
        ("paid 🚩&& paid", "operator does not exist: boolean && boolean; write “and” between conditions"),
        ("due 🚩+ '1 day'", "it is not clear which date + unknown is meant; cast an argument, as in value::text"),
        (
            "🚩round(weight, 2)",
            "function round(double precision, integer) does not exist; see which arguments it takes, or cast one"
        ),
        ("mood 🚩> 'ok'", "values of type public.mood have no order here; compare them with = or <> only"),
        ("mood 🚩between 'a' and 'b'", "values of type public.mood have no order here; compare them with = or <> only"),
        ("status in ('NEW', 🚩5)", "operator does not exist: text = integer; text is compared with text: '5'"),
        ("paid and 🚩total", "argument of AND must be type boolean, not type numeric; compare it with a value"),
        ("not 🚩status", "argument of NOT must be type boolean, not type text; compare it with a value"),
        ("🚩rank is true", "argument of IS TRUE must be type boolean, not type integer; compare it with a value"),
        ("- 🚩status = 'x'", "operator does not exist: - text; cast one side, as in value::numeric"),
    ])
    func wrongTypes(marked: String, message: String) { expect(marked, message) }

    @Test(arguments: [
        ("quantity = 🚩'five'", "invalid input syntax for type integer: “five”; write it as '42'"),
        ("quantity in ('1', 🚩'2.5')", "invalid input syntax for type integer: “2.5”; write it as '42'"),
        (
            "quantity = 🚩'2147483648'",
            "value “2147483648” is out of range for type integer; write one that a column of that type can have"
        ),
        ("total > 🚩'1,5'", "invalid input syntax for type numeric: “1,5”; write it as '42.50'"),
        ("weight > 🚩'1e999'", "“1e999” is out of range for type double precision; write one that it can have"),
        ("due = 🚩'29.2.2024'", "date/time field value out of range: “29.2.2024”; write it as '2024-02-29'"),
        ("due = 🚩'2023-02-29'", "date/time field value out of range: “2023-02-29”; write it as '2024-02-29'"),
        (
            "placed > 🚩'now'",
            "“now” depends on the clock, and a replay must give the same bytes; write a fixed moment, or use the time of the commit"
        ),
        ("paid = 🚩'maybe'", "invalid input syntax for type boolean: “maybe”; write it as 'true'"),
        (
            "token = 🚩'123'",
            "invalid input syntax for type uuid: “123”; write it as 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"
        ),
        ("quantity = 🚩1e200000", "value overflows numeric format; write fewer digits"),
    ])
    func unreadableLiterals(marked: String, message: String) { expect(marked, message) }

    /// What would not be the same in a replay, with the reason.
    @Test(arguments: [
        ("placed < 🚩now()", "depends on the clock, and a replay must give the same events"),
        ("due = 🚩current_date", "depends on the clock"), ("🚩clock_timestamp() > placed", "depends on the clock"),
        ("🚩random() < 0.5", "is something else at every call"),
        ("🚩gen_random_uuid()", "is something else at every call"),
        ("🚩nextval('orders_id_seq')", "depends on the server's state"),
        ("🚩age(placed)", "write both moments: age(a, b)"),
    ])
    func whatAReplayCannotRepeatIsRefused(marked: String, reason: String) {
        let text = MarkedText(marked)
        #expect(errors(text).count == 1)
        #expect(errors(text).first?.message.contains(reason) == true)
        #expect(errors(text).map { $0.place?.column } == text.columns)
    }

    /// A constant argument that can be no pattern, format, field or zone is told before the first row.
    @Test(arguments: [
        ("status ~ 🚩'a('", "invalid regular expression"), ("status like 🚩'a\\'", "must not end with escape"),
        ("to_char(total, 🚩'9.9.9')", "multiple decimal points"),
        ("date_trunc(🚩'fortnight', placed)", "unit “fortnight” not recognized"),
        ("extract(🚩hour from due)", "unit “hour” not supported for type date"),
        ("placed at time zone 🚩'Europe/Paris'", "the zone database is not part of the log"),
        ("regexp_replace(status, 'a', 'b', 🚩'y')", "invalid regular expression option"),
        ("total::🚩numeric(0)", "precision of 1 to 1000"), ("status::🚩varchar(0)", "a length is one number"),
        ("quantity::🚩date", "cannot cast type integer to date"), ("status::🚩money", "cannot be cast to"),
        ("object('a', 1, 🚩'a', 2)", "has “a” twice"),
    ])
    func constantsThatCannotWorkAreToldAtTheCheck(marked: String, reason: String) {
        let text = MarkedText(marked)
        #expect(errors(text).map { $0.message.contains(reason) } == [true], "\(errors(text))")
        #expect(errors(text).map { $0.place?.column } == text.columns)
    }

    @Test func rowsThatAnOperationHasNot() {
        expect(
            "🚩old.status = 'NEW'", "an insert has no old row; write the column alone, or use an update rule", .insert)
        expect("🚩new.status = 'NEW'", "a delete has no new row; write the column alone, or old. before it", .delete)
        let message = "changed() needs a row before and after; use it in a rule `from: update orders`"
        expect("🚩changed(status)", message, .insert)
        expect("🚩changed(status)", message, .delete)
    }

    @Test func everythingWrongIsToldOnce() {
        let text = MarkedText(
            "🚩statsu = 'NEW' and quantity 🚩= status or total > 🚩'x' and not 🚩note and 🚩mod = 1 and due 🚩between 1 and 2"
        )
        #expect(errors(text).map { $0.place?.column } == text.columns)
    }

    @Test func columnsCountCharactersNotBytes() {
        let text = MarkedText("status = 'größer 😀' and 🚩statsu = 'x'")
        #expect(errors(text).first?.place?.column == text.columns[0])
        #expect(text.columns[0] == 25)
    }

    @Test func aConditionMustBeBoolean() throws {
        let error = Result { () throws(Diagnostics) in
            try Expression(condition: SourceText("quantity"), in: ShopTable.scope())
        }.diagnostics
        #expect(
            error.map(\.message) == ["when must be boolean, not integer; compare it with something, or leave when out"])
        for text in ["paid", "true", "null", "'t'", "quantity = 1", "(paid)"] {
            let expression = try Expression(condition: SourceText(text), in: ShopTable.scope())
            #expect(expression.kind == .boolean)
        }
        #expect(throws: Diagnostics.self) { try Expression(condition: SourceText("'x'"), in: ShopTable.scope()) }
    }

    @Test(arguments: [
        ("id", ValueKind.integer), ("old.total", .numeric), ("'x'", .text), ("5", .integer), ("-5.0", .numeric),
        ("true", .boolean),
        ("id = 1", .boolean), ("details", .json), ("tags", .array(of: .text)), ("orders.due", .date),
        ("rank", .integer),
    ])
    func kindsAreKnown(text: String, kind: ValueKind) throws {
        #expect(try Expression(SourceText(text), in: ShopTable.scope()).kind == kind)
    }

    @Test func nullAloneHasNoKind() throws {
        #expect(try Expression(SourceText("null"), in: ShopTable.scope()).kind == nil)
    }

    @Test func aBareColumnIsOfTheRowThatTheOperationHas() throws {
        let expected: [(RowOperation, RowSide)] = [(.insert, .new), (.update, .new), (.delete, .old)]
        for (operation, side) in expected {
            let expression = try Expression(SourceText("status"), in: ShopTable.scope(operation))
            #expect(expression.column?.row == side)
            #expect(expression.column?.column == 1)
        }
        #expect(try Expression(SourceText("(old.\"order\")"), in: ShopTable.scope()).column?.column == 9)
        #expect(try Expression(SourceText("status = 'x'"), in: ShopTable.scope()).column == nil)
    }

    @Test func whatIsReadIsKnown() throws {
        let expression = try Expression(
            SourceText("old.status = 'NEW' and total in (1, quantity) or changed(note)"), in: ShopTable.scope())
        #expect(
            expression.reads == [
                ColumnRead(row: .old, column: 1), ColumnRead(row: .new, column: 2), ColumnRead(row: .new, column: 3),
                ColumnRead(row: .new, column: 4), ColumnRead(row: .old, column: 4),
            ])
    }

    @Test(arguments: [
        ("status 🚩= null", "“= null” is never true; write “is null”"),
        ("status 🚩!= null", "“<> null” is never true; write “is not null”"),
        ("status not in ('a', 🚩null)", "“not in” a list with null is never true; leave null out"),
    ])
    func slipsAreWarnings(marked: String, message: String) throws {
        let text = MarkedText(marked)
        let expression = try Expression(text.source, in: ShopTable.scope())
        #expect(expression.warnings.map(\.message) == [message])
        #expect(expression.warnings.map(\.severity) == [.warning])
        #expect(expression.warnings.map { $0.place?.column } == text.columns)
    }
}
