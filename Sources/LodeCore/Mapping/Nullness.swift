/// When an expression comes to null, as far as that can be told before the first row.
struct Nullness: Hashable, Sendable {
    /// It is null when any of these columns is, which can be.
    var columns: Set<ColumnRead> = []
    /// Whether it can be null besides: a look-up that finds nothing, a `case` without `else`.
    var isOtherwisePossible = false

    static let never = Nullness()
    static let possible = Nullness(isOtherwisePossible: true)

    var isPossible: Bool { isOtherwisePossible || !columns.isEmpty }

    init(columns: Set<ColumnRead> = [], isOtherwisePossible: Bool = false) {
        self.columns = columns
        self.isOtherwisePossible = isOtherwisePossible
    }

    /// Of an expression that was checked in this scope.
    init(_ source: SourceText, in scope: ExpressionScope) {
        guard let syntax = try? Expression.parse(source) else {
            self = .possible
            return
        }
        self.init(syntax, scope)
    }

    private init(_ syntax: Syntax, _ scope: ExpressionScope) {
        switch syntax.node {
        case .literal(.null): self = .possible
        case .literal, .test, .array: self = .never
        case .comparison(.distinct, _, _, _), .comparison(.notDistinct, _, _, _): self = .never
        case .path(let path): self.init(path, scope)
        case .call(let name, let arguments): self.init(call: name.text, arguments, scope)
        case .operation(let symbol, _, _, _) where !Self.operators.contains(symbol): self = .possible
        // PostgreSQL 18 makes null of JSON's null.
        case .cast(let operand, _) where Self.isJSON(operand, scope): self = .possible
        case .sign, .not, .all, .any, .comparison, .membership, .between, .operation, .like, .cast:
            self.init(ofAny: syntax.node.children, scope)
        case .choice(_, let branches, let otherwise):
            let values = branches.map(\.value) + (otherwise.map { [$0] } ?? [])
            let isPossible = otherwise == nil || values.contains { Nullness($0, scope).isPossible }
            self = isPossible ? .possible : .never
        case .quantified, .element: self = .possible
        }
    }

    /// Null in, null out.
    private init(ofAny parts: [Syntax], _ scope: ExpressionScope) {
        self = parts.map { Nullness($0, scope) }.reduce(.never) { all, part in
            Nullness(
                columns: all.columns.union(part.columns),
                isOtherwisePossible: all.isOtherwisePossible || part.isOtherwisePossible)
        }
    }

    private init(_ path: [Syntax.Name], _ scope: ExpressionScope) {
        switch try? scope.resolve(path) {
        case .column(let read):
            // Of a gather outside of `each` it is the only row's, and there may be none.
            guard read.slot == 0 || read.slot == scope.current, let row = scope.row(read.slot) else {
                self = .possible
                return
            }
            self = row.table.columns[read.column].notNull ? .never : Nullness(columns: [read])
        case .row(let slot, _): self = slot == 0 || slot == scope.current ? .never : .possible
        case .messagePrefix, .truncatedTable, .restartsSequences, .cascades: self = .never
        case .changes: self = .never
        case .eventData, .eventAttribute: self = .possible
        // Content that is the JSON null counts as a value, but nobody calls it one.
        case .messageContent, .gather, nil: self = .possible
        }
    }

    private static func isJSON(_ syntax: Syntax, _ scope: ExpressionScope) -> Bool {
        guard case .path(let path) = syntax.node, case .column(let read)? = try? scope.resolve(path) else {
            return false
        }
        return scope.row(read.slot)?.table.columns[read.column].kind == .json
    }

    private init(call name: String, _ arguments: [Syntax], _ scope: ExpressionScope) {
        switch name {
        case "coalesce", "greatest", "least":
            self = arguments.contains { !Nullness($0, scope).isPossible } ? .never : .possible
        case _ where Self.total.contains(name): self = .never
        case _ where Self.strict.contains(name): self.init(ofAny: arguments, scope)
        default: self = .possible
        }
    }

    /// Those that are null only when a side is.
    private static let operators: Set<String> = [
        "+", "-", "*", "/", "%", "^", "||", "&", "|", "#", "<<", ">>", "@>", "<@", "?",
    ]

    private static let total: Set<String> = [
        "changed", "count", "exists", "pick", "omit", "object", "changes", "jsonb_build_object", "json_build_object",
        "jsonb_build_array", "json_build_array", "concat",
    ]

    private static let strict: Set<String> = [
        "lower", "upper", "initcap", "length", "char_length", "octet_length", "trim", "btrim", "ltrim", "rtrim", "lpad",
        "rpad", "left", "right", "substr", "replace", "reverse", "repeat", "translate", "md5", "encode", "strpos",
        "split_part", "starts_with", "abs", "round", "trunc", "floor", "ceil", "ceiling", "mod", "sign",
        "date_trunc",
    ]
}
