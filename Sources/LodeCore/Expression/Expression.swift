/// An expression of a mapping, checked against the tables and ready to run.
///
/// A small SQL: what PostgreSQL's `WHERE` would say of the row, it says, with NULL as PostgreSQL has
/// it. What the log left out is unknown, and so is what depends on it (``Truth``, ``Value``).
/// Pure: the same rows give the same value.
public struct Expression: Sendable {
    enum Form: Sendable {
        case column(ColumnOperand)
        case condition(Program)
        case term(Term)
    }

    let form: Form
    /// nil for a null that is no column's.
    let type: ScalarType?
    /// Every column that it reads, and of which row.
    public let reads: Set<ColumnRead>
    /// The gathers whose rows it needs.
    let readSlots: Set<Int>
    /// What is right but hardly meant, such as `= null`.
    public let warnings: [Diagnostic]
    private let source: SourceText
    /// Of every slot, for messages.
    private let columnNames: [[String]]

    /// How the values read; nil for a null that is no column's.
    public var kind: ValueKind? { type?.kind }

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
        if case .row(let slot, let side)? = part, let table = scope.row(slot)?.table {
            for column in table.columns.indices { checker.note(ColumnRead(slot: slot, row: side, column: column)) }
            part = checker.rowTerm(slot, side, Array(table.columns.indices))
        }
        let form: (Form, ScalarType?)? = part.flatMap { checker.form(of: $0, at: syntax) }
        guard let form, !Diagnostics(checker.diagnostics).hasErrors else {
            throw Diagnostics(checker.diagnostics)
        }
        (self.form, type) = form
        reads = checker.reads
        readSlots = checker.readSlots
        warnings = checker.diagnostics
        self.source = source
        columnNames = (0...scope.gathers.count).map { scope.row($0)?.table.columns.map(\.name) ?? [] }
    }

    /// Parses alone, for when no table is known.
    public static func parse(_ source: SourceText) throws(Diagnostics) -> Syntax {
        try Parser.syntax(of: source)
    }

    /// The column, when the expression is nothing else: its bytes can be copied from the record.
    var column: ColumnOperand? {
        guard case .column(let column) = form else { return nil }
        return column
    }

    /// What runs, when the expression is a condition.
    var program: Program? {
        guard case .condition(let program) = form else { return nil }
        return program
    }

    /// Whether the rows fulfil the condition; an error for an expression of another type.
    func truth(_ rows: inout RowSet) throws(EvaluationError) -> Truth {
        do throws(EvaluationFailure) {
            switch form {
            case .condition(let program): return try program.truth(&rows)
            case .term(let term): return Truth(try term.value(&rows))
            case .column: throw .failed("the expression is no condition")
            }
        } catch {
            throw explained(error)
        }
    }

    /// What the expression comes to.
    func value(_ rows: inout RowSet) throws(EvaluationError) -> Value {
        do throws(EvaluationFailure) {
            switch form {
            case .column(let column): return try rows.frames.span[column.slot].value(of: column, type ?? .text)
            case .condition(let program): return Value(try program.truth(&rows))
            case .term(let term): return try term.value(&rows)
            }
        } catch {
            throw explained(error)
        }
    }

    func explained(_ failure: EvaluationFailure) -> EvaluationError {
        switch failure {
        case .unreadable(let column):
            EvaluationError(
                "the log's value of column “\(name(of: column))” cannot be read as one of its type; "
                    + "was the column's type changed?")
        case .outOfRange(let column):
            EvaluationError("the value of column “\(name(of: column))” is out of range for type double precision")
        case .failed(let message):
            EvaluationError("\(message), in “\(source.text)”" + (source.place.map { " (\($0.file):\($0.line))" } ?? ""))
        case .row(let error): EvaluationError("a row of the transaction cannot be had again", row: error)
        }
    }

    private func name(of column: ColumnOperand) -> String {
        guard column.slot < columnNames.count, column.column < columnNames[column.slot].count else { return "?" }
        return columnNames[column.slot][column.column]
    }
}

extension Checker {
    /// What the whole expression is.
    fileprivate mutating func form(of part: Part, at syntax: Syntax) -> (Expression.Form, ScalarType?)? {
        switch part {
        case .column(let column, let type): return (.column(column), type)
        case .condition(let condition): return (.condition(Program(condition, bytes: bytes)), .boolean)
        case .untyped(nil): return (.term(.constant(.null)), nil)
        default: return typed(part, at: syntax).map { (.term($0.term), $0.type) }
        }
    }
}
