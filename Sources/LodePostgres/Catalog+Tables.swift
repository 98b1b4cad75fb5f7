public import LodeCore

/// The definitions of tables, however many, by three questions.
extension Catalog {
    /// The definition of a table, partition or partitioned table; nil when there is none of the name.
    public func table(_ name: TableName) throws(PostgresError) -> TableDefinition? {
        try tables([name]).first { $0.name == name }
    }

    /// The definitions of those of the tables that there are.
    ///
    /// - Parameter partitions: Whether those of the partitions below them are wanted, too.
    public func tables(
        _ names: some Collection<TableName>, partitions: Bool = false
    ) throws(PostgresError) -> [TableDefinition] {
        guard !names.isEmpty else { return [] }
        let named = "(n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[]))"
        let below = """
            c.relkind = 'r' AND c.oid IN (
                SELECT t.relid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                                          LATERAL pg_partition_tree(c.oid) t
                       WHERE c.relkind = 'p' AND \(named))
            """
        return try definitions(
            where: partitions ? "(\(named) OR \(below))" : named,
            [Self.array(names.map(\.schema)), Self.array(names.map(\.name))])
    }

    /// The definitions of all tables of the database that are not the system's own, and of their
    /// partitions.
    public func allTables() throws(PostgresError) -> [TableDefinition] {
        try definitions(
            where: "c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'", [])
    }

    private func definitions(
        where condition: String, _ parameters: [String?]
    ) throws(PostgresError) -> [TableDefinition] {
        let rows = try connection.query("\(Self.tablesSQL) AND \(condition) ORDER BY 3, 4", parameters)
        var tables: [TableDefinition] = []
        var places: [String: Int] = [:]
        for row in rows {
            guard row.count == 6, let oid = row[0], let identity = row[1], let schema = row[2], let name = row[3]
            else { continue }
            var table = TableDefinition(
                name: TableName(schema: schema, name: name), columns: [], primaryKey: [],
                replicaIdentity: ReplicaIdentity(rawValue: identity) ?? .default, identityColumns: [])
            if let schema = row[4], let name = row[5] { table.root = TableName(schema: schema, name: name) }
            places[oid] = tables.count
            tables.append(table)
        }
        guard !tables.isEmpty else { return [] }
        let identifiers = [Self.array(rows.compactMap { $0.first ?? nil })]
        for row in try connection.query(Self.columnsSQL, identifiers) {
            guard row.count == 7, let place = row[0].flatMap({ places[$0] }), let name = row[1], let type = row[2]
            else { continue }
            tables[place].columns.append(
                ColumnDefinition(
                    name: name, type: type, baseType: row[3], notNull: row[4] == "t", canToast: row[5] == "t",
                    isVirtual: row[6] == "t"))
        }
        for row in try connection.query(Self.keysSQL, identifiers) {
            guard row.count == 4, let place = row[0].flatMap({ places[$0] }), let name = row[1] else { continue }
            if row[2] == "t" { tables[place].primaryKey.append(name) }
            let isOfIdentity = tables[place].replicaIdentity == .index ? row[3] == "t" : row[2] == "t"
            if isOfIdentity { tables[place].identityColumns.append(name) }
        }
        for place in tables.indices {
            switch tables[place].replicaIdentity {
            case .full: tables[place].identityColumns = tables[place].columns.map(\.name)
            case .nothing: tables[place].identityColumns = []
            case .default, .index: break
            }
        }
        return tables
    }

    /// An array's text, as PostgreSQL reads it (`array_in`).
    static func array(_ elements: some Sequence<String>) -> String {
        let quoted = elements.map { element in
            var text = "\""
            for character in element.unicodeScalars {
                if character == "\"" || character == "\\" { text.unicodeScalars.append("\\") }
                text.unicodeScalars.append(character)
            }
            return text + "\""
        }
        return "{\(quoted.joined(separator: ","))}"
    }

    private static let tablesSQL = """
        SELECT c.oid, c.relreplident, n.nspname, c.relname, rn.nspname, r.relname
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_class r ON c.relispartition AND r.oid = pg_partition_root(c.oid)
          LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
         WHERE c.relkind IN ('r', 'p')
        """

    /// `base` walks down from a domain to what is under it, and an array of a domain likewise.
    ///
    /// A value goes out of line when its row is too long and it is the longest that is left
    /// (`heap_toast_insert_or_update` in heaptoast.c), so of a `varchar(n)` that is counted out. Types
    /// stored as `m`, such as numeric, go only when all others are out and the row still fills a page.
    private static let columnsSQL = """
        WITH listed AS (
            SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.attnotnull, a.attstorage, a.attgenerated,
                   t.typtype = 'd' OR e.oid IS NOT NULL AS has_domain,
                   CASE WHEN coalesce(nullif(t.typbasetype, 0), t.oid) IN ('varchar'::regtype, 'bpchar'::regtype)
                        THEN 4 * (nullif(greatest(a.atttypmod, t.typtypmod), -1) - 4) END AS most_bytes,
                   count(*) OVER (PARTITION BY a.attrelid) AS column_count,
                   (SELECT o.option_value::int FROM pg_options_to_table(c.reloptions) o
                     WHERE o.option_name = 'toast_tuple_target') AS target
              FROM pg_attribute a
              JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND e.typtype = 'd'
             WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped)
        SELECT l.attrelid, l.attname, format_type(l.atttypid, NULL),
               CASE WHEN l.has_domain THEN
                   (WITH RECURSIVE base(oid, typtype, typbasetype, is_array) AS (
                        SELECT coalesce(e.oid, t.oid), coalesce(e.typtype, t.typtype),
                               coalesce(e.typbasetype, t.typbasetype), e.oid IS NOT NULL
                          FROM pg_type t
                          LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND e.typtype = 'd'
                         WHERE t.oid = l.atttypid
                        UNION ALL
                        SELECT t.oid, t.typtype, t.typbasetype, base.is_array
                          FROM base JOIN pg_type t ON t.oid = base.typbasetype
                         WHERE base.typtype = 'd')
                    SELECT format_type(oid, NULL) || CASE WHEN is_array THEN '[]' ELSE '' END
                      FROM base WHERE typtype <> 'd') END,
               l.attnotnull,
               l.attstorage IN ('x', 'e')
               AND (l.most_bytes IS NULL
                    OR l.column_count * greatest(l.most_bytes, 64) > coalesce(l.target, 2032) - 200),
               l.attgenerated = 'v'
          FROM listed l
         ORDER BY l.attrelid, l.attnum
        """

    private static let keysSQL = """
        SELECT i.indrelid, a.attname, i.indisprimary, i.indisreplident
          FROM pg_index i
         CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
         WHERE i.indrelid = ANY ($1::oid[]) AND (i.indisprimary OR i.indisreplident)
           AND k.place <= i.indnkeyatts
         ORDER BY i.indrelid, i.indexrelid, k.place
        """
}
