import Lode

/// What a changed mapping means to the events' readers, for a person.
struct ContractText {
    let paint: Paint

    func lines(of changes: [ContractChange]) -> [String] {
        guard !changes.isEmpty else { return [] }
        let breaking = changes.filter(\.isBreaking)
        let title = breaking.isEmpty ? "no change breaks a reader" : "\(breaking.count) changes break readers"
        let sorted = breaking + changes.filter { !$0.isBreaking }
        return [paint.bold("contracts: \(title)")]
            + sorted.map { change in
                let place = change.path.isEmpty ? change.type : "\(change.type) \(change.path)"
                let line = "\(place) \(change.message)"
                return change.isBreaking ? paint.red("  breaking  \(line)") : "            \(line)"
            }
    }
}
