/// Builds the tree of an expression by precedence climbing, with PostgreSQL's precedences (`gram.y`).
///
/// The first thing that cannot be read ends it: what follows a syntax error is guesswork.
struct Parser {
    /// Of parentheses and operators; deeper is an error, as every level takes stack.
    static let depthLimit = 200

    let source: SourceText
    let bytes: [UInt8]
    let tokens: [Token]
    var index = 0
    var depth = 0
    /// Between `between` and its `and`, where no other `between`, `in` or `like` can stand (`b_expr` of gram.y).
    var isLowerBound = false

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

    // MARK: - Tokens

    var token: Token { tokens[index] }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    mutating func take(_ keyword: Keyword) -> Bool { take { $0 == .keyword(keyword) } }

    mutating func take(_ symbol: String) -> Bool { take { $0 == .symbol(symbol) } }

    mutating func takeName(_ name: String) -> Bool { take { $0 == .name(name, isQuoted: false) } }

    mutating func take(_ matches: (Token.Kind) -> Bool) -> Bool {
        guard matches(token.kind) else { return false }
        advance()
        return true
    }

    /// A node from the start of `first` to the last token read.
    func node(_ node: Syntax.Node, from first: Syntax) -> Syntax {
        self.node(node, from: first.range.lowerBound)
    }

    func node(_ node: Syntax.Node, from start: Int) -> Syntax {
        Syntax(node, start..<max(start, tokens[max(0, index - 1)].range.upperBound))
    }

    // MARK: - Errors

    func syntaxError(_ message: String) -> Diagnostic {
        source.error(atByte: token.range.lowerBound, message)
    }

    func unexpected(_ expected: String) -> Diagnostic {
        switch token.kind {
        case .end:
            return syntaxError("the expression ends too early; expected \(expected)")
        case .symbol("=="):
            return syntaxError("there is no operator “==”; write “=”")
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

    func chained(_ level: Precedence) -> Diagnostic {
        // To people of other languages `a = 1 && b = 2` are two comparisons.
        for (symbol, word) in [("&&", "and"), ("||", "or")]
        where tokens[..<index].contains(where: { $0.kind == .symbol(symbol) }) {
            return syntaxError(
                "“\(written)” cannot follow a comparison at once; between conditions write “\(word)” for “\(symbol)”")
        }
        return syntaxError(
            "“\(written)” cannot follow a comparison at once; use parentheses, or “and” between two comparisons")
    }

    func tooDeep(at offset: Int) -> Diagnostic {
        source.error(
            atByte: offset, "the expression is nested deeper than \(Self.depthLimit) levels; make it simpler")
    }
}
