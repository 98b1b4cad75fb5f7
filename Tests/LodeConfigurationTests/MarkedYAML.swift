import LodeConfiguration
import LodeCore
import Testing

/// YAML in which a `▸` stands before each place that a diagnostic is expected at, so that nobody
/// counts columns.
struct MarkedYAML {
    var text = ""
    /// `line:column` of each mark, in the text's order.
    var places: [String] = []

    init(_ marked: String) {
        var line = 1
        var column = 1
        for scalar in marked.unicodeScalars {
            if scalar == "▸" {
                places.append("\(line):\(column)")
                continue
            }
            text.unicodeScalars.append(scalar)
            column += 1
            if scalar == "\n" {
                line += 1
                column = 1
            }
        }
    }
}

/// A source, so that what is tested is not lost among errors about its absence.
let shop = "sources: { shop: { connection: dbname=shop } }\n"

func load(_ text: String, _ environment: [String: String] = [:]) throws(Diagnostics) -> Configuration {
    try Configuration.load(text: text, file: "lode.yaml", environment: environment).configuration
}

/// What a text that must not load is told.
func diagnostics(_ text: String, _ environment: [String: String] = [:]) -> [Diagnostic] {
    do {
        return try Configuration.load(text: text, file: "lode.yaml", environment: environment).warnings
    } catch {
        return error.all
    }
}

/// Expects one error at each mark of the text, in order, with these words in it, and no other.
func expectErrors(
    _ marked: String, _ words: String..., environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let yaml = MarkedYAML(marked)
    let found = diagnostics(yaml.text, environment)
    let report = Comment(rawValue: found.map(\.description).joined(separator: "\n"))
    let places = found.map { diagnostic in diagnostic.place.map { "\($0.line):\($0.column)" } ?? "nowhere" }
    #expect(found.allSatisfy { $0.severity == .error }, report, sourceLocation: sourceLocation)
    #expect(places == yaml.places, report, sourceLocation: sourceLocation)
    #expect(found.count == words.count, report, sourceLocation: sourceLocation)
    for (diagnostic, word) in zip(found, words) {
        #expect(diagnostic.message.contains(word), report, sourceLocation: sourceLocation)
        #expect(diagnostic.message.contains(";"), "what to do is missing", sourceLocation: sourceLocation)
    }
}
