/// A type that a subscriber takes, `OrderPlaced`, or many, `Order*`.
///
/// It may be written with or without the file's `type_prefix`: under `type_prefix: com.example.`
/// both `Order*` and `com.example.Order*` take `com.example.OrderPlaced`.
public struct TypePattern: Hashable, Sendable {
    /// `*` stands for any number of characters; all else for itself, case and all.
    public var text: String
    public var typePrefix: String

    public static let all = TypePattern("*")

    public init(_ text: String, typePrefix: String = "") {
        self.text = text
        self.typePrefix = typePrefix
    }

    /// Whether the pattern fits a type, prefix and all.
    public func matches(_ type: String) -> Bool {
        let pattern = Array(text.utf8)
        let bytes = Array(type.utf8)
        if Self.fits(pattern, bytes[...]) { return true }
        let prefix = typePrefix.utf8
        return !prefix.isEmpty && bytes.starts(with: prefix) && Self.fits(pattern, bytes.dropFirst(prefix.count))
    }

    /// Left to right; on a mismatch the last `*` takes one byte more.
    private static func fits(_ pattern: [UInt8], _ text: ArraySlice<UInt8>) -> Bool {
        let star = UInt8(ascii: "*")
        var here = 0
        var there = text.startIndex
        var retry: (here: Int, there: Int)?
        while there < text.endIndex {
            if here < pattern.count, pattern[here] == star {
                retry = (here + 1, there)
                here += 1
            } else if here < pattern.count, pattern[here] == text[there] {
                here += 1
                there += 1
            } else if let last = retry {
                retry = (last.here, last.there + 1)
                here = last.here
                there = last.there + 1
            } else {
                return false
            }
        }
        return pattern[here...].allSatisfy { $0 == star }
    }
}
