/// Functions and operators of json and jsonb (jsonfuncs.c, jsonb_op.c, json.c).
enum JSONFunctions {
    static let all = both(.json, .json) + both(.jsonb, .jsonb) + containment + deletion + making

    private static func json(_ text: [UInt8]?) -> Value { text.map { .text($0) } ?? .null }

    /// A path's names out of the arguments from `first` on; null ones make the result null.
    private static func names(_ values: [Value], from first: Int) -> [[UInt8]?] {
        values.dropFirst(first).map { if case .text(let name) = $0 { name } else { nil } }
    }

    /// What json and jsonb have both.
    private static func both(_ type: ScalarType, _ flavour: JSONLookup.Flavour) -> [Function] {
        let name = type.name
        let path = ScalarType.text.array
        return [
            Function("->", [type, .text], type) { json(try JSONLookup.field($0.text(1), of: $0.text(0))) },
            Function("->>", [type, .text], .text) { json(try JSONLookup.fieldText($0.text(1), of: $0.text(0))) },
            Function("->", [type, .integer], type) {
                json(try JSONLookup.element($0.int(1), of: $0.text(0), flavour))
            },
            Function("->>", [type, .integer], .text) {
                json(try JSONLookup.elementText($0.int(1), of: $0.text(0), flavour))
            },
            Function("#>", [type, path], type) { json(try JSONLookup.path($0.array(1).elements, of: $0.text(0))) },
            Function("#>>", [type, path], .text) {
                json(try JSONLookup.pathText($0.array(1).elements, of: $0.text(0)))
            },
            Function("\(name)_typeof", [type], .text) { .text(Array("\(try JSONLookup.typeOf($0.text(0)))".utf8)) },
            Function("\(name)_array_length", [type], .integer) {
                .integer(Int64(try JSONLookup.arrayLength($0.text(0))))
            },
            Function("\(name)_extract_path", [type, .text], type, isVariadic: true) {
                json(try JSONLookup.path(names($0, from: 1), of: $0.text(0)))
            },
            Function("\(name)_extract_path_text", [type, .text], .text, isVariadic: true) {
                json(try JSONLookup.pathText(names($0, from: 1), of: $0.text(0)))
            },
        ]
    }

    // MARK: - Of jsonb alone

    private static func test(
        _ name: String, _ right: ScalarType, _ work: @escaping @Sendable ([Value]) throws -> Bool
    ) -> Function {
        Function(name, [.jsonb, right], .boolean) { .boolean(try work($0)) }
    }

    private static let containment: [Function] = [
        test("?", .text) { try JSONBOperators.hasKey($0.text(1), in: $0.text(0)) },
        test("?|", ScalarType.text.array) { try JSONBOperators.hasAnyKey($0.array(1).elements, in: $0.text(0)) },
        test("?&", ScalarType.text.array) { try JSONBOperators.hasAllKeys($0.array(1).elements, in: $0.text(0)) },
        test("@>", .jsonb) { try JSONBOperators.contains($0.text(0), $0.text(1)) },
        test("<@", .jsonb) { try JSONBOperators.contains($0.text(1), $0.text(0)) },
    ]

    /// The second argument, an array of one dimension.
    private static func row(_ values: [Value]) throws -> [[UInt8]?] {
        let array = try values.array(1)
        guard array.dimensions.count <= 1 else { throw EvaluationFailure.failed("wrong number of array subscripts") }
        return array.elements
    }

    private static let deletion: [Function] = [
        Function("||", [.jsonb, .jsonb], .jsonb) { .text(try JSONBOperators.concatenate($0.text(0), $0.text(1))) },
        Function("-", [.jsonb, .text], .jsonb) { .text(try JSONBOperators.deleting($0.text(1), from: $0.text(0))) },
        Function("-", [.jsonb, .integer], .jsonb) {
            .text(try JSONBOperators.deleting(at: $0.int(1), from: $0.text(0)))
        },
        Function("-", [.jsonb, ScalarType.text.array], .jsonb) {
            .text(try JSONBOperators.deleting(row($0), from: $0.text(0)))
        },
        Function("#-", [.jsonb, ScalarType.text.array], .jsonb) {
            .text(try JSONBOperators.deleting(path: row($0), from: $0.text(0)))
        },
    ]

    // MARK: - Out of other values

    /// The JSON that an event would have of the value: timestamps as ISO 8601, bytea as base64.
    private static func make(_ name: String, _ result: ScalarType) -> Function {
        Function(name, [.any], .type(result)) { site in
            let type = site.types[0]
            return Function.body {
                var out: [UInt8] = []
                $0[0].appendJSON(as: type, to: &out)
                return .text(result == .jsonb ? try JSONNormalForm.normalize(out) : out)
            }
        }
    }

    private static let making: [Function] = [
        make("to_json", .json), make("to_jsonb", .jsonb),
        Function("json_or_text", [.any], .type(.jsonb)) { site in
            let type = site.types[0]
            return Function.body { .text(JSONOrText.json(of: $0[0].text(as: type) ?? [])) }
        },
    ]
}

/// Lode's own: a text that is JSON as that, any other as a JSON string.
enum JSONOrText {
    static func json(of text: [UInt8]) -> [UInt8] {
        (try? JSONNormalForm.normalize(text)) ?? JSONNormalForm.string(text)
    }
}
