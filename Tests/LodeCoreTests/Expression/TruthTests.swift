import Testing

@testable import LodeCore

/// Unknown stands for any of the three that SQL has; an outcome is known when all of them agree.
@Suite struct TruthTests {
    static let pairs = Truth.allCases.flatMap { a in Truth.allCases.map { (a, $0) } }

    @Test(arguments: pairs) func andKnowsWhatNoUnknownCouldChange(a: Truth, b: Truth) {
        #expect(a.and(b) == Self.outcome(a, b, Self.sqlAnd))
    }

    @Test(arguments: pairs) func orKnowsWhatNoUnknownCouldChange(a: Truth, b: Truth) {
        #expect(a.or(b) == Self.outcome(a, b) { a, b in Self.sqlAnd(a.map { !$0 }, b.map { !$0 }).map { !$0 } })
    }

    @Test(arguments: Truth.allCases) func notKeepsNullAndUnknown(a: Truth) {
        #expect(a.negated == Self.outcome(a, .true) { a, _ in a.map { !$0 } })
    }

    @Test(arguments: Truth.allCases) func testsOfUnknownAreUnknown(a: Truth) {
        #expect(a.passes(.null) == Self.outcome(a, .true) { a, _ in a == nil })
        #expect(a.passes(.true) == Self.outcome(a, .true) { a, _ in a == true })
        #expect(a.passes(.false) == Self.outcome(a, .true) { a, _ in a == false })
    }

    @Test(arguments: pairs, [ComparisonOperator.equal, .notEqual, .distinct, .notDistinct])
    func comparisonsKnowWhatNoUnknownCouldChange(pair: (Truth, Truth), comparator: ComparisonOperator) {
        let (a, b) = pair
        let expected = Self.outcome(a, b) { a, b in
            switch comparator {
            case .distinct: return a != b
            case .notDistinct: return a == b
            default: break
            }
            guard let a, let b else { return nil }
            return comparator == .equal ? a == b : a != b
        }
        let outcome =
            comparator.outcome(a.presence, b.presence)
            ?? Truth(comparator.holds((a == .true ? 1 : 0) - (b == .true ? 1 : 0)))
        #expect(outcome == expected)
    }

    // MARK: - An independent reading: SQL's booleans are optionals, unknown is all of them

    private static func sqlAnd(_ a: Bool?, _ b: Bool?) -> Bool? {
        if a == false || b == false { return false }
        return a == nil || b == nil ? nil : true
    }

    private static func possible(_ truth: Truth) -> [Bool?] {
        switch truth {
        case .true: [true]
        case .false: [false]
        case .null: [nil]
        case .unknown: [true, false, nil]
        }
    }

    private static func outcome(_ a: Truth, _ b: Truth, _ operation: (Bool?, Bool?) -> Bool?) -> Truth {
        let all = Set(possible(a).flatMap { a in possible(b).map { operation(a, $0) } })
        guard let only = all.first, all.count == 1 else { return .unknown }
        return only.map { Truth($0) } ?? .null
    }
}
