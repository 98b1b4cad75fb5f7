/// A condition in the form in which it runs: its parts in one array, each before its operands, so
/// that running it follows no pointers, counts no references and allocates nothing.
///
/// SAFETY: ``steps`` is written in `init` and freed in `deinit`, and in between only read; steps are plain values.
final class Program: @unchecked Sendable {
    /// Plain values throughout; texts and lists are ranges of the other two arrays.
    enum Step: Hashable, Sendable {
        case constant(Truth)
        case column(ColumnOperand)
        /// The conditions up to the step `end`, which is not one of them.
        case all(end: Int32)
        case any(end: Int32)
        /// Of the one condition that follows, as `test`.
        case not
        case test(TruthTest)
        case isNull(ColumnOperand)
        case compare(ColumnOperand, ComparisonOperator, Comparison, Constant)
        case compareColumns(ColumnOperand, ComparisonOperator, Comparison, ColumnOperand)
        /// Of the two conditions that follow.
        case compareConditions(ComparisonOperator)
        case membership(ColumnOperand, Comparison, constants: ByteRange, hasNull: Bool)
        case changed(new: ColumnOperand, old: ColumnOperand, Comparison)
        /// By their places in ``Program/terms``.
        case term(Int32)
        case isNullTerm(Int32)
        case compareTerms(Int32, ComparisonOperator, Comparison, Int32)
    }

    let steps: UnsafeMutableBufferPointer<Step>
    let constants: [Constant]
    /// What takes more than a comparison of columns.
    let terms: [Term]
    /// What ``Constant/bytes(_:)`` are ranges of.
    let bytes: [UInt8]

    init(_ condition: Condition, bytes: [UInt8]) {
        var writer = Writer()
        writer.append(condition)
        steps = .allocate(capacity: writer.steps.count)
        _ = steps.initialize(fromContentsOf: writer.steps)
        constants = writer.constants
        terms = writer.terms
        self.bytes = bytes
    }

    deinit {
        steps.deinitialize()
        steps.deallocate()
    }
}

/// Writes a condition's steps one after another.
private struct Writer {
    var steps: [Program.Step] = []
    var constants: [Constant] = []
    var terms: [Term] = []

    mutating func append(_ condition: Condition) {
        switch condition {
        case .constant(let truth): steps.append(.constant(truth))
        case .column(let column): steps.append(.column(column))
        case .not(let operand):
            steps.append(.not)
            append(operand)
        case .test(let operand, let test):
            steps.append(.test(test))
            append(operand)
        case .all(let operands): append(operands) { .all(end: $0) }
        case .any(let operands): append(operands) { .any(end: $0) }
        case .isNull(let column): steps.append(.isNull(column))
        case .compare(let column, let comparator, let comparison, let constant):
            steps.append(.compare(column, comparator, comparison, constant))
        case .compareColumns(let left, let comparator, let comparison, let right):
            steps.append(.compareColumns(left, comparator, comparison, right))
        case .compareConditions(let left, let comparator, let right):
            steps.append(.compareConditions(comparator))
            append(left)
            append(right)
        case .membership(let column, let comparison, let list, let hasNull):
            let start = constants.count
            constants += list
            steps.append(
                .membership(column, comparison, constants: ByteRange(start, constants.count), hasNull: hasNull))
        case .changed(let new, let old, let comparison):
            steps.append(.changed(new: new, old: old, comparison))
        case .term(let term): steps.append(.term(place(of: term)))
        case .isNullTerm(let term): steps.append(.isNullTerm(place(of: term)))
        case .compareTerms(let left, let comparator, let comparison, let right):
            steps.append(.compareTerms(place(of: left), comparator, comparison, place(of: right)))
        }
    }

    private mutating func place(of term: Term) -> Int32 {
        terms.append(term)
        return Int32(clamping: terms.count - 1)
    }

    private mutating func append(_ operands: [Condition], as step: (Int32) -> Program.Step) {
        let place = steps.count
        steps.append(step(0))
        for operand in operands { append(operand) }
        steps[place] = step(Int32(clamping: steps.count))
    }
}
