/// All functions and operators there are, and PostgreSQL's way of choosing between those of one name
/// (`func_select_candidate` in parse_func.c).
enum FunctionLibrary {
    private static let all: [Function] =
        NumberFunctions.all + TextFunctionTable.all + MomentFunctions.all + JSONFunctions.all + ArrayFunctions.all

    private static let byName = Dictionary(grouping: all, by: \.name)

    /// Those with names, not symbols, for messages.
    static let names: [String] = byName.keys.filter { $0.utf8.first?.isOfBareName == true }.sorted()

    static func isKnown(_ name: String) -> Bool { byName[name] != nil }

    struct Choice {
        var function: Function
        /// What each argument is cast to; nil: it is taken as it is.
        var types: [ScalarType]
        var result: ScalarType
    }

    enum Failure: Error {
        case none
        case ambiguous
    }

    /// - Parameter arguments: Their types; nil for an untyped literal.
    static func choose(_ name: String, _ arguments: [ScalarType?]) throws(Failure) -> Choice {
        var candidates = (byName[name] ?? []).filter { $0.takes(count: arguments.count) && accepts($0, arguments) }
        guard !candidates.isEmpty else { throw .none }
        if candidates.count > 1 { candidates = best(candidates) { exactCount($0, arguments) } }
        // A literal beside one typed argument of an operator is first taken as the same type.
        if candidates.count > 1, arguments.count == 2, let known = arguments.compactMap(\.self).first,
            arguments.contains(where: { $0 == nil })
        {
            let same = candidates.filter { exactCount($0, [known, known]) == 2 }
            if !same.isEmpty { candidates = same }
        }
        if candidates.count > 1 { candidates = best(candidates) { preferredCount($0, arguments) } }
        if candidates.count > 1 { candidates = best(candidates) { textCount($0, arguments) } }
        guard let function = candidates.first else { throw .none }
        guard candidates.count == 1 else { throw .ambiguous }
        let types = resolvedTypes(function, arguments)
        let result: ScalarType =
            switch function.result {
            case .type(let type): type
            case .argument(let place): place < types.count ? types[place] : .text
            case .element(let place): (place < types.count ? types[place].element : nil) ?? .text
            }
        return Choice(function: function, types: types, result: result)
    }

    private static func best(_ candidates: [Function], _ score: (Function) -> Int) -> [Function] {
        let most = candidates.map(score).max() ?? 0
        return candidates.filter { score($0) == most }
    }

    private static func accepts(_ function: Function, _ arguments: [ScalarType?]) -> Bool {
        var element: ScalarType?
        for (place, argument) in arguments.enumerated() {
            guard let argument else { continue }
            switch function.parameter(place) {
            case .any: continue
            case .type(let type): guard argument.castsImplicitly(to: type) else { return false }
            case .anyArray:
                guard let own = argument.element else { return false }
                if let element, element != own { return false }
                element = own
            case .anyElement:
                if let element, !argument.castsImplicitly(to: element) { return false }
            }
        }
        return true
    }

    private static func exactCount(_ function: Function, _ arguments: [ScalarType?]) -> Int {
        arguments.enumerated().count { place, argument in
            guard let argument, case .type(let type) = function.parameter(place) else { return false }
            return argument.isSame(as: type)
        }
    }

    private static func preferredCount(_ function: Function, _ arguments: [ScalarType?]) -> Int {
        arguments.enumerated().count { place, argument in
            guard let argument, case .type(let type) = function.parameter(place) else { return false }
            return argument.isSame(as: type) || type.isPreferred
        }
    }

    private static func textCount(_ function: Function, _ arguments: [ScalarType?]) -> Int {
        arguments.enumerated().count { place, argument in
            guard argument == nil, case .type(let type) = function.parameter(place) else { return false }
            return type.family == .text
        }
    }

    private static func resolvedTypes(_ function: Function, _ arguments: [ScalarType?]) -> [ScalarType] {
        var element: ScalarType?
        for (place, argument) in arguments.enumerated() where function.parameter(place) == .anyArray {
            element = element ?? argument?.element
        }
        return arguments.enumerated().map { place, argument in
            switch function.parameter(place) {
            case .type(let type): argument.map { $0.isSame(as: type) ? $0 : type } ?? type
            case .any: argument ?? .text
            case .anyArray: argument ?? element?.array ?? ScalarType.text.array
            case .anyElement: element ?? argument ?? .text
            }
        }
    }
}

extension ScalarType {
    /// Whether the two are one type to a function: varchar is text to them all.
    func isSame(as other: ScalarType) -> Bool {
        if family == .text, other.family == .text { return true }
        return self == other
    }

    /// PostgreSQL's preferred type of its category (`typispreferred`).
    var isPreferred: Bool {
        switch family {
        case .double, .boolean, .timestampWithTimeZone, .interval: true
        case .text: name == "text"
        default: false
        }
    }

    /// Whether PostgreSQL casts without being asked to (`pg_cast.castcontext` i).
    func castsImplicitly(to other: ScalarType) -> Bool {
        if isSame(as: other) { return true }
        if family.isInteger, other.family.isInteger, family == .oid || other.family == .oid { return other.family == .oid }
        if let own = reach, let theirs = other.reach { return own <= theirs }
        switch (family, other.family) {
        case (.character, .text), (.caseless, .text), (.text, .character), (.caseless, .character): return true
        case (.date, .timestamp), (.date, .timestampWithTimeZone), (.timestamp, .timestampWithTimeZone): return true
        case (.time, .interval): return true
        default: return false
        }
    }
}
