/// Compiles one way of an event against the tables that it names, and collects all that is wrong.
struct RuleCompiler {
    private let way: EventDefinition.Way
    private let tables: [TableName: TableDefinition]
    private let trigger: ExpressionScope.Trigger
    private let gatherRows: [ExpressionScope.Row]
    private let scope: ExpressionScope
    private let partitions: [TableName: [TableDefinition]]
    private let numbers: [TableName: Int]
    private(set) var found: [Diagnostic] = []
    private var risks: [Diagnostic] = []
    private var reads: [TableName: Set<Int>] = [:]
    /// What the expressions that come next are for.
    private var part = MappingRisks.Part.when
    private var uses: [MappingRisks.Use] = []

    /// - Parameters:
    ///   - tables: Of every table that the way names, or nothing is compiled.
    ///   - numbers: Of each of those, its number in the mapping.
    ///   - partitions: By their root, as far as they are known.
    /// - Throws: All that is wrong, and all that is risky beside.
    static func rule(
        _ way: EventDefinition.Way, of definition: EventDefinition, event: Int, tables: [TableName: TableDefinition],
        numbers: [TableName: Int], partitions: [TableName: [TableDefinition]]
    ) throws(Diagnostics) -> CompiledRule {
        var compiler = RuleCompiler(way, tables: tables, numbers, partitions)
        let rule = compiler.compile(event: event, onError: definition.onError)
        guard let rule, compiler.found.isEmpty else { throw Diagnostics(compiler.found + compiler.risks) }
        return rule
    }

    private init(
        _ way: EventDefinition.Way, tables: [TableName: TableDefinition], _ numbers: [TableName: Int],
        _ partitions: [TableName: [TableDefinition]]
    ) {
        self.way = way
        self.tables = tables
        self.partitions = partitions
        self.numbers = numbers
        scope = ExpressionScope(of: way, tables: tables)
        trigger = scope.trigger
        gatherRows = scope.gathers
    }

    private mutating func compile(event: Int, onError: EventDefinition.OnError) -> CompiledRule? {
        let gathers = way.gather.enumerated().map { plan($1, slot: $0 + 1) }
        part = .when
        let when = way.when.flatMap { expression($0, in: scope, condition: "when") }
        part = .key
        let key = key()
        part = .data
        let data = way.data.map { plan($0, in: scope) } ?? wholeData()
        let dataReads = uses.filter { $0.part == .data }.reduce(into: Set<ColumnRead>()) { $0.formUnion($1.reads) }
        var dataColumns = dataReads.filter { $0.slot == 0 && $0.row == .new }.map(\.column)
        if case .wholeRow(.new) = data, case .row(let row) = trigger { dataColumns = Array(row.table.columns.indices) }
        part = .id
        let id = way.id.flatMap { expression($0, in: scope) }
        part = .type
        let type = way.type.flatMap { expression($0, in: scope) }
        risks += MappingRisks(way, scope, uses: uses, partitions: partitions).found
        return CompiledRule(
            event: event, way: way, onError: onError, gathers: gathers, when: when, key: key, data: data, id: id,
            type: type, reads: reads, dataColumns: dataColumns.sorted(), warnings: risks)
    }

    private mutating func expression(
        _ text: SourceText, in scope: ExpressionScope, condition role: String? = nil
    ) -> Expression? {
        do {
            let expression =
                if let role {
                    try Expression(condition: text, role: role, in: scope)
                } else {
                    try Expression(text, in: scope)
                }
            for read in expression.reads {
                guard let row = scope.row(read.slot) else { continue }
                reads[row.table.name, default: []].insert(read.column)
            }
            uses.append(MappingRisks.Use(part: part, text: text, reads: expression.reads))
            risks += expression.warnings
            return expression
        } catch {
            found += error.all
            return nil
        }
    }

    // MARK: - Parts

    private mutating func plan(_ gather: EventDefinition.Gather, slot: Int) -> GatherPlan {
        part = .condition(slot: slot)
        let condition = gather.condition.flatMap { expression($0, in: scope.inside(slot), condition: "where") }
        return GatherPlan(
            name: gather.name.text, table: gather.table, number: numbers[gather.table], operation: gather.operation,
            condition: condition, join: condition.flatMap { Self.join($0, slot: slot) })
    }

    /// `order_id = orders.id` among the parts of the condition that must all hold.
    private static func join(_ condition: Expression, slot: Int) -> GatherPlan.Join? {
        guard case .condition(let program) = condition.form else { return nil }
        for (left, comparison, right) in program.necessaryEqualities {
            guard comparison == .integer || comparison == .bytes else { continue }
            if left.slot == slot, right.slot == 0 {
                return GatherPlan.Join(gathered: left, trigger: right, comparison: comparison)
            }
            if right.slot == slot, left.slot == 0 {
                return GatherPlan.Join(gathered: right, trigger: left, comparison: comparison)
            }
        }
        return nil
    }

    private mutating func key() -> KeyPlan {
        if let text = way.key { return expression(text, in: scope).map(KeyPlan.expression) ?? .none }
        guard case .row(let row) = trigger else { return .none }
        let side: RowSide = row.operation == .delete ? .old : .new
        let columns = row.table.primaryKey.compactMap { name in row.table.columns.firstIndex { $0.name == name } }
        if columns.isEmpty {
            found.append(
                way.from.error("table \(row.table.name) has no primary key to be the event's key; add `key:`"))
        }
        reads[row.table.name, default: []].formUnion(columns)
        let keyReads = Set(columns.map { ColumnRead(row: side, column: $0) })
        uses.append(MappingRisks.Use(part: .key, text: way.from, reads: keyReads))
        return .columns(
            columns.map { column in
                let definition = row.table.columns[column]
                let read = ColumnRead(row: side, column: column)
                return KeyPlan.KeyColumn(
                    operand: ColumnOperand(read, ScalarType(definition)), kind: definition.kind, name: definition.name)
            })
    }

    private mutating func plan(_ template: DataTemplate, in scope: ExpressionScope) -> DataPlan {
        switch template {
        case .expression(let text):
            guard let expression = expression(text, in: scope) else { return .object([]) }
            if let column = expression.column { return .column(column, expression.kind ?? .other) }
            return .expression(expression)
        case .object(let members):
            return .object(members.map { DataPlan.Member(name: $0.name, plan: plan($0.value, in: scope)) })
        case .each(let list, let element):
            guard let place = gatherRows.firstIndex(where: { $0.name == list.text }) else {
                // Of one whose table is not there that is told already.
                if !way.gather.contains(where: { $0.name.text == list.text }) {
                    let near = nearestName(to: list.text, among: way.gather.map(\.name.text))
                    found.append(
                        list.error(
                            "nothing is gathered as “\(list.text)”; "
                                + (near.map { "did you mean “\($0)”?" } ?? "add it under gather")))
                }
                return .object([])
            }
            return .each(slot: place + 1, plan(element, in: scope.inside(place + 1)))
        }
    }

    /// The data of a rule that says nothing of it: the row, the message, the gathered rows.
    private mutating func wholeData() -> DataPlan {
        switch trigger {
        case .row(let row): return .wholeRow(row.operation == .delete ? .old : .new)
        case .message: return plan(.expression(SourceText("content")), in: scope)
        case .truncate:
            return plan(
                .object(
                    ["table", "cascade", "restart_sequences"].map {
                        .init(name: $0, value: .expression(SourceText($0)))
                    }), in: scope)
        case .event: return .object([])
        case .transaction:
            return .object(
                gatherRows.enumerated().map { place, row in
                    let inside = scope.inside(place + 1)
                    let side = row.operation == .delete ? "old" : "new"
                    return DataPlan.Member(
                        name: row.name,
                        plan: .each(slot: place + 1, plan(.expression(SourceText(side)), in: inside)))
                })
        }
    }
}

extension Program {
    /// The columns that must be equal for the condition to be true.
    var necessaryEqualities: [(ColumnOperand, Comparison, ColumnOperand)] {
        var found: [(ColumnOperand, Comparison, ColumnOperand)] = []
        var at = 0
        var end = 1
        if case .all(let last)? = steps.first {
            at = 1
            end = Int(last)
        }
        while at < end {
            switch steps[at] {
            case .compareColumns(let left, .equal, let comparison, let right): found.append((left, comparison, right))
            // Another connective's parts are not necessary, and where it ends is not worth knowing.
            case .all, .any, .not, .test, .compareConditions: return found
            default: break
            }
            at += 1
        }
        return found
    }
}
