/// An expression that could not be worked out for a row: what went wrong, without the row's values.
public struct EvaluationError: Error, Hashable, Sendable {
    public var message: String
    /// What failed was not the expression: a row that was put aside could not be had again.
    var row: RowError?

    public init(_ message: String) { self.message = message }

    init(_ message: String, row: RowError) {
        self.message = message
        self.row = row
    }
}

extension EvaluationError: CustomStringConvertible {
    public var description: String { message }
}
