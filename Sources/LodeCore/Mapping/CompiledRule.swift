/// One way an event can come about, compiled against its tables.
///
/// A class, as a rule is looked at for every row: its many parts are counted as one.
final class CompiledRule: Sendable {
    /// Index of the event in the mapping.
    let event: Int
    let trigger: EventDefinition.Trigger
    /// Those of slots 1, 2, …
    let gathers: [GatherPlan]
    let isNet: Bool
    let when: Expression?
    let key: KeyPlan
    /// The key's only column when its text is all the key.
    let plainKey: ColumnOperand?
    let data: DataPlan
    let dataProgram: DataProgram
    /// Of ``when``, unless it is more than a condition.
    private let condition: Program?
    let id: Expression?
    let type: Expression?
    let unknown: EventDefinition.UnknownPolicy
    let onError: EventDefinition.OnError
    /// Of every table, the columns that some expression reads.
    let reads: [TableName: Set<Int>]
    /// What the data reads of the trigger's new row, for asking the database again.
    let dataColumns: [Int]
    let warnings: [Diagnostic]

    init(
        event: Int, way: EventDefinition.Way, onError: EventDefinition.OnError, gathers: [GatherPlan],
        when: Expression?, key: KeyPlan, data: DataPlan, id: Expression?, type: Expression?,
        reads: [TableName: Set<Int>], dataColumns: [Int], warnings: [Diagnostic]
    ) {
        self.event = event
        trigger = way.trigger
        isNet = way.isNet
        unknown = way.unknown ?? .omit
        self.onError = onError
        self.gathers = gathers
        self.when = when
        self.key = key
        plainKey = key.plainColumn
        self.data = data
        dataProgram = DataProgram(data)
        condition = when?.program
        whenGathers = when.map { !$0.readSlots.isEmpty } ?? false
        self.id = id
        self.type = type
        self.reads = reads
        self.dataColumns = dataColumns
        self.warnings = warnings
    }

    /// Whether it takes the whole transaction to tell.
    var needsTransaction: Bool { !gathers.isEmpty || isNet || trigger == .transaction }

    /// Whether the condition needs the gathered rows.
    let whenGathers: Bool

    /// Whether the row fulfils ``when``.
    @inline(__always)
    func truth(_ rows: inout RowSet) throws(EvaluationError) -> Truth {
        if let condition {
            do throws(EvaluationFailure) { return try condition.truth(&rows) } catch { throw explained(error) }
        }
        return try when?.truth(&rows) ?? .true
    }

    private func explained(_ failure: EvaluationFailure) -> EvaluationError {
        when?.explained(failure) ?? EvaluationError("the condition cannot be worked out")
    }
}

/// A gather, compiled.
///
/// A class for the same reason.
final class GatherPlan: Sendable {
    let name: String
    let table: TableName
    let operation: RowOperation
    let condition: Expression?
    /// A column of the gathered row that must equal a column of the trigger's row, if the condition
    /// says so: then the rows are found without looking at them all.
    let join: Join?
    /// The table's number in the mapping; nil: it has none.
    let tableNumber: Int?
    /// Of ``condition``, unless it is more than one.
    private let program: Program?

    init(
        name: String, table: TableName, number: Int?, operation: RowOperation, condition: Expression?, join: Join?
    ) {
        self.name = name
        self.table = table
        tableNumber = number
        self.operation = operation
        self.condition = condition
        program = condition?.program
        self.join = join
    }

    /// Whether the row at hand is one of those that are gathered.
    @inline(__always)
    func truth(_ rows: inout RowSet) throws(EvaluationError) -> Truth {
        if let program {
            do throws(EvaluationFailure) { return try program.truth(&rows) } catch { throw explained(error) }
        }
        return try condition?.truth(&rows) ?? .true
    }

    private func explained(_ failure: EvaluationFailure) -> EvaluationError {
        condition?.explained(failure) ?? EvaluationError("the condition cannot be worked out")
    }

    struct Join: Hashable, Sendable {
        var gathered: ColumnOperand
        var trigger: ColumnOperand
        var comparison: Comparison
    }
}

/// What makes an event's key.
enum KeyPlan: Sendable {
    /// One column's text; several as a JSON array.
    case columns([KeyColumn])
    case expression(Expression)
    /// The event is about no entity.
    case none

    /// The column whose text, if there is any, is all of the key.
    var plainColumn: ColumnOperand? {
        switch self {
        case .columns(let columns): columns.count == 1 ? columns[0].operand : nil
        case .expression(let expression): expression.type?.family == .character ? nil : expression.column
        case .none: nil
        }
    }

    struct KeyColumn: Sendable {
        var operand: ColumnOperand
        var kind: ValueKind
        var name: String
    }
}

/// What makes an event's data.
indirect enum DataPlan: Sendable {
    /// Every column that the trigger's record has, in its order.
    case wholeRow(RowSide)
    case column(ColumnOperand, ValueKind)
    case expression(Expression)
    case object([Member])
    /// A list with one member a gathered row.
    case each(slot: Int, DataPlan)

    /// A class, as every event walks all of them.
    final class Member: Sendable {
        let name: String
        /// `"orderId":`
        let quotedName: [UInt8]
        let plan: DataPlan

        init(name: String, plan: DataPlan) {
            self.name = name
            var quoted: [UInt8] = []
            JSONText.appendQuoted(name, to: &quoted)
            quoted.append(UInt8(ascii: ":"))
            quotedName = quoted
            self.plan = plan
        }
    }
}
