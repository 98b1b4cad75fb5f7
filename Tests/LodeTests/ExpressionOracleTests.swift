import LodePostgres
import TestSupport
import Testing

@testable import LodeCore

/// Expressions answer as a live server does: with the same text, with null, or both with an error.
@Suite struct ExpressionOracleTests {
    private func oracle(_ name: String) throws -> ServerOracle {
        let oracle = try ServerOracle(for: name)
        for statement in OracleColumn.setup + ["set intervalstyle = postgres"] {
            _ = try oracle.session.query(statement)
        }
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
            guard !Self.isRefusedOnPurpose(expression), !Self.dependsOnVersion(expression, row) else { continue }
            let isLazy = Self.mayLeavePartsOut(expression)
            let answer = Result { try row.answer(expression) }
            let isError = if case .failure = answer { true } else { false }
            let isExcused = { (theirs: ServerOracle.Answer) in isLazy && isError != (theirs == .error) }
            oracle.ask("(" + row.sql(expression) + ")", isExcused: isExcused, answer.get)
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

    /// The age of infinite moments: zero up to PostgreSQL 16, an error since.
    private static func dependsOnVersion(_ text: String, _ row: OracleRow) -> Bool {
        text.contains("age(") && (text.contains("infinity") || row.new.contains { $0?.hasSuffix("infinity") == true })
    }

    /// Whether a part that fails may not be come to. The server's planner works constants out before there is a row, so
    /// that it fails where none comes to them, and leaves out what a constant null settles; Lode does so with fewer.
    private static func mayLeavePartsOut(_ text: String) -> Bool {
        ["null", "case ", "coalesce(", " in (", " and ", " or ", "array[", "any (", "all (", "['a']"]
            .contains(where: text.contains)
    }

    /// What the page on expressions lists as not the server's.
    private static func isRefusedOnPurpose(_ text: String) -> Bool {
        do {
            _ = try Expression(SourceText(text), in: OracleRow.scope(TypedColumns.all))
            return false
        } catch {
            // A constant that can be no format, field or flag is refused even where the server never comes to it.
            let words = ["have no order here", "powers of numeric", "; correct it"]
            return error.all.contains { words.contains(where: $0.message.contains) }
        }
    }
}
