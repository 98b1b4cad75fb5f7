import LodeCore
import Yams

/// Text that is not YAML, told with what to do about it.
enum YAMLMistake {
    static let generalAdvice = "look at the indentation, quotes and brackets here and just above"

    static func diagnostic(of error: YamlError, in lines: FileLines) -> Diagnostic {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = lines.place(TextPosition(mark))
            let origin = context.map { " (\($0.text), from line \($0.mark.line))" } ?? ""
            let advice = advice(for: (context?.text ?? "") + problem, in: lines.line(mark.line), column: mark.column)
            return Diagnostic(.error, at: place, "not valid YAML: \(problem)\(origin); \(advice)")
        case .memory:
            let place = lines.place(.start)
            return Diagnostic(.error, at: place, "this YAML is nested too deeply; \(generalAdvice)")
        default:
            let place = lines.place(.start)
            return Diagnostic(.error, at: place, "this is not YAML; write the file anew with “lode init”")
        }
    }

    private static func advice(for problem: String, in line: ArraySlice<Unicode.Scalar>, column: Int) -> String {
        let text = FileLines.string(line)
        if line.prefix(column).contains("\t") { return "indent with spaces, not with tabs" }
        if problem.contains("mapping values are not allowed") {
            return "put a value with “: ” in it in quotes, or indent the key like its neighbours"
        }
        if problem.contains("alias") || line.dropFirst(column - 1).first == "*" {
            return "put a value that starts with * in quotes"
        }
        if text.contains("${"), text.contains("{ ") || text.contains("[") {
            return "inside { } and [ ], put “${NAME}” in double quotes"
        }
        if let first = line.dropFirst(column - 1).first, "@`%".unicodeScalars.contains(first) {
            return "put a value that starts with \(first) in quotes"
        }
        if problem.contains("another document") { return "keep one document: remove the “---” and what follows" }
        return generalAdvice
    }
}
