import TestSupport
import Testing

@testable import LodeCore

/// Integers and floating-point numbers against the server's.
@Suite struct FloatOracleTests {
    @Test func integersCalculateAsTheServersDo() throws {
        var random = SeededGenerator(for: "integer oracle")
        for _ in 0..<NumberQuestion.rounds {
            var questions: [NumberQuestion] = []
            for width in IntegerWidth.allCases {
                for _ in 0..<150 {
                    let operands = (0..<2).map { _ in
                        let edges = [
                            width.range.lowerBound, width.range.upperBound, 0, 1, -1, 2, width.range.lowerBound + 1, 7,
                            -7,
                        ]
                        return Bool.random(using: &random)
                            ? edges.randomElement(using: &random) ?? 0 : Int64.random(in: width.range, using: &random)
                    }
                    let (a, b) = (operands[0], operands[1])
                    let (p, q) = ("'\(a)'::\(width.name)", "'\(b)'::\(width.name)")
                    questions += [
                        NumberQuestion(integer: "\(p) + \(q)") {
                            try IntegerArithmetic.add(a, b, as: width)
                        },
                        NumberQuestion(integer: "\(p) - \(q)") {
                            try IntegerArithmetic.subtract(a, b, as: width)
                        },
                        NumberQuestion(integer: "\(p) * \(q)") {
                            try IntegerArithmetic.multiply(a, b, as: width)
                        },
                        NumberQuestion(integer: "\(p) / \(q)") {
                            try IntegerArithmetic.divide(a, b, as: width)
                        },
                        NumberQuestion(integer: "\(p) % \(q)") {
                            try IntegerArithmetic.remainder(a, b, as: width)
                        },
                        NumberQuestion(integer: "-\(p)") {
                            try IntegerArithmetic.negate(a, as: width)
                        },
                        NumberQuestion(integer: "abs(\(p))") {
                            try IntegerArithmetic.absolute(a, as: width)
                        },
                        NumberQuestion(double: "\(p)::float8") { Double(a) },
                        NumberQuestion(real: "\(p)::float4") { Float(a) },
                        NumberQuestion(number: "\(p)::numeric") { Numeric(a) },
                    ]
                }
            }
            try NumberQuestion.ask(questions)
        }
    }

    @Test func floatsCalculateAsTheServersDo() throws {
        var random = SeededGenerator(for: "float oracle")
        for _ in 0..<NumberQuestion.rounds {
            var questions: [NumberQuestion] = []
            for _ in 0..<500 {
                let (a, b) = (NumberOperand.double(&random), NumberOperand.double(&random))
                let (p, q) = (NumberOperand.quoted(a), NumberOperand.quoted(b))
                questions += [
                    NumberQuestion(double: p) { a },
                    NumberQuestion(double: "\(p) + \(q)") { try FloatArithmetic.add(a, b) },
                    NumberQuestion(double: "\(p) - \(q)") {
                        try FloatArithmetic.subtract(a, b)
                    },
                    NumberQuestion(double: "\(p) * \(q)") {
                        try FloatArithmetic.multiply(a, b)
                    },
                    NumberQuestion(double: "\(p) / \(q)") {
                        try FloatArithmetic.divide(a, b)
                    },
                    NumberQuestion(number: "\(p)::numeric") { Numeric(double: a) },
                    NumberQuestion(integer: "\(p)::bigint") {
                        try FloatArithmetic.integer(a, as: .bigint)
                    },
                    NumberQuestion(integer: "\(p)::integer") {
                        try FloatArithmetic.integer(a, as: .integer)
                    },
                    NumberQuestion(integer: "\(p)::smallint") {
                        try FloatArithmetic.integer(a, as: .smallint)
                    },
                    NumberQuestion(real: "\(p)::float4") { try FloatArithmetic.real(a) },
                    NumberQuestion(double: "round(\(p))") { FloatArithmetic.round(a) },
                    NumberQuestion(double: "trunc(\(p))") { FloatArithmetic.truncate(a) },
                    NumberQuestion(double: "ceil(\(p))") { FloatArithmetic.ceiling(a) },
                    NumberQuestion(double: "floor(\(p))") { FloatArithmetic.floor(a) },
                    NumberQuestion(double: "sign(\(p))") { FloatArithmetic.sign(a) },
                    NumberQuestion(double: "sqrt(\(p))") {
                        try FloatArithmetic.squareRoot(a)
                    },
                ]
                let (c, d) = (NumberOperand.float(&random), NumberOperand.float(&random))
                let (r, s) = (NumberOperand.quoted(c), NumberOperand.quoted(d))
                questions += [
                    NumberQuestion(real: r) { c }, NumberQuestion(double: "\(r)::float8") { Double(c) },
                    NumberQuestion(real: "\(r) + \(s)") { try FloatArithmetic.add(c, d) },
                    NumberQuestion(real: "\(r) - \(s)") {
                        try FloatArithmetic.subtract(c, d)
                    },
                    NumberQuestion(real: "\(r) * \(s)") {
                        try FloatArithmetic.multiply(c, d)
                    },
                    NumberQuestion(real: "\(r) / \(s)") {
                        try FloatArithmetic.divide(c, d)
                    },
                    NumberQuestion(number: "\(r)::numeric") { Numeric(real: c) },
                    NumberQuestion(integer: "\(r)::bigint") {
                        try FloatArithmetic.integer(Double(c), as: .bigint)
                    },
                ]
            }
            try NumberQuestion.ask(questions)
        }
    }
}
