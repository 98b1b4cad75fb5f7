import Foundation
import LodeCore
import Testing

@testable import LodeConfiguration

/// Whatever the bytes, reading them ends with a configuration or with diagnostics that have a place.
///
/// `SEED=` repeats a run, `LODE_TEST_SECONDS=` makes it longer.
@Suite struct RandomInputTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let environment = ProcessInfo.processInfo.environment

    private func forAWhile(_ name: String, _ body: (inout Random) -> Void) {
        let budget = Self.environment["LODE_TEST_SECONDS"].flatMap(Double.init) ?? 2
        let given = Self.environment["SEED"].flatMap(UInt64.init)
        let end = ContinuousClock.now + .seconds(budget)
        var seed = given ?? UInt64.random(in: 0 ... .max)
        print("\(name): SEED=\(seed)")
        repeat {
            var random = Random(state: seed)
            body(&random)
            seed &+= 1
        } while given == nil && ContinuousClock.now < end
    }

    private func read(_ bytes: [UInt8]) {
        do {
            let environment = ["SECRET": "hunter2"]
            _ = try Configuration.load(bytes: bytes, file: "lode.yaml", environment: environment)
        } catch {
            #expect(!error.all.isEmpty)
            for diagnostic in error.all {
                #expect(diagnostic.place.map { $0.line > 0 && $0.column > 0 } == true)
                #expect(!diagnostic.description.contains("hunter2"))
            }
        }
    }

    @Test func randomBytesNeverTrap() {
        forAWhile("randomBytesNeverTrap") { random in
            let count = Int.random(in: 0...200, using: &random)
            read((0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &random) })
        }
    }

    @Test func randomYAMLSyntaxNeverTraps() {
        let pieces = [
            "a", "b: ", ": ", "- ", "? ", "{", "}", "[", "]", ", ", "\n", "\n  ", "\n    ", "\"", "'", "|", ">", "&a ",
            "*a", "!t ", "!!str ", "#", "---\n", "...\n", "%YAML 1.1\n", "\t", "<<: ", "~", "null", "\\x41", "\\0",
            "${SECRET}", "${", "}", "$${", "\u{85}", "\u{2028}", "\u{FEFF}", "é", "\u{E000}", "\r", "sources:",
            "events:",
            "from: ", "insert into ", "shop", "stdout: {}", "on", "=", "::", "@", "`", "%", "|2-\n", ">+\n",
        ]
        forAWhile("randomYAMLSyntaxNeverTraps") { random in
            let count = Int.random(in: 0...60, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            read(Array(text.utf8))
        }
    }

    @Test func mutatedConfigurationsNeverTrap() {
        let example = Array((LoadingTests.example + "\n" + Self.more).utf8)
        let nasty = Array("{}[]:,-?&*!|>'\"%@`# \n\t\\${}~<0a".utf8)
        forAWhile("mutatedConfigurationsNeverTrap") { random in
            var bytes = example
            for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...20, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.removeSubrange(start..<end)
                case 1:
                    bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &random))
                case 2: bytes[start] = nasty.randomElement(using: &random) ?? 0
                default: bytes.insert(nasty.randomElement(using: &random) ?? 0, at: start)
                }
            }
            read(bytes)
        }
    }

    @Test func randomClausesNeverTrapAndTheirErrorsStandInTheirLine() {
        let pieces = [
            "insert", "into", "update", "delete", "from", "truncate", "table", "transaction", "message", "where", "a",
            "orders", ".", "\"", "\"\"", "\"A b\"", "'", "''", "'p'", "'lode.heartbeat'", " ", "  ", "\t", "\n", "\r",
            "é", "\u{1F600}", "\u{301}", "$", "7", "-", "--", "/*", ";", "(", "=", "\0", "INSERT ", "into ", "a where ",
        ]
        forAWhile("randomClausesNeverTrapAndTheirErrorsStandInTheirLine") { random in
            let count = Int.random(in: 0...12, using: &random)
            let separator = Bool.random(using: &random) ? " " : ""
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined(separator: separator)
            let source = SourceText(text, at: Place(file: "f", line: 1, column: 3))
            let end = 3 + text.unicodeScalars.count
            func check(_ error: Diagnostic) {
                #expect(error.place.map { $0.column >= 3 && $0.column <= end } == true, "\(text.debugDescription)")
                #expect(error.message.contains(";"), "\(error)")
            }
            do throws(Diagnostic) { _ = try ClauseReader.trigger(source) } catch { check(error) }
            do throws(Diagnostic) {
                guard let condition = try ClauseReader.gather(source).condition else { return }
                let (line, column) = (condition.place?.line ?? 1, condition.place?.column ?? 0)
                // Every line of the text begins in the same column.
                let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
                let rest = Array(lines.dropFirst(line - 1).joined(separator: ["\n"]))
                #expect(rest.dropFirst(column - 3).starts(with: condition.text.unicodeScalars))
                #expect(!condition.text.isEmpty)
            } catch {
                check(error)
            }
        }
    }

    private static let more = """
          secret: &s { stdout: {}, retry: { first: "${SECRET:-1s}" } }
          again: *s
        http: { listen: "127.0.0.1:${PORT:-8642}", token_file: ${SECRET} }
        unknown: fail
        on_error: skip
        type_prefix: |
          com.example.
        """
}
