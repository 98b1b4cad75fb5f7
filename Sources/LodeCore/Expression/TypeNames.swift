/// The names under which PostgreSQL knows its types (`SystemTypeName` in gram.y and `pg_type`).
enum TypeNames {
    /// As `format_type` prints it; nil for a type that expressions cannot name.
    static func canonical(_ name: String) -> String? { names[name] }

    /// What can be cast to, for messages.
    static var all: [String] { Array(Set(names.values)).sorted() }

    private static let names: [String: String] = [
        "smallint": "smallint", "int2": "smallint", "integer": "integer", "int": "integer", "int4": "integer",
        "bigint": "bigint", "int8": "bigint", "oid": "oid", "numeric": "numeric", "decimal": "numeric",
        "dec": "numeric",
        "real": "real", "float4": "real", "double precision": "double precision", "float8": "double precision",
        "float": "double precision", "boolean": "boolean", "bool": "boolean", "text": "text",
        "character varying": "character varying", "varchar": "character varying", "character": "character",
        "char": "character", "bpchar": "character", "name": "name", "citext": "citext", "uuid": "uuid",
        "bytea": "bytea",
        "json": "json", "jsonb": "jsonb", "date": "date", "time": "time without time zone",
        "time without time zone": "time without time zone", "timestamp": "timestamp without time zone",
        "timestamp without time zone": "timestamp without time zone", "timestamptz": "timestamp with time zone",
        "timestamp with time zone": "timestamp with time zone", "interval": "interval",
    ]
}
