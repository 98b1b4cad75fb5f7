import LodeCore
import LodePostgres

/// Suggests the events of one table, as lines of lode.yaml.
struct StarterEvents {
    let table: SurveyedTable
    let children: [(table: SurveyedTable, key: SurveyedTable.ForeignKey)]
    /// The column by which rows are parts of another row, when a deleted row has it in the log, too:
    /// with that row's key their events stay in line with its own.
    private let owner: String?
    private let entity: [String]
    private let from: String
    /// Taken names of events; two tables may be called alike.
    private var names: Set<String>
    private(set) var lines: [String] = []
    private(set) var count = 0
    /// Whether there are rules that need an old row that the log does not carry.
    private(set) var needsOldRow = false

    /// So many steps are events of their own; a column with more words is no status.
    private static let mostSteps = 16

    init(
        _ table: SurveyedTable, children: [(table: SurveyedTable, key: SurveyedTable.ForeignKey)],
        owner: SurveyedTable.ForeignKey?, isAlone: Bool, names: Set<String>
    ) {
        self.table = table
        self.children = children
        let columns = owner?.columns ?? []
        self.owner = columns.count == 1 && table.definition.primaryKey.contains(columns[0]) ? columns[0] : nil
        let name = table.definition.name
        // Of two tables with one name each says its schema.
        entity = (isAlone ? [] : EnglishNames.words(of: name.schema)) + EnglishNames.entity(of: name.name)
        from = StarterText.sql(name)
        self.names = names
    }

    /// The names that are taken now.
    var takenNames: Set<String> { names }

    mutating func write(_ role: TableRole) {
        lines.append(heading)
        switch role {
        case .entity, .link:
            let isLink = role == .link
            created(isLink ? "Added" : "Created")
            for column in table.definition.columns { steps(of: column) }
            deleted(isLink ? "Removed" : "Deleted")
        case .outbox(let type, let key, let data, let isDebezium):
            outbox(type: type, key: key, data: data, isDebezium: isDebezium)
        case .skipped:
            break
        }
    }

    private var heading: String {
        var parts = ["  # \(StarterText.comment(from))"]
        if let rows = table.estimatedRows { parts.append("about \(rows) rows") }
        if let comment = table.comment, !comment.isEmpty { parts.append(StarterText.comment(comment)) }
        return parts.joined(separator: "; ")
    }

    private mutating func begin(_ wanted: String, note: String? = nil) {
        var name = wanted
        var number = 2
        while !names.insert(name).inserted {
            name = "\(wanted)\(number)"
            number += 1
        }
        if count > 0 { lines.append("") }
        count += 1
        lines.append("  \(StarterText.yaml(name)):" + (note.map { "  # \($0)" } ?? ""))
    }

    private mutating func add(_ key: String, _ value: String) {
        lines.append("    \(key): \(StarterText.yaml(value))")
    }

    private mutating func addKey() {
        if let owner { return add("key", StarterText.sql(owner)) }
        // A composite key is what `key` left out means.
        if table.definition.primaryKey.count == 1, let column = table.definition.primaryKey.first {
            add("key", StarterText.sql(column))
        }
    }

    // MARK: - Rows

    private mutating func created(_ verb: String) {
        begin(EnglishNames.pascal(entity) + verb)
        add("from", "insert into \(from)")
        addKey()
        var members = Members(entity: entity, key: table.definition.primaryKey)
        let shown = table.definition.columns.filter { !table.isLeftOut($0) }
        for column in shown { members.add(column.name) }
        let gathers = self.gathers
        if !gathers.isEmpty {
            lines.append("    gather:")
            for gather in gathers { lines.append("      \(gather.name): \(StarterText.yaml(gather.clause))") }
        }
        lines.append("    data:")
        lines += members.lines(indent: 6)
        for gather in gathers {
            let name = members.free(EnglishNames.camel(EnglishNames.words(of: gather.name)))
            lines += ["      \(StarterText.yaml(name)):", "        each: \(gather.name)", "        as:"]
            var parts = Members(entity: [], key: [])
            for column in gather.columns { parts.add(column) }
            lines += parts.lines(indent: 10)
        }
        let hidden = table.definition.columns.filter { table.isLeftOut($0) }.map { StarterText.comment($0.name) }
        if !hidden.isEmpty { lines.append("      # left out: \(hidden.joined(separator: ", "))") }
    }

    private mutating func deleted(_ verb: String) {
        guard table.definition.logsDeletedKey else {
            lines.append(
                "  # no event of its deleted rows: the log does not say which, for the table's replica identity")
            lines.append("  # is without the primary key; ALTER TABLE \(from) REPLICA IDENTITY DEFAULT;")
            return
        }
        begin(EnglishNames.pascal(entity) + verb)
        add("from", "delete from \(from)")
        addKey()
        var members = Members(entity: entity, key: table.definition.primaryKey)
        for column in table.definition.primaryKey { members.add(column) }
        lines.append("    data:")
        lines += members.lines(indent: 6)
    }

    // MARK: - Steps of a row's life

    private mutating func steps(of column: ColumnDefinition) {
        guard let words = table.words[column.name], !words.isEmpty, !table.definition.primaryKey.contains(column.name)
        else { return }
        let name = StarterText.sql(column.name)
        let isEnough = StatusNames.isLifecycle(column.name) && words.count <= Self.mostSteps
        guard isEnough else {
            let event = EnglishNames.pascal(entity + EnglishNames.words(of: column.name)) + "Changed"
            return step(event, when: "changed(\(name))", column: column)
        }
        // Into the first state a row comes when it is created.
        for word in words where word != table.defaults[column.name] {
            let event =
                StatusNames.event(entity, column: column.name, value: word)
                ?? EnglishNames.pascal(entity + EnglishNames.words(of: column.name)) + "Changed"
            step(event, when: "changed(\(name)) and \(name) = \(StarterText.literal(word))", column: column)
        }
    }

    private mutating func step(_ event: String, when: String, column: ColumnDefinition) {
        let isBlind = !table.definition.identityColumns.contains(column.name)
        begin(event, note: isBlind ? "needs the old row, see above" : nil)
        needsOldRow = needsOldRow || isBlind
        add("from", "update \(from)")
        add("when", when)
        addKey()
        var members = Members(entity: entity, key: table.definition.primaryKey)
        for column in table.definition.primaryKey { members.add(column) }
        members.add(column.name)
        lines.append("    data:")
        lines += members.lines(indent: 6)
    }

    // MARK: - Ready-made events

    private mutating func outbox(type: String, key: String, data: String, isDebezium: Bool) {
        lines.append("  # Its rows are events that the service made itself; they go out with their own id and type.")
        begin(EnglishNames.pascal(entity))
        add("from", "insert into \(from)")
        if isDebezium {
            add("preset", "debezium-outbox")
        } else {
            add("id", "id")
            add("type", StarterText.sql(type))
            add("key", StarterText.sql(key))
            add("data", StarterText.sql(data))
        }
    }

    // MARK: - Parts

    private struct Gather {
        var name: String
        var clause: String
        var columns: [String]
    }

    private var gathers: [Gather] {
        var taken: Set<String> = Self.reservedGathers.union([table.definition.name.name.lowercased()])
        // A name that needs quotes is better said by its part in the rule.
        let plain = StarterText.sql(table.definition.name.name)
        let owner = plain.hasPrefix("\"") ? "trigger" : plain
        return children.map { child, key in
            let words = EnglishNames.words(of: child.definition.name.name).map { $0.lowercased() }
            let parent = EnglishNames.entity(of: table.definition.name.name).map { $0.lowercased() }
            let plural = EnglishNames.words(of: table.definition.name.name).map { $0.lowercased() }
            var own = words
            for prefix in [plural, parent] where own.count > prefix.count && own.starts(with: prefix) {
                own.removeFirst(prefix.count)
            }
            var name = own.joined(separator: "_")
            let isName = name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 &- 97 < 26 || $0 &- 48 < 10 }
            if !isName || name.first?.isNumber != false || StarterText.sql(name).hasPrefix("\"") { name = "parts" }
            while !taken.insert(name).inserted { name += "_rows" }
            let condition = zip(key.columns, key.targetColumns).map { column, target in
                "\(StarterText.sql(column)) = \(owner).\(StarterText.sql(target))"
            }
            let columns = child.definition.columns.filter { !key.columns.contains($0.name) && !child.isLeftOut($0) }
            return Gather(
                name: name,
                clause:
                    "insert into \(StarterText.sql(child.definition.name)) where \(condition.joined(separator: " and "))",
                columns: columns.map(\.name))
        }.filter { !$0.columns.isEmpty }
    }

    private static let reservedGathers: Set<String> = ["old", "new", "trigger", "prefix", "content", "event"]
}

/// Members of data, each of a column.
private struct Members {
    private let entity: [String]
    private let key: [String]
    private var members: [(name: String, column: String)] = []
    private var taken: Set<String> = []

    init(entity: [String], key: [String]) {
        self.entity = entity
        self.key = key
    }

    mutating func add(_ column: String) {
        guard !members.contains(where: { $0.column == column }) else { return }
        // Far from its table, `id` no longer says of what.
        let isOwn = key == [column] && column.lowercased() == "id"
        let words = isOwn ? entity + ["id"] : EnglishNames.words(of: column)
        let name = words.isEmpty ? column : EnglishNames.camel(words)
        members.append((taken.contains(name) ? column : name, column))
        taken.insert(members.last?.name ?? name)
    }

    /// The name, or one like it that no member has.
    mutating func free(_ wanted: String) -> String {
        var name = wanted
        while !taken.insert(name).inserted { name += "Rows" }
        return name
    }

    func lines(indent: Int) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        return members.map { "\(blanks)\(StarterText.yaml($0.name)): \(StarterText.yaml(StarterText.sql($0.column)))" }
    }
}
