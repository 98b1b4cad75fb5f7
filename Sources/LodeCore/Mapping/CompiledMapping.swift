/// The rules of one source, checked against its tables and ready to run.
///
/// Pure: the same log and the same mapping give the same events, byte for byte.
public struct CompiledMapping: Sendable {
    /// The events' names in the file's order; a rule says its event by its index here.
    public let names: [String]
    public let events: [EventDefinition]
    /// In the file's order.
    private(set) var rules: [CompiledRule] = []
    /// By the name that the rules use: a table's own, or a partitioned table's root.
    private(set) var tables: [TableRules] = []
    private var indexOfTable: [TableName: Int] = [:]
    /// By their root, as far as they are known.
    let partitions: [TableName: [TableDefinition]]
    private(set) var transactionRules: [CompiledRule] = []
    private(set) var messageRules: [(prefix: [UInt8], rule: CompiledRule)] = []
    /// Whether some rule needs a transaction's rows together.
    private(set) var needsTransactions = false

    /// The tables that `events` name, each once.
    public static func tables(of events: [EventDefinition]) -> [TableName] {
        var seen: Set<TableName> = []
        return events.flatMap(\.ways).flatMap(\.tables).filter { seen.insert($0).inserted }
    }

    /// - Parameters:
    ///   - tables: What the catalog has of the tables that `events` name, and for the risks of those that are
    ///     partitioned, of their partitions.
    ///   - others: What a name is that is there and no table: `a view`.
    /// - Throws: Everything that is wrong, at once, and what is risky beside.
    public init(
        _ events: [EventDefinition], tables definitions: [TableName: TableDefinition],
        others: [TableName: String] = [:]
    ) throws(Diagnostics) {
        names = events.map(\.name.text)
        self.events = events
        let leaves = definitions.values.filter { $0.root != nil }.sorted { $0.name.description < $1.name.description }
        partitions = Dictionary(grouping: leaves) { $0.root ?? $0.name }
        for name in Self.tables(of: events) {
            guard let definition = definitions[name] else { continue }
            indexOfTable[name] = tables.count
            tables.append(TableRules(definition: definition))
        }
        var found: [Diagnostic] = []
        for way in events.flatMap(\.ways) {
            for (table, place) in way.namedTables where definitions[table] == nil {
                if let what = others[table] {
                    found.append(
                        place.error("\(table) is \(what), and the log has changes of tables alone; name a table"))
                } else {
                    found.append(Self.noTable(table, place, among: definitions.keys))
                }
            }
        }
        do { try compile() } catch { found += error.all }
        if !found.isEmpty { throw Diagnostics(found) }
    }

    /// What is right but risky.
    public var warnings: [Diagnostic] { rules.flatMap(\.warnings) }

    public func definition(of name: TableName) -> TableDefinition? { indexOfTable[name].map { tables[$0].definition } }

    /// Takes a table's changed definition; its number stays.
    mutating func define(_ name: TableName, as definition: TableDefinition) throws(Diagnostics) {
        guard let index = indexOfTable[name] else { return }
        tables[index].definition = definition
        try compile()
    }

    func index(of name: TableName) -> Int? { indexOfTable[name] }

    /// Compiles every rule whose tables are there.
    private mutating func compile() throws(Diagnostics) {
        var found: [Diagnostic] = []
        rules = []
        transactionRules = []
        messageRules = []
        for index in tables.indices { tables[index].removeRules() }
        let definitions = indexOfTable.mapValues { tables[$0].definition }
        for (index, event) in events.enumerated() {
            for way in event.ways where way.tables.allSatisfy({ definitions[$0] != nil }) {
                let leaves = Self.leaves(of: way, definitions)
                guard leaves.isEmpty else {
                    found += leaves
                    continue
                }
                do {
                    add(
                        try RuleCompiler.rule(
                            way, of: event, event: index, tables: definitions, numbers: indexOfTable,
                            partitions: partitions)
                    )
                } catch {
                    found += error.all
                }
            }
        }
        needsTransactions = rules.contains(where: \.needsTransaction)
        if Diagnostics(found).hasErrors { throw Diagnostics(found + warnings) }
    }

    private mutating func add(_ rule: CompiledRule) {
        rules.append(rule)
        for (table, columns) in rule.reads {
            if let index = indexOfTable[table] { tables[index].readColumns.formUnion(columns) }
        }
        for gather in rule.gathers {
            guard let index = indexOfTable[gather.table] else { continue }
            if rule.isNet { tables[index].hasNet = true } else { tables[index].noteGather(of: gather.operation) }
        }
        switch rule.trigger {
        case .row(let operation, let table):
            if let index = indexOfTable[table] {
                tables[index].append(rule, for: operation)
            }
        case .truncate(let table):
            if let index = indexOfTable[table] { tables[index].truncate.append(rule) }
        case .message(let prefix): messageRules.append((Array(prefix.utf8), rule))
        case .transaction: transactionRules.append(rule)
        }
    }

    /// A partition's leaf, whose rows are spoken of by its root's name.
    private static func leaves(
        of way: EventDefinition.Way, _ definitions: [TableName: TableDefinition]
    ) -> [Diagnostic] {
        way.namedTables.compactMap { table, place in
            definitions[table]?.root.map { root in
                place.error("\(table) is a partition of \(root); name \(root), whose rows these are")
            }
        }
    }

    private static func noTable(
        _ table: TableName, _ place: SourceText, among known: some Sequence<TableName>
    ) -> Diagnostic {
        let elsewhere = known.first { $0.name == table.name }
        let near =
            elsewhere
            ?? nearestName(to: table.name, among: known.map(\.name)).flatMap { name in
                known.first { $0.name == name }
            }
        let mend =
            near.map { "did you mean “\($0)”?" }
            ?? "correct the name (a schema other than public is written before it), or create the table first"
        return place.error("there is no table \(table); \(mend)")
    }
}

extension EventDefinition.Way {
    /// Its tables, each with where it is named.
    public var namedTables: [(table: TableName, place: SourceText)] {
        (trigger.table.map { [($0, from)] } ?? []) + gather.map { ($0.table, $0.from) }
    }
}

/// The rules that watch one table, in the file's order.
struct TableRules: Sendable {
    var definition: TableDefinition
    private(set) var insert: [CompiledRule] = []
    private(set) var update: [CompiledRule] = []
    private(set) var delete: [CompiledRule] = []
    var truncate: [CompiledRule] = []
    /// Whether some rule gathers the rows of an operation.
    private var gathered = (insert: false, update: false, delete: false)
    /// Whether some rule sees the table's rows net.
    var hasNet = false
    /// The columns that some expression reads, by index.
    var readColumns: Set<Int> = []

    init(definition: TableDefinition) { self.definition = definition }

    @inline(__always)
    func rules(for operation: RowOperation) -> [CompiledRule] {
        switch operation {
        case .insert: insert
        case .update: update
        case .delete: delete
        }
    }

    mutating func append(_ rule: CompiledRule, for operation: RowOperation) {
        if rule.isNet { hasNet = true }
        switch operation {
        case .insert: insert.append(rule)
        case .update: update.append(rule)
        case .delete: delete.append(rule)
        }
    }

    mutating func noteGather(of operation: RowOperation) {
        switch operation {
        case .insert: gathered.insert = true
        case .update: gathered.update = true
        case .delete: gathered.delete = true
        }
    }

    func gathers(_ operation: RowOperation) -> Bool {
        switch operation {
        case .insert: gathered.insert
        case .update: gathered.update
        case .delete: gathered.delete
        }
    }

    /// Whether some rule needs the rows of an operation.
    func watches(_ operation: RowOperation) -> Bool {
        if hasNet || gathers(operation) { return true }
        switch operation {
        case .insert: return !insert.isEmpty
        case .update: return !update.isEmpty
        case .delete: return !delete.isEmpty
        }
    }

    mutating func removeRules() { self = TableRules(definition: definition) }
}
