public import LodeCore

/// The JSON Schema (2020-12) of lode.yaml, by which editors complete and check it.
///
/// It takes every file that Lode takes, and `${NAME}` wherever a value may stand. What a schema cannot
/// say, such as whether an expression reads, is for `lode check`.
public enum ConfigurationSchema {
    public static var json: JSONTree { JSONTree.schema(of: .configuration) }
}

extension JSONTree {
    fileprivate static func schema(of table: SchemaTable) -> JSONTree {
        guard let top = table.section("top") else { return .bool(true) }
        var members: [Member] = [
            member("$schema", text("https://json-schema.org/draft/2020-12/schema")),
            member("title", text("lode.yaml")),
        ]
        members += section(top)
        var definitions = table.sections.filter { $0.name != "top" }.map { member($0.name, .object(section($0))) }
        definitions.append(member("data", data))
        definitions.append(member("expression", expression))
        definitions.append(member("duration", duration))
        definitions.append(member("size", size))
        members.append(member("$defs", .object(definitions)))
        return .object(members)
    }

    private static func section(_ section: SchemaSection) -> [Member] {
        var members = [
            member("description", text(section.description)),
            member("type", text("object")),
            member("properties", .object(section.keys.map { member($0.name, key($0)) })),
            member("additionalProperties", .bool(false)),
        ]
        let required = section.keys.filter(\.isRequired).map { text($0.name) }
        if !required.isEmpty { members.append(member("required", .array(required))) }
        if !section.kinds.isEmpty {
            let kinds = section.kinds.map { JSONTree.object([member("required", .array([text($0)]))]) }
            members.append(member("oneOf", .array(kinds)))
        }
        return members
    }

    private static func key(_ key: SchemaKey) -> JSONTree {
        var members = [member("description", text(key.description))]
        if let word = key.defaultText { members.append(member("default", value(word, as: key.value))) }
        if !key.examples.isEmpty { members.append(member("examples", .array(key.examples.map { text($0) }))) }
        guard case .object(let rest) = schema(key.value) else { return .object(members) }
        return .object(members + rest)
    }

    private static func value(_ word: String, as value: SchemaValue) -> JSONTree {
        switch value {
        case .flag: .bool(word == "true")
        case .number: .number(Array(word.utf8))
        default: text(word)
        }
    }

    private static func schema(_ value: SchemaValue) -> JSONTree {
        switch value {
        case .text: types("string", "number")
        case .expression: reference("expression")
        case .duration: reference("duration")
        case .size: reference("size")
        case .data: reference("data")
        case .section(let name): reference(name)
        case .flag: either([types("boolean"), environment])
        case .number(let least):
            either([
                .object([member("type", text("integer")), member("minimum", .number(Array("\(least)".utf8)))]),
                environment,
            ])
        case .words(let words): either([.object([member("enum", .array(words.map { text($0) }))]), environment])
        case .empty:
            .object([
                member("type", .array([text("object"), text("null")])), member("additionalProperties", .bool(false)),
            ])
        case .mapping(let element, let names):
            .object([
                member("type", text("object")),
                member("propertyNames", .object([member("pattern", text(names.rawValue))])),
                member("additionalProperties", schema(element)),
            ])
        case .list(let element):
            .object([
                member("type", text("array")), member("items", schema(element)),
                member("minItems", .number(Array("1".utf8))),
            ])
        case .any(let values): either(values.map(schema))
        }
    }

    private static let expression = object(
        "An expression of the mapping's small SQL.", types("string", "number", "boolean", "null"))

    private static let duration = object(
        "Numbers with units: ms, s, m, h, d.",
        .object([
            member("type", text("string")),
            member("pattern", text(#"^( *[0-9]+ *(ms|s|m|h|d) *)+$|\$\{"#)),
            member("examples", .array([text("200ms"), text("10s"), text("1h30m"), text("7d")])),
        ]))

    private static let size = object(
        "A number with a unit; a kB is 1024 bytes.",
        .object([
            member("type", text("string")),
            member("pattern", text(#"^ *[0-9]+ *([bB]|[kKmMgGtT][bB]) *$|\$\{"#)),
            member("examples", .array([text("500MB"), text("10GB")])),
        ]))

    /// A mapping of exactly `each` and `as` is a list; any other has members.
    private static let data: JSONTree = {
        let each = JSONTree.object([
            member("required", .array([text("each"), text("as")])), member("maxProperties", .number(Array("2".utf8))),
        ])
        let list = JSONTree.object([
            member(
                "properties",
                .object([
                    member("each", object("The gather over whose rows the list runs.", types("string"))),
                    member("as", object("One member of the list, with the gathered row's columns.", reference("data"))),
                ]))
        ])
        let mapping = JSONTree.object([
            member("type", text("object")), member("if", each), member("then", list),
            member("else", .object([member("additionalProperties", reference("data"))])),
        ])
        return object(
            "An expression, members, or a list of gathered rows.", either([reference("expression"), mapping]))
    }()

    /// A value that the environment gives.
    private static let environment = JSONTree.object([
        member("type", text("string")), member("pattern", text(#"\$\{"#)),
    ])

    private static func object(_ description: String, _ schema: JSONTree) -> JSONTree {
        guard case .object(let members) = schema else { return schema }
        return .object([member("description", text(description))] + members)
    }

    private static func types(_ names: String...) -> JSONTree {
        let words = names.map { text($0) }
        return .object([member("type", words.count == 1 ? words[0] : .array(words))])
    }

    private static func either(_ schemas: [JSONTree]) -> JSONTree { .object([member("anyOf", .array(schemas))]) }

    private static func reference(_ name: String) -> JSONTree {
        .object([member("$ref", text("#/$defs/\(name)"))])
    }

    private static func text(_ text: String) -> JSONTree { .string(Array(text.utf8)) }

    private static func member(_ name: String, _ value: JSONTree) -> Member {
        Member(name: Array(name.utf8), value: value)
    }
}
