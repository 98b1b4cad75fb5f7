import TestSupport
import Testing

@testable import LodeCore

/// `to_char` of every type of number against the server's, with usual formats and random ones.
@Suite struct FormatOracleTests {
    private static let formats = [
        "999", "9999.99", "FM999,990.00", "0000", "S9999", "9999S", "MI999.9", "999.9MI", "PL999", "SG999", "999SG",
        "999PR",
        "FM999PR", "9,999,999.99", "9G999D99", "L999", "FM9999.999", "FM0.0", ".99", "FM.99", "990.00", "099",
        "FM090.90",
        "999th", "FM999TH", "\"No. \"999", "9.99EEEE", "9EEEE", "99.999EEEE", "999V99", "FM99V9", "0", "9",
        "00000000000",
        "FM99999999999999990.099999", "S0.00", "FM9,9,9,9", "B999", "fm999", "9 9 9", "99.99S", "FM9999.9S", "999.PR",
        "x",
        "999.99PR\"!\"", "999999999999999999", "9999999999.9999999999", "FM9999999.9999999999S", "0.99", "9.0",
    ]

    private static func format(_ random: inout SeededGenerator) -> String {
        if Bool.random(using: &random) { return formats.randomElement(using: &random) ?? "9" }
        let parts = [
            "9", "9", "9", "99", "0", "0", "00", ",", ".", "D", "G", "S", "MI", "PL", "SG", "PR", "FM", "L", "th", "TH",
            "V",
            "EEEE", "B", " ", "\"a b\"", "-", "\\", "x", "sg", "999", "9.9", "0.0",
        ]
        return (0..<Int.random(in: 1...7, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
            .joined()
    }

    @Test func numbersAreFormattedAsTheServerFormatsThem() throws {
        var random = SeededGenerator(for: "to_char oracle")
        for _ in 0..<NumberQuestion.rounds {
            var questions: [NumberQuestion] = []
            for index in 0..<2000 {
                let pattern = index < Self.formats.count ? Self.formats[index] : Self.format(&random)
                let bytes = Array(pattern.utf8)
                if case .unsupportedFormat = Self.refusal(bytes) { continue }
                let text = "'\(pattern)'"
                let x = NumberOperand.operand(&random)
                let number = try NumberOperand.numeric(x)
                let float = NumberOperand.double(&random)
                let real = NumberOperand.float(&random)
                let small = Int64.random(in: -200...2000, using: &random)
                let integer =
                    Bool.random(using: &random) ? small : Int64(Int32.random(in: .min ... .max, using: &random))
                questions += [
                    NumberQuestion("to_char(\(NumberOperand.quoted(x)), \(text))") {
                        try NumberFormat(bytes).text(number)
                    },
                    NumberQuestion("to_char('\(integer)'::bigint, \(text))") {
                        try NumberFormat(bytes).text(integer, as: .bigint)
                    },
                    NumberQuestion("to_char(\(NumberOperand.quoted(float)), \(text))") {
                        try NumberFormat(bytes).text(float)
                    },
                    NumberQuestion("to_char(\(NumberOperand.quoted(real)), \(text))") {
                        try NumberFormat(bytes).text(real)
                    },
                    NumberQuestion("to_char(\(Double(small) / 8)::numeric, \(text))") {
                        try NumberFormat(bytes).text(Numeric(double: Double(small) / 8))
                    },
                    NumberQuestion("to_char(\(Double(small) / 8)::float8, \(text))") {
                        try NumberFormat(bytes).text(Double(small) / 8)
                    },
                ]
                let question = NumberQuestion("to_char('\(integer)'::integer, \(text))") {
                    try NumberFormat(bytes).text(integer, as: .integer)
                }
                // Where `V` makes it too large, the server multiplies on without a word.
                if question.answer != "error 22003" { questions.append(question) }
            }
            try NumberQuestion.ask(questions)
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
