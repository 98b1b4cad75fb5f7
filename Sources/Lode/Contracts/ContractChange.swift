import LodeCore

/// What a changed mapping means to an event's readers.
public struct ContractChange: Hashable, Sendable {
    /// The event's type.
    public var type: String
    /// The place in the data, as ``SchemaChange/path``; empty: the event itself.
    public var path: String
    public var isBreaking: Bool
    public var message: String

    /// In the old one's order, then what is new.
    public static func between(_ old: EventContracts, _ new: EventContracts) -> [ContractChange] {
        var after: [String: EventContract] = [:]
        for entry in new.entries { after[entry.contract.title] = entry.contract }
        var changes: [ContractChange] = []
        var known: Set<String> = []
        for before in old.entries.map(\.contract) where known.insert(before.title).inserted {
            guard let now = after[before.title] else {
                changes.append(
                    ContractChange(type: before.title, path: "", isBreaking: true, message: "is no longer made"))
                continue
            }
            changes += between(before, now)
        }
        for entry in new.entries where known.insert(entry.contract.title).inserted {
            changes.append(ContractChange(type: entry.contract.title, path: "", isBreaking: false, message: "is new"))
        }
        return changes
    }

    private static func between(_ old: EventContract, _ new: EventContract) -> [ContractChange] {
        var changes: [ContractChange] = []
        if old.key != new.key {
            // Readers that keep one entity's events in order do so by its key.
            let isBreaking = old.key == .always || new.key == .never
            let words =
                isBreaking ? (new.key == .never ? "has no key any more" : "may now have no key") : "has now a key"
            changes.append(ContractChange(type: old.title, path: "", isBreaking: isBreaking, message: words))
        }
        if old.data != new.data {
            let isBreaking = old.data == .always
            changes.append(
                ContractChange(
                    type: old.title, path: "", isBreaking: isBreaking,
                    message: isBreaking ? "may now have no data" : "has now always data"))
        }
        changes += SchemaChange.between(old.schema, new.schema).map {
            ContractChange(
                type: old.title, path: $0.path.isEmpty ? "data" : "data.\($0.path)", isBreaking: $0.isBreaking,
                message: $0.message)
        }
        return changes
    }
}
