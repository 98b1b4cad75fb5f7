import Testing

@testable import LodeCore

/// What readers can count on, by the tables and the mapping alone.
@Suite struct EventContractTests {
    private static let name = TableName(schema: "public", name: "t")
    private static let table = TableDefinition(
        name: name,
        columns: [
            ColumnDefinition(name: "a", type: "integer", notNull: true),
            ColumnDefinition(name: "b", type: "text", notNull: true),
            ColumnDefinition(name: "note", type: "text", canToast: true),
        ], primaryKey: ["a", "b"], replicaIdentity: .default, identityColumns: ["a", "b"])

    private static func contracts(
        _ ways: [EventDefinition.Way], onError: EventDefinition.OnError = .stop, identity: ReplicaIdentity = .default
    ) throws -> [EventContract] {
        var table = table
        table.replicaIdentity = identity
        if identity == .full { table.identityColumns = table.columns.map(\.name) }
        let event = EventDefinition(name: SourceText("Done"), ways: ways, onError: onError)
        return try CompiledMapping([event], tables: [name: table]).contracts(typePrefix: "com.")
    }

    private static func way(
        _ operation: RowOperation, key: String? = nil, data: String? = nil, type: String? = nil,
        unknown: EventDefinition.UnknownPolicy? = nil
    ) -> EventDefinition.Way {
        EventDefinition.Way(
            from: SourceText("\(operation.rawValue) t"), trigger: .row(operation, name),
            key: key.map { SourceText($0) },
            data: data.map { .expression(SourceText($0)) }, type: type.map { SourceText($0) }, unknown: unknown)
    }

    private static func json(_ tree: JSONTree?) -> String { String(decoding: tree?.json ?? [], as: UTF8.self) }

    @Test(arguments: [
        ("smallint", #"{"type":"integer","minimum":-32768,"maximum":32767}"#),
        ("oid", #"{"type":"integer","minimum":0,"maximum":4294967295}"#),
        ("numeric", #"{"type":["number","string"],"pattern":"^(NaN|-?Infinity)$"}"#),
        ("timestamp with time zone", #"{"type":"string","format":"date-time"}"#),
        ("bytea", #"{"type":"string","contentEncoding":"base64"}"#), ("jsonb", "{}"),
        ("text[]", #"{"type":"array","items":{"type":["string","array","null"]}}"#),
        ("jsonb[]", #"{"type":"array","items":{}}"#), ("public.mood", #"{"type":"string"}"#),
    ])
    func typesHaveSchemas(type: String, schema: String) {
        #expect(Self.json(ScalarType(named: type).schema) == schema)
    }

    @Test func whatAdmitsATypeIsNotWidenedTwice() {
        let text = JSONTree.members(["type": .text("string")])
        #expect(Self.json(text.admitting("null").admitting("null")) == #"{"type":["string","null"]}"#)
        #expect(Self.json(JSONTree.members([:]).admitting("null")) == "{}")
        let either = JSONTree.members(["anyOf": .array([text])])
        let wider = #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#
        #expect(Self.json(either.admitting("null").admitting("null")) == wider)
    }

    @Test func aMemberIsRequiredWhenTheLogAlwaysHasIt() throws {
        func required(_ way: EventDefinition.Way, _ identity: ReplicaIdentity = .default) throws -> String {
            Self.json(try Self.contracts([way], identity: identity).first?.schema["required"])
        }
        #expect(try required(Self.way(.insert)) == #"["a","b","note"]"#)
        #expect(try required(Self.way(.update)) == #"["a","b"]"#)
        #expect(try required(Self.way(.update), .full) == #"["a","b","note"]"#)
        #expect(try required(Self.way(.update, unknown: .fail)) == #"["a","b","note"]"#)
        #expect(try required(Self.way(.delete)) == #"["a","b"]"#)
    }

    @Test func keysAndTypesAreToldAsTheyAre() throws {
        let plain = try #require(try Self.contracts([Self.way(.insert)]).first)
        #expect(plain.type == "com.Done")
        #expect(plain.key == .always)
        #expect(plain.data == .always)
        #expect(try Self.contracts([Self.way(.insert, key: "note")]).first?.key == .sometimes)
        #expect(try Self.contracts([Self.way(.insert, key: "b")]).first?.key == .always)
        #expect(try Self.contracts([Self.way(.insert, type: "b")]).first?.type == nil)
        // Data that is one unknown value is not there at all.
        #expect(try Self.contracts([Self.way(.update, data: "note")]).first?.data == .sometimes)
    }

    @Test func waysThatDifferAreAlternatives() throws {
        let one = try #require(try Self.contracts([Self.way(.insert, data: "a"), Self.way(.update, data: "a")]).first)
        #expect(Self.json(one.schema["type"]) == #""integer""#)
        #expect(one.ways == ["insert t", "update t"])
        let two = try #require(try Self.contracts([Self.way(.insert, data: "a"), Self.way(.update, data: "b")]).first)
        #expect(two.schema["anyOf"]?.elements?.count == 2)
    }

    @Test func anEventThatCanBeSkippedBringsTheOneThatTakesItsPlace() throws {
        #expect(
            try Self.contracts([Self.way(.insert)], onError: .skip).map(\.type) == ["com.Done", "lode.untranslatable"])
        #expect(try Self.contracts([Self.way(.insert)]).count == 1)
    }
}
