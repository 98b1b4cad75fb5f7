/// Which row of a change: as it was or as it became.
public enum RowSide: UInt8, Hashable, Sendable {
    case new
    case old
}

/// A column that an expression reads, and of which row.
public struct ColumnRead: Hashable, Sendable {
    /// 0: the trigger's row; from 1 on the rule's gathers.
    public var slot: Int
    public var row: RowSide
    /// In the table definition's columns.
    public var column: Int

    public init(slot: Int = 0, row: RowSide, column: Int) {
        self.slot = slot
        self.row = row
        self.column = column
    }
}

/// What the names of an expression can mean: the row that triggers a rule, and those that it gathers.
public struct ExpressionScope: Sendable {
    /// A row that can be named.
    public struct Row: Hashable, Sendable {
        /// Of a gather its name, of the trigger its table's.
        var name: String
        var table: TableDefinition
        var operation: RowOperation

        public init(name: String, table: TableDefinition, operation: RowOperation) {
            self.name = name
            self.table = table
            self.operation = operation
        }

        /// The row that a column without `old.` or `new.` is of.
        var defaultSide: RowSide { operation == .delete ? .old : .new }
    }

    public enum Trigger: Hashable, Sendable {
        case row(Row)
        case message
        case truncate
        case transaction
        /// A finished event, for a subscriber's `where`.
        case event
    }

    public let trigger: Trigger
    /// Those of slots 1, 2, …
    public let gathers: [Row]
    /// The slot of the row that bare names are of: in a gather's condition and under `each`. 0: the trigger's.
    public let current: Int

    public init(table: TableDefinition, operation: RowOperation) {
        self.init(trigger: .row(Row(name: table.name.name, table: table, operation: operation)))
    }

    public init(trigger: Trigger, gathers: [Row] = [], current: Int = 0) {
        self.trigger = trigger
        self.gathers = gathers
        self.current = current
    }

    /// The same rule, where bare names are a gathered row's.
    func inside(_ slot: Int) -> ExpressionScope {
        ExpressionScope(trigger: trigger, gathers: gathers, current: slot)
    }

    func row(_ slot: Int) -> Row? {
        if slot > 0 { return slot <= gathers.count ? gathers[slot - 1] : nil }
        if case .row(let row) = trigger { return row }
        return nil
    }

    /// The columns of the trigger's table, or of the first gather's; for messages.
    public var table: TableDefinition? { row(0)?.table ?? gathers.first?.table }

    /// What a path of names is.
    enum Meaning: Hashable {
        case column(ColumnRead)
        /// `new`, `old`
        case row(slot: Int, RowSide)
        /// A gather, by its name.
        case gather(slot: Int)
        /// `changes`: what an update changed.
        case changes(slot: Int)
        case messagePrefix, messageContent
        case truncatedTable, restartsSequences, cascades
        /// A member of an event's data.
        case eventData([String])
        case eventAttribute(EventAttribute)
    }

    /// A name that means nothing here, and what to do about it.
    struct Unresolved: Error {
        var name: Syntax.Name
        var message: String
    }

    func resolve(_ path: [Syntax.Name]) throws(Unresolved) -> Meaning {
        if trigger == .event { return try resolveOfEvent(path) }
        if path.count > 3 { throw inNoRow(path[3]) }
        if path.count == 1 { return try resolve(path[0]) }
        // The row first, then perhaps its side, then the column.
        let (slot, namedSide) = try slot(path[0])
        guard let row = row(slot) else { throw Unresolved(name: path[0], message: noTrigger) }
        if path.count == 2 {
            if namedSide == nil, let side = side(path[1]) {
                try require(side, of: row, at: path[1])
                return .row(slot: slot, side)
            }
            return .column(try column(path[1], of: row, slot, namedSide ?? row.defaultSide))
        }
        guard namedSide == nil, let side = side(path[1]) else { throw inNoRow(path[2]) }
        try require(side, of: row, at: path[1])
        return .column(try column(path[2], of: row, slot, side))
    }

    private func resolveOfEvent(_ path: [Syntax.Name]) throws(Unresolved) -> Meaning {
        if path[0].text == "data" { return .eventData(path.dropFirst().map(\.text)) }
        if path.count == 1, let attribute = EventAttribute(rawValue: path[0].text) { return .eventAttribute(attribute) }
        let names = ["data"] + EventAttribute.allCases.map(\.rawValue)
        let near = nearestName(to: path[0].text, among: names)
        throw Unresolved(
            name: path[0],
            message: "an event has no “\(path[0].text)”; "
                + (near.map { "did you mean “\($0)”?" } ?? "write data.\(path[0].text) for a member of its data"))
    }

    private func inNoRow(_ name: Syntax.Name) -> Unresolved {
        Unresolved(name: name, message: "“\(name.text)” is inside no row; name a column, such as new.status")
    }

    private func resolve(_ name: Syntax.Name) throws(Unresolved) -> Meaning {
        if current == 0 {
            switch (trigger, name.text) {
            case (.message, "prefix"): return .messagePrefix
            case (.message, "content"): return .messageContent
            case (.truncate, "table"): return .truncatedTable
            case (.truncate, "restart_sequences"): return .restartsSequences
            case (.truncate, "cascade"): return .cascades
            default: break
            }
        }
        guard let row = row(current) else {
            if let slot = gather(name) { return .gather(slot: slot) }
            throw Unresolved(
                name: name, message: "there is nothing called “\(name.text)” here; \(mendWithoutRow(name))")
        }
        // Bytes, as PostgreSQL compares them: strings would find canonically equivalent names too.
        if row.table.columns.contains(where: { $0.name.utf8.elementsEqual(name.text.utf8) }) {
            return .column(try column(name, of: row, current, row.defaultSide))
        }
        if let side = side(name) {
            try require(side, of: row, at: name)
            return .row(slot: current, side)
        }
        if let slot = gather(name) { return .gather(slot: slot) }
        if !name.isQuoted, name.text == "changes" {
            guard row.operation == .update else {
                throw Unresolved(
                    name: name,
                    message:
                        "changes needs a row before and after; use it in a rule `from: update \(row.table.name.name)`")
            }
            return .changes(slot: current)
        }
        throw Unresolved(
            name: name, message: "table \(row.table.name) has no column “\(name.text)”; \(mend(name, row))")
    }

    private func side(_ name: Syntax.Name) -> RowSide? {
        guard !name.isQuoted else { return nil }
        return name.text == "new" ? .new : name.text == "old" ? .old : nil
    }

    private func gather(_ name: Syntax.Name) -> Int? {
        gathers.firstIndex { $0.name.utf8.elementsEqual(name.text.utf8) }.map { $0 + 1 }
    }

    /// Whose row a name before a dot is, and which side when it says so.
    private func slot(_ name: Syntax.Name) throws(Unresolved) -> (Int, RowSide?) {
        if let side = side(name) {
            guard let row = row(current) else { throw Unresolved(name: name, message: noTrigger) }
            try require(side, of: row, at: name)
            return (current, side)
        }
        if let slot = gather(name) { return (slot, nil) }
        if !name.isQuoted, name.text == "trigger" { return (0, nil) }
        for slot in [0, current] {
            if let row = row(slot), row.table.name.name.utf8.elementsEqual(name.text.utf8) { return (slot, nil) }
        }
        let rows = ["new", "old"] + gathers.map(\.name) + (row(0).map { [$0.table.name.name] } ?? [])
        let mend =
            nearestName(to: name.text, among: rows).map { "did you mean “\($0)”?" }
            ?? "the rows are "
            + (row(current) == nil ? gathers.map(\.name) : ["new and old"] + gathers.map(\.name))
            .joined(separator: ", ")
        throw Unresolved(name: name, message: "there is no row “\(name.text)”; \(mend)")
    }

    private var noTrigger: String {
        switch trigger {
        case .transaction: "a transaction has no row of its own; name a gathered one"
        case .message: "a message has no row; its names are prefix and content"
        case .truncate: "a truncate has no row; its names are table, cascade and restart_sequences"
        case .event: "an event has no row; name a member of its data, such as data.total"
        case .row: "there is no such row"
        }
    }

    private func mendWithoutRow(_ name: Syntax.Name) -> String {
        let special: [String] =
            switch trigger {
            case .message: ["prefix", "content"]
            case .truncate: ["table", "cascade", "restart_sequences"]
            case .transaction, .row, .event: []
            }
        let names = special + gathers.map(\.name)
        if let near = nearestName(to: name.text, among: names) { return "did you mean “\(near)”?" }
        return names.isEmpty ? "gather some rows first" : "the names are " + names.joined(separator: ", ")
    }

    /// An insert has no old row, a delete no new one.
    func require(_ side: RowSide, of row: Row, at name: Syntax.Name) throws(Unresolved) {
        switch (row.operation, side) {
        case (.insert, .old):
            throw Unresolved(
                name: name, message: "an insert has no old row; write the column alone, or use an update rule")
        case (.delete, .new):
            throw Unresolved(name: name, message: "a delete has no new row; write the column alone, or old. before it")
        default:
            return
        }
    }

    private func column(
        _ name: Syntax.Name, of row: Row, _ slot: Int, _ side: RowSide
    ) throws(Unresolved) -> ColumnRead {
        let found = row.table.columns.firstIndex { $0.name.utf8.elementsEqual(name.text.utf8) }
        if let found { return ColumnRead(slot: slot, row: side, column: found) }
        throw Unresolved(
            name: name, message: "table \(row.table.name) has no column “\(name.text)”; \(mend(name, row))")
    }

    private func mend(_ name: Syntax.Name, _ row: Row) -> String {
        let names = row.table.columns.map(\.name)
        if let near = nearestName(to: name.text, among: names + gathers.map(\.name)) {
            return "did you mean “\(near)”?" + (near.isBareName ? "" : " (in double quotes: \(near.quotedName))")
        }
        if name.isQuoted { return "text is written in single quotes: '\(name.text)'" }
        if names.isEmpty { return "it has none" }
        return "it has " + names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
    }
}

/// What of an event beside its data a subscriber's `where` can ask.
public enum EventAttribute: String, CaseIterable, Sendable {
    case id, type, key, source, time

    var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
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
