import LodeCore

/// A node of lode.yaml with its place, after `${NAME}` was replaced and what YAML allows but a
/// configuration does not want was refused: keys twice, keys that are not text, tags.
struct YAMLNode {
    var place: Place
    var content: Content

    indirect enum Content {
        case scalar(YAMLScalar)
        case list([YAMLNode])
        /// In the file's order, no key twice.
        case mapping([YAMLEntry])
        /// What is wrong was said already; readers pass over it in silence.
        case invalid
    }

    var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.isNull } else { false }
    }

    /// The plain word `none`, with which a setting is switched off.
    var isNone: Bool {
        if case .scalar(let scalar) = content { scalar.source.text == "none" } else { false }
    }

    /// For “a text was expected here, not ...”.
    var kindName: String {
        switch content {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        case .invalid: "something else"
        }
    }
}

struct YAMLEntry {
    var key: SourceText
    var value: YAMLNode
    /// Whether the key stands in quotes: a word of the language that is meant as a mere name can.
    var isQuoted = false

    var name: String { key.text }
}

struct YAMLScalar {
    /// The value, with the environment in it.
    var source: SourceText
    /// The value as the file has it, with `${NAME}` where the environment was read: what
    /// a diagnostic may show.
    var written: String
    /// Nothing at all, `~` or, in plain style, `null`. As an expression `null` is a value.
    var isNull: Bool
    /// Whether its line may hold a secret.
    var isSecret: Bool

    /// `“written”`, cut to a length that suits a message; “this value” when it must not be shown.
    var quoted: String {
        guard !isSecret else { return "this value" }
        let most = 60
        let visible = written.unicodeScalars.prefix(most).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return "“" + FileLines.string(visible) + (written.unicodeScalars.count > most ? "…”" : "”")
    }
}
