/// A record that is not what test_decoding writes.
public struct DecodeError: Error, Hashable, Sendable {
    /// What the record should have had.
    public var expected: String
    /// Where in the record, in bytes from its start.
    public var offset: Int
    /// The record's beginning up to the first value: names, never values.
    public var beginning: String

    public init(expected: String, offset: Int, beginning: String) {
        self.expected = expected
        self.offset = offset
        self.beginning = beginning
    }
}

extension DecodeError: CustomStringConvertible {
    public var description: String {
        "record cannot be read at byte \(offset): expected \(expected); it begins with “\(beginning)”"
    }
}
