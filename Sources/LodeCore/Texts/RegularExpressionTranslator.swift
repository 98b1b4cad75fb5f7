/// Turns a PostgreSQL regular expression (an ARE; manual 9.7.3, regc_lex.c) into one of PCRE2's.
///
/// Everything that the two read differently is written out: anchors, classes, word boundaries, escapes.
/// Not read, and an error: basic expressions (`(?b)`), named collating elements, `\W` inside brackets.
/// Lookbehind must have a fixed length in each branch, as PCRE2 demands. `[[:alpha:]]` has no digits of
/// other scripts, and `[[:punct:]]` no combining marks, which the GNU C library counts there.
struct RegularExpressionTranslator {
    /// Whether a whole expression matches the longest or the shortest text where it matches first.
    enum Preference: Hashable, Sendable { case longest, shortest }

    struct Result {
        var pattern: [UInt8] = []
        /// For each byte of ``pattern`` the byte of the source that it comes from.
        var origins: [Int] = []
        var groups = 0
        var preference = Preference.longest
        var ignoresCase = false
        /// Has `\1`: its extent is PCRE2's choice.
        var hasBackReference = false
    }

    /// The deepest nesting of parentheses; PCRE2's own bound.
    static let deepest = 250
    static let mostGroups = 99

    let source: [UInt8]
    var at = 0
    var result = Result()
    /// `.` and `[^a]` leave out the line break.
    var dotEndsAtLine = false
    /// `^` and `$` are also at each line.
    var anchorsAreOfLines = false
    /// The groups that `\1` and the like can stand for.
    private(set) var closedGroups: Set<Int> = []
    private var isExpanded = false
    private var isLiteral = false

    init(_ source: [UInt8], ignoringCase: Bool) {
        self.source = source
        result.ignoresCase = ignoringCase
    }

    static func translate(_ source: [UInt8], ignoringCase: Bool) throws(EvaluationError) -> Result {
        var translator = RegularExpressionTranslator(source, ignoringCase: ignoringCase)
        try translator.readOptions()
        if translator.isLiteral {
            while translator.at < source.count { translator.emitNextCharacter() }
        } else {
            translator.result.preference = try translator.readBranches(depth: 0) ?? .longest
            guard translator.at == source.count else { throw translator.failure("“)” without “(”") }
        }
        return translator.result
    }

    // MARK: - Options

    /// `***=`, `***:`, and `(?i)` and the like at the very start.
    private mutating func readOptions() throws(EvaluationError) {
        if source.span.has("***=", at: 0) {
            at = 4
            isLiteral = true
            return
        }
        if source.span.has("***:", at: 0) {
            at = 4
        } else if source.span.has("***", at: 0) {
            throw failure("“***” must be “***=” or “***:”")
        }
        guard source.span.has("(?", at: at), at + 2 < source.count, source[at + 2].isLetter else { return }
        at += 2
        while at < source.count, source[at].isLetter {
            try readOption(source[at])
            at += 1
        }
        guard take(")") else { throw failure("embedded options must end with “)”") }
    }

    private mutating func readOption(_ letter: UInt8) throws(EvaluationError) {
        switch letter {
        case UInt8(ascii: "i"): result.ignoresCase = true
        case UInt8(ascii: "c"): result.ignoresCase = false
        case UInt8(ascii: "n"), UInt8(ascii: "m"): (dotEndsAtLine, anchorsAreOfLines) = (true, true)
        case UInt8(ascii: "s"): (dotEndsAtLine, anchorsAreOfLines) = (false, false)
        case UInt8(ascii: "p"): (dotEndsAtLine, anchorsAreOfLines) = (true, false)
        case UInt8(ascii: "w"): (dotEndsAtLine, anchorsAreOfLines) = (false, true)
        case UInt8(ascii: "x"): isExpanded = true
        case UInt8(ascii: "t"): isExpanded = false
        case UInt8(ascii: "q"): isLiteral = true
        default: throw failure("this embedded option is not supported; there are c, i, m, n, p, q, s, t, w and x")
        }
    }

    // MARK: - Structure

    /// Branches between `|`, up to `)` or the end.
    private mutating func readBranches(depth: Int) throws(EvaluationError) -> Preference? {
        guard depth <= Self.deepest else { throw failure("parentheses are nested deeper than \(Self.deepest)") }
        var preference = try readBranch(depth: depth)
        while take("|") {
            emit("|")
            _ = try readBranch(depth: depth)
            // Alternatives always want the longest.
            preference = .longest
        }
        return preference
    }

    private mutating func readBranch(depth: Int) throws(EvaluationError) -> Preference? {
        var preference: Preference?
        while true {
            try skipBlanks()
            guard let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") else { return preference }
            let own = try readQuantifiedAtom(depth: depth)
            preference = preference ?? own
        }
    }

    private mutating func readQuantifiedAtom(depth: Int) throws(EvaluationError) -> Preference? {
        guard !isQuantifier else { throw failure("a quantifier has nothing to repeat") }
        let (isConstraint, inner) = try readAtom(depth: depth)
        try skipBlanks()
        guard isQuantifier else { return inner }
        guard !isConstraint else { throw failure("a quantifier cannot follow a constraint") }
        let isFixed = try emitQuantifier()
        let isShort = take("?")
        if isShort { emit("?") }
        try skipBlanks()
        guard !isQuantifier else { throw failure("a quantifier cannot follow another one") }
        return isFixed ? inner : isShort ? .shortest : .longest
    }

    private var isQuantifier: Bool {
        switch peek {
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): true
        case UInt8(ascii: "{"): at + 1 < source.count && source[at + 1].isDigit
        default: false
        }
    }

    /// - Returns: Whether it is `{m}`.
    private mutating func emitQuantifier() throws(EvaluationError) -> Bool {
        for character: Unicode.Scalar in ["*", "+", "?"] where take(character) {
            emit(String(character))
            return false
        }
        at += 1
        let least = try readBound()
        var most: Int? = least
        let isFixed = !take(",")
        if !isFixed { most = peek == UInt8(ascii: "}") ? nil : try readBound() }
        guard take("}") else { throw failure("a repetition must end with “}”") }
        if let most, most < least { throw failure("a repetition's bounds are in the wrong order") }
        emit(isFixed ? "{\(least)}" : "{\(least),\(most.map { "\($0)" } ?? "")}")
        return isFixed
    }

    /// PostgreSQL's bound is 255 (DUPMAX).
    private mutating func readBound() throws(EvaluationError) -> Int {
        var value = 0
        let start = at
        while let byte = peek, byte.isDigit, value <= 255 {
            value = value * 10 + Int(byte - 48)
            at += 1
        }
        guard at > start, value <= 255 else { throw failure("a repetition's bound must be 0 to 255") }
        return value
    }

    /// - Returns: Whether it is a constraint, which matches no character; and what a group prefers.
    private mutating func readAtom(depth: Int) throws(EvaluationError) -> (Bool, Preference?) {
        switch peek {
        case UInt8(ascii: "("): return try readGroup(depth: depth)
        case UInt8(ascii: "["): return (try emitBrackets(), nil)
        case UInt8(ascii: "\\"): return (try emitEscape(), nil)
        case UInt8(ascii: "."):
            emit(dotEndsAtLine ? "[^\\n]" : "(?s:.)")
            at += 1
        case UInt8(ascii: "^"):
            emit(anchorsAreOfLines ? "(?:\\A|(?<=\\n))" : "\\A")
            at += 1
            return (true, nil)
        case UInt8(ascii: "$"):
            emit(anchorsAreOfLines ? "(?=\\n|\\z)" : "\\z")
            at += 1
            return (true, nil)
        default: emitNextCharacter()
        }
        return (false, nil)
    }

    private mutating func readGroup(depth: Int) throws(EvaluationError) -> (Bool, Preference?) {
        let openings: [(StaticString, isConstraint: Bool)] = [
            ("(?:", false), ("(?=", true), ("(?!", true), ("(?<=", true), ("(?<!", true),
        ]
        var isConstraint = false
        var number: Int?
        if source.span.has("(?", at: at) {
            guard let opening = openings.first(where: { source.span.has($0.0, at: at) }) else {
                throw failure("“(?” must be followed by :, =, !, <= or <!; options stand at the very start")
            }
            isConstraint = opening.isConstraint
            emit("\(opening.0)")
            at += opening.0.utf8CodeUnitCount
        } else {
            guard result.groups < Self.mostGroups else { throw failure("more than \(Self.mostGroups) groups") }
            result.groups += 1
            number = result.groups
            emit("(")
            at += 1
        }
        let preference = try readBranches(depth: depth + 1)
        guard take(")") else { throw failure("“(” without “)”") }
        emit(")")
        if let number { closedGroups.insert(number) }
        return (isConstraint, isConstraint ? nil : preference)
    }

    /// Comments `(?#...)`; with the option x also blanks and `# ...`.
    private mutating func skipBlanks() throws(EvaluationError) {
        while let byte = peek {
            if source.span.has("(?#", at: at) {
                while let byte = peek, byte != UInt8(ascii: ")") { at += 1 }
                guard take(")") else { throw failure("a comment must end with “)”") }
            } else if isExpanded, byte == 0x20 || byte &- 9 < 5 {
                at += 1
            } else if isExpanded, byte == UInt8(ascii: "#") {
                while let byte = peek, byte != 0x0A { at += 1 }
            } else {
                return
            }
        }
    }

    // MARK: - Bytes

    var peek: UInt8? { at < source.count ? source[at] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = peek, UInt32(byte) == character.value else { return false }
        at += 1
        return true
    }

    mutating func emit(_ text: String) {
        for byte in text.utf8 {
            result.pattern.append(byte)
            result.origins.append(min(at, source.count))
        }
    }

    mutating func nextCharacter() -> UInt32 {
        var next = at
        defer { at = next }
        return Characters.next(source.span, &next)
    }

    private mutating func emitNextCharacter() { emit(literal: nextCharacter()) }

    /// One that has a meaning or no shape is written with a backslash or as a number.
    mutating func emit(literal character: UInt32) {
        if character < 0x80 {
            let byte = UInt8(character)
            if byte.isDigit || byte.isLetter || byte == UInt8(ascii: "_") {
                emit(String(UnicodeScalar(byte)))
            } else if byte > 0x20, byte < 0x7F {
                emit("\\" + String(UnicodeScalar(byte)))
            } else {
                emit("\\x{" + String(character, radix: 16) + "}")
            }
        } else {
            emit("\\x{" + String(character, radix: 16) + "}")
        }
    }

    func failure(_ what: String) -> EvaluationError {
        EvaluationError("invalid regular expression at byte \(min(at, source.count) + 1): \(what)")
    }
}

