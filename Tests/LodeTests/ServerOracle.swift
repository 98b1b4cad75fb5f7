import Foundation
import LodePostgres
import TestSupport
import Testing

/// Questions to a live server, and what we say to each.
struct ServerOracle {
    /// A value's text, null, or an error.
    enum Answer: Hashable {
        case value([UInt8])
        case null
        case error
    }

    struct Question {
        var sql: String
        var ours: Answer
        /// Why a difference is one that we want; nil: there must be none.
        var isExcused: (Answer) -> Bool = { _ in false }
    }

    let session: PostgresConnection
    private(set) var questions: [Question] = []
    var random: SeededGenerator

    /// How often each kind of question is asked: `LODE_ORACLE_ROUNDS`, else few enough for seconds.
    static func rounds(_ usual: Int) -> Int {
        ProcessInfo.processInfo.environment["LODE_ORACLE_ROUNDS"].flatMap { Int($0) } ?? usual
    }

    init(for test: String) throws {
        random = SeededGenerator(for: test)
        let database = try TemporaryPostgres.shared.get().database(
            """
            CREATE FUNCTION answer(question text) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE result text;
            BEGIN
                EXECUTE 'SELECT (' || question || ')::text' INTO result;
                RETURN coalesce('=' || result, 'null');
            EXCEPTION WHEN OTHERS THEN
                RETURN '!' || SQLSTATE || ' ' || SQLERRM;
            END $$;
            """)
        session = try database.session()
        _ = try session.query("SET client_min_messages = error")
    }

    /// Adds a question, once we have answered it.
    mutating func ask(
        _ sql: String, isExcused: @escaping (Answer) -> Bool = { _ in false }, _ ours: () throws -> [UInt8]?
    ) {
        let answer: Answer
        do {
            answer = try ours().map { .value($0) } ?? .null
        } catch {
            answer = .error
        }
        questions.append(Question(sql: sql, ours: answer, isExcused: isExcused))
    }

    mutating func ask(_ sql: String, isTrue ours: () throws -> Bool?) {
        ask(sql) { try ours().map { Array(($0 ? "true" : "false").utf8) } }
    }

    mutating func ask(_ sql: String, number ours: () throws -> Int?) {
        ask(sql) { try ours().map { Array("\($0)".utf8) } }
    }

    /// Asks all, and records what differs.
    mutating func compare() throws {
        var differences = 0
        var errors = 0
        var excused = 0
        for start in stride(from: 0, to: questions.count, by: 500) {
            let batch = questions[start..<min(start + 500, questions.count)]
            let rows = batch.enumerated().map { "(\($0.offset), $lode$\($0.element.sql)$lode$)" }
            let answers = try session.query(
                "SELECT answer(question) FROM (VALUES \(rows.joined(separator: ", "))) AS q(n, question) ORDER BY n")
            #expect(answers.count == batch.count)
            for (question, row) in zip(batch, answers) {
                let said = row.first.flatMap { $0 } ?? "null"
                let theirs: Answer =
                    said == "null"
                    ? .null : said.utf8.first == UInt8(ascii: "=") ? .value(Array(said.utf8.dropFirst())) : .error
                if theirs == .error { errors += 1 }
                guard theirs != question.ours else { continue }
                guard !question.isExcused(theirs) else {
                    excused += 1
                    continue
                }
                differences += 1
                guard differences <= 40 else { continue }
                Issue.record("\(question.sql): the server says \(said), we \(Self.text(question.ours))")
            }
        }
        print(
            "\(questions.count) questions, \(errors) answered by an error, \(excused) excused, \(differences) differences"
        )
        #expect(questions.count > errors)
        questions = []
    }

    private static func text(_ answer: Answer) -> String {
        switch answer {
        case .value(let bytes): "=" + String(decoding: bytes, as: UTF8.self)
        case .null: "null"
        case .error: "!"
        }
    }

    // MARK: - Values

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func isChosen(one count: Int) -> Bool { number(1...count) == 1 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...(elements.count - 1))] }

    /// A text of up to `most` pieces.
    mutating func text(of pieces: [String], upTo most: Int) -> String {
        (0..<number(0...most)).map { _ in pick(pieces) }.joined()
    }

    /// With every quote doubled, whatever combines with it.
    static func quoted(_ text: String) -> String {
        String(decoding: text.utf8.flatMap { $0 == UInt8(ascii: "'") ? [$0, $0] : [$0] }, as: UTF8.self)
    }

    /// An SQL literal of type text.
    static func literal(_ text: String) -> String {
        "'\(quoted(text))'::text"
    }

    static func literal(_ text: String?) -> String { text.map { literal($0) } ?? "NULL::text" }
}
