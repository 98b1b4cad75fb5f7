import LodeCore

/// The table of the tests that are read by people.
enum ShopTable {
    static let columns: [ColumnDefinition] = [
        ColumnDefinition(name: "id", type: "bigint", notNull: true),
        ColumnDefinition(name: "status", type: "text"),
        ColumnDefinition(name: "total", type: "numeric"),
        ColumnDefinition(name: "quantity", type: "integer"),
        ColumnDefinition(name: "note", type: "text", canToast: true),
        ColumnDefinition(name: "paid", type: "boolean"),
        ColumnDefinition(name: "placed", type: "timestamp with time zone"),
        ColumnDefinition(name: "due", type: "date"),
        ColumnDefinition(name: "customerId", type: "integer"),
        ColumnDefinition(name: "order", type: "integer"),
        ColumnDefinition(name: "details", type: "jsonb", canToast: true),
        ColumnDefinition(name: "tags", type: "text[]"),
        ColumnDefinition(name: "mood", type: "public.mood"),
        ColumnDefinition(name: "wait", type: "interval"),
        ColumnDefinition(name: "weight", type: "double precision"),
        ColumnDefinition(name: "code", type: "character"),
        ColumnDefinition(name: "email", type: "app.citext"),
        ColumnDefinition(name: "token", type: "uuid"),
        ColumnDefinition(name: "rank", type: "app.positive", baseType: "integer"),
    ]

    static let definition = TableDefinition(
        name: TableName(schema: "public", name: "orders"), columns: columns, primaryKey: ["id"],
        replicaIdentity: .default, identityColumns: ["id"])

    static func scope(_ operation: RowOperation = .update) -> ExpressionScope {
        ExpressionScope(table: definition, operation: operation)
    }

    /// A row of the columns named; the others are null.
    static func row(_ values: [String: LoggedValue], old: [String: LoggedValue]? = nil) -> LoggedRow {
        func cells(_ values: [String: LoggedValue]) -> [LoggedValue] { columns.map { values[$0.name] ?? .null } }
        return LoggedRow(new: cells(values), old: old.map(cells) ?? [])
    }

    static func place(of name: String) -> Int { columns.firstIndex { $0.name == name } ?? -1 }
}
