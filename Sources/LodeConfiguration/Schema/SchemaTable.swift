/// What may stand in lode.yaml, as a table: the source of its JSON Schema.
///
/// The reader of lode.yaml has its own lists of keys, and a test compares them with this one.
struct SchemaTable: Sendable {
    var sections: [SchemaSection]

    func section(_ name: String) -> SchemaSection? { sections.first { $0.name == name } }
}

/// A mapping with keys of its own.
struct SchemaSection: Sendable {
    var name: String
    var description: String
    var keys: [SchemaKey]
    /// Exactly one of these keys must be there; empty: no such rule.
    var kinds: [String] = []

    init(_ name: String, _ description: String, _ keys: [SchemaKey], kinds: [String] = []) {
        self.name = name
        self.description = description
        self.keys = keys
        self.kinds = kinds
    }
}

struct SchemaKey: Sendable {
    var name: String
    var value: SchemaValue
    var description: String
    var isRequired: Bool
    /// What counts when the key is left out.
    var defaultText: String?
    var examples: [String]

    init(
        _ name: String, _ value: SchemaValue, _ description: String, isRequired: Bool = false,
        default defaultText: String? = nil, examples: [String] = []
    ) {
        self.name = name
        self.value = value
        self.description = description
        self.isRequired = isRequired
        self.defaultText = defaultText
        self.examples = examples
    }
}

/// What a key's value may be.
indirect enum SchemaValue: Sendable {
    /// A text; also a number, which YAML tells apart and we do not.
    case text
    case expression
    case duration
    case size
    case flag
    /// A whole number from here on.
    case number(from: Int)
    /// One of these words.
    case words([String])
    /// `{}` or nothing.
    case empty
    case section(String)
    /// A mapping whose names the file makes up.
    case mapping(of: SchemaValue, names: SchemaNames)
    case list(of: SchemaValue)
    case any([SchemaValue])
    /// The data of an event: an expression, members, or `each` and `as`.
    case data
}

/// Names that a file makes up.
enum SchemaNames: String, Sendable {
    case source = "^[a-z0-9_][a-z0-9_-]*$"
    /// Letters of all scripts.
    case event = "^[A-Za-z0-9._:/\\u0080-\\uffff-]+$"
    case subscriber = "^[A-Za-z0-9_.][A-Za-z0-9_.-]*$"
    case gather = "^[A-Za-z_][A-Za-z0-9_]*$"
    case any = "^"
}
