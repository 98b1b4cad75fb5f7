import TestSupport
import Testing

@testable import LodeCore

/// Text of any kind is a number, a format, or an error, never a trap.
@Suite struct RandomNumberTests {
    private static let numberBytes = Array("0123456789..--++eEnNaAiIfFtTyY \t".utf8)
    private static let formatBytes = Array("9990000,,..DGSLMIPLSGPRFMthTHVEEEEBCSPx\"\\ é".utf8)

    private func bytes(_ alphabet: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...20, using: &random)).map { _ in
            Int.random(in: 0..<20, using: &random) == 0
                ? .random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
        }
    }

    @Test func randomTextsAreReadOrRefused() throws {
        var random = SeededGenerator(for: "random numbers")
        for _ in 0..<10_000 {
            let text = bytes(Self.numberBytes, &random)
            let all = 0..<text.count
            if let number = Numeric(text.span, all) {
                let printed = number.text
                #expect(Numeric(printed.span, 0..<printed.count) == number)
            }
            _ = try? NumberText.integer(text.span, all, as: .bigint)
            _ = try? NumberText.double(text.span, all)
            _ = try? NumberText.real(text.span, all)
            _ = try? NumberText.boolean(text.span, all)
        }
    }

    @Test func randomFormatsAreUsedOrRefused() throws {
        var random = SeededGenerator(for: "random formats")
        let numbers: [Numeric] = [
            .zero, .notANumber, .infinity, .negativeInfinity, Numeric(.min), Numeric(double: 1e-300),
        ]
        let doubles = [0, -0.0, .nan, .infinity, -.infinity, 1e308, 5.5, -.leastNonzeroMagnitude]
        var written = 0
        for _ in 0..<2000 {
            guard let format = try? NumberFormat(bytes(Self.formatBytes, &random)) else { continue }
            for number in numbers where (try? format.text(number)) != nil { written += 1 }
            for double in doubles where (try? format.text(double)) != nil { written += 1 }
            _ = try? format.text(Float(1e38))
            _ = try? format.text(.min, as: .bigint)
            _ = try? format.text(-5, as: .smallint)
        }
        #expect(written > 1000)
    }

    /// Random bits as doubles: what is printed reads back, and no operator traps.
    @Test func randomDoublesPrintWhatReadsBack() throws {
        var random = SeededGenerator(for: "random doubles")
        for _ in 0..<5000 {
            let value = Double(bitPattern: .random(in: 0 ... .max, using: &random))
            let text = FloatArithmetic.text(value)
            let back = try NumberText.double(text.span, 0..<text.count)
            #expect(back == value || back.isNaN && value.isNaN)
            let single = Float(bitPattern: .random(in: 0 ... .max, using: &random))
            let short = FloatArithmetic.text(single)
            let again = try NumberText.real(short.span, 0..<short.count)
            #expect(again == single || again.isNaN && single.isNaN)
            _ = Numeric(double: value)
            _ = Numeric(real: single)
            _ = try? FloatArithmetic.integer(value, as: .integer)
        }
    }
}
