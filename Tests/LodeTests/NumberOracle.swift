import Foundation
import LodePostgres
import TestSupport
import Testing

@testable import LodeCore

/// What the server is asked, and what Lode says.
struct NumberQuestion {
    /// An expression whose text is the answer.
    var sql: String
    /// Lode's: a text, or `error` and the SQLSTATE.
    var answer: String

    init(_ sql: String, _ work: () throws -> [UInt8]) {
        self.sql = sql
        do {
            answer = String(decoding: try work(), as: UTF8.self)
        } catch {
            answer = "error \((error as? ArithmeticError)?.sqlState ?? "\(error)")"
        }
    }

    init(number sql: String, _ work: () throws -> Numeric) {
        self.init(sql) { try work().text }
    }

    init(integer sql: String, _ work: () throws -> Int64) {
        self.init(sql) { Array("\(try work())".utf8) }
    }

    init(double sql: String, _ work: () throws -> Double) {
        self.init(sql) { FloatArithmetic.text(try work()) }
    }

    init(real sql: String, _ work: () throws -> Float) {
        self.init(sql) { FloatArithmetic.text(try work()) }
    }

    /// `LODE_ORACLE_ROUNDS` asks for more rounds of random questions than one.
    static let rounds = ProcessInfo.processInfo.environment["LODE_ORACLE_ROUNDS"].flatMap { Int($0) } ?? 1

    /// Asks a server of the tests, a thousand questions a statement.
    static func ask(_ questions: [NumberQuestion]) throws {
        let session = try TemporaryPostgres.shared.get().database(
            """
            CREATE FUNCTION public.ask(question text) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE answer text;
            BEGIN
                EXECUTE 'SELECT (' || question || ')::text' INTO answer;
                RETURN answer;
            EXCEPTION WHEN OTHERS THEN
                RETURN 'error ' || SQLSTATE;
            END $$
            """
        ).session()
        var rest = questions[...]
        var differences: [String] = []
        while !rest.isEmpty {
            let batch = rest.prefix(1000)
            rest = rest.dropFirst(1000)
            let rows = batch.enumerated().map { "(\($0), $q$\($1.sql)$q$)" }.joined(separator: ",")
            let answers = try session.query(
                "SELECT public.ask(q) FROM (VALUES \(rows)) AS asked (n, q) ORDER BY n")
            #expect(answers.count == batch.count)
            for (question, row) in zip(batch, answers) where !question.accepts(row[0]) {
                let said = "Lode \(question.answer.prefix(300)), PostgreSQL \((row[0] ?? "null").prefix(300))"
                differences.append("\(question.sql.prefix(300)): \(said)")
            }
        }
        #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(40).joined(separator: "\n"))")
    }

    /// A text with two mistakes may be refused for either.
    private func accepts(_ other: String?) -> Bool {
        if other == answer { return true }
        let isError = answer.hasPrefix("error") && other?.hasPrefix("error") == true
        return isError && sql.contains("'::float")
    }
}

/// Random numbers, many of them at edges.
enum NumberOperand {
    static let edges = [
        "0", "0.0", "0.000000", "-0.00", "1", "-1", "1.0", "1.00000", "0.1", "-0.1", "0.5", "-0.5", "1.5", "2.5",
        "-2.5",
        "9", "10", "99", "9999", "10000", "9999.9999", "0.0001", "0.00009999", "100000000", "999999999",
        "1000000000", "999999999999999999", "1000000000000000000", "9223372036854775807", "-9223372036854775808",
        "9223372036854775807.5", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "-18446744073709551616", "2147483647.49", "2147483647.5", "-2147483648.5", "32767.5", "-32768.49999",
        "340282366920938463463374607431768211455", "1e38", "1e39", "1e-38", "1e100", "1e-100", "-1e400", "1e-400",
        "1.7976931348623157e308", "1e309", "1e-323", "4e-324", "1e-400", "3.5e38", "1e-46",
        "NaN", "Infinity", "-Infinity", "123456789012345678901234567890.123456789012345678901234567890",
        "0.000000000000000000000000000000000001", "59.90", "19.99", "3", "7", "1e-999", "1e-1000", "1e-1001",
        "12e-1500",
    ]

    private static func digits(_ count: Int, _ random: inout SeededGenerator) -> String {
        // Long runs of nines and zeros make carries.
        let all: [Character] = Bool.random(using: &random) ? ["0", "9", "9", "0", "5", "4"] : Array("0123456789")
        return String((0..<count).map { _ in all.randomElement(using: &random) ?? "0" })
    }

    static func operand(_ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...2: return edges.randomElement(using: &random) ?? "0"
        case 3...5:
            let sign = Bool.random(using: &random) ? "-" : ""
            let scale = Int.random(in: 0...6, using: &random)
            let whole = Int.random(in: 0...(scale == 0 ? 8 : 5), using: &random)
            return sign + "0" + digits(whole, &random) + (scale > 0 ? "." + digits(scale, &random) : "")
        default:
            let sign = Bool.random(using: &random) ? "-" : ""
            let long = Int.random(in: 0..<20, using: &random) == 0 ? 400 : 45
            let whole = digits(Int.random(in: 0...long, using: &random), &random)
            let fraction = digits(Int.random(in: 0...long, using: &random), &random)
            let exponent =
                Int.random(in: 0..<3, using: &random) == 0
                ? "e\(Int.random(in: -60...60, using: &random))" : ""
            return sign + "0" + whole + "." + fraction + exponent
        }
    }

    static func numeric(_ text: String) throws -> Numeric {
        let bytes = Array(text.utf8)
        return try Numeric.read(bytes.span, 0..<bytes.count)
    }

    static func quoted(_ text: String) -> String { "'\(text)'::numeric" }

    static func double(_ random: inout SeededGenerator) -> Double {
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            let edges = [
                0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
                1.7976931348623157e308, 0.1, 1e15,
                1e16, 1e22, 1e23, 9_007_199_254_740_994, 123456.5, 999999.5, 0.0001, 0.00001, 2147483647.5,
                -2147483648.5,
                9_223_372_036_854_775_808, -9_223_372_036_854_775_808, 32767.5, 1e39, 1e-46, 59.9, 100000, 1_000_000,
                16_777_216,
            ]
            return edges.randomElement(using: &random) ?? 0
        case 1: return Double(bitPattern: .random(in: 0 ... .max, using: &random))
        case 2:
            // Powers of two, where neighbours are not equally far.
            return Double(sign: .plus, exponent: .random(in: -1070...1023, using: &random), significand: 1)
        case 3:
            return Double(UInt64.random(in: 0 ... .max, using: &random) >> UInt64.random(in: 0..<63, using: &random))
        case 4: return Double(Int.random(in: -100_000_000...100_000_000, using: &random)) / 1000
        case 5: return Double(Int.random(in: 0...99_999_999_999_999_999, using: &random)) / 16
        case 6: return Double(sign: .minus, exponent: .random(in: 50...150, using: &random), significand: 1)
        default: return Double.random(in: -1e6...1e6, using: &random)
        }
    }

    static func quoted(_ value: Double) -> String { value.isNaN ? "'NaN'::float8" : "'\(value)'::float8" }
    static func quoted(_ value: Float) -> String { value.isNaN ? "'NaN'::float4" : "'\(value)'::float4" }

    static func float(_ random: inout SeededGenerator) -> Float {
        Bool.random(using: &random)
            ? Float(bitPattern: .random(in: 0 ... .max, using: &random))
            : Int.random(in: 0..<4, using: &random) == 0
                ? Float(sign: .plus, exponent: .random(in: -149...127, using: &random), significand: 1)
                : Float(double(&random))
    }
}
