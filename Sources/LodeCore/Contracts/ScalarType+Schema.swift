/// The JSON Schema (2020-12) of what a type's values are written as (``CellJSON``).
extension ScalarType {
    var schema: JSONTree {
        switch family {
        case .integer, .oid: Self.integer(named: name)
        // NaN and the infinities are text, as JSON has no numbers for them.
        case .numeric, .real, .double:
            .members(["type": .texts(["number", "string"]), "pattern": .text("^(NaN|-?Infinity)$")])
        case .boolean: .members(["type": .text("boolean")])
        case .uuid: .members(["type": .text("string"), "format": .text("uuid")])
        case .bytea: .members(["type": .text("string"), "contentEncoding": .text("base64")])
        case .date: .members(["type": .text("string"), "format": .text("date")])
        case .timestampWithTimeZone: .members(["type": .text("string"), "format": .text("date-time")])
        // Without a zone they are no `date-time` or `time` of RFC 3339; OpenAPI's registry of formats has these.
        case .timestamp: .members(["type": .text("string"), "format": .text("date-time-local")])
        case .time: .members(["type": .text("string"), "format": .text("time-local")])
        case .json: .members([:])
        case .array: Self.array(of: element ?? .text)
        case .text, .character, .caseless, .interval, .other: .members(["type": .text("string")])
        }
    }

    private static func integer(named name: String) -> JSONTree {
        let range: ClosedRange<Int64> =
            switch name {
            case "smallint": -32_768...32_767
            case "integer": -2_147_483_648...2_147_483_647
            case "oid": 0...4_294_967_295
            default: Int64.min...Int64.max
            }
        return .members([
            "type": .text("integer"), "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
        ])
    }

    /// An array's type does not say how many dimensions it has, so an element may be an array again.
    private static func array(of element: ScalarType) -> JSONTree {
        .members(["type": .text("array"), "items": element.schema.admitting("array").admitting("null")])
    }
}

extension JSONTree {
    /// The schema, admitting a type more; one that admits everything stays.
    func admitting(_ type: String) -> JSONTree {
        guard case .object(let members) = self else { return self }
        if case .array(let shapes)? = self["anyOf"] {
            guard !shapes.contains(where: { $0.admits(type) }) else { return self }
            return .object(
                members.map { member in
                    guard member.name.elementsEqual("anyOf".utf8) else { return member }
                    return Member(name: member.name, value: .array(shapes + [.members(["type": .text(type)])]))
                })
        }
        guard !members.isEmpty, !admits(type) else { return self }
        return .object(
            members.map { member in
                guard member.name.elementsEqual("type".utf8) else { return member }
                let types = member.value.text.map { [$0] } ?? member.value.elements?.compactMap(\.text) ?? []
                return Member(name: member.name, value: .texts(types + [type]))
            })
    }

    private func admits(_ type: String) -> Bool {
        guard let types = self["type"] else { return self == .object([]) }
        return types.text == type || types.elements?.contains(.text(type)) == true
    }
}
