/// Functions and operators of arrays (arrayfuncs.c, array_userfuncs.c). Elements are compared as their type is.
enum ArrayFunctions {
    static let all = bounds + joining + searching

    private static func dimension(
        _ name: String, _ work: @escaping @Sendable (PostgresArray, Int) -> Int?
    ) -> Function {
        Function(name, [.anyArray, .type(.integer)], .type(.integer)) { _ in
            Function.body { .integer(optional: try work($0.array(0), $0.int(1))) }
        }
    }

    private static let bounds: [Function] = [
        dimension("array_length") { $0.length($1) },
        dimension("array_lower") { $0.lower($1) },
        dimension("array_upper") { $0.upper($1) },
        Function("array_ndims", [.anyArray], .type(.integer)) { _ in
            Function.body {
                let count = try $0.array(0).dimensions.count
                return .integer(optional: count == 0 ? nil : count)
            }
        },
        Function("array_dims", [.anyArray], .type(.text)) { _ in
            Function.body {
                let bounds = try $0.array(0).dimensions.map { "[\($0.lower):\($0.upper)]" }.joined()
                return bounds.isEmpty ? .null : .text(Array(bounds.utf8))
            }
        },
        Function("cardinality", [.anyArray], .type(.integer)) { _ in
            Function.body { .integer(optional: try $0.array(0).cardinality) }
        },
    ]

    // MARK: - Joining

    /// Null arrays are as empty ones: the operators and functions are not strict.
    private static func joined(_ name: String) -> Function {
        Function(name, [.compatibleArray, .compatibleArray], .argument(0), isStrict: false) { _ in
            Function.body {
                if $0[0] == .null { return $0[1] }
                if $0[1] == .null { return $0[0] }
                return .text(try $0.array(0).joined(with: $0.array(1)).text())
            }
        }
    }

    private static func appended(_ name: String) -> Function {
        Function(name, [.compatibleArray, .compatibleElement], .argument(0), isStrict: false) { site in
            Function.body {
                let array = $0[0] == .null ? PostgresArray() : try $0.array(0)
                return .text(try array.appending($0[1].output(as: site.types[1])).text())
            }
        }
    }

    private static func prepended(_ name: String) -> Function {
        Function(name, [.compatibleElement, .compatibleArray], .argument(1), isStrict: false) { site in
            Function.body {
                let array = $0[1] == .null ? PostgresArray() : try $0.array(1)
                return .text(try array.prepending($0[0].output(as: site.types[0])).text())
            }
        }
    }

    private static let joining: [Function] = [
        joined("||"), joined("array_cat"), appended("||"), appended("array_append"), prepended("||"),
        prepended("array_prepend"),
    ]

    // MARK: - Searching

    private static func compared(
        _ name: String,
        _ work: @escaping @Sendable (PostgresArray, PostgresArray, PostgresArray.Equality) throws -> Bool
    ) -> Function {
        Function(name, [.anyArray, .anyArray], .type(.boolean)) { site throws(FunctionError) in
            let elements = try ArrayElements(of: site.types[0])
            return Function.body { .boolean(try work($0.array(0), $0.array(1), elements.areEqual)) }
        }
    }

    private static let searching: [Function] = [
        compared("@>") { try $0.containsAll(of: $1, by: $2) },
        compared("<@") { try $1.containsAll(of: $0, by: $2) },
        compared("&&") { try $0.overlaps($1, by: $2) },
        Function("array_position", [.compatibleArray, .compatibleElement], .type(.integer), isStrict: false) {
            site throws(FunctionError) in
            let elements = try ArrayElements(of: site.types[0])
            return Function.body { values in
                guard values[0] != .null else { return .null }
                let wanted = values[1].output(as: site.types[1])
                return .integer(optional: try values.array(0).position(of: wanted, by: elements.areEqual))
            }
        },
    ]
}

extension Value {
    init(integer optional: Int?) { self = optional.map { .integer(Int64($0)) } ?? .null }

    fileprivate static func integer(optional: Int?) -> Value { Value(integer: optional) }
}

/// How the elements of one type of array are compared.
struct ArrayElements: Sendable {
    let type: ScalarType
    let comparison: Comparison

    init(of array: ScalarType) throws(FunctionError) {
        guard let type = array.element, let comparison = Comparison(type, type) else {
            throw FunctionError(message: "the elements of type \(array.name) cannot be compared; cast the array")
        }
        self.type = type
        self.comparison = comparison
    }

    @Sendable func areEqual(_ one: [UInt8], _ other: [UInt8]) throws -> Bool {
        if one == other { return true }
        // Of these only the text counts.
        if comparison == .bytes { return false }
        return try ValueComparison.truth(value(one), .equal, comparison, value(other)) == .true
    }

    /// `array_cmp`: the first two elements that differ decide, of which null comes last, then the number of elements,
    /// of dimensions, and the bounds.
    func order(_ one: PostgresArray, _ other: PostgresArray) throws -> Int {
        for (a, b) in zip(one.elements, other.elements) {
            switch (a, b) {
            case (nil, nil): continue
            case (nil, _): return 1
            case (_, nil): return -1
            case (let a?, let b?):
                let order = try ValueComparison.order(value(a), comparison, value(b))
                if order != 0 { return order }
            }
        }
        if one.elements.count != other.elements.count { return one.elements.count - other.elements.count }
        if one.dimensions.count != other.dimensions.count { return one.dimensions.count - other.dimensions.count }
        for (a, b) in zip(one.dimensions, other.dimensions) where a.count != b.count { return a.count - b.count }
        for (a, b) in zip(one.dimensions, other.dimensions) where a.lower != b.lower { return a.lower - b.lower }
        return 0
    }

    private func value(_ text: [UInt8]) throws(EvaluationFailure) -> Value {
        guard let value = Value(text, as: type) else { throw .failed("an array has an element of no type") }
        return value
    }
}
