/// What readers of an event can count on.
public struct EventContract: Equatable, Sendable {
    public enum Presence: Hashable, Sendable {
        case always, sometimes, never
    }

    /// The event's name in the mapping.
    public var name: String
    /// Its type, prefix and all; nil: the service that made the event says it.
    public var type: String?
    /// `insert into orders`, of each way.
    public var ways: [String]
    /// Whether it has a key, and with it a `subject` and a `partitionkey`.
    public var key: Presence
    /// Whether it has data.
    public var data: Presence
    /// JSON Schema (2020-12) of the data, without `$schema`, title and the like.
    public var schema: JSONTree
}

extension CompiledMapping {
    /// The contract of each event, in the file's order; at the end that of `lode.untranslatable`, when an
    /// event can become one.
    public func contracts(typePrefix: String = "") -> [EventContract] {
        var contracts: [EventContract] = []
        for (index, event) in events.enumerated() {
            let parts = zip(event.ways, rules.filter { $0.event == index }).map { way, rule in
                (way, rule, DataSchema(way, tables: definitions, partitions: partitions).part(rule.data))
            }
            contracts.append(Self.contract(event, typePrefix, parts, definitions))
        }
        if events.contains(where: { $0.onError == .skip }) { contracts.append(.untranslatable) }
        return contracts
    }

    private var definitions: [TableName: TableDefinition] {
        Dictionary(tables.map { ($0.definition.name, $0.definition) }, uniquingKeysWith: { first, _ in first })
    }

    private static func contract(
        _ event: EventDefinition, _ typePrefix: String,
        _ ways: [(EventDefinition.Way, CompiledRule, DataSchema.Part)],
        _ tables: [TableName: TableDefinition]
    ) -> EventContract {
        var schemas: [JSONTree] = []
        for (_, _, part) in ways where !schemas.contains(part.schema) { schemas.append(part.schema) }
        let schema: JSONTree =
            schemas.contains(.members([:]))
            ? .members([:])
            : schemas.count == 1 ? schemas[0] : .members(["anyOf": .array(schemas)])
        let keys = Set(ways.map { presence($0.1.key, $0.0, tables) })
        return EventContract(
            name: event.name.text, type: ways.contains { $0.0.type != nil } ? nil : typePrefix + event.name.text,
            ways: ways.map(\.0.from.text), key: keys.count == 1 ? keys.first ?? .never : .sometimes,
            data: ways.contains { $0.2.canBeMissing } ? .sometimes : .always, schema: schema)
    }

    private static func presence(
        _ key: KeyPlan, _ way: EventDefinition.Way, _ tables: [TableName: TableDefinition]
    ) -> EventContract.Presence {
        switch key {
        case .none: return .never
        // An event whose primary key is unknown is not made, and null it is never.
        case .columns: return .always
        case .expression:
            guard let text = way.key else { return .sometimes }
            let nullness = Nullness(text, in: ExpressionScope(of: way, tables: tables))
            return nullness.isPossible ? .sometimes : .always
        }
    }
}

extension EventContract {
    /// The event that takes the place of one that cannot be made.
    static let untranslatable = EventContract(
        name: Untranslatable.type, type: Untranslatable.type, ways: ["on_error: skip"], key: .sometimes, data: .always,
        schema: .members([
            "type": .text("object"),
            "properties": .members([
                "event": .members(["type": .text("string")]), "error": .members(["type": .text("string")]),
                "lsn": .members(["type": .texts(["string", "null"])]),
                "table": .members(["type": .texts(["string", "null"])]),
                "key": .members(["type": .texts(["string", "null"])]),
            ]), "required": .texts(["event", "error", "lsn", "table", "key"]),
        ]))
}
