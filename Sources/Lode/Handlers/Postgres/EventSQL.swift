import LodeCore

/// SQL for events: statements whose named parameters are the event's, in PostgreSQL's numbered form.
struct EventSQL: Hashable, Sendable {
    struct Statement: Hashable, Sendable {
        /// With `$1`, `$2`, ... in the places of names; the same name has the same number.
        var sql: String
        /// What they stand for: places in ``EventSQL/fields``.
        var parameters: [Int]
    }

    /// What a name stands for.
    enum Field: Hashable, Sendable {
        /// A top-level member of data: a scalar's text, JSON text of objects and arrays; null when it is null
        /// or not there.
        case member([UInt8])
        /// All of data, as JSON text.
        case data
        case id
        case type
        case key
        case time
        case source
    }

    var statements: [Statement]
    /// Every field that the statements need, once.
    var fields: [Field]

    /// - Throws: Everything that is wrong, at once, each with its place.
    init(_ source: SourceText) throws(Diagnostics) {
        var parser = EventSQLParser(source)
        self = try parser.parse()
    }

    init(statements: [Statement], fields: [Field]) {
        self.statements = statements
        self.fields = fields
    }

    /// The members of data that it reads.
    var members: [String] {
        fields.compactMap { field in
            if case .member(let name) = field { return String(decoding: name, as: UTF8.self) }
            return nil
        }
    }

    /// The words behind `:event.`.
    static let attributes: [(name: String, field: Field)] = [
        ("id", .id), ("type", .type), ("key", .key), ("time", .time), ("source", .source),
    ]
}
