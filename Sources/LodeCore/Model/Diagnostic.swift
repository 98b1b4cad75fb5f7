/// A word to the person who wrote the file: where, what is wrong, what to do.
///
///     lode.yaml:12:11: error: table public.orders has no column “statsu”; did you mean “status”?
///         when: statsu = 'NEW'
///               ^
public struct Diagnostic: Error, Hashable, Sendable {
    public enum Severity: String, Sendable {
        case error
        case warning
    }

    public var severity: Severity
    public var place: Place?
    /// What is wrong, then a semicolon and what to do.
    public var message: String

    public init(_ severity: Severity = .error, at place: Place? = nil, _ message: String) {
        self.severity = severity
        self.place = place
        self.message = message
    }
}

/// A place in a file that a person wrote.
public struct Place: Hashable, Sendable {
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// The whole line, for the caret; nil when it is not at hand.
    public var lineText: String?

    public init(file: String, line: Int, column: Int, lineText: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.lineText = lineText
    }
}

extension Diagnostic: CustomStringConvertible {
    public var description: String {
        guard let place else { return "\(severity.rawValue): \(message)" }
        var text = "\(place.file):\(place.line):\(place.column): \(severity.rawValue): \(message)"
        if let line = place.lineText {
            // Tabs are kept, so that the caret stands under its column on any screen.
            let before = line.unicodeScalars.prefix(place.column - 1).map { $0 == "\t" ? "\t" : " " }
            text += "\n\(line)\n\(before.joined())^"
        }
        return text
    }
}

/// Several at once: a file with ten mistakes is told all ten.
public struct Diagnostics: Error, Sendable, CustomStringConvertible {
    public var all: [Diagnostic]

    public init(_ all: [Diagnostic] = []) { self.all = all }

    public var hasErrors: Bool { all.contains { $0.severity == .error } }
    public var description: String { all.map(\.description).joined(separator: "\n") }
}
