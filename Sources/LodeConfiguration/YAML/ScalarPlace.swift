import Yams

/// Where a scalar's own text starts: behind its quote, `|`, anchor or tag.
struct ScalarPlace: Hashable {
    private(set) var position: TextPosition
    /// Whether the text stands there character by character: on that one line, or on as many lines as it
    /// has, each from the same column.
    private(set) var isVerbatim = false

    /// - Parameter position: where Yams says that the scalar is.
    init(of text: String, style: Node.Scalar.Style, at position: TextPosition, in lines: FileLines) {
        self.position = position
        skipProperties(in: lines)
        switch style {
        case .singleQuoted, .doubleQuoted: self.position.column += 1
        case .literal, .folded: moveToNextLine(in: lines)
        case .any, .plain: break
        }
        // Escapes, doubled quotes and folded lines all make the two differ.
        isVerbatim = rest(in: lines).starts(with: text.unicodeScalars)
        if style == .literal { isVerbatim = stands(text, in: lines) }
    }

    private func stands(_ text: String, in lines: FileLines) -> Bool {
        var number = position.line
        var parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        for part in parts {
            guard number <= lines.count else { return false }
            let line = lines.line(number)
            let indentation = line.prefix(position.column - 1)
            guard indentation.allSatisfy({ $0 == " " }), line.dropFirst(position.column - 1).elementsEqual(part) else {
                return false
            }
            number += 1
        }
        return true
    }

    /// libyaml marks a scalar with an anchor or a tag at that, not at its text.
    private mutating func skipProperties(in lines: FileLines) {
        while let first = rest(in: lines).first, first == "&" || first == "!" {
            position.column += rest(in: lines).prefix { $0 != " " && $0 != "\t" }.count
            position.column += rest(in: lines).prefix { $0 == " " || $0 == "\t" }.count
            let next = rest(in: lines).first
            if next == nil || next == "#" { moveToNextLine(in: lines) }
        }
    }

    private func rest(in lines: FileLines) -> ArraySlice<Unicode.Scalar> {
        lines.line(position.line).dropFirst(position.column - 1)
    }

    /// To the first character of the next line that has any.
    private mutating func moveToNextLine(in lines: FileLines) {
        var next = position.line + 1
        while next <= lines.count {
            let indentation = lines.line(next).prefix { $0 == " " || $0 == "\t" }.count
            if indentation < lines.line(next).count {
                position = TextPosition(line: next, column: indentation + 1)
                return
            }
            next += 1
        }
    }
}
