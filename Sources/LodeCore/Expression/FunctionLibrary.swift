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
        let named = (byName[name] ?? []).filter { $0.takes(count: arguments.count) }
        // Beside one typed operand a literal is first taken as of the same type (`binary_oper_exact`).
        if name.utf8.first?.isOfBareName != true, arguments.count == 2, let known = arguments.compactMap(\.self).first,
            arguments.contains(where: { $0 == nil }),
            let exact = named.first(where: { exactCount($0, [known, known]) == 2 })
        {
            return choice(exact, [known, known])
        }
        var candidates = named.filter { accepts($0, arguments) }
        guard !candidates.isEmpty else { throw .none }
        if candidates.count > 1 { candidates = best(candidates) { exactCount($0, arguments) } }
        if candidates.count > 1 { candidates = best(candidates) { preferredCount($0, arguments) } }
        if candidates.count > 1, arguments.contains(where: { $0 == nil }) {
            candidates = byCategory(candidates, arguments)
            // The last guess: the literals are of the one type that all others have.
            let known = Set(arguments.compactMap(\.self))
            if candidates.count > 1, let type = known.first, known.count == 1 {
                let same = candidates.filter { accepts($0, arguments.map { $0 ?? type }) }
                if same.count == 1 { candidates = same }
            }
        }
        guard let function = candidates.first else { throw .none }
        guard candidates.count == 1, isTyped(function, arguments) else { throw .ambiguous }
        return choice(function, arguments)
    }

    /// Whether something says which type of array is meant; where types are only to be compatible, text is.
    private static func isTyped(_ function: Function, _ arguments: [ScalarType?]) -> Bool {
        let arrays = arguments.indices.filter { function.parameter($0) == .anyArray }
        return arrays.isEmpty || arrays.contains { arguments[$0] != nil }
    }

    private static func choice(_ function: Function, _ arguments: [ScalarType?]) -> Choice {
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
        var array: ScalarType?
        for (place, argument) in arguments.enumerated() {
            guard let argument else { continue }
            switch function.parameter(place) {
            case .any, .compatibleElement: continue
            case .anyNonArray: if argument.family == .array { return false }
            case .compatibleArray: if argument.family != .array { return false }
            case .type(let type): guard argument.castsImplicitly(to: type) else { return false }
            case .anyArray:
                guard argument.family == .array, array == nil || array == argument else { return false }
                array = argument
            }
        }
        return compatibleElement(function, arguments) != .none
    }

    private enum Common: Equatable {
        case type(ScalarType)
        /// Nothing says it.
        case open
        /// There is none.
        case none
    }

    /// The type that all compatible elements and the elements of all compatible arrays can be cast to.
    private static func compatibleElement(_ function: Function, _ arguments: [ScalarType?]) -> Common {
        var common: ScalarType?
        for (place, argument) in arguments.enumerated() {
            guard let argument else { continue }
            let own: ScalarType
            switch function.parameter(place) {
            case .compatibleElement: own = argument
            case .compatibleArray: own = argument.element ?? argument
            default: continue
            }
            guard let before = common else {
                common = own
                continue
            }
            if before.castsImplicitly(to: own) {
                if !own.castsImplicitly(to: before) { common = own }
            } else if !own.castsImplicitly(to: before) {
                return .none
            }
        }
        return common.map(Common.type) ?? .open
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
            return argument.isSame(as: type) || type.isPreferred && type.category == argument.category
        }
    }

    /// Literals as text where a candidate takes text, else as of the category that all candidates agree on.
    private static func byCategory(_ candidates: [Function], _ arguments: [ScalarType?]) -> [Function] {
        var kept = candidates
        for (place, argument) in arguments.enumerated() where argument == nil {
            let types = candidates.map { function -> ScalarType? in
                if case .type(let type) = function.parameter(place) { type } else { nil }
            }
            let categories = Set(types.map { $0?.category })
            guard let wanted = categories.contains(.text) ? .text : categories.count == 1 ? categories.first : nil
            else {
                return candidates
            }
            let hasPreferred = types.contains { $0?.category == wanted && $0?.isPreferred == true }
            kept = kept.filter { function in
                guard case .type(let type) = function.parameter(place) else { return wanted == nil }
                return type.category == wanted && (!hasPreferred || type.isPreferred)
            }
        }
        return kept.isEmpty ? candidates : kept
    }

    private static func resolvedTypes(_ function: Function, _ arguments: [ScalarType?]) -> [ScalarType] {
        let array = arguments.enumerated().first { function.parameter($0.offset) == .anyArray && $0.element != nil }
        let item: ScalarType = if case .type(let type) = compatibleElement(function, arguments) { type } else { .text }
        return arguments.enumerated().map { place, argument in
            switch function.parameter(place) {
            case .type(let type): argument.map { $0.isSame(as: type) ? $0 : type } ?? type
            case .any, .anyNonArray: argument ?? .text
            case .anyArray: argument ?? array?.element ?? ScalarType.text.array
            case .compatibleArray: item.array
            case .compatibleElement: item
            }
        }
    }
}

extension ScalarType {
    /// PostgreSQL's `typcategory`.
    enum Category: Hashable, Sendable { case number, text, boolean, moment, interval, array, other }

    var category: Category {
        switch family {
        case .integer, .oid, .numeric, .real, .double: .number
        case .text, .character, .caseless: .text
        case .boolean: .boolean
        case .date, .time, .timestamp, .timestampWithTimeZone: .moment
        case .interval: .interval
        case .array: .array
        case .uuid, .bytea, .json, .other: .other
        }
    }

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
        if family.isInteger, other.family.isInteger, family == .oid || other.family == .oid {
            return other.family == .oid
        }
        if let own = reach, let theirs = other.reach { return own <= theirs }
        switch (family, other.family) {
        case (.character, .text), (.caseless, .text), (.text, .character), (.caseless, .character): return true
        case (.date, .timestamp), (.date, .timestampWithTimeZone), (.timestamp, .timestampWithTimeZone): return true
        case (.time, .interval): return true
        case (.array, .array):
            guard let own = element, let theirs = other.element else { return false }
            return own.castsImplicitly(to: theirs)
        default: return false
        }
    }
}
