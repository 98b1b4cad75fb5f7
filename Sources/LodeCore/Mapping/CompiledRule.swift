/// One way an event comes about, compiled against its table.
struct CompiledRule: Sendable {
    /// Index of the event in the mapping.
    let event: Int
    let when: Expression?
    let key: KeyPlan
    let data: DataPlan
    let readColumns: Set<Int>
    let warnings: [Diagnostic]

    init(_ way: EventDefinition.Way, event: Int, table: TableDefinition) throws(Diagnostics) {
        self.event = event
        let scope = ExpressionScope(table: table, operation: way.operation)
        var found: [Diagnostic] = []
        var read: Set<Int> = []
        var risks: [Diagnostic] = []
        func compile(_ text: SourceText, condition: Bool = false) -> Expression? {
            do {
                let expression = try condition ? Expression(condition: text, in: scope) : Expression(text, in: scope)
                read.formUnion(expression.reads.map(\.column))
                risks += expression.warnings
                risks += Self.missingOldValues(expression.reads, text, way, table)
                return expression
            } catch {
                found += error.all
                return nil
            }
        }
        when = way.when.flatMap { compile($0, condition: true) }
        let side: RowSide = way.operation == .delete ? .old : .new
        if let text = way.key {
            key = compile(text).map(KeyPlan.expression) ?? .columns(side, [])
        } else {
            let columns = table.primaryKey.compactMap { name in table.columns.firstIndex { $0.name == name } }
            if columns.isEmpty {
                found.append(
                    way.from.error("table \(table.name) has no primary key to be the event's key; add `key:`"))
            }
            key = .columns(side, columns)
        }
        func plan(_ template: DataTemplate) -> DataPlan {
            switch template {
            case .expression(let text):
                guard let expression = compile(text) else { return .wholeRow(side) }
                if let column = expression.column { return .column(column.row, column.index) }
                return .expression(expression)
            case .object(let members):
                return .object(members.map { DataPlan.Member(name: $0.name, plan: plan($0.value)) })
            case .each(let list, _):
                found.append(list.error("“each” is not supported yet; remove it"))
                return .object([])
            }
        }
        data = way.data.map(plan) ?? .wholeRow(side)
        readColumns = read
        warnings = risks
        if !found.isEmpty { throw Diagnostics(found) }
    }

    /// Old values that the table's replica identity does not bring.
    private static func missingOldValues(
        _ reads: Set<ColumnRead>, _ text: SourceText, _ way: EventDefinition.Way, _ table: TableDefinition
    ) -> [Diagnostic] {
        guard way.operation != .insert, table.replicaIdentity != .full else { return [] }
        let missing = reads.filter { $0.row == .old }.map { table.columns[$0.column].name }
            .filter { !table.identityColumns.contains($0) }.sorted()
        guard !missing.isEmpty else { return [] }
        return [
            text.warning(
                "the log does not carry the old \(missing.joined(separator: ", ")) of \(table.name), so this is "
                    + "unknown; ALTER TABLE \(table.name) REPLICA IDENTITY FULL;")
        ]
    }
}

/// What makes an event's key.
enum KeyPlan: Sendable {
    /// One column's text; several as a JSON array.
    case columns(RowSide, [Int])
    case expression(Expression)
}

/// What makes an event's data.
indirect enum DataPlan: Sendable {
    /// Every column that the record has, in its order.
    case wholeRow(RowSide)
    case column(RowSide, Int)
    case expression(Expression)
    case object([Member])

    struct Member: Sendable {
        /// `"orderId":`
        let name: [UInt8]
        let plan: DataPlan

        init(name: String, plan: DataPlan) {
            var quoted: [UInt8] = []
            JSONText.appendQuoted(name, to: &quoted)
            quoted.append(UInt8(ascii: ":"))
            self.name = quoted
            self.plan = plan
        }
    }
}

extension EventDefinition.Way {
    var operation: RowOperation {
        if case .row(let operation, _) = trigger { operation } else { .insert }
    }

    var tableName: TableName { trigger.table ?? TableName(schema: "", name: "") }
}
