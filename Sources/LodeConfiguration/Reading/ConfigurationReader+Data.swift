import LodeCore

extension ConfigurationReader {
    /// An expression, members with names, or `each` and `as`: a list with one member a gathered row.
    ///
    /// A mapping of exactly the keys `each` and `as` is a list; in any other mapping a member may have
    /// one of these names when it stands in quotes.
    ///
    /// - Parameter lists: the names of the way's gathers; nil: not known.
    mutating func readData(_ entry: YAMLEntry, lists: [String]?) -> DataTemplate? {
        switch entry.value.content {
        case .scalar:
            return readExpression(entry).map(DataTemplate.expression)
        case .list:
            let advice = "write names with expressions, or “each: lines” and “as: ...” for a list of gathered rows"
            error(at: entry.value.place, "“\(entry.name)” cannot be a list here; \(advice)")
            return nil
        case .invalid:
            return nil
        case .mapping(let members):
            let each = members.first { $0.name == "each" }
            let element = members.first { $0.name == "as" }
            if let each, let element, members.count == 2 {
                let list = readList(each, lists: lists)
                guard let template = readData(element, lists: lists), let list else { return nil }
                return .each(list: list, as: template)
            }
            guard isPlainObject(members, each: each, element: element, lists: lists) else { return nil }
            return .object(
                members.compactMap { member in
                    readData(member, lists: lists).map { DataTemplate.Member(name: member.name, value: $0) }
                })
        }
    }

    /// Whether `each` and `as` are members like others; says what is missing or too much when not.
    private mutating func isPlainObject(
        _ members: [YAMLEntry], each: YAMLEntry?, element: YAMLEntry?, lists: [String]?
    ) -> Bool {
        let words = [each, element].compactMap(\.self).filter { !$0.isQuoted }
        guard let word = words.first else { return true }
        let quoted = "a member of this name stands in quotes: \"\(word.name)\""
        if let each, let element {
            for extra in members where extra.name != "each" && extra.name != "as" {
                let advice = "put it under “as”, or beside the list"
                error(at: extra.key.place, "“\(extra.name)” cannot stand beside “each” and “as”; \(advice)")
            }
            _ = readList(each, lists: lists)
            _ = readData(element, lists: lists)
        } else if word.name == "each" {
            let advice = "add “as: ...” beside it, which says what a member of the list is (\(quoted))"
            error(at: word.key.place, "“each” has no “as”; \(advice)")
        } else {
            let advice = "add “each: ...” beside it, which says over what the list runs (\(quoted))"
            error(at: word.key.place, "“as” has no “each”; \(advice)")
        }
        return false
    }

    private mutating func readList(_ entry: YAMLEntry, lists: [String]?) -> SourceText? {
        guard let scalar = readText(entry) else { return nil }
        var name = scalar.source
        name.text = Identifier.folded(name.text.utf8)
        guard let lists, !lists.contains(name.text) else { return name }
        let advice: String
        if lists.isEmpty {
            advice = "add “gather: { lines: insert into order_lines where order_id = orders.id }” to the event"
        } else if let nearest = nearestName(to: name.text, among: lists) {
            advice = "did you mean “\(nearest)”?"
        } else {
            advice = "this way gathers " + lists.joined(separator: ", ")
        }
        error(at: entry.value.place, "nothing is gathered as \(scalar.quoted); \(advice)")
        return nil
    }
}
