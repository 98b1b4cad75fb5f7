/// Operators, from the loosest to the tightest, as PostgreSQL ranks them (`gram.y`).
extension Parser {
    enum Precedence: Int, Comparable {
        case or, and, not, `is`, comparison, range, other, additive, multiplicative, power, zone, sign, element, cast

        static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }

        /// What its right side is made of, for operators that group from the left.
        var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .cast }
    }

    /// Reads operands and all operators between them that bind at least as tightly as `least`.
    mutating func expression(_ least: Precedence) throws(Diagnostic) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw tooDeep(at: token.range.lowerBound) }
        let isBound = isLowerBound
        if least == .or { isLowerBound = false }
        defer { isLowerBound = isBound }
        var left = try prefix()
        // Comparisons do not chain: after one, another of its level has no left side to take.
        var open: Precedence?
        while let level = level(of: token), level >= least {
            if level == open { throw chained(level) }
            if isLowerBound, level == .range { break }
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
        case .keyword(.in), .keyword(.between), .keyword(.like), .keyword(.ilike): return .range
        case .keyword(.not):
            switch tokens[min(index + 1, tokens.count - 1)].kind {
            case .keyword(.in), .keyword(.between), .keyword(.like), .keyword(.ilike): return .range
            default: return nil
            }
        case .symbol(let symbol):
            return Self.comparisons[symbol] == nil ? Self.operators[symbol] : .comparison
        case .name("at", isQuoted: false):
            return nextIsName("time", after: 1) && nextIsName("zone", after: 2) ? .zone : nil
        default: return nil
        }
    }

    private func nextIsName(_ name: String, after count: Int) -> Bool {
        index + count < tokens.count && tokens[index + count].kind == .name(name, isQuoted: false)
    }

    private static let comparisons: [String: ComparisonOperator] = [
        "=": .equal, "<>": .notEqual, "!=": .notEqual, "<": .less, "<=": .lessOrEqual, ">": .greater,
        ">=": .greaterOrEqual,
    ]

    private static let operators: [String: Precedence] = [
        "+": .additive, "-": .additive, "*": .multiplicative, "/": .multiplicative, "%": .multiplicative,
        "^": .power, "::": .cast, "[": .element, "||": .other, "->": .other, "->>": .other, "#>": .other,
        "#>>": .other, "#-": .other, "~": .other, "~*": .other, "!~": .other, "!~*": .other, "?": .other, "?|": .other,
        "?&": .other, "@>": .other, "<@": .other, "&&": .other, "^@": .other,
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
        case .comparison:
            let whole = try comparison(left)
            // After `= any (…)` another comparison may come.
            if case .quantified = whole.node { return (whole, nil) }
            return (whole, .comparison)
        case .other, .additive, .multiplicative, .power: return (try operation(left, level), nil)
        case .zone: return (try zone(left), nil)
        case .element:
            advance()
            let place = try expression(.or)
            guard take("]") else { throw unexpected("“]”") }
            return (node(.element(left, place), from: left), nil)
        case .cast:
            advance()
            return (node(.cast(left, try typeName()), from: left), nil)
        case .not, .sign: throw unexpected("an operator")
        }
    }

    private mutating func comparison(_ left: Syntax) throws(Diagnostic) -> Syntax {
        let at = token.range.lowerBound
        guard case .symbol(let symbol) = token.kind, let comparator = Self.comparisons[symbol] else {
            throw unexpected("an operator")
        }
        advance()
        let isAll = token.kind == .keyword(.all)
        if take(.any) || take(.some) || take(.all) {
            guard take("(") else { throw unexpected("“(” and an array") }
            let array = try expression(.or)
            guard take(")") else { throw unexpected("“)”") }
            return node(.quantified(left, comparator, array, isAll: isAll, at: at), from: left)
        }
        let right = try expression(.range)
        return node(.comparison(comparator, left, right, at: at), from: left)
    }

    private mutating func operation(_ left: Syntax, _ level: Precedence) throws(Diagnostic) -> Syntax {
        let at = token.range.lowerBound
        guard case .symbol(let symbol) = token.kind else { throw unexpected("an operator") }
        advance()
        return node(.operation(symbol, left, try expression(level.tighter), at: at), from: left)
    }

    /// `placed at time zone 'UTC'` is the function `timezone`.
    private mutating func zone(_ left: Syntax) throws(Diagnostic) -> Syntax {
        let range = token.range
        for _ in 0..<3 { advance() }
        let zone = try expression(.sign)
        return node(.call(Syntax.Name(text: "timezone", isQuoted: false, range: range), [zone, left]), from: left)
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

    /// `[not] in (…)`, `[not] between … and …`, `[not] like …`.
    private mutating func range(_ operand: Syntax) throws(Diagnostic) -> (Syntax, open: Precedence?) {
        let isNegated = take(.not)
        let at = token.range.lowerBound
        if take(.in) {
            guard take("(") else { throw unexpected("“(” and a list of values") }
            let items = try list()
            return (node(.membership(operand, items, isNegated: isNegated, at: at), from: operand), nil)
        }
        if token.kind == .keyword(.like) || token.kind == .keyword(.ilike) {
            return (try like(operand, isNegated: isNegated), .range)
        }
        advance()
        let isSymmetric = take(.symmetric)
        if !isSymmetric { _ = take(.asymmetric) }
        isLowerBound = true
        let low = try expression(.comparison)
        isLowerBound = false
        guard take(.and) else { throw unexpected("“and” and the upper bound") }
        let high = try expression(.other)
        let between = Syntax.Node.between(
            operand, low, high, isNegated: isNegated, isSymmetric: isSymmetric, at: at)
        return (node(between, from: operand), .range)
    }

    private mutating func like(_ operand: Syntax, isNegated: Bool) throws(Diagnostic) -> Syntax {
        let at = token.range.lowerBound
        let isCaseless = take(.ilike)
        if !isCaseless { advance() }
        let pattern = try expression(.other)
        let escape = takeName("escape") ? try expression(.other) : nil
        let like = Syntax.Node.like(
            operand, pattern, escape: escape, isCaseless: isCaseless, isNegated: isNegated, at: at)
        return node(like, from: operand)
    }
}
