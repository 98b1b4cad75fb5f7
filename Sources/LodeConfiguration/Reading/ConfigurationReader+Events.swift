import LodeCore

extension ConfigurationReader {
    static let eventKeys = [
        "from", "when", "key", "data", "gather", "net", "id", "type", "preset", "unknown", "on_error", "source",
    ]

    /// The events without mistakes, in the file's order.
    mutating func readEvents(
        _ entry: YAMLEntry?, sources: [SourceSettings], defaults: EventDefaults
    ) -> [EventDefinition] {
        guard let entry, !entry.value.isNull else { return [] }
        guard let entries = readMapping(entry.value, of: "“events”") else { return [] }
        return entries.compactMap { readEvent($0, sources: sources.map(\.name), defaults: defaults) }
    }

    private mutating func readEvent(
        _ entry: YAMLEntry, sources: [String], defaults: EventDefaults
    ) -> EventDefinition? {
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
        var onError: EventDefinition.OnError?
        var isWhole = true
        for node in nodes {
            guard let section = readSection(node, of: "an event", keys: Self.eventKeys) else {
                isWhole = false
                continue
            }
            takeSource(section["source"], into: &definition, sources: sources)
            takeOnError(section["on_error"], into: &onError)
            let place = isList ? node.place : entry.key.place
            guard var way = readWay(section, of: entry.name, at: place) else { continue }
            way.unknown = way.unknown ?? defaults.unknown
            definition.ways.append(way)
        }
        definition.onError = onError ?? defaults.onError
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

    /// Likewise: an event as a whole stops its source or is skipped.
    private mutating func takeOnError(_ entry: YAMLEntry?, into onError: inout EventDefinition.OnError?) {
        guard let entry, let choice = readChoice(entry, as: EventDefinition.OnError.self) else { return }
        if let other = onError, other != choice {
            let advice = "say it once, or make it two events"
            error(at: entry.value.place, "“on_error” is of a whole event, and another way says \(other); \(advice)")
        }
        onError = onError ?? choice
    }

    private mutating func readWay(_ section: Section, of event: String, at place: Place?) -> EventDefinition.Way? {
        let from = section["from"].flatMap { readText($0)?.source }
        let trigger = from.flatMap { readTrigger($0) }
        let gathered = readGather(section["gather"], trigger: trigger)
        let preset = section["preset"].flatMap { readPreset($0, from: section["from"], trigger: trigger) }
        let when = section["when"].flatMap { readExpression($0) }
        let key = section["key"].flatMap { readExpression($0) }
        let id = section["id"].flatMap { readExpression($0) }
        let type = section["type"].flatMap { readExpression($0) }
        let data = section["data"].flatMap { readData($0, lists: gathered.names) }
        let unknown = section["unknown"].flatMap { readChoice($0, as: EventDefinition.UnknownPolicy.self) }
        let isNet = section["net"].flatMap { readNet($0, trigger: trigger) }
        if section["from"] == nil, section["preset"] == nil {
            let advice = "say what makes it happen, as in “from: insert into orders”"
            error(at: place, "event “\(event)” has no “from”; \(advice)")
        }
        guard let from, let trigger else { return nil }
        return EventDefinition.Way(
            from: from, trigger: trigger, gather: gathered.gathers, isNet: isNet ?? false, when: when,
            key: key ?? preset?.key, data: data ?? preset?.data, id: id ?? preset?.id, type: type ?? preset?.type,
            unknown: unknown)
    }

    private mutating func readTrigger(_ from: SourceText) -> EventDefinition.Trigger? {
        do {
            return try ClauseReader.trigger(from)
        } catch {
            add(error)
            return nil
        }
    }

    /// Rows have a net change, and so have the rows that a transaction's event gathers.
    private mutating func readNet(_ entry: YAMLEntry, trigger: EventDefinition.Trigger?) -> Bool? {
        guard let isNet = readFlag(entry) else { return nil }
        switch trigger {
        case .truncate, .message:
            guard isNet else { return false }
            let advice = "remove it, or read from insert, update, delete or transaction"
            error(at: entry.key.place, "“net” folds the changes of a row, and there is none here; \(advice)")
            return nil
        case .row, .transaction, nil:
            return isNet
        }
    }
}

/// What the top of the file says of every event that does not say it itself.
struct EventDefaults {
    var onError: EventDefinition.OnError
    var unknown: EventDefinition.UnknownPolicy?
}

/// What an event may be called, and `type_prefix` be.
enum EventName {
    static let advice = "use letters, digits and . _ - : /"

    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-:/".unicodeScalars.contains(scalar)
    }
}
