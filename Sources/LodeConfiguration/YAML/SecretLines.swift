/// Finds the lines of a configuration file that may hold a secret, so that no diagnostic quotes them.
///
/// By text alone, because it must also work for a file that is not YAML yet. Rather a line too many
/// than one too few: a diagnostic without its line still has the file, line and column.
enum SecretLines {
    static func find(in lines: [String]) -> [Bool] {
        var above: Above?
        return lines.map { line in
            let bytes = Array(line.lowercased().utf8)
            let indentation = bytes.prefix(while: \.isSpaceOrTab).count
            let text = bytes[indentation...]
            let goesOn = above?.goesOn(with: text, indentation: indentation) ?? false
            if let start = secretStart(in: text) {
                let outermost = goesOn ? min(indentation, above?.indentation ?? indentation) : indentation
                above = Above(indentation: outermost, value: text[start...])
            } else if !goesOn {
                above = nil
            }
            return above != nil
        }
    }

    /// A line with a secret, whose value may go on in the lines below it.
    private struct Above {
        let indentation: Int
        /// Whether the value is yet to come.
        private var isOpen: Bool
        /// The quote that the value began with and that did not close on its line.
        private var quote: UInt8?

        init(indentation: Int, value: ArraySlice<UInt8>) {
            self.indentation = indentation
            isOpen = value.allSatisfy(\.isSpaceOrTab)
            let text = value.drop(while: \.isSpaceOrTab)
            if let first = text.first, "\"'".utf8.contains(first), !text.dropFirst().contains(first) { quote = first }
        }

        mutating func goesOn(with text: ArraySlice<UInt8>, indentation: Int) -> Bool {
            if let quote {
                if text.contains(quote) { self.quote = nil }
                return true
            }
            guard let first = text.first else { return true }
            defer { isOpen = false }
            return isOpen || indentation > self.indentation
                || (indentation == self.indentation && first == UInt8(ascii: "-"))
        }
    }

    /// Where the value of a secret begins; nil when the line has none.
    private static func secretStart(in line: ArraySlice<UInt8>) -> Int? {
        if line.first == UInt8(ascii: "?") {
            let word = line.dropFirst().drop { " \t\"'".utf8.contains($0) }.prefix(while: isNameByte)
            if isSecretName(String(decoding: word, as: UTF8.self)) { return line.endIndex }
        }
        let lastAt = line.lastIndex(of: UInt8(ascii: "@")) ?? -1
        for index in line.indices where line[index] == UInt8(ascii: ":") || line[index] == UInt8(ascii: "=") {
            let before = line[..<index].reversed().drop { " \t\"'".utf8.contains($0) }
            let word = before.prefix(while: isNameByte)
            let isName = word.count <= 64 && isSecretName(String(decoding: Array(word.reversed()), as: UTF8.self))
            // Or the user part of a URL.
            if isName || (index < lastAt && line[index...].starts(with: "://".utf8)) { return index + 1 }
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetterOrUnderscore || byte.isDigit || byte == UInt8(ascii: "-")
    }

    private static let endings = [
        "secret", "secrets", "password", "passwords", "passwd", "passphrase", "token", "tokens", "connection",
        "authorization", "credential", "credentials", "apikey", "api_key", "api-key",
    ]

    /// Also names that are one slip away from a secret's: `pasword` is an unknown key, and its line
    /// holds a password all the same.
    static func isSecretName(_ name: String) -> Bool {
        let name = name.lowercased()
        if endings.contains(where: name.hasSuffix) { return true }
        return ["secret", "password", "token", "connection"].contains { isSlip(name, of: $0) }
    }

    /// Whether one letter was added, dropped or changed, or two neighbours were swapped.
    private static func isSlip(_ name: String, of word: String) -> Bool {
        let (a, b) = (Array(name.utf8), Array(word.utf8))
        guard abs(a.count - b.count) <= 1 else { return false }
        let start = zip(a, b).prefix { $0 == $1 }.count
        let most = min(a.count, b.count) - start
        let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.prefix(most).count
        let (written, meant) = (a[start..<(a.count - end)], b[start..<(b.count - end)])
        if written.count <= 1, meant.count <= 1 { return true }
        return written.count == 2 && written.reversed().elementsEqual(meant)
    }
}
