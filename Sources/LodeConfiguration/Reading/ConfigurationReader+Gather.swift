import LodeCore

extension ConfigurationReader {
    /// Other changes of the transaction, in the file's order.
    ///
    /// - Returns: Beside them all names that were written, also of those with a mistake, so that it
    ///   is not told of twice; nil when they could not be read.
    mutating func readGather(
        _ entry: YAMLEntry?, trigger: EventDefinition.Trigger?
    ) -> (gathers: [EventDefinition.Gather], names: [String]?) {
        guard let entry else { return ([], []) }
        let example = "write “lines: insert into order_lines where order_id = orders.id” under it"
        if entry.value.isNull {
            error(at: entry.key.place, "“gather” names nothing; \(example), or remove it")
            return ([], nil)
        }
        guard case .mapping(let entries) = entry.value.content else {
            if case .invalid = entry.value.content { return ([], nil) }
            error(at: entry.value.place, "“gather” is a mapping, not \(entry.value.kindName); \(example)")
            return ([], nil)
        }
        if entries.isEmpty { error(at: entry.value.place, "“gather” names nothing; \(example), or remove it") }
        var gathers: [EventDefinition.Gather] = []
        var names: [String: Place?] = [:]
        for entry in entries {
            var name = entry.key
            // As in an expression, where the name has no quotes.
            name.text = Identifier.folded(name.text.utf8)
            if let first = names[name.text] {
                let line = first.map { ", in line \($0.line)" } ?? ""
                error(at: name.place, "“\(entry.name)” is gathered already\(line); choose another name")
            } else {
                names[name.text] = name.place
                checkGatherName(entry.key, folded: name.text, trigger: trigger)
            }
            if let gather = readGathered(entry, name: name) { gathers.append(gather) }
        }
        return (gathers, Array(names.keys).sorted())
    }

    private mutating func readGathered(_ entry: YAMLEntry, name: SourceText) -> EventDefinition.Gather? {
        guard let from = readText(entry)?.source else { return nil }
        do throws(Diagnostic) {
            let (operation, table, condition) = try ClauseReader.gather(from)
            return EventDefinition.Gather(
                name: name, from: from, operation: operation, table: table, condition: condition)
        } catch {
            add(error)
            return nil
        }
    }

    /// What stands for something else where a gather's name is used.
    static let reservedGatherNames = ["old", "new", "trigger", "prefix", "content", "event"]

    private mutating func checkGatherName(_ name: SourceText, folded: String, trigger: EventDefinition.Trigger?) {
        let written = "“\(name.text)” cannot name a gather"
        if !Identifier.isOne(folded) {
            error(at: name.place, "\(written); use letters, digits and _, and no digit at the start")
        } else if Self.reservedGatherNames.contains(folded) {
            error(at: name.place, "\(written): it means something else in expressions; choose another name")
        } else if folded == trigger?.table?.name {
            error(at: name.place, "\(written): it is the trigger's table; choose another name")
        } else if isKeyword(folded) {
            error(at: name.place, "\(written): it is a word of the language; choose another name")
        }
    }

    /// Whether an expression cannot begin with the name, as in `lines.quantity`.
    private func isKeyword(_ name: String) -> Bool { (try? Expression.parse(SourceText(name + ".column"))) == nil }
}
