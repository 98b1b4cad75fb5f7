/// Builds the tree of an expression by precedence climbing, with PostgreSQL's precedences (`gram.y`).
///
/// The first thing that cannot be read ends it: what follows a syntax error is guesswork.
struct Parser {
    /// Of parentheses and operators; deeper is an error, as every level takes stack.
    static let depthLimit = 200

    private let source: SourceText
    private let bytes: [UInt8]
    private let tokens: [Token]
    private var index = 0
    private var depth = 0

    static func syntax(of source: SourceText) throws(Diagnostics) -> Syntax {
        var parser = Parser(source, tokens: try Lexer.tokens(of: source))
        do {
            return try parser.whole()
        } catch {
            throw Diagnostics([error])
        }
    }

    private init(_ source: SourceText, tokens: [Token]) {
        self.source = source
        self.tokens = tokens
        bytes = Array(source.text.utf8)
    }

    private mutating func whole() throws(Diagnostic) -> Syntax {
        if token.kind == .end {
            throw source.error("there is no expression; write one, such as status = 'NEW'")
        }
        let syntax = try expression(.or)
        guard token.kind == .end else { throw unexpected("an operator or the end") }
        return syntax
    }

    // MARK: - Operators

    /// From the loosest to the tightest.
    private enum Precedence: Int, Comparable {
        case or, and, not, `is`, comparison, range, sign

        static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
    }

    /// Reads operands and all operators between them that bind at least as tightly as `least`.
    private mutating func expression(_ least: Precedence) throws(Diagnostic) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw tooDeep(at: token.range.lowerBound) }
        var left = try prefix()
        // Comparisons do not chain: after one, another of its level has no left side to take.
        var open: Precedence?
        while let level = level(of: token), level >= least {
            if level == open { throw chained(level) }
            (left, open) = try extended(left, by: level)
            guard left.height <= Self.depthLimit else { throw tooDeep(at: left.range.lowerBound) }
        }
        return left
    }

    private func level(of token: Token) -> Precedence? {
        switch token.kind {
        case .keyword(.or): return .or
        case .keyword(.and): return .and
        case .keyword(.is), .keyword(.isnull), .keyword(.notnull): return .is
        case .keyword(.in), .keyword(.between): return .range
        case .keyword(.not):
            let next = tokens[min(index + 1, tokens.count - 1)].kind
            return next == .keyword(.in) || next == .keyword(.between) ? .range : nil
        case .symbol(let symbol): return Self.comparisons[symbol] == nil ? nil : .comparison
        default: return nil
        }
    }

    private static let comparisons: [String: ComparisonOperator] = [
        "=": .equal, "<>": .notEqual, "!=": .notEqual, "<": .less, "<=": .lessOrEqual, ">": .greater,
        ">=": .greaterOrEqual,
    ]

    /// `left` with the operator that comes next and its right side; the level that may not come
    /// again at once.
    private mutating func extended(
        _ left: Syntax, by level: Precedence
    ) throws(Diagnostic) -> (Syntax, open: Precedence?) {
        switch level {
        case .or: return (try chain(left, of: .or, operands: .and), nil)
        case .and: return (try chain(left, of: .and, operands: .not), nil)
        case .is: return try test(left)
        case .range: return try range(left)
        case .comparison, .not, .sign:
            let at = token.range.lowerBound
            guard case .symbol(let symbol) = token.kind, let comparator = Self.comparisons[symbol] else {
                throw unexpected("an operator")
            }
            advance()
            let right = try expression(.range)
            return (node(.comparison(comparator, left, right, at: at), from: left), .comparison)
        }
    }

    /// `a and b and c` as one node.
    private mutating func chain(
        _ first: Syntax, of keyword: Keyword, operands: Precedence
    ) throws(Diagnostic) -> Syntax {
        var parts = [first]
        while take(keyword) { parts.append(try expression(operands)) }
        return node(keyword == .and ? .all(parts) : .any(parts), from: first)
    }

    /// After `is`.
    private mutating func test(_ operand: Syntax) throws(Diagnostic) -> (Syntax, open: Precedence?) {
        if take(.isnull) { return (node(.test(operand, .null, isNegated: false), from: operand), nil) }
        if take(.notnull) { return (node(.test(operand, .null, isNegated: true), from: operand), nil) }
        let at = token.range.lowerBound
        advance()
        let isNegated = take(.not)
        if take(.distinct) {
            guard takeName("from") else { throw unexpected("“from”") }
            let right = try expression(.comparison)
            let comparator: ComparisonOperator = isNegated ? .notDistinct : .distinct
            return (node(.comparison(comparator, operand, right, at: at), from: operand), .is)
        }
        let test: Syntax.Test
        if take(.null) {
            test = .null
        } else if take(.true) {
            test = .true
        } else if take(.false) {
            test = .false
        } else if takeName("unknown") {
            test = .unknown
        } else {
            throw unexpected("null, true, false, unknown or distinct from")
        }
        return (node(.test(operand, test, isNegated: isNegated), from: operand), nil)
    }

    /// `[not] in (…)` and `[not] between … and …`.
    private mutating func range(_ operand: Syntax) throws(Diagnostic) -> (Syntax, open: Precedence?) {
        let isNegated = take(.not)
        let at = token.range.lowerBound
        if take(.in) {
            guard take("(") else { throw unexpected("“(” and a list of values") }
            let items = try list()
            return (node(.membership(operand, items, isNegated: isNegated, at: at), from: operand), nil)
        }
        advance()
        let isSymmetric = take(.symmetric)
        if !isSymmetric { _ = take(.asymmetric) }
        let low = try expression(.comparison)
        guard take(.and) else { throw unexpected("“and” and the upper bound") }
        let high = try expression(.sign)
        let between = Syntax.Node.between(
            operand, low, high, isNegated: isNegated, isSymmetric: isSymmetric, at: at)
        return (node(between, from: operand), .range)
    }

    // MARK: - Operands

    private mutating func prefix() throws(Diagnostic) -> Syntax {
        let start = token.range.lowerBound
        switch token.kind {
        case .keyword(.not):
            advance()
            return node(.not(try expression(.not)), from: start)
        case .symbol("+"), .symbol("-"):
            let isNegative = token.kind == .symbol("-")
            advance()
            return node(.sign(isNegative: isNegative, try expression(.sign)), from: start)
        case .symbol("("):
            advance()
            let inner = try expression(.or)
            if token.kind == .symbol(",") { throw syntaxError("rows of values are not known; compare one by one") }
            guard take(")") else { throw unexpected("an operator or “)”") }
            return Syntax(inner.node, start..<tokens[index - 1].range.upperBound)
        case .name:
            return try pathOrCall()
        case .text(let text):
            return literal(.text(text))
        case .number:
            return literal(.number(Array(bytes[token.range])))
        case .keyword(.null):
            return literal(.null)
        case .keyword(.true):
            return literal(.boolean(true))
        case .keyword(.false):
            return literal(.boolean(false))
        case .keyword(let word) where !Self.operatorWords.contains(word):
            throw syntaxError(
                "“\(word.rawValue)” is a word of the language; a column of that name is written"
                    + " in double quotes: \"\(word.rawValue)\"")
        default:
            throw unexpected("a column or a value")
        }
    }

    /// Words that stand between operands, so that what is missing is an operand.
    private static let operatorWords: Set<Keyword> = [.and, .or, .in, .is, .isnull, .notnull, .between, .like, .ilike]

    private mutating func literal(_ literal: Syntax.Literal) -> Syntax {
        let syntax = Syntax(.literal(literal), token.range)
        advance()
        return syntax
    }

    private mutating func pathOrCall() throws(Diagnostic) -> Syntax {
        let start = token.range.lowerBound
        var names = [try name()]
        while take(".") { names.append(try name()) }
        if names.count == 1, take("(") {
            let arguments = take(")") ? [] : try list()
            return node(.call(names[0], arguments), from: start)
        }
        if case .text = token.kind {
            throw syntaxError(
                "text after “\(names[0].text)”; write an operator between them"
                    + " (a literal needs no type before it: it takes the other side's)")
        }
        return node(.path(names), from: start)
    }

    /// After a dot any word is a name.
    private mutating func name() throws(Diagnostic) -> Syntax.Name {
        let range = token.range
        switch token.kind {
        case .name(let text, let isQuoted):
            advance()
            return Syntax.Name(text: text, isQuoted: isQuoted, range: range)
        case .keyword(let word):
            advance()
            return Syntax.Name(text: word.rawValue, isQuoted: false, range: range)
        default:
            throw unexpected("a column's name")
        }
    }

    /// At least one expression, commas between them, and the closing parenthesis.
    private mutating func list() throws(Diagnostic) -> [Syntax] {
        var items: [Syntax] = []
        repeat { items.append(try expression(.or)) } while take(",")
        guard take(")") else { throw unexpected("“,” or “)”") }
        return items
    }

    // MARK: - Tokens

    private var token: Token { tokens[index] }

    private mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    private mutating func take(_ keyword: Keyword) -> Bool { take { $0 == .keyword(keyword) } }

    private mutating func take(_ symbol: String) -> Bool { take { $0 == .symbol(symbol) } }

    private mutating func takeName(_ name: String) -> Bool { take { $0 == .name(name, isQuoted: false) } }

    private mutating func take(_ matches: (Token.Kind) -> Bool) -> Bool {
        guard matches(token.kind) else { return false }
        advance()
        return true
    }

    /// A node from the start of `first` to the last token read.
    private func node(_ node: Syntax.Node, from first: Syntax) -> Syntax {
        self.node(node, from: first.range.lowerBound)
    }

    private func node(_ node: Syntax.Node, from start: Int) -> Syntax {
        Syntax(node, start..<max(start, tokens[max(0, index - 1)].range.upperBound))
    }

    // MARK: - Errors

    private func syntaxError(_ message: String) -> Diagnostic {
        source.error(atByte: token.range.lowerBound, message)
    }

    private func unexpected(_ expected: String) -> Diagnostic {
        switch token.kind {
        case .end:
            return syntaxError("the expression ends too early; expected \(expected)")
        case .symbol("=="):
            return syntaxError("there is no operator “==”; write “=”")
        case .symbol("&&"):
            return syntaxError("there is no operator “&&”; write “and”")
        case .symbol("||"):
            return syntaxError("there is no operator “||”; write “or” between conditions")
        case .symbol(let symbol) where symbol.utf8.first.map { !"()[],.;:".utf8.contains($0) } == true:
            return syntaxError("operator “\(symbol)” does not stand here; expected \(expected)")
        default:
            return syntaxError("unexpected “\(written)”; expected \(expected)")
        }
    }

    private var written: String {
        let text = String(decoding: bytes[token.range].prefix(40), as: UTF8.self)
        return token.range.count > 40 ? text + "…" : text
    }

    private func chained(_ level: Precedence) -> Diagnostic {
        syntaxError(
            "“\(written)” cannot follow a comparison at once; use parentheses, or “and” between two comparisons")
    }

    private func tooDeep(at offset: Int) -> Diagnostic {
        source.error(
            atByte: offset, "the expression is nested deeper than \(Self.depthLimit) levels; make it simpler")
    }
}
