import LodeCore

/// An expression with 🚩 before each place where an error is expected, so that nobody counts columns.
struct MarkedText {
    let source: SourceText
    /// From 1, in characters.
    let columns: [Int]

    init(_ marked: String) {
        var text = ""
        var columns: [Int] = []
        for character in marked {
            if character == "🚩" {
                columns.append(text.unicodeScalars.count + 1)
            } else {
                text.append(character)
            }
        }
        source = SourceText(text, at: Place(file: "lode.yaml", line: 7, column: 1))
        self.columns = columns
    }
}

extension Result where Failure == Diagnostics {
    /// The messages of the errors.
    var diagnostics: [Diagnostic] {
        guard case .failure(let errors) = self else { return [] }
        return errors.all
    }
}
