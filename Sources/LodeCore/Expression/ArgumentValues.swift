/// The values that a function is called with, as it knows them. The checker has cast them, so another kind
/// can only be a fault of ours: it is an error, not a trap.
extension [Value] {
    private func mismatch(_ place: Int) -> EvaluationFailure {
        .failed("argument \(place + 1) of a function is not of the type that it takes; report this as a fault of Lode")
    }

    private func value(_ place: Int) -> Value { place < count ? self[place] : .null }

    func boolean(_ place: Int) throws(EvaluationFailure) -> Bool {
        guard case .boolean(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func integer(_ place: Int) throws(EvaluationFailure) -> Int64 {
        guard case .integer(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func int(_ place: Int) throws(EvaluationFailure) -> Int { Int(clamping: try integer(place)) }

    func numeric(_ place: Int) throws(EvaluationFailure) -> Numeric {
        guard case .numeric(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func double(_ place: Int) throws(EvaluationFailure) -> Double {
        guard case .float(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func real(_ place: Int) throws(EvaluationFailure) -> Float { Float(try double(place)) }

    func text(_ place: Int) throws(EvaluationFailure) -> [UInt8] {
        guard case .text(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func day(_ place: Int) throws(EvaluationFailure) -> Int64 {
        guard case .day(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func moment(_ place: Int) throws(EvaluationFailure) -> Int64 {
        guard case .moment(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func time(_ place: Int) throws(EvaluationFailure) -> Int64 {
        guard case .time(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func interval(_ place: Int) throws(EvaluationFailure) -> Interval {
        guard case .interval(let value) = value(place) else { throw mismatch(place) }
        return value
    }

    func array(_ place: Int) throws -> PostgresArray { try PostgresArray(parsing: text(place)) }
}

extension EvaluationFailure {
    /// In words without the row's values, which must not come into a log.
    init(_ error: any Error) {
        switch error {
        case let error as EvaluationFailure: self = error
        case let error as ArithmeticError: self = .failed(error.message)
        case let error as MomentError: self = .failed(error.wordsWithoutValue)
        case let error as LiteralError: self = .failed(error.words)
        case let error as EvaluationError: self = .failed(error.message)
        default: self = .failed("\(error)")
        }
    }

    /// Of a constant, which may be quoted.
    static func words(_ error: any Error) -> String {
        if let error = error as? MomentError { return error.message }
        if let error = error as? LiteralError { return error.message }
        if case .failed(let words) = EvaluationFailure(error) { return words }
        return "\(error)"
    }
}

extension MomentError {
    /// The message without what it quotes.
    var wordsWithoutValue: String {
        var words = message
        if let open = words.firstIndex(of: "“"), let close = words.lastIndex(of: "”"), open < close {
            words.removeSubrange(open...close)
        }
        // `date field value out of range: 2024-13-1`
        if let colon = words.range(of: ": ") {
            let rest = words[colon.upperBound...]
            if rest.first.map({ $0.isNumber || $0 == "-" || $0 == ";" }) ?? true {
                words.removeSubrange(colon.lowerBound...)
            }
        }
        let parts = words.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        return parts.hasSuffix(":") ? String(parts.dropLast()) : parts
    }
}

extension String {
    /// Foundation has one; this library does without it.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
