/// A PostgreSQL array (arrayfuncs.c, array_userfuncs.c): its elements' texts, row after row, and its bounds.
///
/// Elements are compared by a closure of the caller, who knows their type.
struct PostgresArray: Hashable, Sendable {
    struct Dimension: Hashable, Sendable {
        /// The first subscript, 1 unless the array says otherwise.
        var lower: Int
        var count: Int

        /// The last subscript.
        var upper: Int { lower &+ count &- 1 }
    }

    var elements: [[UInt8]?]
    /// None for the empty array; PostgreSQL allows 6 (MAXDIM).
    var dimensions: [Dimension]

    static let mostDimensions = 6

    /// One dimension that counts from one; the empty array without elements.
    init(_ elements: [[UInt8]?] = []) {
        self.elements = elements
        dimensions = elements.isEmpty ? [] : [Dimension(lower: 1, count: elements.count)]
    }

    /// - Precondition: the counts' product is the elements' number.
    init(_ elements: [[UInt8]?], dimensions: [Dimension]) {
        self.elements = elements
        self.dimensions = dimensions
    }

    /// `cardinality`
    var cardinality: Int { elements.count }

    /// `array_length`: of dimension number `dimension`, counted from one; nil (null) when there is none.
    func length(_ dimension: Int = 1) -> Int? { has(dimension) ? dimensions[dimension - 1].count : nil }

    /// `array_lower`
    func lower(_ dimension: Int = 1) -> Int? { has(dimension) ? dimensions[dimension - 1].lower : nil }

    /// `array_upper`
    func upper(_ dimension: Int = 1) -> Int? { has(dimension) ? dimensions[dimension - 1].upper : nil }

    private func has(_ dimension: Int) -> Bool { dimension >= 1 && dimension <= dimensions.count }

    /// `array[i]`, `array[i][j]`: null outside the bounds, and when there are fewer or more subscripts than
    /// dimensions.
    subscript(_ subscripts: Int...) -> [UInt8]? { element(at: subscripts) }

    func element(at subscripts: [Int]) -> [UInt8]? {
        guard !dimensions.isEmpty, subscripts.count == dimensions.count else { return nil }
        var offset = 0
        for (dimension, place) in zip(dimensions, subscripts) {
            guard place >= dimension.lower, place <= dimension.upper else { return nil }
            offset = offset * dimension.count + (place - dimension.lower)
        }
        return offset < elements.count ? elements[offset] : nil
    }

    // MARK: - Searching

    typealias Equality = (_ one: [UInt8], _ other: [UInt8]) throws -> Bool

    /// `value = any (array)` for a value that is not null: nil (null) when only a null element could match.
    func contains(_ value: [UInt8], by areEqual: Equality) rethrows -> Bool? {
        var hasNull = false
        for element in elements {
            guard let element else {
                hasNull = true
                continue
            }
            if try areEqual(element, value) { return true }
        }
        return hasNull ? nil : false
    }

    /// `array_position`: the subscript of the first such element; a null value finds a null element.
    func position(of value: [UInt8]?, by areEqual: Equality) throws -> Int? {
        guard dimensions.count <= 1 else {
            throw EvaluationError("array_position: the array has \(dimensions.count) dimensions; only one is searched")
        }
        for (offset, element) in elements.enumerated() {
            let isFound =
                if let element, let value { try areEqual(element, value) } else { element == nil && value == nil }
            if isFound { return (lower() ?? 1) &+ offset }
        }
        return nil
    }

    /// `self @> other`: every element of the other one is here too. A null one never is.
    func containsAll(of other: PostgresArray, by areEqual: Equality) rethrows -> Bool {
        for wanted in other.elements {
            guard let wanted, try contains(wanted, by: areEqual) == true else { return false }
        }
        return true
    }

    /// `self && other`: an element that is not null is in both.
    func overlaps(_ other: PostgresArray, by areEqual: Equality) rethrows -> Bool {
        for case .some(let wanted) in other.elements where try contains(wanted, by: areEqual) == true { return true }
        return false
    }

    /// `self = other`: the same bounds and elements; null ones are equal.
    func isEqual(to other: PostgresArray, by areEqual: Equality) rethrows -> Bool {
        guard dimensions == other.dimensions, elements.count == other.elements.count else { return false }
        for (one, two) in zip(elements, other.elements) {
            guard (one == nil) == (two == nil) else { return false }
            if let one, let two, try !areEqual(one, two) { return false }
        }
        return true
    }
}
