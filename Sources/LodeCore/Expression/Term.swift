/// An expression of any type after the check: what its names mean and which function its operators
/// are is known.
///
/// What a condition can say by comparing columns is a ``Program`` inside, which is faster.
indirect enum Term: Sendable {
    /// What a function's work is: from its arguments' values, none of which is null or unknown when
    /// it is strict.
    typealias Body = @Sendable ([Value]) throws(EvaluationFailure) -> Value

    case constant(Value)
    case column(ColumnOperand, ScalarType)
    /// Of type boolean.
    case condition(Program)
    case call(Call)
    /// The value of the first condition that is true.
    case choice([Branch], otherwise: Term)
    /// The first that is not null.
    case coalesce([Term])
    /// The largest or smallest that is not null.
    case extreme([Term], isGreatest: Bool, Comparison)
    case nullIf(Term, Comparison, Term, of: Term)
    case quantified(Term, ComparisonOperator, Comparison, array: Term, element: ScalarType, isAll: Bool)
    /// A row as a JSON object: all columns, or those, of which what is unknown is left out.
    case row(slot: Int, RowSide, columns: [Int])
    /// `{"status": {"old": "NEW", "new": "OPEN"}}` of the columns that differ.
    case changes(slot: Int)
    case object([Member])
    case jsonArray([Typed])
    case aggregate(Aggregate)
    /// The value for the only row that a gather found: null when there is none, an error for several.
    case only(slot: Int, name: String, Term)
    case messagePrefix
    /// jsonb: what the content is when it parses, else a JSON string of it.
    case messageContent
    /// Of a truncate: its table, and its two flags.
    case truncatedTable
    case truncateFlag(cascade: Bool)
    /// A member of an event's data as JSON; null when there is none.
    case eventData([[UInt8]])
    case eventAttribute(EventAttribute)

    /// A call of constants alone that was not worked out at once, since it fails.
    var isFailingConstant: Bool {
        guard case .call(let call) = self else { return false }
        return call.arguments.allSatisfy { if case .constant = $0 { true } else { $0.isFailingConstant } }
    }

    struct Call: Sendable {
        var arguments: [Term]
        /// Whether null in is null out.
        var isStrict: Bool
        var body: Body
    }

    struct Branch: Sendable {
        var condition: Program
        var value: Term
    }

    struct Typed: Sendable {
        var term: Term
        var type: ScalarType
    }

    struct Member: Sendable {
        var name: Term
        var value: Typed
    }

    struct Aggregate: Sendable {
        enum Kind: String, Sendable, CaseIterable {
            case count, sum, min, max, avg, array, first, last, exists
        }

        var kind: Kind
        var slot: Int
        /// nil: the rows themselves, of count and exists.
        var argument: Typed?
        /// Adds two values, for sum and avg.
        var add: Body?
        /// Divides the sum by the count, for avg.
        var divide: Body?
        var comparison: Comparison?
    }
}
