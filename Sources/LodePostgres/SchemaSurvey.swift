public import LodeCore

/// A table with what its schema says of its meaning.
public struct SurveyedTable: Sendable {
    public var definition: TableDefinition
    /// `COMMENT ON TABLE`.
    public var comment: String?
    /// The planner's estimate (`pg_class.reltuples`); nil when the table was never analysed.
    public var estimatedRows: Int?
    /// Made by an extension, so not the user's own.
    public var isOfExtension: Bool
    public var foreignKeys: [ForeignKey]
    /// By column: the words it may hold, of an enum in its order, or of a CHECK as it was written.
    public var words: [String: [String]]
    /// By column: the text that it has when an insert says none.
    public var defaults: [String: String]

    public init(
        _ definition: TableDefinition, comment: String? = nil, estimatedRows: Int? = nil, isOfExtension: Bool = false,
        foreignKeys: [ForeignKey] = [], words: [String: [String]] = [:], defaults: [String: String] = [:]
    ) {
        self.definition = definition
        self.comment = comment
        self.estimatedRows = estimatedRows
        self.isOfExtension = isOfExtension
        self.foreignKeys = foreignKeys
        self.words = words
        self.defaults = defaults
    }

    public struct ForeignKey: Hashable, Sendable {
        public var columns: [String]
        public var target: TableName
        public var targetColumns: [String]
        /// `ON DELETE CASCADE`.
        public var cascades: Bool

        public init(columns: [String], target: TableName, targetColumns: [String], cascades: Bool) {
            self.columns = columns
            self.target = target
            self.targetColumns = targetColumns
            self.cascades = cascades
        }
    }
}

extension Catalog {
    /// All tables of the database that are not the system's own, partitions included.
    public func survey() throws(PostgresError) -> [SurveyedTable] {
        var tables = try allTables().map { SurveyedTable($0) }
        var places: [TableName: Int] = [:]
        for (index, table) in tables.enumerated() { places[table.definition.name] = index }
        func place(_ row: [String?]) -> Int? {
            guard row.count > 2, let schema = row[0], let name = row[1] else { return nil }
            return places[TableName(schema: schema, name: name)]
        }
        for row in try connection.query(Self.factsSQL) {
            guard let place = place(row), row.count == 5 else { continue }
            tables[place].comment = row[2]
            tables[place].estimatedRows = row[3].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
            tables[place].isOfExtension = row[4] == "t"
        }
        var last: String?
        for row in try connection.query(Self.foreignKeysSQL) {
            guard let place = place(row), row.count == 8, let schema = row[3], let name = row[4],
                let column = row[6], let target = row[7]
            else { continue }
            if row[2] != last {
                last = row[2]
                tables[place].foreignKeys.append(
                    SurveyedTable.ForeignKey(
                        columns: [], target: TableName(schema: schema, name: name), targetColumns: [],
                        cascades: row[5] == "c"))
            }
            let index = tables[place].foreignKeys.count - 1
            tables[place].foreignKeys[index].columns.append(column)
            tables[place].foreignKeys[index].targetColumns.append(target)
        }
        for row in try connection.query(Self.enumsSQL) {
            guard let place = place(row), row.count == 4, let column = row[2], let word = row[3] else { continue }
            tables[place].words[column, default: []].append(word)
        }
        for row in try connection.query(Self.checksSQL) {
            guard let place = place(row), row.count == 4, let column = row[2], let text = row[3] else { continue }
            if tables[place].words[column] == nil { tables[place].words[column] = CheckText.words(of: text) }
        }
        for row in try connection.query(Self.defaultsSQL) {
            guard let place = place(row), row.count == 4, let column = row[2], let text = row[3] else { continue }
            if let words = CheckText.literals(of: text), words.count == 1 { tables[place].defaults[column] = words[0] }
        }
        return tables
    }

    private static let factsSQL = """
        SELECT n.nspname, c.relname, obj_description(c.oid, 'pg_class'), c.reltuples::bigint,
               EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p')
        """

    private static let foreignKeysSQL = """
        SELECT n.nspname, c.relname, con.oid, tn.nspname, t.relname, con.confdeltype, a.attname, ta.attname
          FROM pg_constraint con
          JOIN pg_class c ON c.oid = con.conrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_class t ON t.oid = con.confrelid
          JOIN pg_namespace tn ON tn.oid = t.relnamespace
         CROSS JOIN LATERAL unnest(con.conkey, con.confkey) WITH ORDINALITY AS k(attnum, target, place)
          JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum
          JOIN pg_attribute ta ON ta.attrelid = con.confrelid AND ta.attnum = k.target
         WHERE con.contype = 'f' AND con.conparentid = 0
         ORDER BY con.oid, k.place
        """

    /// A domain over an enum counts as the enum.
    private static let enumsSQL = """
        SELECT n.nspname, c.relname, a.attname, e.enumlabel
          FROM pg_attribute a
          JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_type t ON t.oid = a.atttypid
          JOIN pg_enum e ON e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid)
         WHERE a.attnum > 0 AND NOT a.attisdropped
         ORDER BY 1, 2, 3, e.enumsortorder
        """

    /// Checks of one column, and of the domain that is its type.
    private static let checksSQL = """
        SELECT n.nspname, c.relname, a.attname, pg_get_constraintdef(con.oid)
          FROM pg_constraint con
          JOIN pg_attribute a ON a.attrelid = con.conrelid AND array_length(con.conkey, 1) = 1
                                 AND a.attnum = con.conkey[1]
                              OR con.contypid <> 0 AND a.atttypid = con.contypid
          JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE con.contype = 'c' AND a.attnum > 0 AND NOT a.attisdropped
         ORDER BY con.oid
        """

    private static let defaultsSQL = """
        SELECT n.nspname, c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid)
          FROM pg_attrdef d
          JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
          JOIN pg_class c ON c.oid = d.adrelid AND c.relkind IN ('r', 'p')
          JOIN pg_namespace n ON n.oid = c.relnamespace
        """
}

/// Reads what PostgreSQL prints of a CHECK or a DEFAULT (`pg_get_constraintdef`, `pg_get_expr`).
enum CheckText {
    /// The words of `CHECK ((status = ANY (ARRAY['NEW'::text, 'PAID'::text])))` and of the same written
    /// with OR; nil of any other check.
    static func words(of text: String) -> [String]? {
        guard let (words, rest) = parts(of: text), !words.isEmpty, rest.contains(UInt8(ascii: "=")) else { return nil }
        guard !rest.contains(where: { "<>~!+*/%".utf8.contains($0) }) else { return nil }
        let isCalling = zip(rest, rest.dropFirst()).contains { $1 == UInt8(ascii: "(") && isOfName($0) }
        guard !isCalling else { return nil }
        let names = rest.split { !isOfName($0) }.map { String(decoding: $0, as: UTF8.self).uppercased() }
        guard Set(names).isDisjoint(with: ["AND", "NOT", "ALL", "LIKE", "SIMILAR", "CASE", "BETWEEN"]) else {
            return nil
        }
        return words
    }

    /// The text literals, without what is around them; nil when one does not end.
    static func literals(of text: String) -> [String]? {
        guard let (words, rest) = parts(of: text) else { return nil }
        // `nextval('orders_id_seq'::regclass)` is no text.
        return rest.contains(UInt8(ascii: "(")) ? nil : words
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || byte >= 0x80
    }

    private static func parts(of text: String) -> (words: [String], rest: [UInt8])? {
        let bytes = Array(text.utf8)
        let quote = UInt8(ascii: "'")
        var words: [String] = []
        var rest: [UInt8] = []
        var at = 0
        while at < bytes.count {
            guard bytes[at] == quote else {
                rest.append(bytes[at])
                at += 1
                continue
            }
            // E'...' has its backslashes doubled.
            let isEscaped = rest.last == UInt8(ascii: "E")
            if isEscaped { rest.removeLast() }
            var word: [UInt8] = []
            at += 1
            while at < bytes.count {
                let doubles = bytes[at] == quote || isEscaped && bytes[at] == UInt8(ascii: "\\")
                if doubles, at + 1 < bytes.count, bytes[at + 1] == bytes[at] {
                    at += 1
                } else if bytes[at] == quote {
                    break
                }
                word.append(bytes[at])
                at += 1
            }
            guard at < bytes.count else { return nil }
            at += 1
            words.append(String(decoding: word, as: UTF8.self))
        }
        return (words, rest)
    }
}
