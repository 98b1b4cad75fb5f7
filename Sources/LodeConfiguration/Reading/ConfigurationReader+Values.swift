import LodeCore

extension ConfigurationReader {
    /// Any scalar is an expression: also a number, `true`, `null`.
    mutating func readExpression(_ entry: YAMLEntry) -> SourceText? {
        if case .scalar(let scalar) = entry.value.content, scalar.isNull {
            if ["null", "Null", "NULL"].contains(scalar.written) { return scalar.source }
            error(at: entry.key.place, "“\(entry.name)” has no value; write an expression, or null for the value null")
            return nil
        }
        return readText(entry)?.source
    }

    /// An entry's value as one of a few words.
    mutating func readChoice<Choice: RawRepresentable<String> & CaseIterable>(
        _ entry: YAMLEntry, as _: Choice.Type
    ) -> Choice? {
        guard let scalar = readText(entry) else { return nil }
        if let choice = Choice(rawValue: scalar.source.text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        let nearest = nearestName(to: scalar.source.text, among: words).map { "did you mean “\($0)”?" }
        let all = (words.count > 1 ? words.dropLast().joined(separator: ", ") + " or " : "") + (words.last ?? "")
        error(
            at: entry.value.place,
            "\(scalar.quoted) is nothing that “\(entry.name)” can be; \(nearest ?? "write \(all)")")
        return nil
    }

    /// `true` or `false`, in quotes or not; the other words that YAML 1.1 took for these are refused.
    mutating func readFlag(_ entry: YAMLEntry) -> Bool? {
        guard let scalar = readText(entry) else { return nil }
        switch scalar.source.text {
        case "true": return true
        case "false": return false
        default:
            error(at: entry.value.place, "\(scalar.quoted) is not a yes or no; write true or false")
            return nil
        }
    }

    /// An entry's value as a duration of more than nothing.
    mutating func readDuration(_ entry: YAMLEntry) -> Duration? {
        guard let scalar = readText(entry) else { return nil }
        guard let duration = DurationText.parse(scalar.source.text), duration > .zero else {
            error(at: entry.value.place, "\(scalar.quoted) is not a duration; \(DurationText.advice)")
            return nil
        }
        return duration
    }

    /// An entry's value as a number of bytes, more than none.
    mutating func readSize(_ entry: YAMLEntry) -> Int64? {
        guard let scalar = readText(entry) else { return nil }
        guard let size = SizeText.parse(scalar.source.text), size > 0 else {
            error(at: entry.value.place, "\(scalar.quoted) is not a size; \(SizeText.advice)")
            return nil
        }
        return size
    }

    /// An entry's value as a path, joined to the file's folder.
    mutating func readPath(_ entry: YAMLEntry) -> String? {
        guard let scalar = readText(entry) else { return nil }
        return resolved(path: scalar.source.text)
    }
}
