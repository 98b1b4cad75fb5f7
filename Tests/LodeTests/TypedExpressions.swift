import TestSupport

@testable import LodeCore

/// Expressions of every type, made of all operators and functions that Lode shares with PostgreSQL, over random rows.
struct TypedExpressions {
    var random: SeededGenerator
    static let columns = TypedColumns.all
    private static let byType = Dictionary(grouping: columns, by: \.sqlType)

    mutating func row() -> OracleRow {
        OracleRow(Self.columns, new: Self.columns.map { random.percent(15) ? nil : random.one(of: $0.values) })
    }

    mutating func expression() -> String {
        let type = random.percent(25) ? "boolean" : random.one(of: TypedTemplates.types)
        return expression(type, depth: Int.random(in: 1...3, using: &random))
    }

    /// `{integer}` in a template stands for an expression of that type.
    mutating func expression(_ type: String, depth: Int) -> String {
        let templates = TypedTemplates.byType[type] ?? []
        guard depth > 0, !templates.isEmpty, !random.percent(10) else { return leaf(type) }
        let template = random.percent(25) ? random.one(of: TypedTemplates.ofAnyType) : random.one(of: templates)
        var out = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            var inner = String(rest[rest.index(after: open)..<close])
            if inner == "T" { inner = type }
            out += part(inner, depth: depth - 1)
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }

    private mutating func part(_ type: String, depth: Int) -> String {
        if let choices = TypedTemplates.words[type] { return random.one(of: choices) }
        let text = expression(type, depth: depth)
        // Without parentheses the precedences are asked for too.
        return random.percent(90) ? "(\(text))" : text
    }

    private mutating func leaf(_ type: String) -> String {
        let columns = Self.byType[type] ?? []
        if !columns.isEmpty, random.percent(65) { return random.one(of: columns).name }
        let values = columns.flatMap { $0.values + $0.literals } + ["null"]
        let value = random.one(of: values)
        if value == "null", !columns.contains(where: { $0.values.contains("null") }) {
            return random.percent(50) ? "null" : "null::\(type)"
        }
        let isNumber = value.allSatisfy { $0.isNumber || $0 == "." } && !value.isEmpty && value != "."
        if isNumber, ["integer", "bigint", "numeric"].contains(type), random.percent(60) { return value }
        let quoted = "'\(ServerOracle.quoted(value))'"
        switch type {
        case "text" where random.percent(50): return quoted
        case "boolean" where random.percent(60): return random.one(of: ["true", "false", "null"])
        default: return random.percent(12) ? quoted : "\(quoted)::\(type)"
        }
    }
}

/// The columns of the typed expressions: a name, a type, and values worth trying.
enum TypedColumns {
    static let all: [OracleColumn] = numbers + texts + moments + containers

    private static let numbers: [OracleColumn] = [
        OracleColumn(
            "small", "smallint", values: ["0", "1", "-1", "7", "32767", "-32768"], literals: ["x"], isBare: true),
        OracleColumn(
            "count", "integer", values: ["0", "1", "-1", "2", "3", "42", "2147483647", "-2147483648"],
            literals: ["1.5"],
            isBare: true),
        OracleColumn(
            "big", "bigint", values: ["0", "1", "-5", "1000", "9223372036854775807", "-9223372036854775808"],
            isBare: true),
        OracleColumn(
            "total", "numeric",
            values: [
                "0", "1.00", "-1.5", "2.5", "59.90", "0.001", "12345678.90123", "NaN", "Infinity", "-0.5", "99.995",
            ],
            literals: ["1e3", ".5", "abc"], isBare: true),
        OracleColumn(
            "ratio", "real", values: ["0", "0.1", "-1.5", "3.4028235e+38", "1e-40", "NaN", "Infinity", "2.5"],
            isBare: true),
        OracleColumn(
            "weight", "double precision",
            values: [
                "0", "-0", "0.1", "2.5", "-1.5", "3.5", "1e+15", "1.7976931348623157e+308", "5e-324", "NaN", "Infinity",
                "-Infinity", "123456.789",
            ], isBare: true),
        OracleColumn("active", "boolean", values: ["true", "false"], literals: ["yes", "x"], isBare: true),
    ]

    private static let texts: [OracleColumn] = [
        OracleColumn(
            "status", "text",
            values: [
                "", "a", "NEW", "Open", "it's", "a,b,c", "  x ", "äÖß", "日本語", "😀", "a%b_c", "back\\slash", "42",
                "-1.5",
                "null", "2024-02-29", "{a,b}", "{\"a\": 1}", "true", "hello world", "aXbXc", "Select",
            ], literals: ["x\ty", "\"", "1 day"]),
        OracleColumn(
            "note", "text", values: ["", "b", "a", ",", "new", "X", "_", "%", "ab", "é", "."], literals: ["'", "\\"]),
        OracleColumn("name", "character varying", values: ["", "Ann", "bob", "a,b", "ÉA"]),
        OracleColumn("raw", "bytea", values: ["\\x", "\\x00", "\\xdeadbeef", "\\x27ff"], literals: ["abc"]),
        OracleColumn(
            "token", "uuid",
            values: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"], literals: ["x"]),
    ]

    private static let moments: [OracleColumn] = [
        OracleColumn(
            "due", "date",
            values: [
                "2024-02-29", "2023-12-31", "1999-01-01", "2000-01-01", "0044-03-15 BC", "infinity", "-infinity",
                "2024-03-31",
            ], literals: ["2024-13-01", "Feb 3 2024", "20240105"]),
        OracleColumn(
            "sent", "timestamp", type: "timestamp without time zone",
            values: [
                "2024-02-29 12:34:56.789", "2023-12-31 23:59:59.999999", "1969-07-20 20:17:40",
                "0044-03-15 00:00:00 BC",
                "infinity", "2024-01-31 00:00:00",
            ], literals: ["2024-01-01T10:00:00Z", "x"]),
        OracleColumn(
            "placed", "timestamptz", type: "timestamp with time zone",
            values: [
                "2024-02-29 12:34:56.789+00", "2024-03-01 00:00:00+00", "1999-12-31 23:00:00+00", "-infinity",
                "2024-05-31 06:07:08.000009+00",
            ], literals: ["2024-02-29 12:00+02"]),
        OracleColumn(
            "opens", "time", type: "time without time zone",
            values: ["00:00:00", "09:30:00", "12:34:56.789", "23:59:59.999999", "24:00:00"],
            literals: ["9:30 pm", "25:00"]),
        OracleColumn(
            "span", "interval",
            values: [
                "PT0S", "P1D", "PT-2H-30M-0.5S", "P1Y2M3DT4H5M6.789S", "P-1Y-2M3DT-4H-5M-6.789S", "P1M", "PT36H",
                "P40D",
                "PT0.000001S",
            ], literals: ["1 day 02:03", "2 weeks", "1.5 hours ago", "x"]),
    ]

    private static let containers: [OracleColumn] = [
        OracleColumn(
            "details", "jsonb",
            values: [
                "{}", "{\"a\": 1}", "{\"a\": {\"b\": [1, 2.50, \"x\", null]}, \"c\": \"it's\"}", "[1, 2, 3]",
                "[\"a\", \"b\", null]",
                "null", "\"text\"", "12.50", "true", "[]", "{\"a\": null, \"b\": \"7\"}", "[{\"a\": 1}, {\"a\": 2}]",
                "-3",
            ], literals: ["{\"b\":  2, \"a\": 1e2}", "{x}"]),
        OracleColumn(
            "extra", "json",
            values: ["{\"a\":1, \"a\":2}", "[1,  {\"b\":\"x\\u00e9\"}]", "\"s\"", "null", "{ \"a\" : [true] }", "1.0"],
            literals: ["{"]),
        OracleColumn(
            "tags", "text[]",
            values: ["{}", "{a}", "{a,b,NULL}", "{\"a b\",\"\",\"NULL\",\"x\\\"y\"}", "{b,a,b}"],
            literals: ["{a", "{x, y}"]),
        OracleColumn(
            "counts", "integer[]",
            values: ["{}", "{1}", "{1,2,3}", "{NULL,2147483647}", "[0:1]={5,6}", "{{1,2},{3,4}}"],
            literals: ["{1,x}"]),
        OracleColumn("prices", "numeric[]", values: ["{}", "{1.0,2}", "{1,2.00}", "{NULL}", "{0.5}"]),
    ]
}
