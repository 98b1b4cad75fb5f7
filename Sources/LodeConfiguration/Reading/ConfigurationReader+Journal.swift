import LodeCore

extension ConfigurationReader {
    static let journalKeys = ["path", "retain"]
    static let retainKeys = ["for", "size"]

    /// nil for `journal: none`.
    mutating func readJournal(_ entry: YAMLEntry?) -> JournalSettings? {
        var journal = JournalSettings(path: resolved(path: JournalSettings.defaultPath))
        guard let entry else { return journal }
        guard !entry.value.isNone else { return nil }
        let owner = "“journal” (unless it is none)"
        guard let section = readSection(entry, of: owner, keys: Self.journalKeys) else { return journal }
        if let path = section["path"].flatMap({ readPath($0) }) { journal.path = path }
        if let retain = section["retain"] { journal.retention = readRetention(retain) }
        return journal
    }

    /// `7d`, `forever`, or `{ for: 7d, size: 10GB }`, where what is left out is no limit.
    private mutating func readRetention(_ entry: YAMLEntry) -> JournalSettings.Retention {
        var retention = JournalSettings.Retention(age: nil)
        guard case .mapping(let entries) = entry.value.content else {
            if let scalar = readText(entry), scalar.source.text != "forever" { retention.age = readDuration(entry) }
            return retention
        }
        guard let section = readSection(entry, of: "“retain”", keys: Self.retainKeys) else { return retention }
        if let age = section["for"] { retention.age = readDuration(age) }
        if let size = section["size"] { retention.sizeBytes = readSize(size) }
        if entries.isEmpty {
            error(at: entry.value.place, "“retain” sets no limit; write “retain: forever” to keep everything")
        }
        return retention
    }
}
