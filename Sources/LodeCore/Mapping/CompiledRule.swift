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
    let data: DataPlan
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
        self.data = data
        self.id = id
        self.type = type
        self.reads = reads
        self.dataColumns = dataColumns
        self.warnings = warnings
    }

    /// Whether it takes the whole transaction to tell.
    var needsTransaction: Bool { !gathers.isEmpty || isNet || trigger == .transaction }

    /// Whether the condition needs the gathered rows.
    var whenGathers: Bool { when.map { !$0.readSlots.isEmpty } ?? false }
}

/// A gather, compiled.
struct GatherPlan: Sendable {
    let name: String
    let table: TableName
    let operation: RowOperation
    let condition: Expression?
    /// A column of the gathered row that must equal a column of the trigger's row, if the condition
    /// says so: then the rows are found without looking at them all.
    let join: Join?

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
