/// A piece of text out of a file, that knows where each of its characters stands there.
public struct SourceText: Hashable, Sendable {
    public var text: String
    /// Where the text's first character stands; nil for text that comes from no file.
    public var place: Place?
    /// Whether the text stands in the file as it is, so that offsets into it are columns there. Not
    /// so for a value with escapes, over several lines, or after a `${NAME}` was replaced.
    public var isVerbatim: Bool

    public init(_ text: String, at place: Place? = nil, isVerbatim: Bool = true) {
        self.text = text
        self.place = place
        self.isVerbatim = isVerbatim
    }

    /// The place of the character that starts at `offset` UTF-8 bytes.
    public func place(atByte offset: Int) -> Place? {
        guard var place, isVerbatim else { return place }
        place.column += String(decoding: Array(text.utf8.prefix(offset)), as: UTF8.self).unicodeScalars.count
        return place
    }

    public func error(atByte offset: Int = 0, _ message: String) -> Diagnostic {
        Diagnostic(.error, at: place(atByte: offset), message)
    }

    public func warning(atByte offset: Int = 0, _ message: String) -> Diagnostic {
        Diagnostic(.warning, at: place(atByte: offset), message)
    }
}
