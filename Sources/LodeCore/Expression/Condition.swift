/// A column with what it takes to compare it.
struct ColumnOperand: Hashable, Sendable {
    let row: RowSide
    let family: ScalarType.Family
    private let slotNumber: UInt16
    private let place: Int32

    init(_ read: ColumnRead, _ type: ScalarType) {
        row = read.row
        slotNumber = UInt16(clamping: read.slot)
        family = type.family
        place = Int32(clamping: read.column)
    }

    /// In the table definition's columns.
    var column: Int { Int(place) }
    /// 0: the trigger's row; from 1 on the rule's gathers.
    var slot: Int { Int(slotNumber) }
    var read: ColumnRead { ColumnRead(slot: slot, row: row, column: column) }
}

/// A boolean expression after the check: names are columns, literals have types, and what it takes
/// to compare two sides is known.
indirect enum Condition: Sendable {
    case constant(Truth)
    /// A boolean column.
    case column(ColumnOperand)
    case not(Condition)
    case all([Condition])
    case any([Condition])
    case test(Condition, TruthTest)
    case isNull(ColumnOperand)
    case compare(ColumnOperand, ComparisonOperator, Comparison, Constant)
    case compareColumns(ColumnOperand, ComparisonOperator, Comparison, ColumnOperand)
    case compareConditions(Condition, ComparisonOperator, Condition)
    /// A column against several literals, one of which may be null.
    case membership(ColumnOperand, Comparison, [Constant], hasNull: Bool)
    case changed(new: ColumnOperand, old: ColumnOperand, Comparison)
    /// Of type boolean.
    case term(Term)
    case isNullTerm(Term)
    case compareTerms(Term, ComparisonOperator, Comparison, Term)

    /// Whether the column is equal to one of the literals, which `conditions` ask one by one; nil
    /// when they ask anything else.
    static func membership(of conditions: [Condition]) -> Condition? {
        var subject: (ColumnOperand, Comparison)?
        var constants: [Constant] = []
        for condition in conditions {
            switch condition {
            case .constant(.null): continue
            case .compare(let column, .equal, let comparison, let constant):
                guard subject.map({ $0 == (column, comparison) }) ?? true else { return nil }
                subject = (column, comparison)
                constants.append(constant)
            default: return nil
            }
        }
        guard let (column, comparison) = subject, constants.count > 1 else { return nil }
        return .membership(column, comparison, constants, hasNull: constants.count < conditions.count)
    }
}
