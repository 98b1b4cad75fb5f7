import LodeCore

extension ConfigurationReader {
    static let sourceKeys = ["connection", "slot", "heartbeat", "transaction_memory"]

    /// The sources without mistakes; empty only after an error.
    mutating func readSources(_ entry: YAMLEntry?, in filePlace: Place) -> [SourceSettings] {
        let example = "name a database under it: “sources: { shop: { connection: postgresql://localhost/shop } }”"
        guard let entry else {
            error(at: filePlace, "“sources” is missing; \(example)")
            return []
        }
        guard !entry.value.isNull else {
            error(at: entry.key.place, "“sources” names no database; \(example)")
            return []
        }
        guard let entries = readMapping(entry.value, of: "“sources”") else { return [] }
        if entries.isEmpty { error(at: entry.key.place, "“sources” names no database; \(example)") }
        var sources: [SourceSettings] = []
        for entry in entries {
            guard let source = readSource(entry) else { continue }
            let twin = sources.first { $0.slot == source.slot && $0.connection == source.connection }
            if let twin, !source.connection.isEmpty {
                let advice = "give one of them another slot"
                error(at: source.place, "sources \(twin.name) and \(source.name) read one slot; \(advice)")
            }
            sources.append(source)
        }
        return sources
    }

    /// A source with a mistake is still handed out when its name is known, so that events may name it.
    private mutating func readSource(_ entry: YAMLEntry) -> SourceSettings? {
        let name = entry.name
        if !name.utf8.allSatisfy(isSourceNameByte) || name.hasPrefix("-") {
            error(at: entry.key.place, "“\(name)” cannot name a source; use a-z, 0-9, _ and -, and no - at the start")
        }
        var source = SourceSettings(name: name, connection: "", place: entry.key.place)
        guard let section = readSection(entry, of: "a source", keys: Self.sourceKeys) else { return source }
        if let connection = section["connection"] {
            source.connection = readText(connection)?.source.text ?? ""
        } else {
            let advice = "say where the database is, as in “connection: postgresql://localhost/shop”"
            error(at: entry.key.place, "source “\(name)” has no connection; \(advice)")
        }
        if let slot = section["slot"] {
            if let slot = readSlot(slot) { source.slot = slot }
        } else if source.slot.utf8.count > 63 {
            error(at: entry.key.place, "the slot's name would be longer than 63; give a shorter one with “slot”")
        }
        if let heartbeat = section["heartbeat"] {
            source.heartbeat = heartbeat.value.isNone ? nil : readDuration(heartbeat)
        }
        if let memory = section["transaction_memory"].flatMap({ readTransactionMemory($0) }) {
            source.transactionMemory = memory
        }
        return source
    }

    private mutating func readTransactionMemory(_ entry: YAMLEntry) -> Int? {
        guard let size = readSize(entry), let bytes = Int(exactly: size) else { return nil }
        guard bytes >= SourceSettings.leastTransactionMemory else {
            error(at: entry.value.place, "a transaction needs more memory than that; write 1MB or more")
            return nil
        }
        return bytes
    }

    private mutating func readSlot(_ entry: YAMLEntry) -> String? {
        guard let scalar = readText(entry) else { return nil }
        let slot = scalar.source.text
        guard slot.utf8.count <= 63, slot.utf8.allSatisfy({ isSourceNameByte($0) && $0 != UInt8(ascii: "-") }) else {
            let advice = "PostgreSQL takes 1 to 63 of a-z, 0-9 and _"
            error(at: entry.value.place, "\(scalar.quoted) cannot name a slot; \(advice)")
            return nil
        }
        return slot
    }

    private func isSourceNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte.isDigit
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
