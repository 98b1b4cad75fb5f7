import Foundation
import LodePostgres
import TestSupport
import Testing

@testable import LodeCore

/// The server works out the same as Lode, on random operands; both must give the same digits, or the
/// same error. `LODE_ORACLE_ROUNDS` asks for more rounds than one.
@Suite(.serialized) struct NumericOracleTests {
    private static let rounds = ProcessInfo.processInfo.environment["LODE_ORACLE_ROUNDS"].flatMap { Int($0) } ?? 1

    /// A question, and Lode's answer: a text, or `error` and the SQLSTATE.
    private struct Question {
        var sql: String
        var answer: String

        init(_ sql: String, _ work: () throws(ArithmeticError) -> [UInt8]) {
            self.sql = sql
            do {
                answer = String(decoding: try work(), as: UTF8.self)
            } catch {
                answer = "error \(error.sqlState)"
            }
        }

        init(number sql: String, _ work: () throws(ArithmeticError) -> Numeric) {
            self.init(sql) { () throws(ArithmeticError) in try work().text }
        }

        init(integer sql: String, _ work: () throws(ArithmeticError) -> Int64) {
            self.init(sql) { () throws(ArithmeticError) in Array("\(try work())".utf8) }
        }

        init(double sql: String, _ work: () throws(ArithmeticError) -> Double) {
            self.init(sql) { () throws(ArithmeticError) in FloatArithmetic.text(try work()) }
        }

        init(real sql: String, _ work: () throws(ArithmeticError) -> Float) {
            self.init(sql) { () throws(ArithmeticError) in FloatArithmetic.text(try work()) }
        }
    }

    private func compare(_ questions: [Question]) throws {
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
        var differences = 0
        while !rest.isEmpty {
            let batch = rest.prefix(1000)
            rest = rest.dropFirst(1000)
            let rows = batch.enumerated().map { "(\($0), $q$\($1.sql)$q$)" }.joined(separator: ",")
            let answers = try session.query(
                "SELECT public.ask(q) FROM (VALUES \(rows)) AS asked (n, q) ORDER BY n")
            #expect(answers.count == batch.count)
            for (question, row) in zip(batch, answers) where row.first != question.answer {
                differences += 1
                if differences > 40 { continue }
                Issue.record("\(question.sql.prefix(300)): Lode \(question.answer.prefix(300)), PostgreSQL \((row[0] ?? "null").prefix(300))")
            }
        }
        #expect(differences == 0)
    }

    // MARK: - Operands

    private static let edges = [
        "0", "0.0", "0.000000", "-0.00", "1", "-1", "1.0", "1.00000", "0.1", "-0.1", "0.5", "-0.5", "1.5", "2.5", "-2.5",
        "9", "10", "99", "9999", "10000", "9999.9999", "0.0001", "0.00009999", "100000000", "999999999",
        "1000000000", "999999999999999999", "1000000000000000000", "9223372036854775807", "-9223372036854775808",
        "9223372036854775807.5", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "-18446744073709551616", "2147483647.49", "2147483647.5", "-2147483648.5", "32767.5", "-32768.49999",
        "340282366920938463463374607431768211455", "1e38", "1e39", "1e-38", "1e100", "1e-100", "-1e400", "1e-400",
        "1.7976931348623157e308", "1e309", "1e-323", "4e-324", "1e-400", "3.5e38", "1e-46",
        "NaN", "Infinity", "-Infinity", "123456789012345678901234567890.123456789012345678901234567890",
        "0.000000000000000000000000000000000001", "59.90", "19.99", "3", "7", "1e-999", "1e-1000", "1e-1001", "12e-1500",
    ]

    private static func digits(_ count: Int, _ random: inout SeededGenerator) -> String {
        // Long runs of nines and zeros make carries.
        let all: [Character] = Bool.random(using: &random) ? ["0", "9", "9", "0", "5", "4"] : Array("0123456789")
        return String((0..<count).map { _ in all.randomElement(using: &random) ?? "0" })
    }

    private static func operand(_ random: inout SeededGenerator) -> String {
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
            let exponent = Int.random(in: 0..<3, using: &random) == 0
                ? "e\(Int.random(in: -60...60, using: &random))" : ""
            return sign + "0" + whole + "." + fraction + exponent
        }
    }

    private static func numeric(_ text: String) throws -> Numeric {
        let bytes = Array(text.utf8)
        return try Numeric.read(bytes.span, 0..<bytes.count)
    }

    private static func quoted(_ text: String) -> String { "'\(text)'::numeric" }

    // MARK: - Numeric

    @Test func numericsCalculateAsTheServersDo() throws {
        var random = SeededGenerator(for: "numeric oracle")
        for _ in 0..<Self.rounds {
            var questions: [Question] = []
            for _ in 0..<900 {
                let (x, y) = (Self.operand(&random), Self.operand(&random))
                let (a, b) = (try Self.numeric(x), try Self.numeric(y))
                let (p, q) = (Self.quoted(x), Self.quoted(y))
                questions += [
                    Question(number: "\(p) + \(q)") { () throws(ArithmeticError) in try a.adding(b) },
                    Question(number: "\(p) - \(q)") { () throws(ArithmeticError) in try a.subtracting(b) },
                    Question(number: "\(p) * \(q)") { () throws(ArithmeticError) in try a.multiplied(by: b) },
                    Question(number: "\(p) / \(q)") { () throws(ArithmeticError) in try a.divided(by: b) },
                    Question(number: "\(p) % \(q)") { () throws(ArithmeticError) in
                        try a.remainder(dividingBy: b)
                    },
                    Question(integer: "sign(numeric_cmp(\(p), \(q)))") { Int64(a.compare(b).signum()) },
                ]
            }
            try compare(questions)
        }
    }

    @Test func numericsRoundAsTheServersDo() throws {
        var random = SeededGenerator(for: "numeric functions oracle")
        for _ in 0..<Self.rounds {
            var questions: [Question] = []
            for index in 0..<700 {
                let x = index < Self.edges.count ? Self.edges[index] : Self.operand(&random)
                let a = try Self.numeric(x)
                let p = Self.quoted(x)
                let scale = Int.random(in: -12...30, using: &random)
                questions += [
                    Question(number: p) { a },
                    Question(number: "round(\(p), \(scale))") { () throws(ArithmeticError) in
                        try a.rounded(to: scale)
                    },
                    Question(number: "trunc(\(p), \(scale))") { () throws(ArithmeticError) in
                        try a.truncated(to: scale)
                    },
                    Question(number: "round(\(p))") { () throws(ArithmeticError) in try a.rounded(to: 0) },
                    Question(number: "ceil(\(p))") { () throws(ArithmeticError) in try a.ceiling() },
                    Question(number: "floor(\(p))") { () throws(ArithmeticError) in try a.floor() },
                    Question(number: "abs(\(p))") { a.absolute }, Question(number: "sign(\(p))") { a.sign },
                    Question(number: "-(\(p))") { a.negated },
                    Question(number: "sqrt(\(p))") { () throws(ArithmeticError) in try a.squareRoot() },
                    Question(integer: "\(p)::bigint") { () throws(ArithmeticError) in try a.int64() },
                    Question(integer: "\(p)::integer") { () throws(ArithmeticError) in
                        try a.integer(as: .integer)
                    },
                    Question(integer: "\(p)::smallint") { () throws(ArithmeticError) in
                        try a.integer(as: .smallint)
                    },
                    Question(double: "\(p)::float8") { () throws(ArithmeticError) in try a.double() },
                    Question(real: "\(p)::float4") { () throws(ArithmeticError) in try a.real() },
                ]
            }
            try compare(questions)
        }
    }

    /// The limits of the format: 131,072 digits before the point, 16,383 behind it.
    @Test func hugeNumericsEndWhereTheServersDo() throws {
        let texts = [
            "1e131071", "9.9e131071", "-1e131071", "1e-16383", "5e-16383", "1e-9000", "1e65536", "3", "0e-16383",
            "10", "-0.1", "1e-1500", "7e1000",
        ]
        var questions: [Question] = []
        for x in texts + ["1e131072", "1e-16384", "0e131072", "0e-16384", "0e1073741823", "0e1073741822", "1e99999999999"] {
            questions.append(Question(number: Self.quoted(x)) { () throws(ArithmeticError) in
                let bytes = Array(x.utf8)
                return try Numeric.read(bytes.span, 0..<bytes.count)
            })
        }
        for x in texts {
            let a = try Self.numeric(x)
            let p = Self.quoted(x)
            questions += [
                Question(number: "round(\(p), 3000)") { () throws(ArithmeticError) in try a.rounded(to: 3000) },
                Question(number: "round(\(p), -3000)") { () throws(ArithmeticError) in try a.rounded(to: -3000) },
                Question(number: "trunc(\(p), 1800)") { () throws(ArithmeticError) in try a.truncated(to: 1800) },
            ]
            // The rest takes long in a debug build.
            if a.magnitude.digitCount < 2000 {
                questions.append(
                    Question(number: "sqrt(\(p))") { () throws(ArithmeticError) in try a.squareRoot() })
            }
            for y in texts {
                let b = try Self.numeric(y)
                let q = Self.quoted(y)
                questions += [
                    Question(number: "\(p) + \(q)") { () throws(ArithmeticError) in try a.adding(b) },
                    Question(number: "\(p) * \(q)") { () throws(ArithmeticError) in try a.multiplied(by: b) },
                ]
                if b.magnitude.digitCount > 2000 { continue }
                questions.append(
                    Question(number: "\(p) / \(q)") { () throws(ArithmeticError) in try a.divided(by: b) })
            }
        }
        // Answers of a hundred thousand digits are compared by their length.
        try compare(questions.map { question in
            var question = question
            if question.answer.count > 2000 {
                question.sql = "length((\(question.sql))::text)"
                question.answer = "\(question.answer.count)"
            }
            return question
        })
    }

    // MARK: - Text

    @Test func textsAreReadAsTheServerReadsThem() throws {
        var random = SeededGenerator(for: "number text oracle")
        let parts = [
            "", " ", "\t", "+", "-", "--", "0", "1", "9", "00", "12", "32767", "32768", "2147483648", "-2147483648",
            "9223372036854775807", "9223372036854775808", ".", "e", "E5", "e+", "e-3", "e400", "nan", "NaN", "inf",
            "Infinity", "infinit", "t", "TRUE", "tru", "f", "o", "on", "ON", "of", "off", "y", "ye", "yess", "n", "no", "x",
        ]
        for _ in 0..<Self.rounds {
            var questions: [Question] = []
            for _ in 0..<1500 {
                let text = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    parts.randomElement(using: &random) ?? ""
                }.joined()
                let bytes = Array(text.utf8)
                let all = 0..<bytes.count
                questions += [
                    Question(number: "'\(text)'::numeric") { () throws(ArithmeticError) in
                        try Numeric.read(bytes.span, all)
                    },
                    Question(integer: "'\(text)'::integer") { () throws(ArithmeticError) in
                        try NumberText.integer(bytes.span, all, as: .integer)
                    },
                    Question(integer: "'\(text)'::smallint") { () throws(ArithmeticError) in
                        try NumberText.integer(bytes.span, all, as: .smallint)
                    },
                    Question(integer: "'\(text)'::bigint") { () throws(ArithmeticError) in
                        try NumberText.integer(bytes.span, all, as: .bigint)
                    },
                    Question("'\(text)'::boolean") { () throws(ArithmeticError) in
                        Array((try NumberText.boolean(bytes.span, all) ? "true" : "false").utf8)
                    },
                    Question(double: "'\(text)'::float8") { () throws(ArithmeticError) in
                        try NumberText.double(bytes.span, all)
                    },
                    Question(real: "'\(text)'::float4") { () throws(ArithmeticError) in
                        try NumberText.real(bytes.span, all)
                    },
                ]
            }
            try compare(questions)
        }
    }

    // MARK: - Integers

    @Test func integersCalculateAsTheServersDo() throws {
        var random = SeededGenerator(for: "integer oracle")
        for _ in 0..<Self.rounds {
            var questions: [Question] = []
            for width in IntegerWidth.allCases {
                for _ in 0..<150 {
                    let operands = (0..<2).map { _ in
                        let edges = [
                            width.range.lowerBound, width.range.upperBound, 0, 1, -1, 2, width.range.lowerBound + 1, 7, -7,
                        ]
                        return Bool.random(using: &random)
                            ? edges.randomElement(using: &random) ?? 0 : Int64.random(in: width.range, using: &random)
                    }
                    let (a, b) = (operands[0], operands[1])
                    let (p, q) = ("'\(a)'::\(width.name)", "'\(b)'::\(width.name)")
                    questions += [
                        Question(integer: "\(p) + \(q)") { () throws(ArithmeticError) in
                            try IntegerArithmetic.add(a, b, as: width)
                        },
                        Question(integer: "\(p) - \(q)") { () throws(ArithmeticError) in
                            try IntegerArithmetic.subtract(a, b, as: width)
                        },
                        Question(integer: "\(p) * \(q)") { () throws(ArithmeticError) in
                            try IntegerArithmetic.multiply(a, b, as: width)
                        },
                        Question(integer: "\(p) / \(q)") { () throws(ArithmeticError) in
                            try IntegerArithmetic.divide(a, b, as: width)
                        },
                        Question(integer: "\(p) % \(q)") { () throws(ArithmeticError) in
                            try IntegerArithmetic.remainder(a, b, as: width)
                        },
                        Question(integer: "-\(p)") { () throws(ArithmeticError) in
                            try IntegerArithmetic.negate(a, as: width)
                        },
                        Question(integer: "abs(\(p))") { () throws(ArithmeticError) in
                            try IntegerArithmetic.absolute(a, as: width)
                        },
                        Question(double: "\(p)::float8") { Double(a) }, Question(real: "\(p)::float4") { Float(a) },
                        Question(number: "\(p)::numeric") { Numeric(a) },
                    ]
                }
            }
            try compare(questions)
        }
    }

    // MARK: - Floating point

    private static func double(_ random: inout SeededGenerator) -> Double {
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            let edges = [
                0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1.7976931348623157e308, 0.1, 1e15,
                1e16, 1e22, 1e23, 9007199254740994, 123456.5, 999999.5, 0.0001, 0.00001, 2147483647.5, -2147483648.5,
                9223372036854775808, -9223372036854775808, 32767.5, 1e39, 1e-46, 59.9, 100000, 1000000, 16777216,
            ]
            return edges.randomElement(using: &random) ?? 0
        case 1: return Double(bitPattern: .random(in: 0 ... .max, using: &random))
        case 2:
            // Powers of two, where neighbours are not equally far.
            return Double(sign: .plus, exponent: .random(in: -1070...1023, using: &random), significand: 1)
        case 3: return Double(UInt64.random(in: 0 ... .max, using: &random) >> UInt64.random(in: 0..<63, using: &random))
        case 4: return Double(Int.random(in: -100_000_000...100_000_000, using: &random)) / 1000
        case 5: return Double(Int.random(in: 0...99_999_999_999_999_999, using: &random)) / 16
        case 6: return Double(sign: .minus, exponent: .random(in: 50...150, using: &random), significand: 1)
        default: return Double.random(in: -1e6...1e6, using: &random)
        }
    }

    private static func quoted(_ value: Double) -> String { value.isNaN ? "'NaN'::float8" : "'\(value)'::float8" }
    private static func quoted(_ value: Float) -> String { value.isNaN ? "'NaN'::float4" : "'\(value)'::float4" }

    private static func float(_ random: inout SeededGenerator) -> Float {
        Bool.random(using: &random)
            ? Float(bitPattern: .random(in: 0 ... .max, using: &random))
            : Int.random(in: 0..<4, using: &random) == 0
                ? Float(sign: .plus, exponent: .random(in: -149...127, using: &random), significand: 1)
                : Float(double(&random))
    }

    @Test func floatsCalculateAsTheServersDo() throws {
        var random = SeededGenerator(for: "float oracle")
        for _ in 0..<Self.rounds {
            var questions: [Question] = []
            for _ in 0..<500 {
                let (a, b) = (Self.double(&random), Self.double(&random))
                let (p, q) = (Self.quoted(a), Self.quoted(b))
                questions += [
                    Question(double: p) { a },
                    Question(double: "\(p) + \(q)") { () throws(ArithmeticError) in try FloatArithmetic.add(a, b) },
                    Question(double: "\(p) - \(q)") { () throws(ArithmeticError) in
                        try FloatArithmetic.subtract(a, b)
                    },
                    Question(double: "\(p) * \(q)") { () throws(ArithmeticError) in
                        try FloatArithmetic.multiply(a, b)
                    },
                    Question(double: "\(p) / \(q)") { () throws(ArithmeticError) in
                        try FloatArithmetic.divide(a, b)
                    },
                    Question(number: "\(p)::numeric") { Numeric(double: a) },
                    Question(integer: "\(p)::bigint") { () throws(ArithmeticError) in
                        try FloatArithmetic.integer(a, as: .bigint)
                    },
                    Question(integer: "\(p)::integer") { () throws(ArithmeticError) in
                        try FloatArithmetic.integer(a, as: .integer)
                    },
                    Question(integer: "\(p)::smallint") { () throws(ArithmeticError) in
                        try FloatArithmetic.integer(a, as: .smallint)
                    },
                    Question(real: "\(p)::float4") { () throws(ArithmeticError) in try FloatArithmetic.real(a) },
                    Question(double: "round(\(p))") { FloatArithmetic.round(a) },
                    Question(double: "trunc(\(p))") { FloatArithmetic.truncate(a) },
                    Question(double: "ceil(\(p))") { FloatArithmetic.ceiling(a) },
                    Question(double: "floor(\(p))") { FloatArithmetic.floor(a) },
                    Question(double: "sign(\(p))") { FloatArithmetic.sign(a) },
                    Question(double: "sqrt(\(p))") { () throws(ArithmeticError) in
                        try FloatArithmetic.squareRoot(a)
                    },
                ]
                let (c, d) = (Self.float(&random), Self.float(&random))
                let (r, s) = (Self.quoted(c), Self.quoted(d))
                questions += [
                    Question(real: r) { c }, Question(double: "\(r)::float8") { Double(c) },
                    Question(real: "\(r) + \(s)") { () throws(ArithmeticError) in try FloatArithmetic.add(c, d) },
                    Question(real: "\(r) - \(s)") { () throws(ArithmeticError) in
                        try FloatArithmetic.subtract(c, d)
                    },
                    Question(real: "\(r) * \(s)") { () throws(ArithmeticError) in
                        try FloatArithmetic.multiply(c, d)
                    },
                    Question(real: "\(r) / \(s)") { () throws(ArithmeticError) in
                        try FloatArithmetic.divide(c, d)
                    },
                    Question(number: "\(r)::numeric") { Numeric(real: c) },
                    Question(integer: "\(r)::bigint") { () throws(ArithmeticError) in
                        try FloatArithmetic.integer(Double(c), as: .bigint)
                    },
                ]
            }
            try compare(questions)
        }
    }

    // MARK: - Formats

    private static let formats = [
        "999", "9999.99", "FM999,990.00", "0000", "S9999", "9999S", "MI999.9", "999.9MI", "PL999", "SG999", "999SG", "999PR",
        "FM999PR", "9,999,999.99", "9G999D99", "L999", "FM9999.999", "FM0.0", ".99", "FM.99", "990.00", "099", "FM090.90",
        "999th", "FM999TH", "\"No. \"999", "9.99EEEE", "9EEEE", "99.999EEEE", "999V99", "FM99V9", "0", "9", "00000000000",
        "FM99999999999999990.099999", "S0.00", "FM9,9,9,9", "B999", "fm999", "9 9 9", "99.99S", "FM9999.9S", "999.PR", "x",
        "999.99PR\"!\"", "999999999999999999", "9999999999.9999999999", "FM9999999.9999999999S", "0.99", "9.0",
    ]

    private static func format(_ random: inout SeededGenerator) -> String {
        if Bool.random(using: &random) { return formats.randomElement(using: &random) ?? "9" }
        let parts = [
            "9", "9", "9", "99", "0", "0", "00", ",", ".", "D", "G", "S", "MI", "PL", "SG", "PR", "FM", "L", "th", "TH", "V",
            "EEEE", "B", " ", "\"a b\"", "-", "\\", "x", "sg", "999", "9.9", "0.0",
        ]
        return (0..<Int.random(in: 1...7, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    }

    @Test func numbersAreFormattedAsTheServerFormatsThem() throws {
        var random = SeededGenerator(for: "to_char oracle")
        for _ in 0..<Self.rounds {
            var questions: [Question] = []
            for index in 0..<2000 {
                let pattern = index < Self.formats.count ? Self.formats[index] : Self.format(&random)
                let bytes = Array(pattern.utf8)
                if case .unsupportedFormat = Self.refusal(bytes) { continue }
                let text = "'\(pattern)'"
                let x = Self.operand(&random)
                let number = try Self.numeric(x)
                let float = Self.double(&random)
                let real = Self.float(&random)
                let small = Int64.random(in: -200...2000, using: &random)
                let integer = Bool.random(using: &random) ? small : Int64(Int32.random(in: .min ... .max, using: &random))
                questions += [
                    Question("to_char(\(Self.quoted(x)), \(text))") { () throws(ArithmeticError) in
                        try NumberFormat(bytes).text(number)
                    },
                    Question("to_char('\(integer)'::integer, \(text))") { () throws(ArithmeticError) in
                        try NumberFormat(bytes).text(integer, as: .integer)
                    },
                    Question("to_char('\(integer)'::bigint, \(text))") { () throws(ArithmeticError) in
                        try NumberFormat(bytes).text(integer, as: .bigint)
                    },
                    Question("to_char(\(Self.quoted(float)), \(text))") { () throws(ArithmeticError) in
                        try NumberFormat(bytes).text(float)
                    },
                    Question("to_char(\(Self.quoted(real)), \(text))") { () throws(ArithmeticError) in
                        try NumberFormat(bytes).text(real)
                    },
                    Question("to_char(\(Double(small) / 8)::numeric, \(text))") { () throws(ArithmeticError) in
                        try NumberFormat(bytes).text(Numeric(double: Double(small) / 8))
                    },
                    Question("to_char(\(Double(small) / 8)::float8, \(text))") { () throws(ArithmeticError) in
                        try NumberFormat(bytes).text(Double(small) / 8)
                    },
                ]
            }
            try compare(questions)
        }
    }

    private static func refusal(_ format: [UInt8]) -> ArithmeticError? {
        do {
            _ = try NumberFormat(format)
            return nil
        } catch {
            return error
        }
    }
}
