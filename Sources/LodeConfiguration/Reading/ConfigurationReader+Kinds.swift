import LodeCore

/// What the readers of the subscribers' kinds share, and the kinds that are small.
extension ConfigurationReader {
    static let fileKeys = ["path"]
    static let postgresKeys = ["connection", "sql", "timeout"]
    static let execKeys = ["command", "timeout"]

    mutating func readKind(_ entry: YAMLEntry, typePrefix: String) -> SubscriberSettings.Kind? {
        switch entry.name {
        case "file": readFile(entry)
        case "webhook": readWebhook(entry).map { .webhook($0) }
        case "postgres": readPostgres(entry, typePrefix: typePrefix).map { .postgres($0) }
        case "kafka": readKafka(entry).map { .kafka($0) }
        case "nats": readNATS(entry).map { .nats($0) }
        case "rabbitmq": readRabbitMQ(entry).map { .rabbitmq($0) }
        case "redis": readRedis(entry).map { .redis($0) }
        case "exec": readExec(entry).map { .exec($0) }
        default: readEmptyKind(entry)
        }
    }

    private mutating func readEmptyKind(_ entry: YAMLEntry) -> SubscriberSettings.Kind? {
        let isEmpty = entry.value.isNull || readSection(entry, of: "“\(entry.name)”", keys: []) != nil
        guard isEmpty else { return nil }
        return entry.name == "stdout" ? .stdout : .swift
    }

    private mutating func readFile(_ entry: YAMLEntry) -> SubscriberSettings.Kind? {
        let example = "write “file: { path: events.jsonl }”"
        guard let section = readKind(entry, keys: Self.fileKeys, example: example) else { return nil }
        guard let path = section["path"] else {
            error(at: entry.key.place, "“file” has no path; \(example)")
            return nil
        }
        return readPath(path).map { .file(path: $0) }
    }

    private mutating func readPostgres(_ entry: YAMLEntry, typePrefix: String) -> PostgresSubscriberSettings? {
        let example = "write “postgres: { connection: ..., sql: { OrderPlaced: insert into ... } }”"
        guard let section = readKind(entry, keys: Self.postgresKeys, example: example),
            let connection = readRequired("connection", in: section, of: entry, example: example)
        else { return nil }
        guard let sql = section["sql"] else {
            error(at: entry.key.place, "“postgres” has no sql; \(example)")
            return nil
        }
        guard let entries = readMapping(sql.value, of: "“sql”") else { return nil }
        if entries.isEmpty { error(at: sql.key.place, "“sql” has no statement; \(example)") }
        let statements = entries.compactMap { entry -> PostgresSubscriberSettings.Statement? in
            guard let text = readText(entry) else { return nil }
            return PostgresSubscriberSettings.Statement(
                type: TypePattern(entry.name, typePrefix: typePrefix), sql: text.source)
        }
        return PostgresSubscriberSettings(
            connection: connection.source.text, statements: statements,
            timeout: section["timeout"].flatMap { readDuration($0) } ?? .seconds(30))
    }

    private mutating func readExec(_ entry: YAMLEntry) -> ExecSettings? {
        let example = "write “exec: { command: [./handler, --flag] }”"
        guard let section = readKind(entry, keys: Self.execKeys, example: example) else { return nil }
        var command = section["command"].map { readTexts($0, example: example).map(\.source.text) } ?? []
        guard let program = command.first else {
            if section["command"] == nil { error(at: entry.key.place, "“exec” has no command; \(example)") }
            return nil
        }
        if program.contains("/") { command[0] = resolved(path: program) }
        return ExecSettings(
            command: command, timeout: section["timeout"].flatMap { readDuration($0) } ?? .seconds(30))
    }

    // MARK: - Parts

    /// A kind's own keys; says so when there are none at all.
    mutating func readKind(_ entry: YAMLEntry, keys: [String], example: String) -> Section? {
        guard !entry.value.isNull else {
            error(at: entry.key.place, "“\(entry.name)” does not say which; \(example)")
            return nil
        }
        return readSection(entry, of: "“\(entry.name)”", keys: keys)
    }

    mutating func readRequired(
        _ name: String, in section: Section, of kind: YAMLEntry, example: String
    ) -> YAMLScalar? {
        guard let entry = section[name] else {
            error(at: kind.key.place, "“\(kind.name)” has no \(name); \(example)")
            return nil
        }
        return readText(entry)
    }

    /// One text or a list of them, as a list.
    mutating func readTexts(_ entry: YAMLEntry, example: String) -> [YAMLScalar] {
        var nodes = [entry.value]
        if case .list(let list) = entry.value.content { nodes = list }
        if nodes.isEmpty { error(at: entry.value.place, "“\(entry.name)” is empty; \(example)") }
        return nodes.compactMap { readText($0, of: "“\(entry.name)”", at: entry.key.place) }
    }

    mutating func readNamedTexts(_ entry: YAMLEntry, example: String) -> [NamedText] {
        guard !entry.value.isNull else {
            error(at: entry.key.place, "“\(entry.name)” has no value; \(example)")
            return []
        }
        let entries = readMapping(entry.value, of: "“\(entry.name)”") ?? []
        return entries.compactMap { entry in
            readText(entry).map { NamedText(name: entry.name, text: $0.source.text) }
        }
    }

    /// A whole number from 1.
    mutating func readCount(_ entry: YAMLEntry, most: Int) -> Int? {
        guard let scalar = readText(entry) else { return nil }
        let text = scalar.source.text
        if text.utf8.allSatisfy(\.isDigit), let count = Int(text), (1...most).contains(count) { return count }
        let range = most == .max ? "from 1" : "from 1 to \(most)"
        error(at: entry.value.place, "“\(entry.name)” cannot be \(scalar.quoted); write a number \(range)")
        return nil
    }

    /// Only what a typing mistake would break: the scheme and that a host follows. Never quotes the URL,
    /// which may hold a password.
    mutating func checkURL(_ scalar: YAMLScalar, schemes: [String], example: String) {
        let text = scalar.source.text
        let isURL = schemes.contains { scheme in
            guard text.lowercased().hasPrefix(scheme + "://") else { return false }
            let rest = text.dropFirst(scheme.utf8.count + 3)
            guard let first = rest.utf8.first else { return false }
            return first != UInt8(ascii: "/") && !rest.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
        }
        guard !isURL else { return }
        var place = scalar.source.place
        if text.contains("@") { place?.lineText = nil }
        let words = schemes.map { $0 + "://" }.joined(separator: " or ")
        error(at: place, "this is not a URL that begins with \(words) and a host; write one such as \(example)")
    }
}
