extension RegularExpressionTranslator {
    // Sets of characters as they stand inside brackets, as a UTF-8 locale of the GNU C library has them.
    private static let digits = "0-9"
    private static let wordCharacters = "\\p{Alphabetic}\\p{Nd}_"
    /// Without those that forbid a line break.
    private static let spaces =
        "\\t-\\r\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}"
    private static let fixedSpaces = "\\x{a0}\\x{2007}\\x{202f}"
    private static let notDigits = "\\x00-\\x2f\\x3a-\\x{10ffff}"
    private static let notSpaces =
        "\\x00-\\x08\\x0e-\\x1f!-\\x{167f}\\x{1681}-\\x{1fff}\\x{2007}\\x{200b}-\\x{2027}"
        + "\\x{202a}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}"

    private static let wordStart = "(?<![\(wordCharacters)])(?=[\(wordCharacters)])"
    private static let wordEnd = "(?<=[\(wordCharacters)])(?![\(wordCharacters)])"

    private func namedClass(_ name: [UInt8]) throws(EvaluationError) -> String {
        switch String(decoding: name, as: UTF8.self) {
        case "alnum": return "\\p{Alphabetic}\\p{Nd}"
        case "alpha": return "\\p{Alphabetic}"
        case "blank": return "\\t\\x20"
        case "cntrl": return "\\x00-\\x1f\\x7f-\\x9f"
        case "digit": return Self.digits
        case "graph": return "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}" + Self.fixedSpaces
        case "lower": return result.ignoresCase ? "\\p{Alphabetic}" : "\\p{Lowercase}\\x{1c5}\\x{1c8}\\x{1cb}\\x{1f2}"
        case "print": return "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}\\p{Zs}"
        case "punct": return "\\p{P}\\p{S}\\p{Me}\\p{No}\\p{Cf}\\p{Co}" + Self.fixedSpaces
        case "space": return Self.spaces
        case "upper": return result.ignoresCase ? "\\p{Alphabetic}" : "\\p{Uppercase}\\p{Lt}"
        case "word": return Self.wordCharacters
        case "xdigit": return "0-9A-Fa-f"
        default: throw failure("there is no character class of this name")
        }
    }

    // MARK: - Escapes

    /// An escape outside brackets.
    ///
    /// - Returns: Whether it is a constraint.
    mutating func emitEscape() throws(EvaluationError) -> Bool {
        guard at + 1 < source.count else { throw failure("a backslash at the end") }
        let letter = source[at + 1]
        switch letter {
        case UInt8(ascii: "A"): return take(constraint: "\\A")
        case UInt8(ascii: "Z"): return take(constraint: "\\z")
        case UInt8(ascii: "m"): return take(constraint: Self.wordStart)
        case UInt8(ascii: "M"): return take(constraint: Self.wordEnd)
        case UInt8(ascii: "y"): return take(constraint: "(?:\(Self.wordStart)|\(Self.wordEnd))")
        case UInt8(ascii: "Y"): return take(constraint: "(?!\(Self.wordStart)|\(Self.wordEnd))")
        case UInt8(ascii: "d"): return take(class: Self.digits)
        case UInt8(ascii: "D"): return take(class: "^" + Self.digits)
        case UInt8(ascii: "s"): return take(class: Self.spaces)
        case UInt8(ascii: "S"): return take(class: "^" + Self.spaces)
        case UInt8(ascii: "w"): return take(class: Self.wordCharacters)
        case UInt8(ascii: "W"): return take(class: "^" + Self.wordCharacters)
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            if try emitBackReference() { return false }
        default: break
        }
        emit(literal: try readCharacterEscape())
        return false
    }

    private mutating func take(constraint pattern: String) -> Bool {
        emit(pattern)
        at += 2
        return true
    }

    private mutating func take(class set: String) -> Bool {
        emit("[" + set + "]")
        at += 2
        return false
    }

    /// `\1`; of several digits only when there are so many groups, else they are octal.
    private mutating func emitBackReference() throws(EvaluationError) -> Bool {
        var end = at + 1
        var number = 0
        while end < source.count, source[end].isDigit, number <= 999 {
            number = number * 10 + Int(source[end] - 48)
            end += 1
        }
        guard end == at + 2 || number <= result.groups else { return false }
        guard closedGroups.contains(number) else { throw failure("there is no group \(number) before this") }
        emit("\\g{\(number)}")
        at = end
        result.hasBackReference = true
        return true
    }

    /// An escape that stands for one character.
    private mutating func readCharacterEscape() throws(EvaluationError) -> UInt32 {
        guard at + 1 < source.count else { throw failure("a backslash at the end") }
        let letter = source[at + 1]
        guard letter.isDigit || (letter | 0x20) &- 97 < 26 else {
            at += 1
            return nextCharacter()
        }
        at += 2
        switch letter {
        case UInt8(ascii: "a"): return 7
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "B"): return UInt32(UInt8(ascii: "\\"))
        case UInt8(ascii: "e"): return 27
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "v"): return 11
        case UInt8(ascii: "c"):
            guard at < source.count else { throw failure("“\\c” at the end") }
            return nextCharacter() & 31
        case UInt8(ascii: "u"): return try readHexadecimal(least: 4, most: 4)
        case UInt8(ascii: "U"): return try readHexadecimal(least: 8, most: 8)
        case UInt8(ascii: "x"): return try readHexadecimal(least: 1, most: 255)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            at -= 1
            var value: UInt32 = 0
            var end = at
            while end < source.count, end < at + 3, source[end] &- 48 < 8 {
                value = value * 8 + UInt32(source[end] - 48)
                end += 1
            }
            at = end
            return value
        default:
            at -= 2
            throw failure("there is no such escape; write a letter without “\\”")
        }
    }

    private mutating func readHexadecimal(least: Int, most: Int) throws(EvaluationError) -> UInt32 {
        let start = at
        var value: UInt32 = 0
        while let byte = peek, byte.isHexDigit, at < start + most {
            guard value < 0x110000 else { break }
            value = value << 4 | UInt32(byte.isDigit ? byte - 48 : (byte | 32) - 87)
            at += 1
        }
        guard at >= start + least, Unicode.Scalar(value) != nil else { throw failure("this is no character's number") }
        return value
    }

    // MARK: - Brackets

    /// `[a-z]`, or one of the words' ends `[[:<:]]` and `[[:>:]]`.
    ///
    /// - Returns: Whether it is a constraint.
    mutating func emitBrackets() throws(EvaluationError) -> Bool {
        for (word, pattern) in [("[[:<:]]" as StaticString, Self.wordStart), ("[[:>:]]", Self.wordEnd)] {
            let isThere = source.span.has(word, at: at)
            if isThere {
                emit(pattern)
                at += word.utf8CodeUnitCount
                return true
            }
        }
        at += 1
        emit("[")
        let isNegated = take("^")
        if isNegated { emit(dotEndsAtLine ? "^\\n" : "^") }
        var isFirst = true
        while true {
            guard let byte = peek else { throw failure("“[” without “]”") }
            if byte == UInt8(ascii: "]"), !isFirst { break }
            try emitBracketItem(isFirst: isFirst)
            isFirst = false
        }
        at += 1
        emit("]")
        return false
    }

    private mutating func emitBracketItem(isFirst: Bool) throws(EvaluationError) {
        if try emitBracketClass() { return }
        if peek == UInt8(ascii: "-"), !isFirst, at + 1 < source.count, source[at + 1] != UInt8(ascii: "]") {
            throw failure("“-” must be first or last in brackets, or between two characters")
        }
        let first = try readBracketCharacter()
        guard peek == UInt8(ascii: "-"), at + 1 < source.count, source[at + 1] != UInt8(ascii: "]") else {
            emit(literal: first)
            return
        }
        at += 1
        let last = try readBracketCharacter()
        guard first <= last else { throw failure("a range in brackets is in the wrong order") }
        emit(literal: first)
        emit("-")
        emit(literal: last)
    }

    /// `[:alpha:]`, `[=a=]`, `\d` and the like.
    private mutating func emitBracketClass() throws(EvaluationError) -> Bool {
        if source.span.has("[:", at: at) {
            let name = try readName(closing: ":]")
            emit(try namedClass(name))
            return true
        }
        if source.span.has("[=", at: at) {
            emit(literal: try character(named: readName(closing: "=]")))
            return true
        }
        guard peek == UInt8(ascii: "\\"), at + 1 < source.count else { return false }
        let set: String
        switch source[at + 1] {
        case UInt8(ascii: "d"): set = Self.digits
        case UInt8(ascii: "s"): set = Self.spaces
        case UInt8(ascii: "w"): set = Self.wordCharacters
        case UInt8(ascii: "D"): set = Self.notDigits
        case UInt8(ascii: "S"): set = Self.notSpaces
        case UInt8(ascii: "W"): throw failure("“\\W” inside brackets is not supported")
        default: return false
        }
        emit(set)
        at += 2
        return true
    }

    private mutating func readBracketCharacter() throws(EvaluationError) -> UInt32 {
        if source.span.has("[.", at: at) { return try character(named: readName(closing: ".]")) }
        switch peek {
        case nil: throw failure("“[” without “]”")
        case UInt8(ascii: "\\"):
            guard at + 1 < source.count else { throw failure("“[” without “]”") }
            let isBackReference =
                source[at + 1] &- 49 < 9 && !(at + 2 < source.count && source[at + 2].isDigit)
            if isBackReference || "AdDmMsSwWyYZ".utf8.contains(source[at + 1]) {
                throw failure("this escape has no meaning here")
            }
            return try readCharacterEscape()
        default:
            let isClass = source.span.has("[:", at: at) || source.span.has("[=", at: at)
            guard !isClass else { throw failure("a class cannot end a range") }
            return nextCharacter()
        }
    }

    private mutating func readName(closing: StaticString) throws(EvaluationError) -> [UInt8] {
        let start = at + 2
        var end = start
        while end < source.count, !source.span.has(closing, at: end) { end += 1 }
        guard end < source.count else { throw failure("a class in brackets has no end") }
        at = end + 2
        return Array(source[start..<end])
    }

    private func character(named name: [UInt8]) throws(EvaluationError) -> UInt32 {
        var place = 0
        guard !name.isEmpty else { throw failure("a collating element has no name") }
        let character = Characters.next(name.span, &place)
        guard place == name.count else { throw failure("names of collating elements are not supported") }
        return character
    }
}
