/// Golden tests as the JUnit XML that CI systems read: one suite, a case each recording.
///
/// The elements and attributes are those of the schema that the Jenkins xUnit plugin publishes.
public struct JUnitReport: Sendable {
    /// One test case.
    public struct Case: Sendable {
        public enum Result: Sendable {
            case passed
            /// The events differ from the expected ones.
            case failed(summary: String, detail: String)
            /// There were no events to compare.
            case error(summary: String, detail: String)
        }

        public var file: String
        public var result: Result
        public var duration: Duration

        public init(file: String, result: Result, duration: Duration) {
            self.file = file
            self.result = result
            self.duration = duration
        }
    }

    public var name: String
    public var cases: [Case]

    public init(name: String, cases: [Case]) {
        self.name = name
        self.cases = cases
    }

    public var xml: String {
        let failures = cases.count { if case .failed = $0.result { true } else { false } }
        let errors = cases.count { if case .error = $0.result { true } else { false } }
        let time = Self.seconds(cases.reduce(Duration.zero) { $0 + $1.duration })
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" time=\"\(time)\""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites name=\"lode test\" \(counts)>",
            "  <testsuite name=\"\(Self.escaped(name))\" \(counts) skipped=\"0\">",
        ]
        for test in cases { lines += Self.lines(of: test) }
        lines += ["  </testsuite>", "</testsuites>", ""]
        return lines.joined(separator: "\n")
    }

    private static func lines(of test: Case) -> [String] {
        let slash = test.file.lastIndex(of: "/")
        let folder = slash.map { String(test.file[..<$0]) } ?? "."
        let name = slash.map { String(test.file[test.file.index(after: $0)...]) } ?? test.file
        let tag =
            "    <testcase classname=\"\(escaped(folder))\" name=\"\(escaped(name))\" file=\"\(escaped(test.file))\" "
            + "time=\"\(seconds(test.duration))\""
        func whole(_ element: String, _ type: String, _ summary: String, _ detail: String) -> [String] {
            [
                tag + ">",
                "      <\(element) type=\"\(type)\" message=\"\(escaped(summary))\">"
                    + "\(escaped(detail))</\(element)>", "    </testcase>",
            ]
        }
        switch test.result {
        case .passed: return [tag + "/>"]
        case .failed(let summary, let detail): return whole("failure", "difference", summary, detail)
        case .error(let summary, let detail): return whole("error", "translation", summary, detail)
        }
    }

    /// With three decimals, whatever the locale.
    static func seconds(_ duration: Duration) -> String {
        let (whole, rest) = duration.components
        let thousandths = String(rest / 1_000_000_000_000_000)
        return "\(whole)." + String(repeating: "0", count: max(0, 3 - thousandths.count)) + thousandths
    }

    /// For attributes and text. What XML 1.0 cannot hold (section 2.2, Char) becomes U+FFFD; a line
    /// break is written as a reference, because a reader turns a bare one in an attribute into a space.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\n", "\r", "\t": out += "&#\(scalar.value);"
            case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                out.unicodeScalars.append(scalar)
            default: out += "\u{FFFD}"
            }
        }
        return out
    }
}
