import Lode
import LodeCore
import Testing

struct SchemaChangeTests {
    /// `!` before what is breaking.
    private func changes(_ old: String, _ new: String) throws -> [String] {
        let before = try #require(JSONTree(json: Array(old.utf8)))
        let after = try #require(JSONTree(json: Array(new.utf8)))
        return SchemaChange.between(before, after).map { "\($0.isBreaking ? "!" : "")\($0.path): \($0.message)" }
    }

    @Test(arguments: [
        (
            #"{"properties":{"a":{"type":"string"},"b":{}},"required":["a"]}"#,
            #"{"properties":{"a":{"type":"string"},"b":{},"c":{}},"required":["a","b"]}"#,
            ["b: is now always there", "c: is new"]
        ),
        (
            #"{"properties":{"a":{},"b":{}},"required":["a"]}"#, #"{"properties":{"a":{}}}"#,
            ["!a: may now be missing", "!b: is gone"]
        ),
        (
            #"{"additionalProperties":false,"properties":{}}"#,
            #"{"additionalProperties":false,"properties":{"a":{}}}"#,
            ["!a: is new, and the old schema admits no new members"]
        ),
        (#"{"type":"integer"}"#, #"{"type":"number"}"#, ["!: was integer and may now be number"]),
        (#"{"type":"number"}"#, #"{"type":"integer"}"#, [": was number and is now integer"]),
        (#"{"type":"string"}"#, #"{"type":["string","null"]}"#, ["!: was string and may now be null"]),
        (#"{"type":["string","null"]}"#, #"{"type":"string"}"#, [": was null or string and is now string"]),
        (#"{"type":"string"}"#, "true", ["!: may now be anything"]),
        ("true", #"{"type":"string"}"#, []),
        (
            #"{"enum":["A","B"]}"#, #"{"enum":["A","C"]}"#,
            [#"!: may now be "C", which no reader knows"#, #": is no longer "B""#]
        ),
        (#"{"enum":["A"]}"#, #"{"type":"string"}"#, [": is now always string", #"!: is no longer limited to "A""#]),
        (#"{"const":1}"#, #"{"enum":[1]}"#, []),
        (#"{"format":"date"}"#, #"{"format":"date-time"}"#, ["!: had the format date and has now date-time"]),
        (#"{"maximum":9}"#, #"{"maximum":10}"#, ["!: has a wider maximum, or none"]),
        (#"{"minimum":1}"#, #"{"minimum":2}"#, [": has a narrower minimum"]),
        (
            #"{"items":{"type":"string"}}"#, "{\"type\":\"array\"}",
            [": is now always array", "![]: may now be anything"]
        ),
        (
            #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, #"{"anyOf":[{"type":"null"}]}"#,
            [": has other shapes, each of which fits an old one"]
        ),
        (
            #"{"anyOf":[{"type":"string"}]}"#, #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#,
            ["!: may now have a shape that it could not have"]
        ),
        (#"{"title":"a","type":"string"}"#, #"{"title":"b","type":"string","description":"c"}"#, []),
        (#"{"type":"string"}"#, #"{"type":"string","not":{}}"#, ["!: differs in not, which cannot be judged"]),
    ])
    func whatMayArriveMayOnlyBecomeLess(old: String, new: String, expected: [String]) throws {
        #expect(try changes(old, new) == expected)
        #expect(try changes(old, old) == [])
    }

    @Test func referencesAreFollowed() throws {
        let schema = { (type: String) in
            ##"{"$defs":{"row":{"properties":{"n":{"type":"\##(type)"},"next":{"$ref":"#/$defs/row"}}}},"##
                + ##""properties":{"rows":{"items":{"$ref":"#/$defs/row"}}}}"##
        }
        #expect(try changes(schema("integer"), schema("string")) == ["!rows[].n: was integer and may now be string"])
        #expect(try changes(schema("integer"), schema("integer")) == [])
    }
}
