/// A piece of text out of a file, that knows where each of its characters stands there.
public struct SourceText: Hashable, Sendable {
    public var text: String
    /// Where the text's first character stands; nil for text that comes from no file.
    public var place: Place?
    /// Whether the text stands in the file as it is, so that offsets into it are places there: on one
    /// line, or on lines that all begin in the first one's column. Not so for a value with escapes, one
    /// whose lines are joined, or after a `${NAME}` was replaced.
    public var isVerbatim: Bool

    public init(_ text: String, at place: Place? = nil, isVerbatim: Bool = true) {
        self.text = text
        self.place = place
        self.isVerbatim = isVerbatim
    }

    /// The place of the character that starts at `offset` UTF-8 bytes.
    public func place(atByte offset: Int) -> Place? {
        guard var place, isVerbatim else { return place }
        let before = text.utf8.prefix(offset)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { text.utf8.index(after: $0) }
        if let start {
            place.line += before.count { $0 == UInt8(ascii: "\n") }
            // Before a block's lines stands nothing but its indentation.
            let line = text.utf8[start...].prefix { $0 != UInt8(ascii: "\n") }
            let indentation = String(repeating: " ", count: place.column - 1)
            place.lineText = place.lineText.map { _ in indentation + String(decoding: Array(line), as: UTF8.self) }
        }
        let inLine = before[(start ?? before.startIndex)...]
        place.column += String(decoding: Array(inLine), as: UTF8.self).unicodeScalars.count
        return place
    }

    public func error(atByte offset: Int = 0, _ message: String) -> Diagnostic {
        Diagnostic(.error, at: place(atByte: offset), message)
    }

    public func warning(atByte offset: Int = 0, _ message: String) -> Diagnostic {
        Diagnostic(.warning, at: place(atByte: offset), message)
    }
}
