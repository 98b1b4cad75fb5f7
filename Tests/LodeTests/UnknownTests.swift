import TestSupport
import Testing

@testable import LodeCore

/// What holds of a row with gaps must hold whatever is put into the gaps.
@Suite struct UnknownTests {
    @Test func aKnownOutcomeIsThatOfEveryWayToFillTheGaps() throws {
        var generator = ConditionGenerator(random: SeededGenerator(for: "gaps"))
        var known = 0
        var unknown = 0
        for _ in 0..<4000 {
            let text = generator.condition(depth: 2).ours
            let scope = OracleRow.scope(generator.columns)
            guard let expression = try? Expression(condition: SourceText(text), in: scope) else { continue }
            var row = OracleRow(generator.columns, new: generator.row(), old: generator.row())
            let places = generator.columns.indices
            let newGaps = Set(places.filter { _ in generator.random.percent(30) })
            let oldGaps = Set(places.filter { _ in generator.random.percent(40) })
            (row.absent, row.oldAbsent) = (newGaps, oldGaps)
            var rows = row.rows()
            let truth = try expression.truth(&rows)
            guard truth != .unknown else {
                unknown += 1
                continue
            }
            known += 1
            (row.absent, row.oldAbsent) = ([], [])
            for _ in 0..<6 {
                let (filling, oldFilling) = (generator.row(), generator.row())
                for place in newGaps { row.new[place] = filling[place] }
                for place in oldGaps { row.old[place] = oldFilling[place] }
                var rows = row.rows()
                #expect(try expression.truth(&rows) == truth, "\(text)")
            }
        }
        // Both were met often, so something was tried.
        #expect(known > 400 && unknown > 400, "\(known), \(unknown)")
    }

    /// An unchanged value promises more: it is not null, and the update left it alone.
    @Test func anUnchangedValueIsAnyButNullAndTheOldOne() throws {
        var generator = ConditionGenerator(random: SeededGenerator(for: "unchanged values"))
        for _ in 0..<2000 {
            let text = generator.condition(depth: 2).ours
            let scope = OracleRow.scope(generator.columns)
            guard let expression = try? Expression(condition: SourceText(text), in: scope) else { continue }
            let values = generator.row()
            var row = OracleRow(generator.columns, new: values, old: values)
            let gaps = Set(values.indices.filter { _ in generator.random.percent(40) })
            (row.unchanged, row.oldAbsent) = (gaps, gaps)
            var rows = row.rows()
            let truth = try expression.truth(&rows)
            guard truth != .unknown else { continue }
            (row.unchanged, row.oldAbsent) = ([], [])
            for _ in 0..<6 {
                for place in gaps { row.new[place] = generator.random.one(of: generator.columns[place].values) }
                row.old = row.new
                var rows = row.rows()
                #expect(try expression.truth(&rows) == truth, "\(text)")
            }
        }
    }

    /// The same of values of every type.
    @Test func aValueKnownWithoutAColumnDoesNotDependOnIt() throws {
        var generator = TypedExpressions(random: SeededGenerator(for: "absent columns"))
        var known = 0
        for _ in 0..<3000 {
            let text = generator.expression("boolean", depth: 2)
            guard let expression = try? Expression(SourceText(text), in: OracleRow.scope(TypedColumns.all)),
                let read = expression.reads.randomElement(using: &generator.random)
            else { continue }
            var row = generator.row()
            row.absent = [read.column]
            var rows = row.rows()
            guard let value = try? expression.value(&rows), value != .unknown else { continue }
            known += 1
            row.absent = []
            let column = TypedColumns.all[read.column]
            for candidate in [nil] + column.values {
                row.new[read.column] = candidate
                var rows = row.rows()
                // What the row's other values make fail may fail here, too.
                guard let other = try? expression.value(&rows) else { continue }
                #expect(other == value, "\(text) with \(column.name) = \(candidate ?? "null")")
            }
        }
        #expect(known > 50)
    }
}
