import Testing

@testable import LodeCore

/// Text of any kind is an expression or an error, never a trap; so is any record.
@Suite struct RandomTextTests {
    private static let seed = UInt64.random(in: 0...UInt64.max)

    @Test func randomBytesAreReadOrRefused() {
        var random = ReplayableRandom(seed: Self.seed)
        for _ in 0..<6000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                random.percent(70)
                    ? UInt8.random(in: 32...126, using: &random) : UInt8.random(in: 0...255, using: &random)
            }
            tryOut(String(decoding: bytes, as: UTF8.self), &random)
        }
    }

    private static let tokens =
        [
            "and", "or", "not", "is", "null", "true", "unknown", "in", "between", "distinct from", "(", ")", ",", ".",
            "=", "<>",
            "<", ">=", "-", "+", "*", "/", "%", "^", "||", "::", "[", "]", "->", "->>", "#>", "?", "@>", "&&", "~",
            "!~*", "like",
            "ilike", "escape", "any (", "all (", "case", "when", "then", "else", "end", "array[", "cast(", "as", "from",
            "for",
            "at time zone", "'a'", "'5'", "'2024-02-29'", "'{a,b}'", "'{\"a\": 1}'", "'1 day'", "'UTC'", "5", "1e400",
            "-1", "0",
            "9999999999999999999", ".5", "1e-5", "status", "old.total", "due", "quantity", "paid", "code", "email",
            "details",
            "tags", "wait", "placed", "weight", "new", "old", "changed(", "symmetric", "isnull", "'", "\"", "--", "/*",
            "é", "E'",
            "integer", "text[]", "numeric(5,2)", "date", "interval", "timestamptz",
        ] + FunctionLibrary.names.map { $0 + "(" } + Checker.specialNames.map { $0 + "(" }

    @Test func randomTokensAreReadOrRefused() {
        var random = ReplayableRandom(seed: Self.seed)
        for _ in 0..<15_000 {
            let count = Int.random(in: 1...16, using: &random)
            tryOut((0..<count).map { _ in random.one(of: Self.tokens) }.joined(separator: " "), &random)
        }
    }

    /// Expressions that are right with one of their bytes changed, left out or doubled, or a piece put elsewhere.
    @Test func brokenExpressionsAreReadOrRefused() {
        var random = ReplayableRandom(seed: Self.seed)
        for _ in 0..<12_000 {
            var bytes = Array(random.one(of: Self.right).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1 where bytes.count > 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: Array(random.one(of: Self.tokens).utf8), at: place)
                case 3: bytes.insert(contentsOf: bytes[place...], at: Int.random(in: 0..<bytes.count, using: &random))
                default: bytes.insert(bytes[place], at: place)
                }
            }
            tryOut(String(decoding: bytes, as: UTF8.self), &random)
        }
    }

    /// One of each construct, for breaking.
    private static let right = [
        "status = 'NEW' and total > 5 or changed(status)", "case when paid then total else -1 end",
        "case status when 'a' then 1 when 'b' then 2 end", "status || '-' || id::text", "total::numeric(10, 2)",
        "cast(total as double precision) ^ 2", "details -> 'a' ->> 'b'", "details #>> '{a,b}'", "details['a'][0]",
        "tags[1]",
        "array['a', status] && tags", "'a' = any (tags)", "quantity <> all ('{1,2}')", "note like 'a%' escape '#'",
        "note not ilike '%x%'", "note ~ '^(a|b)+$'", "regexp_replace(note, '(a)', '\\1', 'g')",
        "regexp_match(note, 'a(b)?')",
        "extract(year from placed) + date_part('day', due)", "placed at time zone 'UTC' - interval '1 day'",
        "due + 1 - due",
        "date_trunc('month', placed)", "wait * 2.5 + '1 day'", "to_char(total, 'FM999.00')",
        "to_char(placed, 'YYYY-MM-DD')",
        "trim(both 'x' from note)", "substring(note from 1 for 2)", "position('a' in note)",
        "overlay(note placing 'x' from 1)",
        "coalesce(note, status, 'x')", "greatest(quantity, rank, 5)", "nullif(total, 0)", "object('a', id, 'b', tags)",
        "pick(new, id, status)", "omit(old, note)", "jsonb_build_array(id, null, total)", "lpad(status, 5, '0')",
        "repeat(note, 3)", "split_part(note, ',', 2)", "string_to_array(note, ',')",
        "quantity between symmetric 1 and 5",
        "total in (1, 2.5, null)", "note is distinct from old.note", "sqrt(total) / weight % 3",
        "make_date(2024, quantity, 1)",
        "to_date(note, 'YYYY-MM-DD')", "age(placed, placed)", "details @> '{}' and details ? 'a'",
        "details - 'a' || '{}'",
        "sha256(note) || mask(note, 2)", "json_or_text(note)", "chr(quantity) || ascii(note)",
        "code = 'x' and email = 'y'",
        "token = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "round(total, quantity)", "abs(-quantity) + mod(id, 7)",
    ]

    /// Reads the text and, when it is an expression, runs it over a row of nonsense.
    private func tryOut(_ text: String, _ random: inout ReplayableRandom) {
        let scope = ShopTable.scope()
        let source = SourceText(text, at: Place(file: "lode.yaml", line: 1, column: 1))
        guard let expression = try? Expression(source, in: scope) else { return }
        let record = (0..<40).map { _ in random.one(of: Array("0123456789-+.:eEtfNaI' é".utf8)) }
        func cells() -> [Cell] {
            (0..<Int.random(in: 0...(scope.table?.columns.count ?? 0), using: &random)).map { _ in
                let form = Cell.Form(rawValue: .random(in: 0...6, using: &random)) ?? .null
                let start = Int.random(in: -2...42, using: &random)
                return Cell(form, ByteRange(start, start + .random(in: -1...12, using: &random)))
            }
        }
        var rows = RowSet(record: record, new: cells(), old: cells())
        _ = try? expression.value(&rows)
    }
}
