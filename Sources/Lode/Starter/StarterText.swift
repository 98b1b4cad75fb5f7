import LodeCore

/// Names and expressions as SQL, and as YAML that a person would write.
enum StarterText {
    /// A name, in double quotes when it needs them.
    static func sql(_ name: String) -> String {
        let isPlain =
            name.utf8.first.map { $0 == UInt8(ascii: "_") || $0 &- 97 < 26 } ?? false
            && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 &- 97 < 26 || $0 &- 48 < 10 }
        return isPlain && !reserved.contains(name) ? name : "\"\(name.replacing("\"", with: "\"\""))\""
    }

    /// A table as rules name it: with its schema unless that is `public`.
    static func sql(_ table: TableName) -> String {
        table.schema == "public" ? sql(table.name) : "\(sql(table.schema)).\(sql(table.name))"
    }

    static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// A scalar: plain when it is safe so, else in quotes. `${` is written so that it stays.
    static func yaml(_ text: String) -> String {
        let text = text.replacing("${", with: "$${")
        let isSafe =
            text.utf8.first.map { $0 == UInt8(ascii: "_") || ($0 | 0x20) &- 97 < 26 } ?? false
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && !text.contains(": ") && !text.contains(" #")
            && !text.hasSuffix(":") && !text.hasSuffix(" ") && !words.contains(text.lowercased())
        if isSafe { return text }
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return "'\(text.replacing("'", with: "''"))'"
        }
        var quoted: [UInt8] = []
        // JSON's escapes are YAML's, too (YAML 1.2, section 5.7).
        JSONText.appendQuoted(text, to: &quoted)
        return String(decoding: quoted, as: UTF8.self)
    }

    /// A comment's text on one line, shortened to fit there.
    static func comment(_ text: String) -> String {
        let line = line(text)
        return line.count > 90 ? line.prefix(89) + "…" : line
    }

    /// The text on one line.
    static func line(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }

    /// What the mapping's language or its clauses have a meaning for.
    private static let reserved: Set<String> = [
        "all", "and", "any", "array", "as", "asymmetric", "between", "both", "case", "cast", "collate", "distinct",
        "else", "end", "false", "from", "ilike", "in", "insert", "into", "is", "isnull", "leading", "like", "new",
        "not",
        "notnull", "null", "old", "or", "similar", "some", "symmetric", "table", "then", "trailing", "trigger", "true",
        "when", "where",
    ]

    /// What YAML 1.1 or 1.2 would read as something else than a text, and the two words of a list.
    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "each", "as"]
}
