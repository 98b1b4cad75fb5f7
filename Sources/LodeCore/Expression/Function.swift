/// A function or operator as PostgreSQL has it: one name can have several.
struct Function: Sendable {
    /// What it takes in one place.
    enum Parameter: Hashable, Sendable {
        case type(ScalarType)
        case any
        /// Of any type but an array's.
        case anyNonArray
        /// Two of them are of one type.
        case anyArray
        /// Two of them are cast to one type, which a `compatibleElement` decides too.
        case compatibleArray
        case compatibleElement
    }

    enum Result: Hashable, Sendable {
        case type(ScalarType)
        /// The type of the argument at that place.
        case argument(Int)
        /// The element type of the array at that place.
        case element(Int)
    }

    /// Where it is called: what is known before the first row.
    struct Site: Sendable {
        /// Of the arguments, after casts.
        var types: [ScalarType]
        /// The arguments that are literals.
        var constants: [Value?]
    }

    typealias Body = Term.Body

    let name: String
    let parameters: [Parameter]
    /// Whether the last parameter may come again.
    let isVariadic: Bool
    /// How many of the last parameters may be left out.
    let optionalCount: Int
    let isStrict: Bool
    let result: Result
    let make: @Sendable (Site) throws(FunctionError) -> Body

    init(
        _ name: String, _ parameters: [Parameter], _ result: Result, isVariadic: Bool = false, optional: Int = 0,
        isStrict: Bool = true, make: @escaping @Sendable (Site) throws(FunctionError) -> Body
    ) {
        self.name = name
        self.parameters = parameters
        self.isVariadic = isVariadic
        optionalCount = optional
        self.isStrict = isStrict
        self.result = result
        self.make = make
    }

    /// One whose work does not depend on where it is called.
    init(
        _ name: String, _ types: [ScalarType], _ result: ScalarType, isVariadic: Bool = false, optional: Int = 0,
        isStrict: Bool = true, _ work: @escaping @Sendable ([Value]) throws -> Value
    ) {
        let body = Self.body(work)
        self.init(
            name, types.map(Parameter.type), .type(result), isVariadic: isVariadic, optional: optional,
            isStrict: isStrict
        ) { _ in body }
    }

    /// Whatever goes wrong in the work, as a failure of the evaluation, in words without values.
    static func body(_ work: @escaping @Sendable ([Value]) throws -> Value) -> Body {
        { values throws(EvaluationFailure) in
            do { return try work(values) } catch { throw EvaluationFailure(error) }
        }
    }

    func takes(count: Int) -> Bool {
        if isVariadic { return count >= parameters.count }
        return count <= parameters.count && count >= parameters.count - optionalCount
    }

    func parameter(_ place: Int) -> Parameter { parameters[min(place, parameters.count - 1)] }
}

/// A call that cannot be made: a constant argument is no pattern, no field, no type.
struct FunctionError: Error {
    /// What is wrong; what to do.
    var message: String
    /// The place of the argument that is at fault.
    var argument: Int = 0
}
