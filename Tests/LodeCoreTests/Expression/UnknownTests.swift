import Testing

@testable import LodeCore

/// What holds of a row with gaps must hold whatever is put into the gaps.
@Suite struct UnknownTests {
    private static let seed = UInt64.random(in: 0...UInt64.max)

    @Test func aKnownOutcomeIsThatOfEveryWayToFillTheGaps() throws {
        var generator = ExpressionGenerator(random: ReplayableRandom(seed: Self.seed))
        var known = 0
        var unknown = 0
        for _ in 0..<4000 {
            let text = generator.condition(depth: 2).ours
            guard let expression = try? Expression(condition: SourceText(text), in: ExpressionGenerator.scope) else {
                continue
            }
            let (new, old) = (generator.row(), generator.row())
            let gaps = new.indices.map { _ in generator.random.percent(30) }
            let oldGaps = new.indices.map { _ in generator.random.percent(40) }
            func row(_ values: [String?], _ gaps: [Bool]) -> [LoggedValue] {
                new.indices.map { gaps[$0] ? .absent : generator.columns[$0].logged(values[$0]) }
            }
            let truth = try LoggedRow(new: row(new, gaps), old: row(old, oldGaps)).truth(expression)
            guard truth != .unknown else {
                unknown += 1
                continue
            }
            known += 1
            for _ in 0..<6 {
                let (filling, oldFilling) = (generator.row(), generator.row())
                func filled(_ values: [String?], _ gaps: [Bool], _ filling: [String?]) -> [LoggedValue] {
                    new.indices.map { generator.columns[$0].logged(gaps[$0] ? filling[$0] : values[$0]) }
                }
                let whole = LoggedRow(new: filled(new, gaps, filling), old: filled(old, oldGaps, oldFilling))
                #expect(try whole.truth(expression) == truth, "\(text), seed \(Self.seed)")
            }
        }
        // Both were met often, so something was tried.
        #expect(known > 400 && unknown > 400, "\(known), \(unknown), seed \(Self.seed)")
    }

    /// `.unchanged` promises more: the value is not null, and the update left it alone.
    @Test func anUnchangedValueIsAnyButNullAndTheOldOne() throws {
        var generator = ExpressionGenerator(random: ReplayableRandom(seed: Self.seed))
        for _ in 0..<2000 {
            let text = generator.condition(depth: 2).ours
            guard let expression = try? Expression(condition: SourceText(text), in: ExpressionGenerator.scope) else {
                continue
            }
            let values = generator.row()
            let isUnchanged = values.indices.map { _ in generator.random.percent(40) }
            let new: [LoggedValue] = values.indices.map {
                isUnchanged[$0] ? .unchanged : generator.columns[$0].logged(values[$0])
            }
            let old: [LoggedValue] = values.indices.map {
                isUnchanged[$0] ? .absent : generator.columns[$0].logged(values[$0])
            }
            let truth = try LoggedRow(new: new, old: old).truth(expression)
            guard truth != .unknown else { continue }
            for _ in 0..<6 {
                let filled: [LoggedValue] = values.indices.map { place in
                    let column = generator.columns[place]
                    return column.logged(isUnchanged[place] ? generator.random.one(of: column.values) : values[place])
                }
                #expect(
                    try LoggedRow(new: filled, old: filled).truth(expression) == truth, "\(text), seed \(Self.seed)")
            }
        }
    }
}
