/// Casts between types, as `pg_cast` and the input functions have them.
enum Conversion {
    /// What turns a value of one type into one of another; nil when PostgreSQL has no such cast.
    ///
    /// - Parameter modifiers: Of `numeric(10, 2)` or `varchar(20)`.
    static func body(from: ScalarType, to: ScalarType, modifiers: [Int] = []) -> Term.Body? {
        if from == to, modifiers.isEmpty { return { values in values[0] } }
        if to.family.isText { return { values in .text(values[0].text(as: from) ?? []) } }
        if from.family.isText {
            return { values throws(EvaluationFailure) in
                guard case .text(let text) = values[0], let value = Value(text, as: to) else {
                    throw .failed("a text that is no \(to.name) was cast to it")
                }
                return value
            }
        }
        return nil
    }
}
