import LodeCore
import Yams

/// The file as Yams reads it.
struct YAMLText {
    /// nil: nothing but comments.
    var root: Node?
    /// The names of the keys at these marks, where they are not what `root` says.
    var names: [TextPosition: String] = [:]

    /// Yams gives up at the first mapping with a key twice. So that the other mistakes are told too,
    /// the first of the two gets another name, of the same length, until all keys differ; `names`
    /// has what it was.
    static func read(_ lines: FileLines) throws(Diagnostic) -> YAMLText {
        var scalars = lines.scalars
        var names: [TextPosition: String] = [:]
        while true {
            do {
                let root = try Yams.compose(yaml: FileLines.string(scalars), .basic, .default, .utf8)
                return YAMLText(root: root, names: names)
            } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
                let position = TextPosition(context.mark)
                guard let name = duplicates.first, names[position] == nil, names.count < mostRenamed,
                    let offset = offset(ofKey: name, at: position, in: lines),
                    let stand = Unicode.Scalar(firstStandIn + UInt32(names.count))
                else {
                    let place = lines.place(position)
                    throw Diagnostic(.error, at: place, "this key stands more than once in its mapping; keep one")
                }
                scalars[offset] = stand
                names[position] = name
            } catch let error as YamlError {
                throw YAMLMistake.diagnostic(of: error, in: lines)
            } catch {
                throw Diagnostic(.error, at: lines.place(.start), "not YAML; \(YAMLMistake.generalAdvice)")
            }
        }
    }

    private static let mostRenamed = 100
    /// The first character of Unicode's private use area.
    private static let firstStandIn: UInt32 = 0xE000

    /// Where in the file's scalars the key's name starts; nil when it cannot be renamed there.
    private static func offset(ofKey name: String, at position: TextPosition, in lines: FileLines) -> Int? {
        let line = lines.line(position.line)
        var column = position.column
        if let first = line.dropFirst(column - 1).first, first == "\"" || first == "'" { column += 1 }
        let rest = line.dropFirst(column - 1)
        return !name.isEmpty && rest.starts(with: name.unicodeScalars) ? rest.startIndex : nil
    }
}

/// A line and a column in it, both from 1; the column in Unicode scalars.
struct TextPosition: Hashable {
    var line: Int
    var column: Int

    static let start = TextPosition(line: 1, column: 1)

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }

    init(of node: Node) { self = node.mark.map { TextPosition($0) } ?? .start }
}
