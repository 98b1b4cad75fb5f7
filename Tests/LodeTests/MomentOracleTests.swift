import Foundation
import LodePostgres
import TestSupport
import Testing

@testable import LodeCore

/// Asks a live server thousands of random questions about dates and times; every answer, and every refusal with its
/// SQLSTATE, must be ours.
///
/// `LODE_ORACLE_ROUNDS` asks so many times more than by default.
struct MomentOracleTests {
    struct Question {
        /// An expression that PostgreSQL casts to text.
        let sql: String
        let answer: () throws -> [UInt8]?

        init(_ sql: String, _ answer: @escaping () throws -> [UInt8]?) {
            self.sql = sql
            self.answer = answer
        }

        /// Of several faults of one text, either may be told first.
        var anyFault = false

        func accepts(_ theirs: String) -> Bool {
            theirs == ours || anyFault && theirs.hasPrefix("E") && ours.hasPrefix("E")
        }

        /// As the server's function below tells its own.
        var ours: String {
            do {
                return try answer().map { "=" + String(decoding: $0, as: UTF8.self) } ?? "null"
            } catch {
                return (error as? MomentError).map { "E" + $0.code.rawValue } ?? "\(error)"
            }
        }
    }

    private static let schema = """
        CREATE FUNCTION ask(question text) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE answer text;
        BEGIN
            EXECUTE 'SELECT (' || question || ')::text' INTO answer;
            RETURN coalesce('=' || answer, 'null');
        EXCEPTION WHEN OTHERS THEN
            RETURN 'E' || SQLSTATE;
        END $$;
        """

    private static var rounds: Int {
        ProcessInfo.processInfo.environment["LODE_ORACLE_ROUNDS"].flatMap { Int($0) } ?? 1
    }

    private static func check(
        _ test: String, count: Int = 1500, _ make: (inout MomentQuestions) -> Question
    ) throws {
        let session = try TemporaryPostgres.shared.get().database(schema).session()
        for setting in ["timezone = 'UTC'", "datestyle = 'ISO, MDY'", "intervalstyle = 'postgres'"] {
            _ = try session.query("SET \(setting)")
        }
        let version = try session.query("SHOW server_version_num")[0][0].flatMap { Int($0) } ?? 0
        var questions = MomentQuestions(random: SeededGenerator(for: test), version: version / 10_000)
        var wrong: [String] = []
        for _ in 0..<rounds {
            let asked = (0..<count).map { _ in make(&questions) }
            for start in stride(from: 0, to: count, by: 500) {
                let batch = asked[start..<min(start + 500, count)]
                let rows = batch.enumerated().map { "(\($0.offset), $q$\($0.element.sql)$q$)" }
                let answers = try session.query(
                    "SELECT ask(q) FROM (VALUES \(rows.joined(separator: ","))) v(i, q) ORDER BY i")
                for (question, row) in zip(batch, answers) where !question.accepts(row[0] ?? "") {
                    wrong.append("\(question.sql)\n  PostgreSQL \(row[0] ?? "")\n  Lode       \(question.ours)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(count * rounds):\n\(wrong.prefix(40).joined(separator: "\n"))")
    }

    @Test func datesAndTimestampsPrintAndCast() throws { try Self.check("momentText") { $0.text() } }

    @Test func textsOfManyFormsAreReadOrRefused() throws { try Self.check("momentInput") { $0.input() } }

    @Test func intervalsAreReadAndPrinted() throws { try Self.check("intervalInput") { $0.intervalInput() } }

    @Test func sumsAndDifferencesAgree() throws { try Self.check("momentArithmetic", count: 3000) { $0.arithmetic() } }

    @Test func intervalsAreScaledAndJustified() throws { try Self.check("intervalScale") { $0.intervalArithmetic() } }

    @Test func truncationAgrees() throws { try Self.check("momentTruncation") { $0.truncation() } }

    @Test func extractedFieldsHaveTheSameDecimals() throws {
        try Self.check("momentExtraction", count: 3000) { $0.extraction() }
    }

    @Test func formatsPrintTheSame() throws { try Self.check("momentFormat", count: 3000) { $0.formatting() } }

    @Test func textsAreReadByAFormat() throws { try Self.check("momentReading", count: 3000) { $0.reading() } }
}
