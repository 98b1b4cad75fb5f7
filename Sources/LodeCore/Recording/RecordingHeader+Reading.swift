/// Reading the header's line. Members that this version does not know are passed over: a Lode that
/// adds one that matters counts the version up.
extension RecordingHeader {
    /// Why a line is no header.
    enum Failure: Error, Equatable {
        /// No JSON object with a `lode` in it.
        case notAHeader
        case newer(version: Int)
        /// What the header should have.
        case misses(String)
    }

    init(line: [UInt8]) throws(Failure) {
        var reader = JSONTreeReader(line)
        guard let tree = try? reader.readAll(), let version = tree["lode"]?.integer, version > 0 else {
            throw .notAHeader
        }
        guard version <= Self.version else { throw .newer(version: version) }
        guard let source = tree["source"]?.text else { throw .misses("“source”, a text") }
        guard let system = tree["systemIdentifier"]?.text else { throw .misses("“systemIdentifier”, a text") }
        guard let server = tree["serverVersion"]?.text else { throw .misses("“serverVersion”, a text") }
        self.init(
            source: source, systemIdentifier: system, serverVersion: server, tables: try Self.tables(tree["tables"]))
    }

    /// The definitions of a line `{"tables":[...]}` between records.
    static func tables(line: [UInt8]) throws(Failure) -> [TableDefinition] {
        var reader = JSONTreeReader(line)
        guard let tree = try? reader.readAll() else { throw .notAHeader }
        return try tables(tree["tables"])
    }

    private static func tables(_ tree: JSONTree?) throws(Failure) -> [TableDefinition] {
        guard let elements = tree?.elements else { throw .misses("“tables”, a list") }
        var tables: [TableDefinition] = []
        for (index, element) in elements.enumerated() {
            guard let table = TableDefinition(element) else {
                throw .misses("in “tables”, as number \(index + 1), a table's definition")
            }
            tables.append(table)
        }
        return tables
    }
}

extension TableDefinition {
    fileprivate init?(_ tree: JSONTree) {
        guard let name = TableName(tree), let columns = tree["columns"]?.elements?.map(ColumnDefinition.init(_:)),
            let primaryKey = tree["primaryKey"]?.names, let identityColumns = tree["identityColumns"]?.names,
            let identity = tree["replicaIdentity"]?.text.flatMap(ReplicaIdentity.init(word:))
        else { return nil }
        let known = columns.compactMap { $0 }
        let root = tree["root"].map { TableName($0) }
        // A root that is there and cannot be read is no table without a root.
        guard known.count == columns.count, root.map({ $0 != nil }) ?? true else { return nil }
        self.init(
            name: name, root: root ?? nil, columns: known, primaryKey: primaryKey, replicaIdentity: identity,
            identityColumns: identityColumns)
    }
}

extension ColumnDefinition {
    fileprivate init?(_ tree: JSONTree) {
        guard let name = tree["name"]?.text, let type = tree["type"]?.text else { return nil }
        self.init(
            name: name, type: type, baseType: tree["baseType"]?.text, notNull: tree["notNull"]?.bool ?? false,
            canToast: tree["canToast"]?.bool ?? false, isVirtual: tree["virtual"]?.bool ?? false)
    }
}

extension TableName {
    fileprivate init?(_ tree: JSONTree) {
        guard let schema = tree["schema"]?.text, let name = tree["name"]?.text else { return nil }
        self.init(schema: schema, name: name)
    }
}

extension JSONTree {
    /// The texts of a list of texts.
    fileprivate var names: [String]? {
        guard let elements else { return nil }
        let names = elements.compactMap(\.text)
        return names.count == elements.count ? names : nil
    }
}
