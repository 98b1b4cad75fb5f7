public import LodeCore

/// The events as an AsyncAPI 3.0 document: a channel, a message and a sending operation for each.
///
/// Headers are the attributes of CloudEvents 1.0 and the payload is the data, as in binary mode; in
/// structured mode both are members of one JSON object. Where a channel is in the world, such as in
/// which topic, is each subscriber's own; its address here is the event's type.
public struct AsyncAPIDocument {
    public let json: JSONTree

    public init(_ contracts: EventContracts, title: String, version: String) {
        var channels: [JSONTree.Member] = []
        var operations: [JSONTree.Member] = []
        var messages: [JSONTree.Member] = []
        var schemas: [JSONTree.Member] = []
        var names = ComponentNames()
        for entry in contracts.entries {
            guard let name = names.add(entry.contract.title) else { continue }
            func member(_ value: JSONTree) -> JSONTree.Member { JSONTree.Member(name: Array(name.utf8), value: value) }
            channels.append(
                member(
                    .members([
                        "address": entry.contract.type.map { .text($0) } ?? .null,
                        "description": .text("Events of source \(entry.source), in order for each key."),
                        "messages": .object([member(Self.reference("components", "messages", name))]),
                    ])))
            operations.append(
                JSONTree.Member(
                    name: Array("send.\(name)".utf8),
                    value: .members([
                        "action": .text("send"), "summary": .text(entry.contract.summary),
                        "channel": Self.reference("channels", name),
                        "messages": .array([Self.reference("channels", name, "messages", name)]),
                    ])))
            messages.append(
                member(
                    .members([
                        "name": .text(entry.contract.title), "title": .text(entry.contract.title),
                        "summary": .text(entry.contract.summary), "contentType": .text("application/json"),
                        "headers": Self.headers(entry), "payload": Self.reference("components", "schemas", name),
                    ])))
            schemas.append(member(entry.contract.titledSchema))
        }
        json = .members([
            "asyncapi": .text("3.0.0"),
            "info": .members([
                "title": .text(title), "version": .text(version),
                "description": .text("Business events that Lode mines from PostgreSQL's log, as CloudEvents 1.0."),
            ]),
            "defaultContentType": .text("application/json"), "channels": .object(channels),
            "operations": .object(operations),
            "components": .members(["messages": .object(messages), "schemas": .object(schemas)]),
        ])
    }

    /// By JSON Pointer (RFC 6901), whose two special characters no component's name has.
    private static func reference(_ path: String...) -> JSONTree {
        .members(["$ref": .text("#/" + path.joined(separator: "/"))])
    }

    /// The attributes that ``CloudEventWriter`` writes.
    private static func headers(_ entry: EventContracts.Entry) -> JSONTree {
        let contract = entry.contract
        let text = JSONTree.members(["type": .text("string")])
        func constant(_ value: String) -> JSONTree {
            .members(["type": .text("string"), "const": .text(value)])
        }
        var properties: [(String, JSONTree)] = [
            ("specversion", constant("1.0")), ("id", text),
            ("source", .members(["type": .text("string"), "pattern": .text("^urn:lode:\(entry.source):")])),
            ("type", contract.type.map(constant) ?? text),
        ]
        var required = ["specversion", "id", "source", "type", "sequence"]
        if contract.key != .never { properties += [("subject", text), ("partitionkey", text)] }
        if contract.key == .always { required += ["subject", "partitionkey"] }
        properties += [
            ("time", .members(["type": .text("string"), "format": .text("date-time")])), ("sequence", text),
            ("datacontenttype", constant("application/json")),
        ]
        if contract.data == .always { required.append("datacontenttype") }
        let context = ["traceparent", "tracestate", "correlationid", "causationid", "actor", "reselected"]
        properties += context.map { ($0, text) }
        return .members([
            "type": .text("object"),
            "properties": .object(properties.map { JSONTree.Member(name: Array($0.0.utf8), value: $0.1) }),
            "required": .texts(required),
        ])
    }
}

/// Names of components: letters, digits, `.`, `-` and `_` alone (AsyncAPI 3.0, Components Object).
private struct ComponentNames {
    private var titles: Set<String> = []
    private var names: Set<String> = []

    /// nil: the event has one already.
    mutating func add(_ title: String) -> String? {
        guard titles.insert(title).inserted else { return nil }
        let bytes = title.utf8.map { byte in
            let isAllowed = byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || ".-_".utf8.contains(byte)
            return isAllowed ? byte : UInt8(ascii: "_")
        }
        let base = String(decoding: bytes, as: UTF8.self)
        var name = base
        var number = 2
        while !names.insert(name).inserted {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }
}
