/// `like`, `~` and the functions of regular expressions (like.c, regexp.c). A pattern that is a constant is
/// compiled once, and told at the check when it is none.
enum PatternFunctions {
    static let all = like + matching + replacing

    private static let citext = ScalarType(family: .caseless, name: "citext")

    // MARK: - like

    /// The third argument is the escape. A citext is matched without case.
    private static func like(_ name: String, _ type: ScalarType, ignoringCase: Bool) -> Function {
        Function(name, [.type(type), .type(.text), .type(.text)], .type(.boolean), optional: 1) {
            site throws(FunctionError) in
            if site.types.count < 3 {
                let pattern = try site.prepared(1) { try LikePattern($0, ignoringCase: ignoringCase) }
                return Function.body { .boolean(try pattern($0).matches($0.text(0))) }
            }
            guard case .text(let escape)? = site.constants[2] else {
                return Function.body {
                    let pattern = try LikePattern($0.text(1), escape: $0.text(2), ignoringCase: ignoringCase)
                    return .boolean(pattern.matches(try $0.text(0)))
                }
            }
            let pattern = try site.prepared(1) { try LikePattern($0, escape: escape, ignoringCase: ignoringCase) }
            return Function.body { .boolean(try pattern($0).matches($0.text(0))) }
        }
    }

    private static let like: [Function] = [
        like("~~", .text, ignoringCase: false), like("~~", citext, ignoringCase: true),
        like("~~*", .text, ignoringCase: true), like("~~*", citext, ignoringCase: true),
    ]

    // MARK: - ~

    private static func match(_ name: String, _ type: ScalarType, ignoringCase: Bool, isNegated: Bool) -> Function {
        Function(name, [.type(type), .type(.text)], .type(.boolean)) { site throws(FunctionError) in
            let pattern = try site.prepared(1) { try RegularExpression($0, ignoringCase: ignoringCase) }
            return Function.body { .boolean(try pattern($0).matches($0.text(0)) != isNegated) }
        }
    }

    private static let matching: [Function] =
        [ScalarType.text, citext].flatMap { type in
            let isCaseless = type == citext
            return [
                match("~", type, ignoringCase: isCaseless, isNegated: false),
                match("~*", type, ignoringCase: true, isNegated: false),
                match("!~", type, ignoringCase: isCaseless, isNegated: true),
                match("!~*", type, ignoringCase: true, isNegated: true),
            ]
        } + [
            Function("substring", [.type(.text), .type(.text)], .type(.text)) { site throws(FunctionError) in
                let pattern = try site.prepared(1) { try RegularExpression($0) }
                return Function.body { try pattern($0).substring(of: $0.text(0)).map { .text($0) } ?? .null }
            },
            Function(
                "regexp_match", [.type(.text), .type(.text), .type(.text)], .type(ScalarType.text.array), optional: 1
            ) {
                site throws(FunctionError) in
                let pattern = try flagged(site, 2, allowsGlobal: false)
                return Function.body {
                    let groups = try pattern($0).expression.groups(of: $0.text(0))
                    return groups.map { .text(PostgresArray($0).text()) } ?? .null
                }
            },
            Function("regexp_like", [.type(.text), .type(.text), .type(.text)], .type(.boolean), optional: 1) {
                site throws(FunctionError) in
                let pattern = try flagged(site, 2, allowsGlobal: false)
                return Function.body { .boolean(try pattern($0).expression.matches($0.text(0))) }
            },
        ]

    // MARK: - regexp_replace

    private static let replacing: [Function] = [
        Function("regexp_replace", [.type(.text), .type(.text), .type(.text), .type(.text)], .type(.text), optional: 1)
        {
            site throws(FunctionError) in
            let pattern = try flagged(site, 3, allowsGlobal: true)
            let replacement = try site.prepared(2) { RegularExpressionReplacement($0) }
            return Function.body {
                let made = try pattern($0)
                return .text(
                    try made.expression.replacing(in: $0.text(0), with: replacement($0), all: made.flags.isGlobal))
            }
        }
    ]

    // MARK: - Flags

    private struct Flagged: Sendable {
        var expression: RegularExpression
        var flags: RegularExpressionFlags
    }

    /// The pattern at place 1 with the flags at `place`, when there are some.
    private static func flagged(
        _ site: Function.Site, _ place: Int, allowsGlobal: Bool
    ) throws(FunctionError) -> @Sendable ([Value]) throws -> Flagged {
        @Sendable func compiled(_ pattern: [UInt8], _ flags: [UInt8]) throws -> Flagged {
            let flags = try RegularExpressionFlags(flags, allowsGlobal: allowsGlobal)
            let expression = try RegularExpression(flags.applied(to: pattern), ignoringCase: flags.ignoresCase)
            return Flagged(expression: expression, flags: flags)
        }
        guard site.types.count > place else {
            let pattern = try site.prepared(1) { try compiled($0, []) }
            return { try pattern($0) }
        }
        let flags = try site.prepared(place) {
            _ = try RegularExpressionFlags($0, allowsGlobal: allowsGlobal)
            return $0
        }
        guard case .made(let constant) = flags else { return { try compiled($0.text(1), flags($0)) } }
        let pattern = try site.prepared(1) { try compiled($0, constant) }
        return { try pattern($0) }
    }
}

/// The letters after a regular expression, as in `regexp_replace(note, 'a', 'b', 'gi')` (`parse_re_flags`).
struct RegularExpressionFlags: Hashable, Sendable {
    private(set) var isGlobal = false
    private(set) var ignoresCase = false
    /// Those that a pattern can begin with, too.
    private var options: [UInt8] = []

    init(_ letters: [UInt8], allowsGlobal: Bool) throws(EvaluationError) {
        for letter in letters {
            switch letter {
            case UInt8(ascii: "g"):
                guard allowsGlobal else {
                    throw EvaluationError("regexp_match and regexp_like have no “global” option; leave out the flag g")
                }
                isGlobal = true
            case UInt8(ascii: "i"): ignoresCase = true
            case UInt8(ascii: "c"): ignoresCase = false
            case _ where "nmsptwxq".utf8.contains(letter): options.append(letter)
            default:
                throw EvaluationError(
                    "invalid regular expression option; the flags are g, i, c, n, m, s, p, t, w, x and q")
            }
        }
    }

    func applied(to pattern: [UInt8]) throws(EvaluationError) -> [UInt8] {
        guard !options.isEmpty else { return pattern }
        if pattern.starts(with: Array("(?".utf8)) || pattern.starts(with: Array("***".utf8)) {
            throw EvaluationError("flags beside a pattern that begins with (? or *** are not supported; put them there")
        }
        return Array("(?".utf8) + options + Array(")".utf8) + pattern
    }
}
