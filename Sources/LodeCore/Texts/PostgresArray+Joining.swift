extension PostgresArray {
    /// `array_append`, `array || element`.
    func appending(_ element: [UInt8]?) throws(EvaluationError) -> PostgresArray {
        guard dimensions.count <= 1 else { throw Self.notOneDimension("array_append") }
        let bounds = Dimension(lower: lower() ?? 1, count: elements.count + 1)
        return PostgresArray(elements + [element], dimensions: [bounds])
    }

    /// `array_prepend`, `element || array`: the first subscript stays.
    func prepending(_ element: [UInt8]?) throws(EvaluationError) -> PostgresArray {
        guard dimensions.count <= 1 else { throw Self.notOneDimension("array_prepend") }
        let bounds = Dimension(lower: lower() ?? 1, count: elements.count + 1)
        return PostgresArray([element] + elements, dimensions: [bounds])
    }

    private static func notOneDimension(_ function: String) -> EvaluationError {
        EvaluationError("\(function): the array must be empty or have one dimension")
    }

    /// `array_cat`, `array || array`: of equal dimensions, or one is as an element of the other.
    func joined(with other: PostgresArray) throws(EvaluationError) -> PostgresArray {
        if dimensions.isEmpty { return other }
        if other.dimensions.isEmpty { return self }
        let all = elements + other.elements
        var bounds = dimensions
        switch dimensions.count - other.dimensions.count {
        case 0:
            // The inner dimensions must be the same, bounds included.
            guard dimensions.dropFirst() == other.dimensions.dropFirst() else { throw Self.incompatible }
            bounds[0].count += other.dimensions[0].count
        case 1:
            guard dimensions.dropFirst().elementsEqual(other.dimensions) else { throw Self.incompatible }
            bounds[0].count += 1
        case -1:
            guard other.dimensions.dropFirst().elementsEqual(dimensions) else { throw Self.incompatible }
            bounds = other.dimensions
            bounds[0].count += 1
        default: throw Self.incompatible
        }
        return PostgresArray(all, dimensions: bounds)
    }

    private static var incompatible: EvaluationError {
        EvaluationError("cannot concatenate incompatible arrays: their dimensions differ")
    }
}
