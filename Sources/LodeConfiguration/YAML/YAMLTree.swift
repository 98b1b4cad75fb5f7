import LodeCore
import Yams

/// Makes ``YAMLNode``s of what Yams read, and says what a configuration does not want of YAML.
struct YAMLTree {
    private let lines: FileLines
    private let names: [TextPosition: String]
    private let environment: EnvironmentSubstitution
    private(set) var diagnostics: [Diagnostic] = []
    private var count = 0

    static let deepest = 64
    /// With aliases of aliases a small file can mean any number of nodes.
    static let mostNodes = 100_000

    init(_ text: YAMLText, lines: FileLines, environment: [String: String]) {
        self.lines = lines
        names = text.names
        self.environment = EnvironmentSubstitution(environment)
    }

    mutating func node(_ node: Node, depth: Int = 0) -> YAMLNode {
        let position = TextPosition(of: node)
        let place = lines.place(position)
        count += 1
        guard count <= Self.mostNodes else {
            if count == Self.mostNodes + 1 { tell(place, "the file has too many values; use fewer aliases (*name)") }
            return YAMLNode(place: place, content: .invalid)
        }
        guard depth <= Self.deepest else {
            tell(place, "this is nested more than \(Self.deepest) levels deep; make it flatter")
            return YAMLNode(place: place, content: .invalid)
        }
        switch node {
        case .scalar(let scalar):
            checkTag(scalar.tag, place)
            return self.scalar(scalar, at: position)
        case .sequence(let sequence):
            checkTag(sequence.tag, place)
            return YAMLNode(place: place, content: .list(sequence.map { self.node($0, depth: depth + 1) }))
        case .mapping(let mapping):
            checkTag(mapping.tag, place)
            return YAMLNode(place: place, content: .mapping(entries(of: mapping, depth: depth)))
        case .alias:
            tell(place, "this alias leads nowhere; write the value out")
            return YAMLNode(place: place, content: .invalid)
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var firstLines: [String: Int] = [:]
        for (keyNode, valueNode) in mapping {
            guard let key = key(keyNode) else { continue }
            let line = key.place?.line ?? 1
            if let first = firstLines[key.text] {
                tell(key.place, "“\(key.text)” stands here twice, first in line \(first); keep one")
                continue
            }
            firstLines[key.text] = line
            let isQuoted = keyNode.scalar.map { $0.style == .singleQuoted || $0.style == .doubleQuoted } ?? false
            entries.append(YAMLEntry(key: key, value: node(valueNode, depth: depth + 1), isQuoted: isQuoted))
        }
        return entries
    }

    private mutating func key(_ node: Node) -> SourceText? {
        let position = TextPosition(of: node)
        guard case .scalar(let scalar) = node else {
            tell(lines.place(position), "a key cannot be a list or mapping; write a name")
            return nil
        }
        let name = names[position] ?? scalar.string
        let found = ScalarPlace(of: name, style: scalar.style, at: position, in: lines)
        let place = lines.place(found.position)
        checkTag(scalar.tag, place)
        if name == "<<", scalar.style == .plain {
            tell(place, "merge keys (<<) are not supported; write the keys out, or use an alias as a value")
            return nil
        }
        guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            tell(place, "a key is empty or has a control character in it; write a name before the colon")
            return nil
        }
        return SourceText(name, at: place, isVerbatim: found.isVerbatim)
    }

    private mutating func scalar(_ scalar: Node.Scalar, at position: TextPosition) -> YAMLNode {
        let isBlock = scalar.style == .literal || scalar.style == .folded
        // The line breaks around a block's text belong to how it is written.
        let written = isBlock ? Self.withoutBreaksAround(scalar.string) : scalar.string
        let found = ScalarPlace(of: written, style: scalar.style, at: position, in: lines)
        let place = lines.place(found.position)
        let source = SourceText(written, at: place, isVerbatim: found.isVerbatim)
        do throws(Diagnostic) {
            let text = try environment.apply(to: source)
            guard !text.text.unicodeScalars.contains("\0") else {
                throw Diagnostic(.error, at: place, "the value has a zero character in it; remove it")
            }
            let isPlain = scalar.style == .plain || scalar.style == .any
            let isNull = isPlain && ["", "~", "null", "Null", "NULL"].contains(written)
            let isSecret = lines.isSecret(line: found.position.line)
            let value = YAMLScalar(source: text, written: written, isNull: isNull, isSecret: isSecret)
            return YAMLNode(place: place, content: .scalar(value))
        } catch {
            diagnostics.append(error)
            return YAMLNode(place: place, content: .invalid)
        }
    }

    private static func withoutBreaksAround(_ text: String) -> String {
        var scalars = text.unicodeScalars.drop { $0 == "\n" }
        while scalars.last == "\n" { scalars.removeLast() }
        return String(scalars)
    }

    /// YAML's own tags change nothing here, where every scalar is text; another's would be ignored.
    private mutating func checkTag(_ tag: Tag, _ place: Place) {
        let name = tag.description
        if !name.isEmpty, name != "!", !name.hasPrefix("tag:yaml.org,2002:") {
            tell(place, "tags are not supported; remove the word that starts with !")
        }
    }

    private mutating func tell(_ place: Place?, _ message: String) {
        diagnostics.append(Diagnostic(.error, at: place, message))
    }
}
