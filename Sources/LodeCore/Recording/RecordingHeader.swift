/// What a recording of Lode's own format says of itself, so that it alone is enough to translate it.
///
///     {"lode":1,"source":"shop","systemIdentifier":"7361234567890123456","serverVersion":"15.18",
///      "tables":[{"schema":"public","name":"orders","columns":[{"name":"id","type":"bigint","notNull":true}],
///                 "primaryKey":["id"],"replicaIdentity":"default","identityColumns":["id"]}]}
///
/// all on one line.
public struct RecordingHeader: Hashable, Sendable {
    /// The version of the format that this Lode writes, and the newest that it reads.
    public static let version = 1

    /// The source's name in lode.yaml: with the system identifier, half of every event's identity.
    public var source: String
    /// `system_identifier` of IDENTIFY_SYSTEM.
    public var systemIdentifier: String
    /// `server_version` as the server says it.
    public var serverVersion: String
    /// As they were when the recording began; of those added later, when they were first met.
    public var tables: [TableDefinition]

    public init(source: String, systemIdentifier: String, serverVersion: String, tables: [TableDefinition]) {
        self.source = source
        self.systemIdentifier = systemIdentifier
        self.serverVersion = serverVersion
        self.tables = tables
    }

    /// Takes definitions that are newer than those at hand.
    mutating func learn(_ definitions: [TableDefinition]) {
        for definition in definitions {
            if let index = tables.firstIndex(where: { $0.name == definition.name }) {
                tables[index] = definition
            } else {
                tables.append(definition)
            }
        }
    }
}

// MARK: - Writing

extension RecordingHeader {
    /// Appends the header's line, with its newline.
    func append(to out: inout [UInt8]) {
        JSONText.append("{\"lode\":", to: &out)
        JSONText.append(Self.version, to: &out)
        JSONText.append(",\"source\":", to: &out)
        JSONText.appendQuoted(source, to: &out)
        JSONText.append(",\"systemIdentifier\":", to: &out)
        JSONText.appendQuoted(systemIdentifier, to: &out)
        JSONText.append(",\"serverVersion\":", to: &out)
        JSONText.appendQuoted(serverVersion, to: &out)
        JSONText.append(",", to: &out)
        Self.append(tables, to: &out)
        JSONText.append("}\n", to: &out)
    }

    /// Appends `"tables":[...]`.
    static func append(_ tables: [TableDefinition], to out: inout [UInt8]) {
        JSONText.append("\"tables\":[", to: &out)
        for (index, table) in tables.enumerated() {
            if index > 0 { JSONText.append(",", to: &out) }
            table.append(to: &out)
        }
        JSONText.append("]", to: &out)
    }
}

extension TableDefinition {
    fileprivate func append(to out: inout [UInt8]) {
        name.append(to: &out)
        if let root {
            JSONText.append(",\"root\":", to: &out)
            root.append(to: &out)
            JSONText.append("}", to: &out)
        }
        JSONText.append(",\"columns\":[", to: &out)
        for (index, column) in columns.enumerated() {
            if index > 0 { JSONText.append(",", to: &out) }
            column.append(to: &out)
        }
        JSONText.append("],\"primaryKey\":", to: &out)
        append(primaryKey, to: &out)
        JSONText.append(",\"replicaIdentity\":", to: &out)
        JSONText.appendQuoted(replicaIdentity.word, to: &out)
        JSONText.append(",\"identityColumns\":", to: &out)
        append(identityColumns, to: &out)
        JSONText.append("}", to: &out)
    }

    private func append(_ names: [String], to out: inout [UInt8]) {
        JSONText.append("[", to: &out)
        for (index, name) in names.enumerated() {
            if index > 0 { JSONText.append(",", to: &out) }
            JSONText.appendQuoted(name, to: &out)
        }
        JSONText.append("]", to: &out)
    }
}

extension ColumnDefinition {
    /// What is false, or the type itself as its base, is left out.
    fileprivate func append(to out: inout [UInt8]) {
        JSONText.append("{\"name\":", to: &out)
        JSONText.appendQuoted(name, to: &out)
        JSONText.append(",\"type\":", to: &out)
        JSONText.appendQuoted(type, to: &out)
        if baseType != type {
            JSONText.append(",\"baseType\":", to: &out)
            JSONText.appendQuoted(baseType, to: &out)
        }
        if notNull { JSONText.append(",\"notNull\":true", to: &out) }
        if canToast { JSONText.append(",\"canToast\":true", to: &out) }
        if isVirtual { JSONText.append(",\"virtual\":true", to: &out) }
        JSONText.append("}", to: &out)
    }
}

extension TableName {
    /// Appends `{"schema":"public","name":"orders"`, without the closing brace.
    fileprivate func append(to out: inout [UInt8]) {
        JSONText.append("{\"schema\":", to: &out)
        JSONText.appendQuoted(schema, to: &out)
        JSONText.append(",\"name\":", to: &out)
        JSONText.appendQuoted(name, to: &out)
    }
}

extension ReplicaIdentity {
    /// As `ALTER TABLE ... REPLICA IDENTITY` has it.
    var word: String {
        switch self {
        case .default: "default"
        case .nothing: "nothing"
        case .full: "full"
        case .index: "index"
        }
    }

    init?(word: String) {
        switch word {
        case "default": self = .default
        case "nothing": self = .nothing
        case "full": self = .full
        case "index": self = .index
        default: return nil
        }
    }
}
