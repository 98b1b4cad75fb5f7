import TestSupport
import Testing

@testable import LodeCore

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

struct JSONTests {
    @Test(arguments: [
        ("{\"bb\":1, \"a\" : 2,\"a\":3}", "{\"a\": 3, \"bb\": 1}"), ("[ ]", "[]"), ("1e2", "100"), ("1.50", "1.50"),
        ("-0", "0"), ("1E-3", "0.001"), ("\"\\u00e9\\ud83d\\ude00\\/\\u0001\"", "\"é😀/\\u0001\""), (" true ", "true"),
        ("{\"\":[1,{}]}", "{\"\": [1, {}]}"),
    ])
    func normalFormIsThatOfJSONB(written: String, normal: String) throws {
        #expect(text(try JSONNormalForm.normalize(bytes(written))) == normal)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "+1", "1e", "nul", "truex", "\"a",
        "\"\t\"",
        "\"\\x\"", "\"\\u12g4\"", "[1 2]", "1 2", "]", "{\"a\":1]", "NaN", "'a'",
    ])
    func whatIsNoJSONIsAnErrorWithItsPlace(written: String) {
        #expect(throws: EvaluationError.self, "\(written)") { try JSONScanner.validate(bytes(written)) }
        #expect(throws: EvaluationError.self, "\(written)") { try JSONNormalForm.normalize(bytes(written)) }
        #expect(throws: EvaluationError.self, "\(written)") { try JSONLookup.field(bytes("a"), of: bytes(written)) }
    }

    @Test func charactersThatTextHasNotAreErrorsOfJSONBAlone() throws {
        for written in ["\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\""] {
            try JSONScanner.validate(bytes(written))
            #expect(throws: EvaluationError.self) { try JSONNormalForm.normalize(bytes(written)) }
            #expect(throws: EvaluationError.self) { try JSONLookup.text(of: bytes(written)) }
        }
    }

    @Test func nestingIsBounded() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> [UInt8] {
                bytes(String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth))
            }
            let deep = nested(JSONScanner.deepest)
            try JSONScanner.validate(deep)
            let normal = try JSONNormalForm.normalize(deep)
            #expect(try JSONBOperators.areEqual(deep, normal))
            #expect(throws: EvaluationError.self) { try JSONScanner.validate(nested(JSONScanner.deepest + 1)) }
            #expect(throws: EvaluationError.self) { try JSONNormalForm.normalize(nested(JSONScanner.deepest + 1)) }
            #expect(throws: EvaluationError.self) { try JSONScanner.validate(nested(1_000_000)) }
        }
    }

    @Test func lookupsKeepTheTextAsItIsWritten() throws {
        let json = bytes("{\"a\": {\"b\" :[1.0e1, \"x\\n\",null]}, \"\\u0061\": [ 7 ], \"n\": null}")
        #expect(text(try JSONLookup.field(bytes("a"), of: json)) == "[ 7 ]")
        #expect(try JSONLookup.field(bytes("n"), of: json) == bytes("null"))
        #expect(try JSONLookup.fieldText(bytes("n"), of: json) == nil)
        #expect(try JSONLookup.field(bytes("z"), of: json) == nil)
        #expect(text(try JSONLookup.pathText([bytes("a"), bytes("-1")], of: json)) == "7")
        #expect(try JSONLookup.path([bytes("a"), nil], of: json) == nil)
        #expect(text(try JSONLookup.elementText(-2, of: bytes("[1, \"é\\n\", 2]"))) == "é\n")
        #expect(try JSONLookup.element(.min, of: bytes("[1]")) == nil)
    }

    @Test func numbersAreEqualByTheirValue() throws {
        #expect(try JSONBOperators.areEqual(bytes("{\"a\":1.0,\"b\":[2]}"), bytes("{\"b\": [2e0], \"a\": 1}")))
        #expect(try !JSONBOperators.areEqual(bytes("1"), bytes("\"1\"")))
        #expect(try JSONBOperators.contains(bytes("{\"a\":[1.00,{\"b\":2}]}"), bytes("{\"a\":[1]}")))
        #expect(try JSONBOperators.contains(bytes("[\"foo\"]"), bytes("\"foo\"")))
        #expect(try !JSONBOperators.contains(bytes("\"foo\""), bytes("[\"foo\"]")))
    }

    @Test func scalarsBecomeTextsNumbersAndBooleans() throws {
        #expect(text(try JSONBOperators.asNumeric(bytes("1.5e1"))) == "15")
        #expect(try JSONBOperators.asBoolean(bytes("true")))
        #expect(throws: EvaluationError("cannot cast jsonb string to type numeric")) {
            try JSONBOperators.asNumeric(bytes("\"1\""))
        }
        #expect(throws: EvaluationError.self) { try JSONNormalForm.normalize(bytes("1e999999")) }
    }

    @Test func randomBytesNeverTrap() {
        var random = SeededGenerator(for: "random bytes as JSON")
        let alphabet: [[UInt8]] =
            [
                "{", "}", "[", "]", ":", ",", "\"", "\\", "u", "d83d", "0", "1", "-", ".", "e", "null", "true", " ",
                "\"a\"", "\"a\":", "é",
            ].map(bytes) + [[0xFF], [0x00]]
        var valid = 0
        for _ in 0..<50_000 {
            let json = (0..<Int.random(in: 0..<10, using: &random)).flatMap { _ in
                alphabet.randomElement(using: &random)!
            }
            _ = (try? JSONLookup.pathText([bytes("a"), bytes("0")], of: json), try? JSONLookup.element(0, of: json))
            _ = (try? JSONBOperators.concatenate(json, json), try? JSONBOperators.contains(json, json))
            guard let normal = try? JSONNormalForm.normalize(json) else { continue }
            valid += 1
            #expect((try? JSONNormalForm.normalize(normal)) == normal)
            #expect((try? JSONScanner.validate(json)) != nil)
        }
        #expect(valid > 0)
    }
}
