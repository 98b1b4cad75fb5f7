/// Which row of a change: as it was or as it became.
public enum RowSide: UInt8, Hashable, Sendable {
    case new
    case old
}

/// A column that an expression reads, and of which row.
public struct ColumnRead: Hashable, Sendable {
    public var row: RowSide
    /// In the table definition's columns.
    public var column: Int

    public init(row: RowSide, column: Int) {
        self.row = row
        self.column = column
    }
}

/// What the names of an expression can mean: the columns of the row that triggers a rule.
public struct ExpressionScope: Sendable {
    public let table: TableDefinition
    public let operation: RowOperation

    public init(table: TableDefinition, operation: RowOperation) {
        self.table = table
        self.operation = operation
    }

    /// The row that a bare column is of.
    var defaultRow: RowSide { operation == .delete ? .old : .new }

    /// A name that means nothing here, and what to do about it.
    struct Unresolved: Error {
        var name: Syntax.Name
        var message: String
    }

    /// Finds the column that a path names.
    func resolve(_ path: [Syntax.Name]) throws(Unresolved) -> ColumnRead {
        switch path.count {
        case 1:
            return try column(path[0], of: defaultRow)
        case 2:
            return try column(path[1], of: try row(path[0]))
        default:
            let inner = path[2]
            throw Unresolved(
                name: inner, message: "“\(inner.text)” is inside no row; name a column, such as new.status")
        }
    }

    private func row(_ name: Syntax.Name) throws(Unresolved) -> RowSide {
        if !name.isQuoted, name.text == "new" || name.text == "old" {
            let side: RowSide = name.text == "new" ? .new : .old
            try require(side, at: name)
            return side
        }
        if name.text.utf8.elementsEqual(table.name.name.utf8) { return defaultRow }
        let rows = ["new", "old", table.name.name]
        let mend = nearestName(to: name.text, among: rows).map { "did you mean “\($0)”?" } ?? "the rows are new and old"
        throw Unresolved(name: name, message: "there is no row “\(name.text)”; \(mend)")
    }

    /// An insert has no old row, a delete no new one.
    func require(_ side: RowSide, at name: Syntax.Name) throws(Unresolved) {
        switch (operation, side) {
        case (.insert, .old):
            throw Unresolved(
                name: name, message: "an insert has no old row; write the column alone, or use an update rule")
        case (.delete, .new):
            throw Unresolved(name: name, message: "a delete has no new row; write the column alone, or old. before it")
        default:
            return
        }
    }

    private func column(_ name: Syntax.Name, of side: RowSide) throws(Unresolved) -> ColumnRead {
        // Bytes, as PostgreSQL compares them: strings would find canonically equivalent names too.
        let found = table.columns.firstIndex { $0.name.utf8.elementsEqual(name.text.utf8) }
        if let found { return ColumnRead(row: side, column: found) }
        if !name.isQuoted, name.text == "old" || name.text == "new" {
            throw Unresolved(
                name: name, message: "“\(name.text)” is a row, not a value; name its column: \(name.text).status")
        }
        throw Unresolved(name: name, message: "table \(table.name) has no column “\(name.text)”; \(mend(name))")
    }

    private func mend(_ name: Syntax.Name) -> String {
        let names = table.columns.map(\.name)
        if let near = nearestName(to: name.text, among: names) {
            return "did you mean “\(near)”?" + (near.isBareName ? "" : " (in double quotes: \(near.quotedName))")
        }
        if name.isQuoted { return "text is written in single quotes: '\(name.text)'" }
        if names.isEmpty { return "it has none" }
        return "it has " + names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
    }
}

extension String {
    /// Whether SQL reads it as the same name without quotes.
    fileprivate var isBareName: Bool {
        utf8.first.map { !$0.isDigit } == true && utf8.allSatisfy { $0.isOfBareName || $0 >= 0x80 }
            && Keyword(rawValue: self) == nil
    }

    fileprivate var quotedName: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
