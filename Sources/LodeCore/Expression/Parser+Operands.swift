/// Operands: literals, names, calls, and what stands in brackets.
extension Parser {
    mutating func prefix() throws(Diagnostic) -> Syntax {
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
        case .keyword(.case):
            return try choice()
        case .keyword(.cast):
            return try castCall()
        case .keyword(.array):
            return try arrayOrCall()
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
            return node(.call(names[0], try arguments(of: names[0].text)), from: start)
        }
        if case .text = token.kind { return try typedLiteral(names[0], from: start) }
        return node(.path(names), from: start)
    }

    /// After a dot any word is a name.
    mutating func name() throws(Diagnostic) -> Syntax.Name {
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
    mutating func list() throws(Diagnostic) -> [Syntax] {
        var items: [Syntax] = []
        repeat { items.append(try expression(.or)) } while take(",")
        guard take(")") else { throw unexpected("“,” or “)”") }
        return items
    }

    /// `case when a then b else c end`, `case a when b then c end`
    private mutating func choice() throws(Diagnostic) -> Syntax {
        let start = token.range.lowerBound
        advance()
        let subject = token.kind == .keyword(.when) ? nil : try expression(.or)
        var branches: [Syntax.Branch] = []
        while take(.when) {
            let condition = try expression(.or)
            guard take(.then) else { throw unexpected("“then”") }
            branches.append(Syntax.Branch(condition: condition, value: try expression(.or)))
        }
        guard !branches.isEmpty else { throw unexpected("“when”") }
        let otherwise = take(.else) ? try expression(.or) : nil
        guard take(.end) else { throw unexpected("“when”, “else” or “end”") }
        return node(.choice(subject: subject, branches, otherwise: otherwise), from: start)
    }

    private mutating func castCall() throws(Diagnostic) -> Syntax {
        let start = token.range.lowerBound
        advance()
        guard take("(") else { throw unexpected("“(”") }
        let operand = try expression(.or)
        guard takeName("as") else { throw unexpected("“as” and a type") }
        let type = try typeName()
        guard take(")") else { throw unexpected("“)”") }
        return node(.cast(operand, type), from: start)
    }

    /// `array[1, 2]`; `array(…)` is an aggregate.
    private mutating func arrayOrCall() throws(Diagnostic) -> Syntax {
        let start = token.range.lowerBound
        let word = try name()
        if take("(") { return node(.call(word, try arguments(of: "array")), from: start) }
        guard take("[") else { throw unexpected("“[” and the array's elements, or “(” and what to gather") }
        var items: [Syntax] = []
        if !take("]") {
            repeat { items.append(try expression(.or)) } while take(",")
            guard take("]") else { throw unexpected("“,” or “]”") }
        }
        return node(.array(items), from: start)
    }

    /// `date '2024-02-29'`
    private mutating func typedLiteral(_ type: Syntax.Name, from start: Int) throws(Diagnostic) -> Syntax {
        guard !type.isQuoted, TypeNames.canonical(type.text) != nil else {
            throw syntaxError("text after “\(type.text)”, which is no type; write an operator between them")
        }
        guard case .text(let text) = token.kind else { throw unexpected("text in single quotes") }
        let value = literal(.text(text))
        let name = Syntax.TypeName(
            name: TypeNames.canonical(type.text) ?? type.text, modifiers: [], range: type.range)
        return node(.cast(value, name), from: start)
    }

    /// After the opening parenthesis; SQL's own ways of writing some functions' arguments too.
    private mutating func arguments(of function: String) throws(Diagnostic) -> [Syntax] {
        if take(")") { return [] }
        switch function {
        case "extract", "date_part":
            let field: [UInt8]? =
                switch token.kind {
                case .name(let name, isQuoted: _): Array(name.utf8)
                case .text(let text): text
                default: nil
                }
            if let field, index + 1 < tokens.count, tokens[index + 1].kind == .name("from", isQuoted: false) {
                let first = Syntax(.literal(.text(field)), token.range)
                advance()
                advance()
                return [first] + (try list())
            }
        case "trim": return try trimArguments()
        case "substring", "position", "overlay":
            let first = try expression(function == "position" ? .other : .or)
            var items = [first]
            // `substring(text for 3)` begins at the first character.
            if function == "substring", token.kind == .name("for", isQuoted: false) {
                items.append(Syntax(.literal(.number([UInt8(ascii: "1")])), token.range))
            }
            while take(",") || takeName("from") || takeName("for") || takeName("placing") || take(.in) {
                items.append(try expression(.or))
            }
            guard take(")") else { throw unexpected("“,” or “)”") }
            return items
        default: break
        }
        return try list()
    }

    /// `trim([leading | trailing | both] [characters from] text)`: where, the text, the characters.
    private mutating func trimArguments() throws(Diagnostic) -> [Syntax] {
        let start = token.range
        var place = "both"
        if take(.leading) { place = "leading" } else if take(.trailing) { place = "trailing" } else { _ = take(.both) }
        let first: Syntax? = takeName("from") ? nil : try expression(.or)
        var items = [Syntax(.literal(.text(Array(place.utf8))), start)]
        if first == nil || takeName("from") {
            items.append(try expression(.or))
            if let first { items.append(first) }
        } else if let first {
            items.append(first)
            if take(",") { items.append(try expression(.or)) }
        }
        guard take(")") else { throw unexpected("“from”, “,” or “)”") }
        return items
    }

    // MARK: - Types

    mutating func typeName() throws(Diagnostic) -> Syntax.TypeName {
        let start = token.range.lowerBound
        guard case .name(var name, let isQuoted) = token.kind else { throw unexpected("a type") }
        advance()
        if take(".") {
            guard case .name(let inner, _) = token.kind else { throw unexpected("a type") }
            advance()
            name = name == "pg_catalog" ? inner : "\(name).\(inner)"
        }
        if !isQuoted {
            if name == "double", takeName("precision") { name = "double precision" }
            if name == "character" || name == "char" || name == "bit", takeName("varying") { name += " varying" }
        }
        var modifiers: [Int] = []
        if take("(") {
            repeat {
                guard case .number = token.kind, let value = Int(String(decoding: bytes[token.range], as: UTF8.self))
                else { throw unexpected("a number") }
                advance()
                modifiers.append(value)
            } while take(",")
            guard take(")") else { throw unexpected("“)”") }
        }
        if name == "timestamp" || name == "time" {
            if takeName("with"), takeName("time"), takeName("zone") {
                name += " with time zone"
            } else if takeName("without"), takeName("time"), takeName("zone") {
                name += " without time zone"
            }
        }
        name = TypeNames.canonical(name) ?? name
        if take("[") {
            guard take("]") else { throw unexpected("“]”") }
            name += "[]"
        }
        return Syntax.TypeName(name: name, modifiers: modifiers, range: start..<tokens[index - 1].range.upperBound)
    }
}
