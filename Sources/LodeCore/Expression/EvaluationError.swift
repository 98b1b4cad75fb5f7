/// An expression that could not be worked out for a row: what went wrong, without the row's values.
public struct EvaluationError: Error, Hashable, Sendable {
    public var message: String

    public init(_ message: String) { self.message = message }
}

extension EvaluationError: CustomStringConvertible {
    public var description: String { message }
}
