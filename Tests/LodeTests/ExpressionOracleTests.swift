import LodePostgres
import TestSupport
import Testing

@testable import LodeCore

/// Expressions answer as a live server does: with the same text, with null, or both with an error.
@Suite struct ExpressionOracleTests {
    private func oracle(_ name: String) throws -> ServerOracle {
        let oracle = try ServerOracle(for: name)
        for statement in OracleColumn.setup + ["set intervalstyle = postgres"] { _ = try oracle.session.query(statement) }
        return oracle
    }

    @Test func whatPeopleWriteAnswersAsTheServerDoes() throws {
        var oracle = try oracle("expression questions")
        let columns = TypedColumns.all
        let row = OracleRow(columns, new: columns.map { ExpressionQuestions.values[$0.name] })
        for expression in ExpressionQuestions.all {
            oracle.ask("(" + row.sql(expression) + ")") { try row.answer(expression) }
        }
        try oracle.compare()
    }

    @Test func typedExpressionsAnswerAsTheServerDoes() throws {
        var oracle = try oracle("typed expressions")
        var generator = TypedExpressions(random: oracle.random)
        for _ in 0..<ServerOracle.rounds(1500) {
            let row = generator.row()
            let expression = generator.expression()
            guard !Self.isRefusedOnPurpose(expression) else { continue }
            oracle.ask("(" + row.sql(expression) + ")") { try row.answer(expression) }
        }
        try oracle.compare()
    }

    @Test func conditionsOverTwoRowsAnswerAsTheServerDoes() throws {
        var oracle = try oracle("conditions")
        var generator = ConditionGenerator(random: oracle.random)
        for _ in 0..<ServerOracle.rounds(1000) {
            let (piece, row) = generator.question()
            oracle.ask("(" + row.sql(piece.sql) + ")") { try row.answer(piece.ours) }
        }
        try oracle.compare()
    }

    /// What the page on expressions lists as not the server's.
    private static func isRefusedOnPurpose(_ text: String) -> Bool {
        do {
            _ = try Expression(SourceText(text), in: OracleRow.scope(TypedColumns.all))
            return false
        } catch {
            return error.all.contains { ["have no order here", "powers of numeric"].contains(where: $0.message.contains) }
        }
    }
}
