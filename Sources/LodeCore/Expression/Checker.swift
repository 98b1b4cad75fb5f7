/// Finds out what an expression means in a scope: which columns its names are, which types its
/// literals have, how its comparisons compare.
///
/// Everything that is wrong is collected; a part that is wrong is left out of what it is part of, so
/// that one mistake is told once.
struct Checker {
    let source: SourceText
    let scope: ExpressionScope
    private(set) var diagnostics: [Diagnostic] = []
    /// Those of texts and numeric literals.
    var bytes: [UInt8] = []
    private(set) var reads: Set<ColumnRead> = []
    private var wrongPlaces: Set<Int> = []

    /// The gather whose rows the aggregate at hand runs over, once it is named; nil outside of one.
    var aggregate: AggregateScope?
    /// The gathers that are read.
    var readSlots: Set<Int> = []

    enum AggregateScope {
        case open
        case slot(Int)
    }

    /// A part of an expression.
    enum Part {
        /// A literal whose type its surroundings say; nil is null.
        case untyped([UInt8]?)
        case number(LiteralValue, ScalarType)
        case column(ColumnOperand, ScalarType)
        case condition(Condition)
        case term(Term, ScalarType)
        /// A whole row, which only some functions take.
        case row(slot: Int, RowSide)
        /// The rows of a gather, likewise.
        case gather(slot: Int)
        /// A member of an event's data, whose type its surroundings say, as a literal's.
        case dynamic(Term)
    }

    init(_ source: SourceText, in scope: ExpressionScope) {
        self.source = source
        self.scope = scope
    }

    /// nil when something is wrong with it.
    mutating func part(_ syntax: Syntax) -> Part? {
        switch syntax.node {
        case .literal(.null): return .untyped(nil)
        case .literal(.text(let text)): return .untyped(text)
        case .literal(.boolean(let value)): return .condition(.constant(Truth(value)))
        case .literal(.number(let digits)): return number(digits, at: syntax)
        case .sign(let isNegative, let operand): return signed(operand, isNegative: isNegative)
        case .path(let names): return column(names)
        case .call(let name, let arguments): return call(name, arguments, at: syntax)
        case .not(let operand):
            return condition(operand, argumentOf: "NOT").map { .condition(.not($0)) }
        case .all(let operands):
            return conditions(operands, argumentOf: "AND").map { .condition(.all($0)) }
        case .any(let operands):
            return conditions(operands, argumentOf: "OR").map { .condition(.any($0)) }
        case .test(let operand, let test, let isNegated):
            return self.test(operand, test).map { .condition(isNegated ? .not($0) : $0) }
        case .comparison(let comparator, let left, let right, let at):
            guard let sides = both(left, right) else { return nil }
            warnOfNull(comparator, right, at: at)
            return compare(sides.0, comparator, sides.1, at: at, left, right).map { .condition($0) }
        case .membership(let operand, let items, let isNegated, let at):
            return membership(operand, items, isNegated: isNegated, at: at)
                .map { .condition(isNegated ? .not($0) : $0) }
        case .between(let operand, let low, let high, let isNegated, let isSymmetric, let at):
            return between(operand, low, high, isSymmetric: isSymmetric, at: at)
                .map { .condition(isNegated ? .not($0) : $0) }
        case .operation(let symbol, let left, let right, let at):
            return operation(symbol, left, right, at: at)
        case .like(let text, let pattern, let escape, let isCaseless, let isNegated, let at):
            return like(text, pattern, escape, isCaseless: isCaseless, at: at)
                .map { .condition(isNegated ? .not($0) : $0) }
        case .quantified(let left, let comparator, let array, let isAll, let at):
            return quantified(left, comparator, array, isAll: isAll, at: at)
        case .cast(let operand, let type): return cast(operand, type)
        case .choice(let subject, let branches, let otherwise): return choice(subject, branches, otherwise, at: syntax)
        case .array(let items): return array(items, at: syntax)
        case .element(let array, let place): return element(array, place, at: syntax)
        }
    }

    // MARK: - Literals

    private mutating func number(_ digits: [UInt8], at syntax: Syntax) -> Part? {
        if let value = NumberLiteral.integer(digits.span, 0..<digits.count) {
            return .number(.integer(value), Self.integerType(of: value))
        }
        guard let plain = try? NumberLiteral.plain(digits) else {
            return error(syntax, "value overflows numeric format; write fewer digits")
        }
        return .number(.numeric(plain), .numeric)
    }

    /// The smallest of integer and bigint, as PostgreSQL types its literals.
    private static func integerType(of value: Int64) -> ScalarType {
        Int32(exactly: value) == nil ? .bigint : .integer
    }

    /// A sign is part of a number literal; `-9223372036854775808` is a bigint only with it.
    private mutating func signed(_ operand: Syntax, isNegative: Bool) -> Part? {
        guard let part = part(operand) else { return nil }
        guard case .number(let value, _) = part, let digits = value.digits else {
            return function(isNegative ? "-" : "+", [part], [operand], at: operand.range.lowerBound)
        }
        if !isNegative { return part }
        let isDouble = digits.first == UInt8(ascii: "-")
        return number(isDouble ? Array(digits.dropFirst()) : [UInt8(ascii: "-")] + digits, at: operand)
    }

    // MARK: - Names

    private mutating func column(_ names: [Syntax.Name]) -> Part? {
        let meaning: ExpressionScope.Meaning
        do {
            meaning = try scope.resolve(names)
        } catch {
            let name = error.name
            if names.count == 1, !name.isQuoted, let reason = RefusedNames.reason(for: name.text) {
                return report(name.range.lowerBound, "\(name.text) \(reason)")
            }
            return report(name.range.lowerBound, error.message)
        }
        switch meaning {
        case .column(let read): return column(read, names)
        case .row(let slot, let side): return .row(slot: slot, side)
        case .gather(let slot): return .gather(slot: slot)
        case .changes(let slot):
            for column in scope.row(slot)?.table.columns.indices ?? 0..<0 {
                note(ColumnRead(slot: slot, row: .new, column: column))
                note(ColumnRead(slot: slot, row: .old, column: column))
            }
            return .term(.changes(slot: slot), .jsonb)
        case .messagePrefix: return .term(.messagePrefix, .text)
        // In jsonb's normal form, so that it can be worked on at once.
        case .messageContent: return .term(.messageContent, .jsonb)
        case .truncatedTable: return .term(.truncatedTable, .text)
        case .restartsSequences: return .term(.truncateFlag(cascade: false), .boolean)
        case .cascades: return .term(.truncateFlag(cascade: true), .boolean)
        case .eventData([]): return .term(.eventData([]), .jsonb)
        case .eventData(let path): return .dynamic(.eventData(path.map { Array($0.utf8) }))
        case .eventAttribute(.time): return .term(.eventAttribute(.time), .timestampWithTimeZone)
        case .eventAttribute(let attribute): return .term(.eventAttribute(attribute), .text)
        }
    }

    private mutating func column(_ read: ColumnRead, _ names: [Syntax.Name]) -> Part? {
        guard let row = scope.row(read.slot) else { return nil }
        let type = ScalarType(row.table.columns[read.column])
        let operand = ColumnOperand(read, type)
        reads.insert(read)
        guard read.slot > 0, read.slot != scope.current else { return .column(operand, type) }
        readSlots.insert(read.slot)
        switch aggregate {
        case .open:
            aggregate = .slot(read.slot)
            return .column(operand, type)
        case .slot(read.slot): return .column(operand, type)
        case .slot(let other):
            return report(
                names[0].range.lowerBound,
                "an aggregate runs over one gather, and this is another than “\(scope.row(other)?.name ?? "")”; "
                    + "use two aggregates")
        case nil: return .term(.only(slot: read.slot, name: row.name, .column(operand, type)), type)
        }
    }

    func operand(_ read: ColumnRead) -> (ColumnOperand, ScalarType)? {
        guard let row = scope.row(read.slot), read.column < row.table.columns.count else { return nil }
        let type = ScalarType(row.table.columns[read.column])
        return (ColumnOperand(read, type), type)
    }

    mutating func note(_ read: ColumnRead) { reads.insert(read) }

    // MARK: - Logic

    private mutating func conditions(_ operands: [Syntax], argumentOf word: String) -> [Condition]? {
        let all = operands.map { condition($0, argumentOf: word) }
        let known = all.compactMap(\.self)
        return known.count == all.count ? known : nil
    }

    mutating func condition(_ syntax: Syntax, argumentOf word: String) -> Condition? {
        guard let part = part(syntax) else { return nil }
        return condition(part, at: syntax) {
            "argument of \(word) must be type boolean, not type \($0); compare it with a value"
        }
    }

    /// The part as a condition; `message` is told the type that it has instead.
    mutating func condition(_ part: Part, at syntax: Syntax, else message: (String) -> String) -> Condition? {
        switch part {
        case .condition(let condition): return condition
        case .column(let column, _) where column.family == .boolean: return .column(column)
        case .untyped(nil): return .constant(.null)
        case .untyped(let text?):
            guard case .boolean(let value) = read(text, as: .boolean, at: syntax) else { return nil }
            return .constant(Truth(value))
        case .term(let term, let type) where type.family == .boolean: return .term(term)
        case .number(_, let type), .column(_, let type), .term(_, let type):
            return report(syntax.range.lowerBound, message(type.name))
        case .dynamic(let term): return .term(DynamicValue.term(term, as: .boolean))
        case .row, .gather: return notAValue(part, at: syntax)
        }
    }

    private mutating func test(_ operand: Syntax, _ test: Syntax.Test) -> Condition? {
        switch test {
        case .null:
            guard let part = part(operand) else { return nil }
            switch part {
            case .untyped(let text): return .constant(Truth(text == nil))
            case .number: return .constant(.false)
            case .column(let column, _): return .isNull(column)
            case .condition(let condition): return .test(condition, .null)
            case .term(let term, _): return .isNullTerm(term)
            case .dynamic(let term): return .isNullTerm(DynamicValue.term(term, as: .text))
            case .row, .gather: return notAValue(part, at: operand)
            }
        case .true: return condition(operand, argumentOf: "IS TRUE").map { .test($0, .true) }
        case .false: return condition(operand, argumentOf: "IS FALSE").map { .test($0, .false) }
        case .unknown: return condition(operand, argumentOf: "IS UNKNOWN").map { .test($0, .null) }
        }
    }

    // MARK: - Words

    /// The text as a value of `type`; nil, and an error, when it is none.
    mutating func read(_ text: [UInt8], as type: ScalarType, at syntax: Syntax) -> LiteralValue? {
        do {
            return try LiteralReader.value(of: text, as: type)
        } catch {
            return report(syntax.range.lowerBound, error.message)
        }
    }

    mutating func error<Result>(_ syntax: Syntax, _ message: String) -> Result? {
        report(syntax.range.lowerBound, message)
    }

    /// Always nil, for what could not be made of a part. One place is told one thing.
    mutating func report<Result>(_ offset: Int, _ message: String) -> Result? {
        if wrongPlaces.insert(offset).inserted { diagnostics.append(source.error(atByte: offset, message)) }
        return nil
    }

    mutating func notAValue<Result>(_ part: Part, at syntax: Syntax) -> Result? {
        switch part {
        case .row(_, let side):
            let word = side == .new ? "new" : "old"
            return error(syntax, "“\(word)” is a row, not a value; name its column: \(word).status")
        case .gather(let slot):
            let name = scope.row(slot)?.name ?? ""
            return error(
                syntax,
                "“\(name)” are rows, not a value; name a column of them, or write count(\(name)), exists(\(name))")
        default: return error(syntax, "this is no value")
        }
    }

    mutating func warn(_ offset: Int, _ message: String) {
        diagnostics.append(source.warning(atByte: offset, message))
    }
}
