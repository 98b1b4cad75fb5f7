import LodeCore

/// A mapping whose keys are known, with only those it may have.
struct Section {
    private var entries: [YAMLEntry]

    init(_ entries: [YAMLEntry]) { self.entries = entries }

    subscript(name: String) -> YAMLEntry? { entries.first { $0.name == name } }

    /// The entries of these names, in the file's order.
    func entries(named names: [String]) -> [YAMLEntry] { entries.filter { names.contains($0.name) } }
}

extension ConfigurationReader {
    /// The node as a mapping of known keys. Says of every other key that it is unknown, or not
    /// supported yet; nil when the node is no mapping.
    ///
    /// - Parameter owner: whose keys they are, as in “the keys of *a source* are”.
    mutating func readSection(
        _ node: YAMLNode, of owner: String, keys: [String], later: [String] = []
    ) -> Section? {
        guard let entries = readMapping(node, of: owner, keys: keys) else { return nil }
        var known: [YAMLEntry] = []
        for entry in entries {
            if keys.contains(entry.name) {
                known.append(entry)
            } else if later.contains(entry.name) {
                error(at: entry.key.place, "“\(entry.name)” is not supported yet; remove it")
            } else {
                unknown(entry.key, of: owner, keys: keys, later: later)
            }
        }
        return Section(known)
    }

    /// An entry's value as a mapping of known keys.
    mutating func readSection(
        _ entry: YAMLEntry, of owner: String, keys: [String], later: [String] = []
    ) -> Section? {
        guard !entry.value.isNull else {
            error(at: entry.key.place, "“\(entry.name)” has no value; give it one, or leave it out")
            return nil
        }
        return readSection(entry.value, of: owner, keys: keys, later: later)
    }

    /// The node as a mapping of names that the file makes up; nil when it is no mapping.
    mutating func readMapping(_ node: YAMLNode, of owner: String, keys: [String] = []) -> [YAMLEntry]? {
        switch node.content {
        case .mapping(let entries):
            return entries
        case .invalid:
            return nil
        case .scalar, .list:
            let example = keys.first.map { "write keys with values, such as “\($0): ...”" }
            let advice = example ?? "write names with a colon"
            error(at: node.place, "\(owner) is a mapping, not \(node.kindName); \(advice)")
            return nil
        }
    }

    private mutating func unknown(_ key: SourceText, of owner: String, keys: [String], later: [String]) {
        var place = key.place
        let advice: String
        if let nearest = nearestName(to: key.text, among: keys + later) {
            advice = "did you mean “\(nearest)”?"
            if SecretLines.isSecretName(nearest) { place?.lineText = nil }
        } else if keys.isEmpty {
            advice = "\(owner) has no keys"
        } else {
            advice = "the keys of \(owner) are " + keys.joined(separator: ", ")
        }
        error(at: place, "unknown key “\(key.text)”; \(advice)")
    }

    /// An entry's value as text that says something.
    mutating func readText(_ entry: YAMLEntry) -> YAMLScalar? {
        readText(entry.value, of: "“\(entry.name)”", at: entry.key.place)
    }

    /// - Parameters:
    ///   - name: what the text is, for messages.
    ///   - keyPlace: where to point when there is no value to point at.
    mutating func readText(_ node: YAMLNode, of name: String, at keyPlace: Place?) -> YAMLScalar? {
        switch node.content {
        case .scalar(let scalar) where scalar.isNull:
            error(at: keyPlace, "\(name) has no value; give it one, or leave it out")
            return nil
        case .scalar(let scalar):
            guard scalar.source.text.utf8.contains(where: { !$0.isSpaceOrTab }) else {
                error(at: node.place, "\(name) is empty; give it a value, or leave it out")
                return nil
            }
            return scalar
        case .invalid:
            return nil
        case .list, .mapping:
            error(at: node.place, "\(name) is a text, not \(node.kindName); write one value, in quotes if need be")
            return nil
        }
    }
}
