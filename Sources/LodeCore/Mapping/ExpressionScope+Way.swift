extension ExpressionScope {
    /// What names mean in a way of an event, outside of its gathers.
    ///
    /// - Parameter tables: Of every table that the way names; without the trigger's no row has a name.
    init(of way: EventDefinition.Way, tables: [TableName: TableDefinition]) {
        let trigger: Trigger =
            switch way.trigger {
            case .row(let operation, let table):
                tables[table].map { .row(Row(name: table.name, table: $0, operation: operation)) } ?? .transaction
            case .truncate: .truncate
            case .message: .message
            case .transaction: .transaction
            }
        self.init(
            trigger: trigger,
            gathers: way.gather.compactMap { gather in
                tables[gather.table].map { Row(name: gather.name.text, table: $0, operation: gather.operation) }
            })
    }
}
