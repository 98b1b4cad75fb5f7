import TestSupport

/// SQL expressions for values of every type that a column can have, easy and nasty ones.
enum TypeSamples {
    /// Texts that look like the log's own syntax, as SQL literals.
    static let texts = [
        "''", "'null'", "'unchanged-toast-datum'", "'it''s'", "''''", "' new-tuple: id[integer]:1'",
        "E'a\\nCOMMIT 529\\nb'", "'table public.t: INSERT: x[text]:''y'''", "'\\x41 \\\\ \\'' '",
        "E'tab\\tand \u{1F600} é'",
        "'B''0101'''", "']:'''", "'{\"json\": [1, \"''\"]}'",
        "'message: transactional: 1 prefix: p, sz: 5 content:hello'",
        "'{\"a,b\",NULL,\\\\}'", "E'\\r\\n'",
    ]

    /// By the name in pg_type. What is there and not here fails the test.
    static let builtIn: [String: [String]] = [
        "aclitem": ["makeaclitem(10, 10, 'SELECT', true)"],
        "bit": ["B'0'", "B'1'"], "varbit": ["B'1'", "B''", "B'0101010101'"], "bool": ["true", "false"],
        "box": ["'(1,2),(0,1)'"], "circle": ["'<(1,2),3>'"], "line": ["'{1,2,3}'"], "lseg": ["'[(1,2),(3,4)]'"],
        "path": ["'((1,2),(3,4))'", "'[(1,2),(3,4)]'"], "point": ["'(1,2)'", "'(NaN,-Infinity)'"],
        "polygon": ["'((0,0),(1,1),(1,0))'"],
        "bpchar": texts, "text": texts, "varchar": texts, "refcursor": texts, "name": texts,
        "char": ["'a'", "''''", "' '", "'\\'"], "bytea": ["decode(md5('x'), 'hex')", "''", "'\\x00ff27'"],
        "cid": ["'5'"], "xid": ["'5'"], "xid8": ["'18446744073709551615'"], "tid": ["'(1,2)'"],
        "cidr": ["'10.0.0.0/8'"], "inet": ["'10.0.0.1/8'", "'::1'"], "macaddr": ["'08:00:2b:01:02:03'"],
        "macaddr8": ["'08:00:2b:01:02:03:04:05'"],
        "date": ["'2024-02-29'", "'0044-03-15 BC'", "'infinity'", "'12345-01-01'"],
        "time": ["'12:34:56.789'", "'24:00'"], "timetz": ["'12:34:56.789+05:30'", "'00:00-12'"],
        "timestamp": ["'2024-02-29 12:34:56.789012'", "'-infinity'", "'0044-03-15 01:02:03 BC'"],
        "timestamptz": ["'2024-02-29 12:34:56.789012+02'", "'infinity'", "'0044-03-15 01:02:03+00 BC'"],
        "interval": ["'1 year 2 days 03:04:05.6'", "'-1 month'", "'0'"],
        "int2": ["-32768", "32767"], "int4": ["-2147483648", "0"],
        "int8": ["'-9223372036854775808'", "'9223372036854775807'"], "oid": ["4294967295", "0"],
        "float4": ["'NaN'", "'-Infinity'", "'3.4e38'", "0.1", "'-0'"],
        "float8": ["'NaN'", "'Infinity'", "'1.7e308'", "0.1", "'-0'", "'5e-324'"],
        "numeric": ["'NaN'", "1e40", "0.000", "'-1e-30'", "'123456789012345678901234567890.1234567890'"],
        "money": ["-12345.67", "0"],
        "json": ["'{\"a\" : [1, null, \"it''s\\n\"]}'", "'null'", "'{\n \"b\": 1e400}'"],
        "jsonb": ["'{\"a\" : [1, null, \"it''s\\n\"]}'", "'null'", "'\"x\"'"],
        "jsonpath": ["'$.a[*] ? (@.b > 1)'"], "xml": ["'<a>it''s</a>'"],
        "uuid": ["md5('x')::uuid"], "tsquery": ["'''it''''s'' & b'"],
        "tsvector": ["to_tsvector('simple', 'it''s a b')"],
        "pg_lsn": ["'16/B374D848'"], "pg_snapshot": ["'10:20:10,14'"], "txid_snapshot": ["'10:20:10,14'"],
        "regclass": ["'pg_class'", "'0'"], "regcollation": ["'\"C\"'"], "regconfig": ["'simple'"],
        "regdictionary": ["'simple'"], "regnamespace": ["'pg_catalog'"], "regoper": ["'||/'"],
        "regoperator": ["'+(integer,integer)'"], "regproc": ["'boolin'"], "regprocedure": ["'abs(integer)'"],
        "regrole": ["'postgres'"], "regtype": ["'integer[]'", "'\"Odd ]Type\"'"],
        "int4range": ["'[1,5)'", "'empty'", "'(,3]'"], "int8range": ["'[1,5)'"], "numrange": ["'[1.5,2.50)'"],
        "daterange": ["'[2024-01-01,2024-02-01)'"], "tsrange": ["'[2024-01-01, 2024-02-01)'"],
        "tstzrange": ["'[2024-01-01, 2024-02-01)'"], "int4multirange": ["'{[1,3),[5,7)}'", "'{}'"],
        "int8multirange": ["'{[1,3)}'"], "nummultirange": ["'{[1.5,2.50)}'"],
        "datemultirange": ["'{[2024-01-01,2024-02-01)}'"], "tsmultirange": ["'{[2024-01-01, 2024-02-01)}'"],
        "tstzmultirange": ["'{[2024-01-01, 2024-02-01)}'"],
    ]

    /// Types that have no input, or that only the system's own tables may have.
    static let unreachable: Set<String> = [
        "gtsvector", "pg_brin_bloom_summary", "pg_brin_minmax_multi_summary", "pg_dependencies", "pg_mcv_list",
        "pg_ndistinct", "pg_node_tree",
    ]

    /// Types of a user's own, with odd names.
    static let schema = """
        CREATE TYPE "Odd ]Type" AS ENUM ('one', 'it''s', 'two words', E'\\n', ']:');
        CREATE DOMAIN posint AS integer CHECK (VALUE >= 0);
        CREATE DOMAIN "Dom. [x]: ""y"" z" AS posint;
        CREATE DOMAIN textdom AS text;
        CREATE TYPE "Comp, (x)" AS ("a b" int, "c""d" text, e "Odd ]Type");
        CREATE TYPE "R:1" AS RANGE (subtype = text);
        """

    static let own: [String: [String]] = [
        "\"Odd ]Type\"": ["'one'", "'it''s'", "'two words'", "E'\\n'", "']:'"], "posint": ["7"],
        "\"Dom. [x]: \"\"y\"\" z\"": ["8"], "textdom": texts, "\"R:1\"": ["'[\"a''b\",\"c]:\")'", "'empty'"],
        "\"Comp, (x)\"": texts.map { "ROW(1, \($0), 'it''s')::\"Comp, (x)\"" } + [
            "ROW(NULL, NULL, NULL)::\"Comp, (x)\""
        ],
        "oidvector": ["'1 2'"], "int2vector": ["'3 4'"], "bit(4)": ["B'0101'"], "varchar(60)": ["'null'"],
        "char(9)": ["'it''s'"], "numeric(10,2)": ["1.5"],
    ]

    /// One of the samples, or now and then NULL; of an array type some of its elements' samples.
    static func value(_ type: String, of samples: [String], using random: inout SeededGenerator) -> String {
        if Int.random(in: 0..<8, using: &random) == 0 { return "NULL" }
        guard type.hasSuffix("[]") else { return samples.randomElement(using: &random) ?? "NULL" }
        let element = type.dropLast(2)
        let elements = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            Int.random(in: 0..<4, using: &random) == 0 ? "NULL" : samples.randomElement(using: &random) ?? "NULL"
        }
        return "ARRAY[" + elements.map { "(\($0))::\(element)" }.joined(separator: ", ") + "]::\(type)"
    }
}
