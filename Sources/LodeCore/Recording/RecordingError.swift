/// Why a recording cannot be read further. All that stands before it has been delivered.
public struct RecordingError: Error, Hashable, Sendable {
    public enum Reason: Sendable {
        /// None of the three formats.
        case unknownFormat
        /// Written by a Lode with a format that this one does not know.
        case newerVersion
        /// Ends in the middle of a record or of a transaction.
        case cutShort
        /// Holds something that is no record.
        case damaged
    }

    public var reason: Reason
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// From the recording's start, in bytes; where only the line is known, the line's start.
    public var offset: Int
    /// What is wrong and what to do: names, never values.
    public var message: String

    public init(_ reason: Reason, line: Int, column: Int = 1, offset: Int, _ message: String) {
        self.reason = reason
        self.line = line
        self.column = column
        self.offset = offset
        self.message = message
    }

    /// The same for a person who reads `file`.
    public func diagnostic(file: String) -> Diagnostic {
        Diagnostic(at: Place(file: file, line: line, column: column), "\(message) (byte \(offset))")
    }
}

extension RecordingError: CustomStringConvertible {
    public var description: String { "line \(line), byte \(offset): \(message)" }
}
