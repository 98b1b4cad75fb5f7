import LodeCore

/// Finds statements and named parameters in SQL, by PostgreSQL's own rules of what a token is (scan.l):
/// what stands in text, quoted names, dollar quotes and comments is none, nor are `::` and `:=`.
///
/// Goes over the text once, in time in proportion to it, and never traps.
struct EventSQLParser {
    private let source: SourceText
    private let text: [UInt8]
    private var at = 0
    private var found: [Diagnostic] = []

    private var statements: [EventSQL.Statement] = []
    private var fields: [EventSQL.Field] = []
    private var fieldNumbers: [EventSQL.Field: Int] = [:]

    // Of the statement that is being read.
    private var out: [UInt8] = []
    private var parameters: [Int] = []
    /// Of a field, its number here.
    private var numbers: [Int: Int] = [:]
    /// What is copied up to here is in `out`.
    private var copied = 0
    /// Its first words, in small letters; what follows them does not count.
    private var words: [String] = []
    private var wordStart = 0
    private var hasToken = false
    private var parentheses = 0
    private var brackets = 0

    init(_ source: SourceText) {
        self.source = source
        text = Array(source.text.utf8)
    }

    mutating func parse() throws(Diagnostics) -> EventSQL {
        while at < text.count { readToken() }
        endStatement()
        if statements.isEmpty, found.isEmpty {
            tell(0, "there is no statement here; write one, or leave the type out when its events change nothing")
        }
        guard found.isEmpty else { throw Diagnostics(found) }
        return EventSQL(statements: statements, fields: fields)
    }

    // MARK: - Tokens

    private mutating func readToken() {
        let byte = text[at]
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: at += 1
        case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"): skipLine()
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
        case UInt8(ascii: ";") where parentheses == 0: endStatement()
        case 0:
            tell(at, "a NUL stands here; remove it")
            at += 1
        default:
            if !hasToken { wordStart = at }
            hasToken = true
            readSolid(byte)
        }
    }

    private mutating func readSolid(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"): skipText(escapes: false)
        case UInt8(ascii: "\""): skipQuoted(UInt8(ascii: "\""), "a quoted name")
        case UInt8(ascii: "E") where peek(1) == UInt8(ascii: "'"), UInt8(ascii: "e") where peek(1) == UInt8(ascii: "'"):
            at += 1
            skipText(escapes: true)
        case UInt8(ascii: "$"): readDollar()
        case UInt8(ascii: ":"): readColon()
        case UInt8(ascii: "("), UInt8(ascii: ")"):
            parentheses = max(0, parentheses + (byte == UInt8(ascii: "(") ? 1 : -1))
            at += 1
        case UInt8(ascii: "["), UInt8(ascii: "]"):
            brackets = max(0, brackets + (byte == UInt8(ascii: "[") ? 1 : -1))
            at += 1
        case _ where Self.continuesName(byte) && byte != UInt8(ascii: "$"): readWord()
        default: at += 1
        }
    }

    private func peek(_ ahead: Int) -> UInt8? { at + ahead < text.count ? text[at + ahead] : nil }

    /// A letter, `_`, or a byte of a character beyond ASCII.
    private static func startsName(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func continuesName(_ byte: UInt8) -> Bool {
        startsName(byte) || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "$")
    }

    /// A name, a keyword or a number.
    private mutating func readWord() {
        let start = at
        while let byte = peek(0), Self.continuesName(byte) { at += 1 }
        if words.count < 2 { words.append(String(decoding: text[start..<at], as: UTF8.self).lowercased()) }
    }

    private mutating func skipLine() {
        while let byte = peek(0), byte != 0x0A, byte != 0x0D { at += 1 }
    }

    private mutating func skipComment() {
        let start = at
        var depth = 0
        repeat {
            guard let byte = peek(0) else {
                tell(start, "this comment does not end; close it with “*/”")
                return
            }
            if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                at += 2
            } else if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                at += 2
            } else {
                at += 1
            }
        } while depth > 0
    }

    /// `'...'`, and what continues it: a text that follows after a line break is the same one.
    private mutating func skipText(escapes: Bool) {
        let quote = UInt8(ascii: "'")
        while true {
            let start = at
            at += 1
            while let byte = peek(0), byte != quote || peek(1) == quote {
                at += byte == quote || escapes && byte == UInt8(ascii: "\\") ? 2 : 1
            }
            guard at < text.count else {
                at = text.count
                tell(start, "this text does not end; close it with “'”")
                return
            }
            at += 1
            let end = at
            guard skipsToNextLine(), peek(0) == quote else {
                at = end
                return
            }
        }
    }

    /// Goes over blanks and comments of a line. Whether there was a line break.
    private mutating func skipsToNextLine() -> Bool {
        var isNext = false
        while let byte = peek(0) {
            switch byte {
            case 0x0A, 0x0D: isNext = true
            case 0x20, 0x09, 0x0B, 0x0C: break
            case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
                skipLine()
                continue
            default: return isNext
            }
            at += 1
        }
        return isNext
    }

    /// From a quote to the next that is not doubled.
    private mutating func skipQuoted(_ quote: UInt8, _ what: String) {
        let start = at
        at += 1
        while let byte = peek(0) {
            if byte == quote, peek(1) != quote {
                at += 1
                return
            }
            at += byte == quote ? 2 : 1
        }
        tell(start, "\(what) does not end; close it with “\(Character(Unicode.Scalar(quote)))”")
    }

    /// `$tag$ ... $tag$`, or a number that is not the writer's to give.
    private mutating func readDollar() {
        let start = at
        at += 1
        if let byte = peek(0), byte &- UInt8(ascii: "0") < 10 {
            tell(start, "parameters have names here; write :name for a member of data, or :event.id")
            while let byte = peek(0), byte &- UInt8(ascii: "0") < 10 { at += 1 }
            return
        }
        if let byte = peek(0), Self.startsName(byte) {
            while let byte = peek(0), Self.continuesName(byte), byte != UInt8(ascii: "$") { at += 1 }
        }
        guard peek(0) == UInt8(ascii: "$") else { return }
        at += 1
        let tag = Array(text[start..<at])
        while at < text.count {
            if text[at] == UInt8(ascii: "$"), text[at...].starts(with: tag) {
                at += tag.count
                return
            }
            at += 1
        }
        let name = String(decoding: tag, as: UTF8.self)
        tell(start, "this text does not end; close it with “\(name)”")
    }

    // MARK: - Parameters

    private mutating func readColon() {
        let start = at
        at += 1
        guard let byte = peek(0) else { return }
        if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") {
            at += 1
        } else if brackets > 0, start > 0, isOperandEnd(text[start - 1]) {
            // The colon of an array's slice, `list[1:n]`.
            return
        } else if byte == UInt8(ascii: "\"") {
            readQuotedParameter(start)
        } else if Self.startsName(byte) {
            readParameter(start)
        }
    }

    private func isOperandEnd(_ byte: UInt8) -> Bool {
        Self.continuesName(byte) || [UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "\"")].contains(byte)
    }

    private mutating func readQuotedParameter(_ start: Int) {
        let before = found.count
        skipQuoted(UInt8(ascii: "\""), "a member's name")
        guard found.count == before else { return }
        var name: [UInt8] = []
        var isSecond = false
        for byte in text[(start + 2)..<(at - 1)] {
            isSecond = byte == UInt8(ascii: "\"") && !isSecond
            if !isSecond { name.append(byte) }
        }
        put(.member(name), from: start)
    }

    private mutating func readParameter(_ start: Int) {
        let name = readName()
        guard peek(0) == UInt8(ascii: "."), let next = peek(1), Self.startsName(next) else {
            put(name == "data" ? .data : .member(Array(name.utf8)), from: start)
            return
        }
        at += 1
        let part = readName()
        guard name == "event" else {
            let (outer, inner) = (name == "data" ? part : name, name == "data" ? nil : part)
            let advice = inner.map { "write (:\(outer)::jsonb ->> '\($0)') for what is inside it" } ?? "write :\(outer)"
            tell(start, "“:\(name).\(part)” is no parameter, for a name is a top-level member of data; \(advice)")
            return
        }
        if let attribute = EventSQL.attributes.first(where: { $0.name == part }) {
            put(attribute.field, from: start)
            return
        }
        let names = EventSQL.attributes.map(\.name)
        let all = "an event has " + names.map { ":event.\($0)" }.joined(separator: ", ")
        let advice = nearestName(to: part, among: names).map { "did you mean “:event.\($0)”?" } ?? all
        tell(start, "an event has no “\(part)”; \(advice)")
    }

    private mutating func readName() -> String {
        let start = at
        while let byte = peek(0), Self.continuesName(byte), byte != UInt8(ascii: "$") { at += 1 }
        return String(decoding: text[start..<at], as: UTF8.self)
    }

    /// Writes a number in a name's place.
    private mutating func put(_ field: EventSQL.Field, from start: Int) {
        let index: Int
        if let known = fieldNumbers[field] {
            index = known
        } else {
            index = fields.count
            fieldNumbers[field] = index
            fields.append(field)
        }
        if numbers[index] == nil {
            parameters.append(index)
            numbers[index] = parameters.count
            // What a Bind message can count (PostgreSQL, “Message Formats”).
            if parameters.count == 65_536 { tell(start, "a statement has at most 65,535 parameters; take :data apart") }
        }
        out += text[copied..<start]
        out += "$\(numbers[index] ?? 0)".utf8
        copied = at
        // A name that follows at once would make the number longer.
        if let byte = peek(0), Self.continuesName(byte) { out.append(0x20) }
    }

    // MARK: - Statements

    private mutating func endStatement() {
        defer {
            at += 1
            copied = min(at, text.count)
            (out, parameters, numbers, words) = ([], [], [:], [])
            (hasToken, parentheses, brackets) = (false, 0, 0)
        }
        guard hasToken else { return }
        if let refusal = Self.refusal(words) { tell(wordStart, refusal) }
        out += text[copied..<min(at, text.count)]
        statements.append(EventSQL.Statement(sql: String(decoding: out, as: UTF8.self), parameters: parameters))
    }

    /// What must not be run here.
    private static func refusal(_ words: [String]) -> String? {
        guard let first = words.first else { return nil }
        let pair = words.joined(separator: " ")
        switch first {
        case "begin", "commit", "end", "rollback", "abort", "savepoint", "release":
            return
                "\(first.uppercased()) is not for here: the transaction is Lode's, with the cursor in it; leave it out"
        case "start" where pair == "start transaction", "prepare" where pair == "prepare transaction":
            return
                "\(pair.uppercased()) is not for here: the transaction is Lode's, with the cursor in it; leave it out"
        case "copy": return "COPY is not for here, for nobody sends it rows; write INSERT"
        default: return nil
        }
    }

    private mutating func tell(_ offset: Int, _ message: String) {
        // So many mistakes say enough of one text.
        if found.count < 100 { found.append(source.error(atByte: offset, message)) }
    }
}
