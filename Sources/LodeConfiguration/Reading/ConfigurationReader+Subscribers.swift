import LodeCore

extension ConfigurationReader {
    static let subscriberKinds = [
        "stdout", "file", "webhook", "postgres", "kafka", "nats", "rabbitmq", "redis", "exec", "swift",
    ]
    static let subscriberKeys = ["on", "where", "start", "batch", "retry", "then"] + subscriberKinds
    static let retryKeys = ["attempts", "first", "most", "age"]
    static let batchKeys = ["events", "bytes", "wait"]

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
        guard let section = readSection(entry, of: "a subscriber", keys: Self.subscriberKeys) else { return nil }
        let on = section["on"].map { readPatterns($0, typePrefix: typePrefix) }
        let condition = section["where"].flatMap { readExpression($0) }
        let start = section["start"].flatMap { readStart($0) }
        let batch = section["batch"].flatMap { readBatch($0) }
        let retry = section["retry"].flatMap { readRetry($0) }
        let then = section["then"].flatMap { readChoice($0, as: SubscriberSettings.AfterLastAttempt.self) }
        guard let kind = readKind(section, of: entry, typePrefix: typePrefix) else { return nil }
        return SubscriberSettings(
            name: name, on: on ?? [.all], condition: condition, start: start ?? .earliest,
            batch: batch ?? BatchSettings(), retry: retry ?? RetrySettings(), then: then ?? .park, kind: kind,
            place: entry.key.place)
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
        retry.age = section["age"].flatMap { readDuration($0) }
        // A default gives way to what the file says.
        retry.first = first ?? min(retry.first, most ?? retry.first)
        retry.most = most ?? max(retry.most, retry.first)
        return retry
    }

    private mutating func readBatch(_ entry: YAMLEntry) -> BatchSettings? {
        guard let section = readSection(entry, of: "“batch”", keys: Self.batchKeys) else { return nil }
        var batch = BatchSettings()
        batch.events = section["events"].flatMap { readCount($0, most: 10_000) }
        if let entry = section["bytes"], let size = readSize(entry) {
            if (1 << 10...16 << 20).contains(size) {
                batch.bytes = Int(size)
            } else {
                error(at: entry.value.place, "a batch has from 1kB to 16MB; write a size between")
            }
        }
        if let entry = section["wait"], let wait = readDuration(entry) {
            batch.wait = wait
            if wait > .seconds(60) {
                error(at: entry.value.place, "no batch waits longer than a minute; write 60s or less")
            }
        }
        return batch
    }

    private mutating func readKind(
        _ section: Section, of subscriber: YAMLEntry, typePrefix: String
    ) -> SubscriberSettings.Kind? {
        let kinds = section.entries(named: Self.subscriberKinds)
        guard let entry = kinds.first else {
            noKind(subscriber)
            return nil
        }
        for extra in kinds.dropFirst() {
            let advice = "make two subscribers of it"
            error(at: extra.key.place, "a subscriber has one kind, and this one has “\(entry.name)”; \(advice)")
        }
        return readKind(entry, typePrefix: typePrefix)
    }

    private mutating func noKind(_ subscriber: YAMLEntry) {
        let advice = "add one of “stdout: {}”, “file: { path: events.jsonl }”, “webhook: { url: ... }”, or another kind"
        error(at: subscriber.key.place, "subscriber “\(subscriber.name)” has no kind; \(advice)")
    }
}
