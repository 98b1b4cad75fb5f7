import LodeCore

extension ConfigurationReader {
    static let eventKeys = ["from", "when", "key", "data", "source"]
    static let laterEventKeys = ["gather", "net", "unknown", "on_error", "id", "type", "preset"]

    /// The events without mistakes, in the file's order.
    mutating func readEvents(_ entry: YAMLEntry?, sources: [SourceSettings]) -> [EventDefinition] {
        guard let entry, !entry.value.isNull else { return [] }
        guard let entries = readMapping(entry.value, of: "“events”") else { return [] }
        return entries.compactMap { readEvent($0, sources: sources.map(\.name)) }
    }

    private mutating func readEvent(_ entry: YAMLEntry, sources: [String]) -> EventDefinition? {
        if !entry.name.unicodeScalars.allSatisfy(EventName.isAllowed) {
            error(at: entry.key.place, "“\(entry.name)” cannot name an event; \(EventName.advice)")
        }
        var nodes = [entry.value]
        var isList = false
        if case .list(let ways) = entry.value.content { (nodes, isList) = (ways, true) }
        if nodes.isEmpty || entry.value.isNull {
            error(at: entry.key.place, "event “\(entry.name)” says nothing; write “from: insert into orders” under it")
            return nil
        }
        var definition = EventDefinition(name: entry.key, ways: [])
        var isWhole = true
        for node in nodes {
            let (keys, later) = (Self.eventKeys, Self.laterEventKeys)
            guard let section = readSection(node, of: "an event", keys: keys, later: later) else {
                isWhole = false
                continue
            }
            takeSource(section["source"], into: &definition, sources: sources)
            let place = isList ? node.place : entry.key.place
            if let way = readWay(section, of: entry.name, at: place) { definition.ways.append(way) }
        }
        // Of an event that could not be read it is not known whether it names its source.
        if definition.source == nil, isWhole, sources.count > 1 {
            let names = sources.map { "“source: \($0)”" }.joined(separator: " or ")
            error(at: entry.key.place, "event “\(entry.name)” does not say which source it is read from; add \(names)")
        }
        return definition.ways.isEmpty ? nil : definition
    }

    /// In a list of ways any may name the source, but all mean the same one.
    private mutating func takeSource(_ entry: YAMLEntry?, into definition: inout EventDefinition, sources: [String]) {
        guard let entry, let scalar = readText(entry) else { return }
        let name = scalar.source.text
        if !sources.isEmpty, !sources.contains(name) {
            let nearest = nearestName(to: name, among: sources).map { "did you mean “\($0)”?" }
            let advice = nearest ?? "the sources are " + sources.joined(separator: ", ")
            error(at: entry.value.place, "there is no source \(scalar.quoted); \(advice)")
        } else if let other = definition.source, other.text != name {
            error(at: entry.value.place, "one event is read from one source; make it two events, or name one source")
        }
        definition.source = definition.source ?? scalar.source
    }

    private mutating func readWay(_ section: Section, of event: String, at place: Place?) -> EventDefinition.Way? {
        let when = section["when"].flatMap { readExpression($0) }
        let key = section["key"].flatMap { readExpression($0) }
        let data = section["data"].flatMap { readData($0) }
        guard let entry = section["from"] else {
            let advice = "say what makes it happen, as in “from: insert into orders”"
            error(at: place, "event “\(event)” has no “from”; \(advice)")
            return nil
        }
        guard let from = readText(entry)?.source else { return nil }
        do {
            let clause = try FromClause.parse(from)
            return EventDefinition.Way(
                from: from, operation: clause.operation, table: clause.table, when: when, key: key, data: data)
        } catch {
            add(error)
            return nil
        }
    }

    /// Any scalar is an expression: also a number, `true`, `null`.
    private mutating func readExpression(_ entry: YAMLEntry) -> SourceText? {
        if case .scalar(let scalar) = entry.value.content, scalar.isNull {
            if ["null", "Null", "NULL"].contains(scalar.written) { return scalar.source }
            error(at: entry.key.place, "“\(entry.name)” has no value; write an expression, or null for the value null")
            return nil
        }
        return readText(entry)?.source
    }

    private mutating func readData(_ entry: YAMLEntry) -> DataTemplate? {
        switch entry.value.content {
        case .scalar:
            return readExpression(entry).map(DataTemplate.expression)
        case .list:
            error(at: entry.value.place, "“\(entry.name)” cannot be a list here; write names with expressions")
            return nil
        case .invalid:
            return nil
        case .mapping(let members):
            if let each = members.first(where: { $0.name == "each" }) {
                error(at: each.key.place, "“each” is not supported yet; remove it")
                return nil
            }
            return .object(
                members.compactMap { member in
                    readData(member).map { DataTemplate.Member(name: member.name, value: $0) }
                })
        }
    }
}

/// What an event may be called, and `type_prefix` be.
enum EventName {
    static let advice = "use letters, digits and . _ - : /"

    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-:/".unicodeScalars.contains(scalar)
    }
}
