/// An expression of a mapping, checked against a table and ready to run.
///
/// A small SQL: what PostgreSQL's `WHERE` would say of the row, it says, with NULL as PostgreSQL has
/// it. What the log left out is unknown, and so is what depends on it (``Truth``, ``Value``).
/// Pure: the same row gives the same value.
public struct Expression: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case constant(Value)
        case column(ColumnOperand)
        case condition(Program)
    }

    private let form: Form
    /// nil for a null that is no column's.
    public let kind: ValueKind?
    /// Every column that it reads, and of which row.
    public let reads: Set<ColumnRead>
    /// What is right but hardly meant, such as `= null`.
    public let warnings: [Diagnostic]
    /// Of the table's columns, for messages.
    private let columnNames: [String]

    /// Parses and checks an expression of any type.
    ///
    /// - Throws: Everything that is wrong, at once.
    public init(_ source: SourceText, in scope: ExpressionScope) throws(Diagnostics) {
        try self.init(source, in: scope, condition: nil)
    }

    /// Parses and checks an expression that must be boolean.
    ///
    /// - Parameter role: What it is for, as the error names it.
    public init(
        condition source: SourceText, role: String = "when", in scope: ExpressionScope
    ) throws(Diagnostics) {
        try self.init(source, in: scope, condition: role)
    }

    private init(_ source: SourceText, in scope: ExpressionScope, condition role: String?) throws(Diagnostics) {
        let syntax = try Self.parse(source)
        var checker = Checker(source, in: scope)
        var part = checker.part(syntax)
        if let role, let known = part {
            part = checker.condition(known, at: syntax) {
                "\(role) must be boolean, not \($0); compare it with something, or leave \(role) out"
            }
            .map { .condition($0) }
        }
        guard let part, !Diagnostics(checker.diagnostics).hasErrors else {
            throw Diagnostics(checker.diagnostics)
        }
        switch part {
        case .untyped(nil): (form, kind) = (.constant(.null), nil)
        case .untyped(let text?): (form, kind) = (.constant(.text(text, .text)), .text)
        case .number(.integer(let value), _): (form, kind) = (.constant(.integer(value)), .integer)
        case .number(let value, _): (form, kind) = (.constant(.numeric(value.digits ?? [])), .numeric)
        case .column(let column, _): (form, kind) = (.column(column), scope.table.columns[column.column].kind)
        case .condition(let condition):
            (form, kind) = (.condition(Program(condition, bytes: checker.bytes)), .boolean)
        }
        reads = checker.reads
        warnings = checker.diagnostics
        columnNames = scope.table.columns.map(\.name)
    }

    /// Parses alone, for when no table is known.
    public static func parse(_ source: SourceText) throws(Diagnostics) -> Syntax {
        try Parser.syntax(of: source)
    }

    /// The column, when the expression is nothing else: its bytes can be copied from the record.
    public var column: (row: RowSide, index: Int)? {
        guard case .column(let column) = form else { return nil }
        return (column.row, column.column)
    }

    /// Whether the row fulfils the condition; an error for an expression of another type.
    ///
    /// Allocates nothing, except for a floating-point number of more than 15 digits.
    ///
    /// - Parameters:
    ///   - record: The bytes that the cells are places in.
    ///   - new: Over the table definition's columns, as `old`. A value in `.absent` is unknown; in
    ///     `.unchanged`, of the new row, it is known not to be null.
    public func truth(_ record: Span<UInt8>, new: [Cell], old: [Cell]) throws(EvaluationError) -> Truth {
        guard case .condition(let program) = form else { throw EvaluationError("the expression is no condition") }
        do throws(EvaluationFailure) {
            return try program.truth(record, new.span, old.span)
        } catch {
            throw explained(error)
        }
    }

    /// What the expression comes to for the row; see ``truth(_:new:old:)``.
    public func value(_ record: Span<UInt8>, new: [Cell], old: [Cell]) throws(EvaluationError) -> Value {
        switch form {
        case .constant(let value):
            return value
        case .column(let column):
            return try value(of: column, in: record, new: new, old: old)
        case .condition:
            switch try truth(record, new: new, old: old) {
            case .true: return .boolean(true)
            case .false: return .boolean(false)
            case .null: return .null
            case .unknown: return .unknown
            }
        }
    }

    private func value(
        of column: ColumnOperand, in record: Span<UInt8>, new: [Cell], old: [Cell]
    ) throws(EvaluationError) -> Value {
        let cell = column.cell(new.span, old.span)
        switch cell.presence(in: column.row) {
        case .null: return .null
        case .unknown, .unchanged: return .unknown
        case .value: break
        }
        guard cell.isInside(record), let kind else { throw explained(.unreadable(column)) }
        let text = record.text(cell)
        switch kind {
        case .integer:
            guard let value = NumberLiteral.integer(text.span, 0..<text.count) else {
                throw explained(.unreadable(column))
            }
            return .integer(value)
        case .numeric: return .numeric(text)
        case .float: return .float(text)
        case .boolean: return .boolean(text.first == UInt8(ascii: "t"))
        default: return .text(text, kind)
        }
    }

    private func explained(_ failure: EvaluationFailure) -> EvaluationError {
        switch failure {
        case .unreadable(let column):
            EvaluationError(
                "the log's value of column “\(columnNames[column.column])” cannot be read as one of its type; "
                    + "was the column's type changed?")
        case .outOfRange(let column):
            EvaluationError(
                "the value of column “\(columnNames[column.column])” is out of range for type double precision")
        }
    }
}
