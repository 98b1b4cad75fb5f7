import LodeCore

/// Walks lode.yaml from top to bottom and collects all that is wrong with it.
///
/// A part with a mistake is left out and the walk goes on, so that one reading tells everything;
/// the configuration is handed out only when there was no mistake.
struct ConfigurationReader {
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) { self.file = file }

    static let keys = ["sources", "journal", "events", "subscribers", "http", "type_prefix", "on_error", "unknown"]

    /// nil when there were errors.
    mutating func read(_ lines: FileLines, environment: [String: String]) -> Configuration? {
        let configuration = readWhatIsRight(lines, environment: environment)
        return Diagnostics(diagnostics).hasErrors ? nil : configuration
    }

    /// Without the parts that have mistakes; nil when there is nothing right.
    mutating func readWhatIsRight(_ lines: FileLines, environment: [String: String]) -> Configuration? {
        guard let root = readTree(of: lines, environment: environment), let top = readTop(of: root) else { return nil }
        let typePrefix = readTypePrefix(top["type_prefix"])
        let sources = readSources(top["sources"], in: root.place)
        let journal = readJournal(top["journal"])
        let onError = top["on_error"].flatMap { readChoice($0, as: EventDefinition.OnError.self) }
        let unknown = top["unknown"].flatMap { readChoice($0, as: EventDefinition.UnknownPolicy.self) }
        let defaults = EventDefaults(onError: onError ?? .stop, unknown: unknown)
        let events = readEvents(top["events"], sources: sources, defaults: defaults)
        let subscribers = readSubscribers(top["subscribers"], typePrefix: typePrefix ?? "")
        let http = readHTTP(top["http"])
        let configuration = Configuration(
            file: file, sources: sources, journal: journal, events: events, subscribers: subscribers, http: http,
            typePrefix: typePrefix ?? "")
        guard !Diagnostics(diagnostics).hasErrors else { return configuration }
        warnOfNothing(configuration, at: root.place)
        warnOfRepeats(configuration)
        warnOfUnreached(configuration)
        return configuration
    }

    /// What was found, in the file's order; the same is told once, however many aliases lead to it.
    var told: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let once = diagnostics.enumerated().filter { seen.insert($0.element).inserted }
        let sorted = once.sorted { a, b in
            let (left, right) = (a.element.place, b.element.place)
            return (left?.line ?? 0, left?.column ?? 0, a.offset) < (right?.line ?? 0, right?.column ?? 0, b.offset)
        }
        return sorted.map(\.element)
    }

    private mutating func readTree(of lines: FileLines, environment: [String: String]) -> YAMLNode? {
        let forbidden = lines.forbiddenCharacters()
        guard forbidden.isEmpty else {
            diagnostics += forbidden
            return nil
        }
        do {
            let text = try YAMLText.read(lines)
            guard let root = text.root else { return emptyFile() }
            var tree = YAMLTree(text, lines: lines, environment: environment)
            let node = tree.node(root)
            diagnostics += tree.diagnostics
            return node.isNull ? emptyFile() : node
        } catch {
            diagnostics.append(error)
            return nil
        }
    }

    private mutating func emptyFile() -> YAMLNode? {
        error(at: Place(file: file, line: 1, column: 1), "the file is empty; “lode init --connection URL” writes one")
        return nil
    }

    private mutating func readTop(of root: YAMLNode) -> Section? {
        readSection(root, of: "the file", keys: Self.keys)
    }

    private mutating func readTypePrefix(_ entry: YAMLEntry?) -> String? {
        guard let entry, let prefix = readText(entry) else { return nil }
        guard prefix.source.text.unicodeScalars.allSatisfy(EventName.isAllowed) else {
            error(at: entry.value.place, "\(prefix.quoted) cannot begin a type; \(EventName.advice)")
            return nil
        }
        return prefix.source.text
    }
}

extension ConfigurationReader {
    mutating func error(at place: Place?, _ message: String) {
        diagnostics.append(Diagnostic(.error, at: place, message))
    }

    mutating func warning(at place: Place?, _ message: String) {
        diagnostics.append(Diagnostic(.warning, at: place, message))
    }

    mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// A path as the file means it: relative to the file's folder.
    func resolved(path: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}
