import LodeCore

extension ConfigurationReader {
    static let subscriberKinds = ["stdout", "file", "swift"]
    static let laterSubscriberKinds = ["webhook", "postgres", "kafka", "nats", "rabbitmq", "redis", "exec"]
    static let subscriberKeys = ["on", "where", "start", "retry", "then"] + subscriberKinds
    static let retryKeys = ["attempts", "first", "most"]
    static let fileKeys = ["path"]

    mutating func readSubscribers(_ entry: YAMLEntry?, typePrefix: String) -> [SubscriberSettings] {
        guard let entry, !entry.value.isNull else { return [] }
        guard let entries = readMapping(entry.value, of: "“subscribers”") else { return [] }
        return entries.compactMap { readSubscriber($0, typePrefix: typePrefix) }
    }

    private mutating func readSubscriber(_ entry: YAMLEntry, typePrefix: String) -> SubscriberSettings? {
        let name = entry.name
        let isName = name.utf8.allSatisfy { $0.isLetterOrUnderscore || $0.isDigit || "-.".utf8.contains($0) }
        if !isName || name.hasPrefix("-") {
            let advice = "use letters, digits, _ - and ., and no - at the start"
            error(at: entry.key.place, "“\(name)” cannot name a subscriber; \(advice)")
        }
        guard !entry.value.isNull else {
            noKind(entry)
            return nil
        }
        let (keys, later) = (Self.subscriberKeys, Self.laterSubscriberKinds)
        guard let section = readSection(entry, of: "a subscriber", keys: keys, later: later) else { return nil }
        let on = section["on"].map { readPatterns($0, typePrefix: typePrefix) }
        let condition = section["where"].flatMap { readExpression($0) }
        let start = section["start"].flatMap { readStart($0) }
        let retry = section["retry"].flatMap { readRetry($0) }
        let then = section["then"].flatMap { readChoice($0, as: SubscriberSettings.AfterLastAttempt.self) }
        guard let kind = readKind(section, of: entry) else { return nil }
        return SubscriberSettings(
            name: name, on: on ?? [.all], condition: condition, start: start ?? .earliest,
            retry: retry ?? RetrySettings(), then: then ?? .park, kind: kind, place: entry.key.place)
    }

    private mutating func readPatterns(_ entry: YAMLEntry, typePrefix: String) -> [TypePattern] {
        var nodes = [entry.value]
        if case .list(let list) = entry.value.content { nodes = list }
        if nodes.isEmpty { error(at: entry.value.place, "“on” takes no type; name one, or leave it out for all") }
        var patterns: [TypePattern] = []
        for node in nodes {
            guard let scalar = readText(node, of: "“on”", at: entry.key.place) else { continue }
            guard scalar.source.text.unicodeScalars.allSatisfy({ $0 == "*" || EventName.isAllowed($0) }) else {
                let advice = "write a type, such as OrderPlaced or “Order*”, or a list of them"
                error(at: node.place, "\(scalar.quoted) cannot be a type; \(advice)")
                continue
            }
            patterns.append(TypePattern(scalar.source.text, typePrefix: typePrefix))
        }
        return patterns
    }

    private mutating func readStart(_ entry: YAMLEntry) -> StartPoint? {
        guard let scalar = readText(entry) else { return nil }
        guard let start = StartPoint(scalar.source.text) else {
            error(at: entry.value.place, "\(scalar.quoted) is not a place in the journal; \(StartPoint.advice)")
            return nil
        }
        return start
    }

    private mutating func readRetry(_ entry: YAMLEntry) -> RetrySettings? {
        guard let section = readSection(entry, of: "“retry”", keys: Self.retryKeys) else { return nil }
        var retry = RetrySettings()
        if let entry = section["attempts"], let scalar = readText(entry) {
            let text = scalar.source.text
            if text.utf8.allSatisfy(\.isDigit), let attempts = Int32(text), attempts > 0 {
                retry.attempts = Int(attempts)
            } else {
                error(at: entry.value.place, "\(scalar.quoted) is not a number of attempts; write a number from 1")
            }
        }
        let first = section["first"].flatMap { readDuration($0) }
        let most = section["most"].flatMap { readDuration($0) }
        if let first, let most, most < first {
            error(at: section["most"]?.value.place, "“most” is shorter than “first”; make it the longer one")
        }
        // A default gives way to what the file says.
        retry.first = first ?? min(retry.first, most ?? retry.first)
        retry.most = most ?? max(retry.most, retry.first)
        return retry
    }

    private mutating func readKind(_ section: Section, of subscriber: YAMLEntry) -> SubscriberSettings.Kind? {
        let kinds = section.entries(named: Self.subscriberKinds)
        guard let entry = kinds.first else {
            noKind(subscriber)
            return nil
        }
        for extra in kinds.dropFirst() {
            let advice = "make two subscribers of it"
            error(at: extra.key.place, "a subscriber has one kind, and this one has “\(entry.name)”; \(advice)")
        }
        if entry.name == "file" { return readFile(entry) }
        let isEmpty = entry.value.isNull || readSection(entry, of: "“\(entry.name)”", keys: []) != nil
        guard isEmpty else { return nil }
        return entry.name == "stdout" ? .stdout : .swift
    }

    private mutating func readFile(_ entry: YAMLEntry) -> SubscriberSettings.Kind? {
        let example = "write “file: { path: events.jsonl }”"
        guard !entry.value.isNull else {
            error(at: entry.key.place, "“file” does not say which; \(example)")
            return nil
        }
        guard let section = readSection(entry, of: "“file”", keys: Self.fileKeys) else { return nil }
        guard let path = section["path"] else {
            error(at: entry.key.place, "“file” has no path; \(example)")
            return nil
        }
        return readPath(path).map { .file(path: $0) }
    }

    private mutating func noKind(_ subscriber: YAMLEntry) {
        // One whose kind is not supported yet was told so.
        if case .mapping(let entries) = subscriber.value.content,
            entries.contains(where: { Self.laterSubscriberKinds.contains($0.name) })
        {
            return
        }
        let advice = "add one of “stdout: {}”, “file: { path: events.jsonl }”, “swift: {}”"
        error(at: subscriber.key.place, "subscriber “\(subscriber.name)” has no kind; \(advice)")
    }
}
