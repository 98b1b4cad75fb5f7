/// The rules of one source, checked against its tables and ready to run.
///
/// Pure: the same log and the same mapping give the same events, byte for byte.
public struct CompiledMapping: Sendable {
    /// The events' names in the file's order; a rule says its event by its index here.
    public let names: [String]
    public let events: [EventDefinition]
    /// By the name that the rules use: a table's own, or a partitioned table's root.
    private(set) var tables: [TableRules] = []
    private var indexOfTable: [TableName: Int] = [:]

    /// The tables that `events` name, each once.
    public static func tables(of events: [EventDefinition]) -> [TableName] {
        var seen: Set<TableName> = []
        return events.flatMap(\.ways).flatMap(\.tables).filter { seen.insert($0).inserted }
    }

    /// - Parameter tables: What the catalog has of the tables that `events` name.
    /// - Throws: Everything that is wrong, at once.
    public init(_ events: [EventDefinition], tables definitions: [TableName: TableDefinition]) throws(Diagnostics) {
        names = events.map(\.name.text)
        self.events = events
        var found: [Diagnostic] = []
        for name in Self.tables(of: events) {
            if let definition = definitions[name] {
                do {
                    try define(name, as: definition)
                } catch {
                    found += error.all
                }
            } else {
                for way in events.flatMap(\.ways) where way.tableName == name {
                    found.append(Self.noTable(way, among: definitions.keys))
                }
            }
        }
        if !found.isEmpty { throw Diagnostics(found) }
    }

    /// What is right but risky.
    public var warnings: [Diagnostic] {
        tables.flatMap { table in
            [RowOperation.insert, .update, .delete].flatMap { table.rules(for: $0) }.flatMap(\.warnings)
        }
    }

    public func definition(of name: TableName) -> TableDefinition? { rules(of: name)?.definition }

    /// Compiles the rules of a table against its definition, in place of an earlier one.
    mutating func define(_ name: TableName, as definition: TableDefinition) throws(Diagnostics) {
        var found: [Diagnostic] = []
        var rules = TableRules(definition: definition)
        for (index, event) in events.enumerated() {
            for way in event.ways where way.tableName == name {
                if let root = definition.root {
                    found.append(
                        way.from.error("\(name) is a partition of \(root); name \(root), whose rows these are"))
                    continue
                }
                do {
                    rules.append(try CompiledRule(way, event: index, table: definition), for: way.operation)
                } catch {
                    found += error.all
                }
            }
        }
        if !found.isEmpty { throw Diagnostics(found) }
        if let index = indexOfTable[name] {
            tables[index] = rules
        } else {
            indexOfTable[name] = tables.count
            tables.append(rules)
        }
    }

    func index(of name: TableName) -> Int? { indexOfTable[name] }

    private func rules(of name: TableName) -> TableRules? { indexOfTable[name].map { tables[$0] } }

    private static func noTable(_ way: EventDefinition.Way, among known: some Sequence<TableName>) -> Diagnostic {
        let elsewhere = known.first { $0.name == way.tableName.name }
        let mend =
            elsewhere.map { "did you mean “\($0)”?" }
            ?? "correct the name (a schema other than public is written before it), or create the table first"
        return way.from.error("there is no table \(way.tableName); \(mend)")
    }
}

/// The rules that watch one table.
struct TableRules: Sendable {
    var definition: TableDefinition
    private(set) var insert: [CompiledRule] = []
    private(set) var update: [CompiledRule] = []
    private(set) var delete: [CompiledRule] = []
    /// The columns that some expression reads, by index.
    private(set) var readColumns: Set<Int> = []

    init(definition: TableDefinition) { self.definition = definition }

    func rules(for operation: RowOperation) -> [CompiledRule] {
        switch operation {
        case .insert: insert
        case .update: update
        case .delete: delete
        }
    }

    mutating func append(_ rule: CompiledRule, for operation: RowOperation) {
        readColumns.formUnion(rule.readColumns)
        switch operation {
        case .insert: insert.append(rule)
        case .update: update.append(rule)
        case .delete: delete.append(rule)
        }
    }
}
