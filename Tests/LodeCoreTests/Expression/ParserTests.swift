import Testing

@testable import LodeCore

@Suite struct ParserTests {
    /// Every operator with its operands in parentheses.
    static func shape(_ syntax: Syntax) -> String {
        switch syntax.node {
        case .literal(.null): "null"
        case .literal(.boolean(let value)): "\(value)"
        case .literal(.number(let digits)), .literal(.text(let digits)): String(decoding: digits, as: UTF8.self)
        case .path(let names): names.map(\.text).joined(separator: ".")
        case .call(let name, let arguments): "\(name.text)(\(arguments.map(shape).joined(separator: ",")))"
        case .sign(let isNegative, let operand): "(\(isNegative ? "-" : "+")\(shape(operand)))"
        case .not(let operand): "(not \(shape(operand)))"
        case .all(let operands): "(" + operands.map(shape).joined(separator: " and ") + ")"
        case .any(let operands): "(" + operands.map(shape).joined(separator: " or ") + ")"
        case .comparison(let comparator, let left, let right, _): "(\(shape(left)) \(comparator) \(shape(right)))"
        case .test(let operand, let test, let isNegated): "(\(shape(operand)) is\(isNegated ? " not" : "") \(test))"
        case .membership(let operand, let items, let isNegated, _):
            "(\(shape(operand))\(isNegated ? " not" : "") in \(items.map(shape).joined(separator: ",")))"
        case .between(let operand, let low, let high, let isNegated, let isSymmetric, _):
            "(\(shape(operand))\(isNegated ? " not" : "") between\(isSymmetric ? " symmetric" : "") "
                + "\(shape(low)):\(shape(high)))"
        case .operation(let symbol, let left, let right, _): "(\(shape(left)) \(symbol) \(shape(right)))"
        case .like(let text, let pattern, let escape, let isCaseless, let isNegated, _):
            "(\(shape(text))\(isNegated ? " not" : "") \(isCaseless ? "ilike" : "like") \(shape(pattern))"
                + (escape.map { " escape \(shape($0))" } ?? "") + ")"
        case .quantified(let left, let comparator, let array, let isAll, _):
            "(\(shape(left)) \(comparator) \(isAll ? "all" : "any") \(shape(array)))"
        case .cast(let operand, let type): "\(shape(operand))::\(type.name)"
        case .choice(let subject, let branches, let otherwise):
            "(case" + (subject.map { " \(shape($0))" } ?? "")
                + branches.map { " when \(shape($0.condition)) then \(shape($0.value))" }.joined()
                + (otherwise.map { " else \(shape($0))" } ?? "") + ")"
        case .array(let items): "[\(items.map(shape).joined(separator: ","))]"
        case .element(let array, let place): "\(shape(array))[\(shape(place))]"
        }
    }

    @Test(arguments: [
        ("a", "a"), ("old.Status", "old.status"), ("new.\"Order\"", "new.Order"), ("old.order", "old.order"),
        ("a = 1 or b = 2 and c = 3", "((a equal 1) or ((b equal 2) and (c equal 3)))"),
        ("a and b and c or d", "((a and b and c) or d)"), ("(a and b) and c", "((a and b) and c)"),
        ("not a = b and c", "((not (a equal b)) and c)"), ("not not a", "(not (not a))"),
        ("a = not b = c", "(a equal (not (b equal c)))"), ("not a is null", "(not (a is null))"),
        ("a = b is null", "((a equal b) is null)"), ("a is null = b", "((a is null) equal b)"),
        ("a is null is not null", "((a is null) is not null)"),
        ("a isnull and b notnull", "((a is null) and (b is not null))"),
        ("a is not true", "(a is not true)"), ("a is unknown", "(a is unknown)"),
        ("unknown is null", "(unknown is null)"),
        ("a is distinct from b = c", "(a distinct (b equal c))"), ("a is not distinct from -1", "(a notDistinct (-1))"),
        ("a < b in (1, 2)", "(a less (b in 1,2))"), ("a in (1) in (true)", "((a in 1) in true)"),
        ("a not in (1) and b", "((a not in 1) and b)"), ("a between 1 and 2 and b", "((a between 1:2) and b)"),
        ("a between 1 and 2 = b", "((a between 1:2) equal b)"),
        ("a not between symmetric b and c", "(a not between symmetric b:c)"),
        ("a between asymmetric 1 and 2", "(a between 1:2)"), ("- 1 < + 2", "((-1) less (+2))"), ("- - 1", "(-(-1))"),
        ("changed(status)", "changed(status)"), ("f()", "f()"), ("f(a, b or c)", "f(a,(b or c))"),
        ("(((a)))", "a"), ("a != 'x''y'", "(a notEqual x'y)"), ("a<>-1", "(a notEqual (-1))"),
    ])
    func precedenceIsPostgreSQLs(text: String, shape: String) throws {
        #expect(Self.shape(try Expression.parse(SourceText(text))) == shape)
    }

    @Test func nodesKnowWhereTheyStand() throws {
        let text = "é = 1 and (b in (2, 3))"
        let syntax = try Expression.parse(SourceText(text))
        #expect(syntax.range == 0..<text.utf8.count)
        guard case .all(let parts) = syntax.node else { throw Diagnostic(.error, "no and") }
        #expect(parts.map(\.range) == [0..<6, 11..<24])
    }

    @Test(arguments: [
        ("🚩", "there is no expression"), ("🚩-- only a comment", "there is no expression"),
        ("a = 🚩", "the expression ends too early; expected a column or a value"),
        ("a 🚩b", "unexpected “b”; expected an operator or the end"), ("a = 1 🚩)", "unexpected “)”"),
        ("(a = 1🚩", "the expression ends too early; expected an operator or “)”"),
        ("a = b 🚩= c", "“=” cannot follow a comparison at once"), ("a < b 🚩< c", "“<” cannot follow"),
        ("a between 1 and 2 🚩between 3 and 4", "“between” cannot follow"),
        ("a is distinct from b 🚩is null", "“is” cannot follow"), ("a in 🚩1", "expected “(” and a list of values"),
        ("a in (🚩)", "unexpected “)”; expected a column or a value"), ("a in (1, 🚩)", "expected a column or a value"),
        ("a between 1 🚩or 2", "expected “and” and the upper bound"), ("a is 🚩5", "expected null, true, false, unknown"),
        ("a is distinct 🚩b", "expected “from”"), ("a 🚩== 1", "there is no operator “==”; write “=”"),
        ("a = 1 && b 🚩= 2", "between conditions write “and” for “&&”"),
        ("a = 1 || b 🚩= 2", "between conditions write “or” for “||”"), ("a 🚩@ b", "operator “@” does not stand here"),
        ("a = 🚩/ 2", "operator “/” does not stand here"),
        ("🚩when a then b end", "“when” is a word of the language"), ("case a 🚩end", "expected “when”"),
        ("case when a 🚩end", "expected “then”"), ("cast(a 🚩text)", "expected “as” and a type"),
        ("a = 🚩and b", "unexpected “and”; expected a column or a value"), ("a. 🚩= 1", "expected a column's name"),
        ("(a🚩, b) = (1, 2)", "rows of values are not known"), ("a > day 🚩'2024-01-01'", "text after “day”"),
        ("a[1🚩", "expected “]”"),
        ("changed(a🚩", "expected “,” or “)”"), ("🚩* = 1", "operator “*” does not stand here"),
    ])
    func syntaxErrorsSayWhatIsExpected(marked: String, message: String) {
        let text = MarkedText(marked)
        let errors = Result { () throws(Diagnostics) in try Expression.parse(text.source) }.diagnostics
        #expect(errors.count == 1)
        #expect(errors.first?.message.contains(message) == true, "\(errors)")
        #expect(errors.first?.place?.column == text.columns.first)
    }

    /// Each level costs stack: what is deep must be an error, however it is made.
    @Test(arguments: [
        String(repeating: "(", count: 100_000) + "a", String(repeating: "not ", count: 100_000) + "a",
        String(repeating: "- ", count: 100_000) + "1", "a" + String(repeating: " is null", count: 100_000),
        "a" + String(repeating: " in (true)", count: 100_000),
        String(repeating: "a = (b is null and ", count: 50_000) + "c",
        String(repeating: "f(", count: 100_000), String(repeating: "a in (", count: 100_000),
    ])
    func deepNestingIsAnError(text: String) {
        #expect(throws: Diagnostics.self) { try Expression.parse(SourceText(text)) }
    }

    @Test func depthUpToTheLimitIsFine() throws {
        let text = String(repeating: "(", count: 199) + "a" + String(repeating: ")", count: 199)
        #expect(Self.shape(try Expression.parse(SourceText(text))) == "a")
        let chain = Array(repeating: "a = 1", count: 20_000).joined(separator: " or ")
        #expect(try Expression.parse(SourceText(chain)).height == 3)
    }
}
