/// A table's name, unquoted: `public` and `Odd "name"`, not `"Odd ""name"""`.
public struct TableName: Hashable, Sendable, Codable {
    public var schema: String
    public var name: String

    public init(schema: String, name: String) {
        self.schema = schema
        self.name = name
    }
}

extension TableName: CustomStringConvertible {
    /// As a person writes it; not quoted, so not for SQL.
    public var description: String { "\(schema).\(name)" }
}

/// What an UPDATE or DELETE writes of the old row (`pg_class.relreplident`).
public enum ReplicaIdentity: String, Sendable, Codable {
    /// The primary key, when an update changes it, and on delete.
    case `default` = "d"
    case nothing = "n"
    /// Every column, always.
    case full = "f"
    /// The columns of one unique index.
    case index = "i"
}

/// What the catalog knows of a table and the log does not say.
///
/// The log's own names and types win where they differ: the log may be older than the catalog.
public struct TableDefinition: Hashable, Sendable, Codable {
    public var name: TableName
    /// The partitioned table at the top, for a partition; rules name the root, the log the leaf.
    public var root: TableName?
    public var columns: [ColumnDefinition]
    /// In the key's order; empty without a primary key.
    public var primaryKey: [String]
    public var replicaIdentity: ReplicaIdentity
    /// The columns that old rows carry: the key's, the index's, or all.
    public var identityColumns: [String]

    public init(
        name: TableName, root: TableName? = nil, columns: [ColumnDefinition], primaryKey: [String],
        replicaIdentity: ReplicaIdentity, identityColumns: [String]
    ) {
        self.name = name
        self.root = root
        self.columns = columns
        self.primaryKey = primaryKey
        self.replicaIdentity = replicaIdentity
        self.identityColumns = identityColumns
    }

    public func column(named name: String) -> ColumnDefinition? {
        columns.first { $0.name == name }
    }
}

public struct ColumnDefinition: Hashable, Sendable, Codable {
    public var name: String
    /// As `format_type` prints it, without modifiers: `character varying`, `integer[]`.
    public var type: String
    /// The type under a domain, else the same as `type`: a domain's values are printed in quotes
    /// whatever they are, so the log alone cannot tell a number from a text.
    public var baseType: String
    public var notNull: Bool
    /// Whether a value may be stored out of line, so that an update can leave it out of the log.
    public var canToast: Bool
    /// Whether it is computed when it is read (`GENERATED ... VIRTUAL`, PostgreSQL 18): the log then prints
    /// null whatever its value is (test_decoding of 18 does not leave it out).
    public var isVirtual: Bool

    public init(
        name: String, type: String, baseType: String? = nil, notNull: Bool = false, canToast: Bool = false,
        isVirtual: Bool = false
    ) {
        self.name = name
        self.type = type
        self.baseType = baseType ?? type
        self.notNull = notNull
        self.canToast = canToast
        self.isVirtual = isVirtual
    }

    /// How the values read.
    public var kind: ValueKind { ValueKind(typeName: baseType) }
}
