/// Functions of texts (varlena.c, oracle_compat.c), and of bytes where a text's digest may be wanted of them.
enum TextFunctionTable {
    static let all = joining + measuring + cutting + changing + splitting + personal + PatternFunctions.all

    private static func text(
        _ name: String, _ types: [ScalarType] = [.text], optional: Int = 0,
        _ work: @escaping @Sendable ([Value]) throws -> [UInt8]
    ) -> Function {
        Function(name, types, .text, optional: optional) { .text(try work($0)) }
    }

    private static func number(
        _ name: String, _ types: [ScalarType] = [.text], _ work: @escaping @Sendable ([Value]) throws -> Int
    ) -> Function {
        Function(name, types, .integer) { .integer(Int64(try work($0))) }
    }

    // MARK: - Joining

    /// Beside a text, a value of any type is cast to text (`textanycat`, `anytextcat`).
    private static func joined(_ parameters: [Function.Parameter], at place: Int) -> Function {
        Function("||", parameters, .type(.text)) { site in
            let type = site.types[place]
            return Function.body { values in
                let other = try values.text(1 - place)
                let own = values[place].text(as: type) ?? []
                return .text(try TextFunctions.concat(place == 0 ? [own, other] : [other, own]))
            }
        }
    }

    /// The values from `first` on, null ones as nil, as their types' output functions print them.
    private static func pieces(_ values: [Value], _ types: [ScalarType], from first: Int) -> [[UInt8]?] {
        zip(values, types).dropFirst(first).map { $0.output(as: $1) }
    }

    private static let joining: [Function] = [
        text("||", [.text, .text]) { try TextFunctions.concat([$0.text(0), $0.text(1)]) },
        Function("||", [.bytea, .bytea], .bytea) {
            .text(try TextFunctions.concat([$0.text(0), Array($0.text(1).dropFirst(2))]))
        },
        joined([.type(.text), .anyNonArray], at: 1),
        joined([.anyNonArray, .type(.text)], at: 0),
        Function("concat", [.any], .type(.text), isVariadic: true, isStrict: false) { site in
            Function.body { .text(try TextFunctions.concat(pieces($0, site.types, from: 0))) }
        },
        Function("concat_ws", [.type(.text), .any], .type(.text), isVariadic: true, isStrict: false) { site in
            Function.body { values in
                guard values[0] != .null else { return .null }
                let pieces = pieces(values, site.types, from: 1)
                return .text(try TextFunctions.concat(pieces, separator: values.text(0)))
            }
        },
    ]

    // MARK: - Measuring and searching

    private static let measuring: [Function] =
        ["length", "char_length", "character_length"].map { name in
            number(name) { TextFunctions.length(try $0.text(0)) }
        } + [
            number("octet_length") { TextFunctions.octetLength(try $0.text(0)) },
            number("octet_length", [.bytea]) { (try $0.text(0).count - 2) / 2 },
            number("length", [.bytea]) { (try $0.text(0).count - 2) / 2 },
            number("strpos", [.text, .text]) { TextFunctions.position(of: try $0.text(1), in: try $0.text(0)) },
            // The parser gives `position(part in text)` as `position(part, text)`.
            number("position", [.text, .text]) { TextFunctions.position(of: try $0.text(0), in: try $0.text(1)) },
            number("ascii") { TextFunctions.ascii(try $0.text(0)) },
            Function("starts_with", [.text, .text], .boolean) {
                .boolean(TextFunctions.startsWith(try $0.text(0), try $0.text(1)))
            },
            Function("^@", [.text, .text], .boolean) {
                .boolean(TextFunctions.startsWith(try $0.text(0), try $0.text(1)))
            },
        ]

    // MARK: - Parts

    private static let cutting: [Function] =
        ["substring", "substr"].flatMap { name in
            [
                text(name, [.text, .integer]) { try TextFunctions.substring($0.text(0), from: $0.int(1)) },
                text(name, [.text, .integer, .integer]) {
                    try TextFunctions.substring($0.text(0), from: $0.int(1), count: $0.int(2))
                },
            ]
        }
        + [("btrim", TextFunctions.Side.both), ("ltrim", .start), ("rtrim", .end)].map { name, side in
            text(name, [.text, .text], optional: 1) {
                try TextFunctions.trim($0.text(0), of: $0.count > 1 ? $0.text(1) : [0x20], at: side)
            }
        } + [
            text("left", [.text, .integer]) { TextFunctions.left(try $0.text(0), try $0.int(1)) },
            text("right", [.text, .integer]) { TextFunctions.right(try $0.text(0), try $0.int(1)) },
            // The parser gives `trim(leading ' ' from text)` as `trim('leading', text, ' ')`.
            text("trim", [.text, .text, .text], optional: 1) { values in
                let side: TextFunctions.Side =
                    switch try values.text(0) {
                    case Array("leading".utf8): .start
                    case Array("trailing".utf8): .end
                    default: .both
                    }
                return try TextFunctions.trim(values.text(1), of: values.count > 2 ? values.text(2) : [0x20], at: side)
            },
            text("split_part", [.text, .text, .integer]) {
                try TextFunctions.splitPart($0.text(0), $0.text(1), $0.int(2))
            },
            text("overlay", [.text, .text, .integer, .integer], optional: 1) { values in
                try TextFunctions.overlay(
                    values.text(0), with: values.text(1), from: values.int(2),
                    count: values.count > 3 ? values.int(3) : nil)
            },
        ]

    // MARK: - Changed texts

    private static let changing: [Function] = [
        text("lower") { TextFunctions.lower(try $0.text(0)) },
        text("upper") { TextFunctions.upper(try $0.text(0)) },
        text("initcap") { TextFunctions.initcap(try $0.text(0)) },
        text("reverse") { TextFunctions.reverse(try $0.text(0)) },
        text("repeat", [.text, .integer]) { try TextFunctions.repeat($0.text(0), $0.int(1)) },
        text("replace", [.text, .text, .text]) { try TextFunctions.replace($0.text(0), $0.text(1), with: $0.text(2)) },
        text("translate", [.text, .text, .text]) {
            try TextFunctions.translate($0.text(0), from: $0.text(1), to: $0.text(2))
        },
        text("lpad", [.text, .integer, .text], optional: 1) {
            try TextFunctions.pad($0.text(0), to: $0.int(1), with: $0.count > 2 ? $0.text(2) : [0x20], at: .start)
        },
        text("rpad", [.text, .integer, .text], optional: 1) {
            try TextFunctions.pad($0.text(0), to: $0.int(1), with: $0.count > 2 ? $0.text(2) : [0x20], at: .end)
        },
        text("chr", [.integer]) { try TextFunctions.chr($0.int(0)) },
        text("quote_literal") { TextFunctions.quoteLiteral(try $0.text(0)) },
        Function("quote_literal", [.any], .type(.text)) { site in
            let type = site.types[0]
            return Function.body { .text(TextFunctions.quoteLiteral($0[0].text(as: type) ?? [])) }
        },
        text("quote_ident") { QuotedIdentifier.text(try $0.text(0)) },
    ]

    // MARK: - Arrays

    private static let splitting: [Function] = [
        Function("string_to_array", [.text, .text, .text], ScalarType.text.array, optional: 1, isStrict: false) {
            guard $0[0] != .null else { return .null }
            let delimiter = $0[1] == .null ? nil : try $0.text(1)
            let null = $0.count > 2 && $0[2] != .null ? try $0.text(2) : nil
            return .text(TextFunctions.stringToArray(try $0.text(0), delimiter: delimiter, null: null).text())
        },
        Function(
            "array_to_string", [.anyArray, .type(.text), .type(.text)], .type(.text), optional: 1, isStrict: false
        ) { _ in
            Function.body {
                guard $0[0] != .null, $0[1] != .null else { return .null }
                let null = $0.count > 2 && $0[2] != .null ? try $0.text(2) : nil
                return .text(try TextFunctions.arrayToString($0.array(0), delimiter: $0.text(1), null: null))
            }
        },
    ]

    // MARK: - Digests and masks

    /// Lode's `sha256` gives hexadecimal digits, as `md5` does, where PostgreSQL's gives a bytea: it is for personal
    /// data in events. So is `mask`, which PostgreSQL has not.
    private static let personal: [Function] = [
        text("md5") { TextDigest.md5(try $0.text(0)) },
        text("md5", [.bytea]) { TextDigest.md5(try bytes(of: $0.text(0))) },
        text("sha256") { TextDigest.sha256(try $0.text(0)) },
        text("sha256", [.bytea]) { TextDigest.sha256(try bytes(of: $0.text(0))) },
        text("mask", [.text, .integer], optional: 1) {
            TextFunctions.mask(try $0.text(0), keeping: $0.count > 1 ? try $0.int(1) : 0)
        },
    ]

    /// Those that a bytea's text, `\xdeadbeef`, stands for.
    private static func bytes(of text: [UInt8]) throws -> [UInt8] {
        guard text.count >= 2, text.count.isMultiple(of: 2), text.starts(with: Array("\\x".utf8)) else {
            throw EvaluationFailure.failed("a value of the log is no bytea")
        }
        return stride(from: 2, to: text.count, by: 2).map { nibble(text[$0]) << 4 | nibble(text[$0 + 1]) }
    }

    private static func nibble(_ digit: UInt8) -> UInt8 { (digit.isDigit ? digit &- 48 : (digit | 32) &- 87) & 15 }
}
