import Testing

@testable import LodeCore

/// Text of any kind is an expression or an error, never a trap; so is any record.
@Suite struct RandomTextTests {
    private static let seed = UInt64.random(in: 0...UInt64.max)

    @Test func randomBytesAreReadOrRefused() {
        var random = ReplayableRandom(seed: Self.seed)
        for _ in 0..<6000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                random.percent(70)
                    ? UInt8.random(in: 32...126, using: &random) : UInt8.random(in: 0...255, using: &random)
            }
            tryOut(String(decoding: bytes, as: UTF8.self), &random)
        }
    }

    @Test func randomTokensAreReadOrRefused() {
        var random = ReplayableRandom(seed: Self.seed)
        let tokens = [
            "and", "or", "not", "is", "null", "true", "unknown", "in", "between", "distinct from", "(", ")", ",", ".",
            "=", "<>",
            "<", ">=", "-", "+", "'a'", "'5'", "'2024-02-29'", "5", "1e400", "9999999999999999999", ".5", "status",
            "old.total",
            "new.day", "count", "active", "code", "email", "changed(", "symmetric", "isnull", "'", "\"", "--", "/*",
            "é", "case", "E'",
        ]
        for _ in 0..<10_000 {
            let count = Int.random(in: 1...14, using: &random)
            tryOut((0..<count).map { _ in random.one(of: tokens) }.joined(separator: " "), &random)
        }
    }

    /// An expression that is right with one of its bytes changed, left out or doubled.
    @Test func brokenExpressionsAreReadOrRefused() {
        var generator = ExpressionGenerator(random: ReplayableRandom(seed: Self.seed))
        for _ in 0..<4000 {
            var bytes = Array(generator.condition(depth: 2).ours.utf8)
            let place = Int.random(in: 0..<bytes.count, using: &generator.random)
            switch Int.random(in: 0..<3, using: &generator.random) {
            case 0: bytes[place] = .random(in: 0...255, using: &generator.random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(bytes[place], at: place)
            }
            tryOut(String(decoding: bytes, as: UTF8.self), &generator.random)
        }
    }

    /// Reads the text and, when it is an expression, runs it over a row of nonsense.
    private func tryOut(_ text: String, _ random: inout ReplayableRandom) {
        let scope = ExpressionGenerator.scope
        let source = SourceText(text, at: Place(file: "lode.yaml", line: 1, column: 1))
        guard let expression = try? Expression(source, in: scope) else { return }
        let record = (0..<40).map { _ in random.one(of: Array("0123456789-+.:eEtfNaI' é".utf8)) }
        func cells() -> [Cell] {
            (0..<Int.random(in: 0...(scope.table?.columns.count ?? 0), using: &random)).map { _ in
                let form = Cell.Form(rawValue: .random(in: 0...6, using: &random)) ?? .null
                let start = Int.random(in: -2...42, using: &random)
                return Cell(form, ByteRange(start, start + .random(in: -1...12, using: &random)))
            }
        }
        var rows = RowSet(RowFrame(record: record, new: cells(), old: cells()))
        _ = try? expression.value(&rows)
    }
}
