public import LodeCore
import LodePostgres

/// A first lode.yaml, suggested by a live schema.
public struct StarterMapping: Sendable {
    /// The file.
    public private(set) var text = ""
    public private(set) var events = 0
    /// Tables that have events.
    public private(set) var tables = 0
    /// Tables without, and why.
    public private(set) var skipped: [(table: TableName, reason: String)] = []
    /// What brings the old rows into the log that some rules need.
    public private(set) var statements: [String] = []
    /// The environment variable that the connection can be given in.
    public let variable: String
    /// Whether it must be, because the connection has a password, which belongs in no file.
    public let needsVariable: Bool
    /// Nil, or what keeps the server from being read.
    public private(set) var obstacle: String?

    /// Asks a database for its tables.
    ///
    /// - Throws: ``PostgresError`` when it cannot be asked.
    public static func survey(_ connection: String) async throws -> StarterMapping {
        try await BlockingThread.run(named: "lode-init") {
            let catalog = try Catalog(connection)
            let facts = try catalog.serverFacts()
            var mapping = StarterMapping(try catalog.survey(), database: facts.database, connection: connection)
            if facts.walLevel != "logical" {
                mapping.obstacle =
                    "wal_level is \(facts.walLevel); ALTER SYSTEM SET wal_level = 'logical'; and restart the server"
            }
            return mapping
        }
    }

    init(_ surveyed: [SurveyedTable], database: String, connection: String) {
        let source = Self.sourceName(database)
        variable = Self.variable(source)
        needsVariable = StarterConnection.hasSecret(connection)
        var written: [String] = []
        var names: Set<String> = []
        // Rows of partitions are their root's.
        let tables = surveyed.filter { $0.definition.root == nil }
        let bare = Dictionary(grouping: tables, by: { $0.definition.name.name })
        let entities = tables.filter { TableRole($0) == .entity }
        for table in tables {
            let role = TableRole(table)
            if case .skipped(let reason) = role {
                skipped.append((table.definition.name, reason))
                continue
            }
            let relatives = role == .entity ? entities : []
            let children = relatives.compactMap { child in child.containment(in: table).map { (child, $0) } }
            let name = table.definition.name
            let isAlone = name.schema == "public" || bare[name.name]?.count == 1
            let owner = relatives.lazy.compactMap { table.containment(in: $0) }.first
            var suggestion = StarterEvents(table, children: children, owner: owner, isAlone: isAlone, names: names)
            suggestion.write(role)
            names = suggestion.takenNames
            events += suggestion.count
            self.tables += 1
            if suggestion.needsOldRow {
                // A partitioned table does not hand its replica identity down.
                let leaves = surveyed.filter { $0.definition.root == name }.map(\.definition.name)
                statements += ([name] + leaves).map { "ALTER TABLE \(StarterText.sql($0)) REPLICA IDENTITY FULL;" }
            }
            written += (written.isEmpty ? [] : [""]) + suggestion.lines
        }
        let value = needsVariable || connection.contains("}") ? "${\(variable)}" : "${\(variable):-\(connection)}"
        text = (head(source: source, database: database, value: value) + written + tail).joined(separator: "\n") + "\n"
    }

    private func head(source: String, database: String, value: String) -> [String] {
        var lines = [
            "# yaml-language-server: $schema=lode.schema.json",
            "#",
            "# A first mapping, suggested by the tables of the database \(StarterText.comment(database)). Names of events are",
            "# what others will hear: rename them until they say what happened in the words of the business,",
            "# remove what nobody needs, and run `lode check`.",
            "",
            "sources:",
            "  \(source):",
        ]
        var quoted: [UInt8] = []
        JSONText.appendQuoted(value, to: &quoted)
        lines.append("    connection: \(String(decoding: quoted, as: UTF8.self))")
        lines.append("")
        if !statements.isEmpty {
            lines += [
                "# Rules with changed(...) compare a row with the old one, which the log carries only of tables that ask",
                "# for it. `lode check` warns of these rules, and they give no events, until you run",
                "#",
            ]
            lines += statements.map { "#     \(StarterText.line($0))" }
            lines += ["#", "# It makes the log of an update or delete larger by the old row. Or remove the rules.", ""]
        }
        return lines + ["events:"]
    }

    private var tail: [String] {
        var lines: [String] = []
        if !skipped.isEmpty {
            lines += ["", "  # Tables without events:"]
            for (table, reason) in skipped {
                lines.append("  #   \(StarterText.comment(StarterText.sql(table))): \(reason)")
            }
        }
        lines += [
            "", "subscribers:",
            "  screen:                           # see it work; then add a webhook, a broker, a file",
            "    stdout: {}",
        ]
        return lines
    }

    /// The database's name, as a source may be called.
    private static func sourceName(_ database: String) -> String {
        let name = database.lowercased().unicodeScalars.map { scalar in
            ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
        }
        // With `lode_` before it, it also names the slot, which has room for 63.
        return name.contains { $0 != "_" } ? String(name.prefix(58)) : "database"
    }

    private static func variable(_ source: String) -> String {
        let name = source.uppercased() + "_URL"
        return name.first?.isNumber == true ? "DB_" + name : name
    }
}

/// What a connection string says of secrets.
enum StarterConnection {
    /// Whether a password stands in it: `postgresql://user:secret@host`, `password=secret`.
    static func hasSecret(_ connection: String) -> Bool {
        if connection.lowercased().contains("password") { return true }
        guard let scheme = connection.firstRange(of: "://") else { return false }
        let authority = connection[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@") else { return false }
        return authority[..<at].contains(":")
    }
}
