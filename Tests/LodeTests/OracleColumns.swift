@testable import LodeCore

/// A column of the table that expressions are tried on, with values that are worth trying.
struct OracleColumn: Sendable {
    let name: String
    /// As the server is told it; with modifiers.
    let sqlType: String
    let definition: ColumnDefinition
    /// As PostgreSQL prints them.
    let values: [String]
    /// Between the quotes of a literal to compare with; some are none of the type.
    let literals: [String]
    let isBare: Bool
    /// Whether `<` may be tried; by their text alone some types can only be told apart.
    let hasOrder: Bool

    init(
        _ name: String, _ sqlType: String, type: String? = nil, base: String? = nil, values: [String],
        literals: [String] = [], isBare: Bool = false, hasOrder: Bool = true
    ) {
        self.name = name
        self.sqlType = sqlType
        definition = ColumnDefinition(name: name, type: type ?? sqlType, baseType: base)
        self.values = values
        self.literals = literals
        self.isBare = isBare
        self.hasOrder = hasOrder
    }

    /// What the server must have before it can be asked.
    static let setup = [
        "create extension if not exists citext",
        "create type mood as enum ('sad', 'ok', 'happy')",
        "create domain whole as integer",
        "create domain yes_or_no as boolean",
    ]

    static let all: [OracleColumn] = numbers + texts + moments + others

    private static let numbers: [OracleColumn] = [
        OracleColumn(
            "small", "smallint", values: ["0", "1", "-1", "5", "32767", "-32768"],
            literals: ["5", " 5 ", "+5", "-1", "70000", "5.5", "abc", ""], isBare: true),
        OracleColumn(
            "count", "integer", values: ["0", "1", "-1", "5", "42", "16777217", "2147483647", "-2147483648"],
            literals: ["5", "42", "2147483648", "1e2", "0x10"], isBare: true),
        OracleColumn(
            "big", "bigint",
            values: ["0", "1", "5", "9007199254740993", "9223372036854775807", "-9223372036854775808"],
            literals: ["5", "-9223372036854775808", "9223372036854775808"], isBare: true),
        OracleColumn(
            "total", "numeric",
            values: [
                "0", "1", "1.0", "1.00", "-1.5", "5", "5.000", "0.1", "-0.001", "42", "NaN", "Infinity",
                "-Infinity", "9007199254740993", "123456789012345678901234567890.123456789", "9223372036854775808",
            ],
            literals: ["1", "1.000", "1e2", ".5", "-1.50", "nan", "inf", "-Infinity", " 5 ", "1.2.3", "x"],
            isBare: true),
        OracleColumn(
            "ratio", "real",
            values: [
                "0", "0.1", "1", "-1.5", "5", "1.6777216e+07", "3.4028235e+38", "1e-45", "NaN", "Infinity", "-Infinity",
            ],
            literals: ["0.1", "1", "nan", "-inf", "1e39", "1e-60", "16777217", "x"], isBare: true),
        OracleColumn(
            "weight", "double precision",
            values: [
                "0", "-0", "0.1", "0.10000000149011612", "0.30000000000000004", "1", "5", "9.007199254740992e+15",
                "9.223372036854776e+18", "1.7976931348623157e+308", "5e-324", "NaN", "Infinity", "-Infinity",
            ],
            literals: ["0.1", "1e3", "NaN", "infinity", "1e400", "1e-400", "9007199254740993", "-", "."], isBare: true),
        OracleColumn(
            "ref", "oid", values: ["0", "1", "5", "4294967295"], literals: ["5", "4294967295"], isBare: true),
        OracleColumn("stock", "whole", base: "integer", values: ["0", "5", "-7"], literals: ["5", "x"]),
    ]

    private static let words = [
        "", "a", "A", "b", "ab", "NEW", "OPEN", "new", "it's", "''", "a ", " a", "5", "42", "null", "ä", "Ä", "z", "é",
        "É",
        "日本", "😀", "a\nb", "back\\slash", "\"", "true", "2024-02-29",
    ]

    private static let texts: [OracleColumn] = [
        OracleColumn("status", "text", values: words, literals: words),
        OracleColumn("note", "character varying(40)", type: "character varying", values: words, literals: words),
        OracleColumn(
            "code", "character(5)", type: "character",
            values: ["     ", "a    ", "A    ", "ab   ", "abcde", "it's ", "ä    ", " a   "],
            literals: ["", "a", "a    ", "a  ", "ab", "abcde", "it's", "abcdef", " a"]),
        OracleColumn("tag", "name", values: ["", "a", "new", "it's", "é"], literals: ["a", "new", ""]),
        OracleColumn(
            "email", "citext", values: ["", "a", "A", "Ab", "É", "é", "it's", "ZZ", "z", "[", "😀"],
            literals: ["a", "A", "AB", "É", "IT'S", "Z", "_"]),
    ]

    private static let days = [
        "2024-02-29", "2024-03-01", "1999-12-31", "2000-01-01", "0044-03-15 BC", "4714-11-24 BC", "5874897-12-31",
        "294277-01-01", "infinity", "-infinity",
    ]

    private static let moments: [OracleColumn] = [
        OracleColumn(
            "day", "date", values: days,
            literals: [
                "2024-02-29", "2024-2-9", "20240229", " 2024-02-29 ", "2024-02-30", "2023-02-29", "2024-13-01",
                "infinity",
                "-Infinity", "epoch", "0044-03-15 BC", "2024-02-29 12:00", "2024-02-29T23:59:59Z", "5874898-01-01",
                "abc",
                "2024-02", "", "0000-01-01", "2024-02-29 25:00",
            ]),
        OracleColumn(
            "sent", "timestamp", type: "timestamp without time zone",
            values: [
                "2024-02-29 00:00:00", "2024-02-29 12:34:56.789", "2024-02-29 12:34:56.7891",
                "1999-12-31 23:59:59.999999",
                "0044-03-15 00:00:00 BC", "4714-11-24 00:00:00 BC", "294276-12-31 23:59:59.999999", "infinity",
                "-infinity",
            ],
            literals: [
                "2024-02-29", "2024-02-29 12:34:56.789", "2024-02-29T12:34:56.789Z", "2024-02-29 12:34",
                "2024-02-29 12:34:56.7890001", "2024-02-29 12:34:56.7889996", "2024-02-29 24:00:00",
                "2024-02-29 23:59:60",
                "2024-02-29 24:00:01", "2024-02-29 12:60", "infinity", "294277-01-01", "4715-01-01 BC",
                "2024-02-29 12:34:56+05",
                "x", "epoch",
            ]),
        OracleColumn(
            "paid", "timestamptz", type: "timestamp with time zone",
            values: [
                "2024-02-29 00:00:00+00", "2024-02-29 12:34:56.789+00", "2024-02-28 21:30:00+00",
                "0044-03-15 00:00:00+00 BC",
                "294276-12-31 23:59:59.999999+00", "infinity", "-infinity",
            ],
            literals: [
                "2024-02-29", "2024-02-29 12:34:56.789+00", "2024-02-29 14:34:56.789+02", "2024-02-29 03:00:00+05:30",
                "2024-02-29T05:34:56.789-0700", "2024-02-29 00:00:00 UTC", "2024-02-29 00:00Z", "-infinity",
                "2024-02-29 00:00+17", "294276-12-31 23:59:59-01", "0044-03-15 00:00:00+00 BC", "nonsense",
            ]),
        OracleColumn(
            "opens", "time", type: "time without time zone",
            values: ["00:00:00", "09:30:00", "12:34:56.789", "23:59:59.999999", "24:00:00"],
            literals: ["09:30", "9:30:00", "12:34:56.789000", "24:00", "24:00:01", "25:00", "noonish", "23:59:60"]),
    ]

    private static let others: [OracleColumn] = [
        OracleColumn(
            "active", "boolean", values: ["true", "false"],
            literals: ["t", "true", "FALSE", " yes ", "off", "o", "on", "1", "0", "n", "maybe", ""], isBare: true),
        OracleColumn("agreed", "yes_or_no", base: "boolean", values: ["t", "f"], literals: ["true", "no"]),
        OracleColumn(
            "token", "uuid",
            values: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"],
            literals: [
                "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
                "a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1", "a0e-ebc999c0b4ef8bb6d6bb9bd380a11", "",
            ]),
        OracleColumn(
            "raw", "bytea", values: ["\\x", "\\x00", "\\xdeadbeef", "\\xde", "\\x27", "\\xff"],
            literals: ["\\xDEADBEEF", "\\xde ad be ef", "\\xd", "abc", "\\\\", "\\377", "\\400", "\\x", "", "'"]),
        OracleColumn(
            "feeling", "mood", values: ["sad", "ok", "happy"], literals: ["sad", "happy"], hasOrder: false),
        OracleColumn(
            "span", "interval",
            values: [
                "00:00:00", "1 day", "24:00:00", "-24:00:00", "30 days", "1 mon", "02:30:00", "-02:30:00.5",
                "1 day -02:03:04",
                "1 year 2 mons 3 days 04:05:06.789", "-1 years -2 mons +3 days -04:05:06.789", "1 year", "360 days",
            ],
            literals: [
                "1 day", "24 hours", "1440 minutes", "2 weeks", "02:30", "-1 day", "12 months", "1 year", "1 D",
                "90 min", "3 secs",
                "1 day 2:30:00.000001", "1 Month", "abc", "1 fortnight", "", "1 day x",
            ]),
    ]
}
