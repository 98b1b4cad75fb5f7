/// What a function makes of an argument's text before it can work: a pattern compiled, a format read. Once
/// when the argument is a constant, else for each row.
enum Prepared<Made: Sendable>: Sendable {
    case made(Made)
    case perRow(place: Int, make: @Sendable ([UInt8]) throws -> Made)

    func callAsFunction(_ values: [Value]) throws -> Made {
        switch self {
        case .made(let made): made
        case .perRow(let place, let make): try make(values.text(place))
        }
    }
}

extension Function.Site {
    /// - Throws: When the argument is a constant of which nothing can be made.
    func prepared<Made: Sendable>(
        _ place: Int, _ make: @escaping @Sendable ([UInt8]) throws -> Made
    ) throws(FunctionError) -> Prepared<Made> {
        guard place < constants.count, case .text(let text)? = constants[place] else {
            return .perRow(place: place, make: make)
        }
        do {
            return .made(try make(text))
        } catch {
            throw FunctionError(message: "\(EvaluationFailure.words(error)); correct it", argument: place)
        }
    }
}
