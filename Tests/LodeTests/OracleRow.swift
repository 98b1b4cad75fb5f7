import TestSupport

@testable import LodeCore

/// A row of values as the log has them and as the server is told them.
struct OracleRow {
    let columns: [OracleColumn]
    /// The texts that the server prints; nil is null.
    var new: [String?]
    var old: [String?]
    /// The places of the columns whose values the log left out, of either row.
    var absent: Set<Int> = []
    var oldAbsent: Set<Int> = []
    /// Of those that an update did not touch.
    var unchanged: Set<Int> = []

    init(_ columns: [OracleColumn], new: [String?], old: [String?] = []) {
        self.columns = columns
        self.new = new
        self.old = old
    }

    // MARK: - Lode's side

    func rows() -> RowSet {
        var record = Array("table public.t: ".utf8)
        func cell(_ column: OracleColumn, _ value: String?) -> Cell {
            guard let value else { return Cell(.null) }
            let text = Array(value.utf8)
            let written = column.isBare ? text : text.flatMap { $0 == 39 ? [$0, $0] : [$0] }
            let start = record.count
            record += written + [UInt8(ascii: " ")]
            let form: Cell.Form = column.isBare ? .bare : written.count > text.count ? .doubled : .quoted
            return Cell(form, ByteRange(start, start + written.count))
        }
        let newCells = new.indices.map { place in
            if absent.contains(place) { return Cell(.absent) }
            return unchanged.contains(place) ? Cell(.unchanged) : cell(columns[place], new[place])
        }
        let oldCells = old.indices.map { oldAbsent.contains($0) ? Cell(.absent) : cell(columns[$0], old[$0]) }
        return RowSet(record: record, new: newCells, old: oldCells)
    }

    static func scope(_ columns: [OracleColumn]) -> ExpressionScope {
        let table = TableDefinition(
            name: TableName(schema: "public", name: "t"), columns: columns.map(\.definition), primaryKey: [],
            replicaIdentity: .full, identityColumns: [])
        return ExpressionScope(table: table, operation: .update)
    }

    /// The value, as PostgreSQL would print it; nil is null.
    func answer(_ text: String) throws -> [UInt8]? {
        let expression = try Expression(SourceText(text), in: Self.scope(columns))
        var rows = rows()
        let value = try expression.value(&rows)
        if value == .unknown { throw TestFailure("unknown") }
        guard let text = value.text(as: expression.type ?? .text) else { return nil }
        return expression.type == .jsonb ? try JSONNormalForm.normalize(text) : text
    }

    // MARK: - The server's side

    /// A subquery over the row; `old` is not asked for when there is none.
    func sql(_ expression: String) -> String {
        // Only the columns that are named, so that a difference can be read.
        let named = columns.indices.filter { expression.contains(columns[$0].name) }
        let rows =
            select(named, new, as: old.isEmpty ? "t" : "new")
            + (old.isEmpty ? "" : ", " + select(named, old, as: "old"))
        return "select (\(expression))::text from \(rows)"
    }

    private func select(_ places: [Int], _ values: [String?], as name: String) -> String {
        let items = places.map { place in
            let (column, value) = (columns[place], values[place])
            return "\(value.map { "'\(ServerOracle.quoted($0))'" } ?? "null")::\(column.sqlType) as \(column.name)"
        }
        // The offset keeps the planner from working anything out that a row does not come to.
        return "(select \(items.joined(separator: ", ")) offset 0) as \(name)"
    }
}
