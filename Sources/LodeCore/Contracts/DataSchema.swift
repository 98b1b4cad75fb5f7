/// The JSON Schema of what one way of an event puts into its data.
struct DataSchema {
    private let way: EventDefinition.Way
    private let scope: ExpressionScope
    private let partitions: [TableName: [TableDefinition]]

    /// A part of the data.
    struct Part: Equatable, Sendable {
        var schema: JSONTree
        /// Whether it can be unknown, and then is not there.
        var canBeMissing: Bool
    }

    /// - Parameter tables: Of every table that the way names.
    init(
        _ way: EventDefinition.Way, tables: [TableName: TableDefinition], partitions: [TableName: [TableDefinition]]
    ) {
        self.way = way
        scope = ExpressionScope(of: way, tables: tables)
        self.partitions = partitions
    }

    func part(_ plan: DataPlan) -> Part { part(plan, way.data, scope) }

    /// - Parameter template: What the plan was made of; nil: of nothing, as the way says no data.
    private func part(_ plan: DataPlan, _ template: DataTemplate?, _ scope: ExpressionScope) -> Part {
        switch plan {
        case .wholeRow(let side): return row(0, side, nil)
        case .column(let column, _):
            let read = ColumnRead(slot: column.slot, row: column.row, column: column.column)
            guard let row = scope.row(read.slot) else { return .anything }
            let definition = row.table.columns[read.column]
            return value(ScalarType(definition).schema, template, scope, reads: [read])
        case .expression(let expression):
            switch expression.form {
            case .term(.row(let slot, let side, let columns)): return row(slot, side, columns)
            case .term(.changes), .term(.object):
                return value(.members(["type": .text("object")]), template, scope, reads: expression.reads)
            case .term(.jsonArray):
                return value(.members(["type": .text("array")]), template, scope, reads: expression.reads)
            default:
                guard let type = expression.type else {
                    return Part(schema: .members(["type": .text("null")]), canBeMissing: false)
                }
                return value(type.schema, template, scope, reads: expression.reads)
            }
        case .object(let members): return object(members, template, scope)
        case .each(let slot, let element):
            var inner: DataTemplate?
            if case .each(_, let template)? = template { inner = template }
            let item = part(element, inner ?? .expression(SourceText("new")), scope.inside(slot))
            // A row that says nothing is null in the list, which has an element for each row.
            return Part(
                schema: .members([
                    "type": .text("array"), "items": item.canBeMissing ? item.schema.admitting("null") : item.schema,
                ]), canBeMissing: false)
        }
    }

    private func object(_ members: [DataPlan.Member], _ template: DataTemplate?, _ scope: ExpressionScope) -> Part {
        var written: [String: DataTemplate] = [:]
        if case .object(let members)? = template {
            for member in members { written[member.name] = member.value }
        }
        let parts = members.map { ($0.name, part($0.plan, written[$0.name], scope)) }
        return Part(schema: .object(ofProperties: parts), canBeMissing: false)
    }

    private func value(
        _ schema: JSONTree, _ template: DataTemplate?, _ scope: ExpressionScope, reads: Set<ColumnRead>
    ) -> Part {
        var isNullable = true
        if case .expression(let text)? = template { isNullable = Nullness(text, in: scope).isPossible }
        // A truncate's own names, which are always there.
        if template == nil, case .truncate = scope.trigger { isNullable = false }
        return Part(
            schema: isNullable ? schema.admitting("null") : schema, canBeMissing: reads.contains(where: canBeUnknown))
    }

    /// - Parameter columns: nil: all.
    private func row(_ slot: Int, _ side: RowSide, _ columns: [Int]?) -> Part {
        guard let row = scope.row(slot) else { return .anything }
        let parts = (columns ?? Array(row.table.columns.indices)).map { column in
            let definition = row.table.columns[column]
            let schema = ScalarType(definition).schema
            let read = ColumnRead(slot: slot, row: side, column: column)
            return (
                definition.name,
                Part(
                    schema: definition.notNull ? schema : schema.admitting("null"), canBeMissing: canBeUnknown(read))
            )
        }
        return Part(schema: .object(ofProperties: parts), canBeMissing: false)
    }

    private func canBeUnknown(_ read: ColumnRead) -> Bool {
        // An event with data that is unknown is not made.
        guard way.unknown != .fail, let row = scope.row(read.slot) else { return false }
        return LoggedColumns(row.table, partitions: partitions[row.table.name] ?? [])
            .canBeUnknown(read, row.operation)
    }
}

extension DataSchema.Part {
    fileprivate static let anything = DataSchema.Part(schema: .members([:]), canBeMissing: true)
}

extension JSONTree {
    fileprivate static func object(ofProperties parts: [(String, DataSchema.Part)]) -> JSONTree {
        let required = parts.filter { !$0.1.canBeMissing }.map(\.0)
        let properties = parts.map { Member(name: Array($0.0.utf8), value: $0.1.schema) }
        let schema = JSONTree.members(["type": .text("object"), "properties": .object(properties)])
        return required.isEmpty ? schema : schema.with("required", .texts(required))
    }
}
