/// How a column's text is to be understood: what it compares as, and what JSON it becomes.
public indirect enum ValueKind: Hashable, Sendable {
    /// int2, int4, int8, oid: digits that fit 64 bits.
    case integer
    /// Any number of digits, or NaN, or an infinity.
    case numeric
    /// float4, float8: the shortest text that reads back the same.
    case float
    case boolean
    case text
    /// json and jsonb: text that already is JSON.
    case json
    case bytea
    case date
    case timestamp
    case timestampWithTimeZone
    case time
    case uuid
    /// Of the given elements.
    case array(of: ValueKind)
    /// Enums, ranges, intervals, network addresses, geometry, rows and what an extension brings:
    /// their text stands for them.
    case other

    /// From a type's name as `format_type` prints it, modifiers left out.
    public init(typeName: String) {
        if typeName.hasSuffix("[]") {
            self = .array(of: ValueKind(typeName: String(typeName.dropLast(2))))
            return
        }
        self = Self.builtIn[typeName] ?? .other
    }

    private static let builtIn: [String: ValueKind] = [
        "smallint": .integer, "integer": .integer, "bigint": .integer, "oid": .integer,
        "numeric": .numeric, "real": .float, "double precision": .float, "boolean": .boolean,
        "text": .text, "character varying": .text, "character": .text, "name": .text, "\"char\"": .text,
        "citext": .text, "json": .json, "jsonb": .json, "bytea": .bytea, "uuid": .uuid, "date": .date,
        "timestamp without time zone": .timestamp, "timestamp with time zone": .timestampWithTimeZone,
        "time without time zone": .time,
    ]
}
