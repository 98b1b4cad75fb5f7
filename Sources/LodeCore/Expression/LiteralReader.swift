/// Reads a text literal as a value of the type that it is compared with, as PostgreSQL's input
/// functions do, and refuses with their words.
enum LiteralReader {
    static func value(of text: [UInt8], as type: ScalarType) throws(LiteralError) -> LiteralValue {
        let blanksCount = type.family.isText || type.family == .other || type.family == .bytea
        let all = 0..<text.count
        let range = blanksCount ? all : text.span.trimmed(all)
        switch type.family {
        case .integer, .oid: return .integer(try integer(text, range, type))
        case .numeric: return .numeric(try numeric(text, range))
        case .real, .double: return .float(try float(text, range, type))
        case .boolean: return .boolean(try boolean(text, range))
        case .uuid: return .bytes(try uuid(text, range))
        case .bytea: return .bytes(try bytea(text))
        case .character: return .bytes(Array(text[..<text.span.endWithoutSpaces(all)]))
        case .date, .timestamp, .timestampWithTimeZone, .time, .interval: return try moment(text, type)
        case .json: return .bytes(try json(text, type))
        case .array: return .bytes(try array(text, type))
        case .text where type.name == "\"char\"": return .bytes(Array(text.prefix(1)))
        case .text, .caseless, .other: return .bytes(text)
        }
    }

    // MARK: - Numbers

    private static func integer(
        _ text: [UInt8], _ range: Range<Int>, _ type: ScalarType
    ) throws(LiteralError) -> Int64 {
        let digits = text[range].drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        guard range.count - digits.count <= 1, !digits.isEmpty, digits.allSatisfy(\.isDigit) else {
            throw invalid(text, type.name, example: "42")
        }
        guard let value = NumberLiteral.integer(text.span, range), bounds(type.name).contains(value) else {
            throw LiteralError(
                message: "value “\(quote(text))” is out of range for type \(type.name); "
                    + "write one that a column of that type can have",
                words: "value is out of range for type \(type.name)")
        }
        return value
    }

    private static func bounds(_ typeName: String) -> ClosedRange<Int64> {
        switch typeName {
        case "smallint": -0x8000...0x7FFF
        case "integer": -0x8000_0000...0x7FFF_FFFF
        case "oid": -0x8000_0000...0xFFFF_FFFF
        default: .min ... .max
        }
    }

    private static func numeric(_ text: [UInt8], _ range: Range<Int>) throws(LiteralError) -> [UInt8] {
        if text.span.hasWord("nan", range) { return Array("NaN".utf8) }
        let isSigned = range.first.map { "+-".utf8.contains(text[$0]) } ?? false
        let unsigned = isSigned ? range.dropFirst() : range
        if text.span.hasWord("infinity", unsigned) || text.span.hasWord("inf", unsigned) {
            return Array((text[range.lowerBound] == UInt8(ascii: "-") ? "-Infinity" : "Infinity").utf8)
        }
        do {
            return try NumberLiteral.plain(text[range])
        } catch {
            switch error {
            case .syntax: throw invalid(text, "numeric", example: "42.50")
            case .range:
                let words = "value overflows numeric format"
                throw LiteralError(message: words + "; write fewer digits", words: words)
            }
        }
    }

    private static func float(
        _ text: [UInt8], _ range: Range<Int>, _ type: ScalarType
    ) throws(LiteralError) -> Double {
        do {
            return try FloatText.value(text.span, range, isReal: type.family == .real)
        } catch {
            switch error {
            case .syntax: throw invalid(text, type.name, example: "42.5")
            case .range: throw outOfRange(text, type.name)
            }
        }
    }

    static func outOfRange(_ text: [UInt8], _ typeName: String) -> LiteralError {
        LiteralError(
            message: "“\(quote(text))” is out of range for type \(typeName); write one that it can have",
            words: "value is out of range for type \(typeName)")
    }

    // MARK: - Others

    /// Any unambiguous beginning of true, false, yes, no, on and off will do (`parse_bool`).
    private static func boolean(_ text: [UInt8], _ range: Range<Int>) throws(LiteralError) -> Bool {
        let word = String(decoding: text[range], as: UTF8.self).lowercased()
        let isKnown = !word.isEmpty && word != "o"
        if isKnown, "true".hasPrefix(word) || "yes".hasPrefix(word) || word == "on" || word == "1" { return true }
        if isKnown, "false".hasPrefix(word) || "no".hasPrefix(word) || "off".hasPrefix(word) || word == "0" {
            return false
        }
        throw invalid(text, "boolean", example: "true")
    }

    /// In lower case, with the usual hyphens; braces are taken, and hyphens after any four digits.
    private static func uuid(_ text: [UInt8], _ range: Range<Int>) throws(LiteralError) -> [UInt8] {
        var rest = text[range]
        if rest.first == UInt8(ascii: "{"), rest.last == UInt8(ascii: "}") { rest = rest.dropFirst().dropLast() }
        var uuid: [UInt8] = []
        var digits = 0
        var mayHyphen = false
        for byte in rest {
            if byte == UInt8(ascii: "-"), mayHyphen {
                mayHyphen = false
                continue
            }
            guard let digit = byte.hexDigit, digits < 32 else { throw invalidUUID(text) }
            if [8, 12, 16, 20].contains(digits) { uuid.append(UInt8(ascii: "-")) }
            uuid.append(JSONText.hexDigit(digit))
            digits += 1
            mayHyphen = digits % 4 == 0 && digits < 32
        }
        guard digits == 32 else { throw invalidUUID(text) }
        return uuid
    }

    private static func invalidUUID(_ text: [UInt8]) -> LiteralError {
        invalid(text, "uuid", example: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
    }

    /// `\x` and hexadecimal digits in lower case, from that or from the escape form.
    private static func bytea(_ text: [UInt8]) throws(LiteralError) -> [UInt8] {
        var hex = Array("\\x".utf8)
        func append(_ byte: UInt8) { hex += [JSONText.hexDigit(byte >> 4), JSONText.hexDigit(byte & 15)] }
        var rest = text[...]
        if text.starts(with: hex) {
            rest = rest.dropFirst(2)
            while let high = rest.popFirst() {
                if high.isBlank { continue }
                guard let upper = high.hexDigit, let lower = rest.popFirst()?.hexDigit else {
                    throw invalid(text, "bytea", example: "\\xdeadbeef")
                }
                append(upper << 4 | lower)
            }
            return hex
        }
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "\\") {
                append(byte)
            } else if rest.first == byte {
                append(rest.removeFirst())
            } else if let value = octal(rest.prefix(3)) {
                append(value)
                rest = rest.dropFirst(3)
            } else {
                throw invalid(text, "bytea", example: "\\xdeadbeef")
            }
        }
        return hex
    }

    private static func octal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        let value = digits.reduce(0) { $1 &- 48 < 8 ? $0 * 8 + Int($1 &- 48) : 1000 }
        return digits.count == 3 ? UInt8(exactly: value) : nil
    }

    private static func moment(_ text: [UInt8], _ type: ScalarType) throws(LiteralError) -> LiteralValue {
        let example: String
        do {
            switch type.family {
            case .date:
                example = "2024-02-29"
                return .integer(try CalendarDay.parse(text))
            case .interval:
                example = "1 day 02:30:00"
                return .interval(try Interval.read(text))
            case .time:
                example = "12:34:56"
                return .integer(try TimeOfDay.parse(text))
            default:
                let withZone = type.family == .timestampWithTimeZone
                example = withZone ? "2024-02-29 12:34:56+00" : "2024-02-29 12:34:56"
                return .integer(try Moment.parse(text, withZone: withZone))
            }
        } catch {
            let mend = error.message.contains("depends on the clock") ? "" : "; write it as '\(example)'"
            throw LiteralError(message: error.message + mend, words: error.wordsWithoutValue)
        }
    }

    // MARK: - What is made of other values

    /// jsonb in the form in which the server prints it.
    private static func json(_ text: [UInt8], _ type: ScalarType) throws(LiteralError) -> [UInt8] {
        do {
            if type.name == "jsonb" { return try JSONNormalForm.normalize(text) }
            try JSONScanner.validate(text)
            return text
        } catch {
            let words = "invalid input syntax for type \(type.name)"
            throw LiteralError(message: "\(words): \(error.message)", words: words)
        }
    }

    /// Element by element, in the form in which the server prints the array.
    private static func array(_ text: [UInt8], _ type: ScalarType) throws(LiteralError) -> [UInt8] {
        guard let element = type.element else { return text }
        var array: PostgresArray
        do {
            array = try PostgresArray(parsing: text)
        } catch {
            throw LiteralError(
                message: "malformed array literal: “\(quote(text))” (\(error.message)); write it as '{a,b}'",
                words: "malformed array literal")
        }
        for case (let place, let item?) in array.elements.enumerated() {
            let literal = try value(of: item, as: element)
            guard let value = Value(literal, of: item, as: element) else {
                throw invalid(item, element.name, example: "")
            }
            array.elements[place] = value.output(as: element)
        }
        return array.text()
    }

    // MARK: - Words

    private static func invalid(_ text: [UInt8], _ typeName: String, example: String) -> LiteralError {
        let words = "invalid input syntax for type \(typeName)"
        return LiteralError(message: "\(words): “\(quote(text))”; write it as '\(example)'", words: words)
    }

    private static func quote(_ text: [UInt8]) -> String {
        String(decoding: text.prefix(60), as: UTF8.self) + (text.count > 60 ? "…" : "")
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        if isDigit { return self - 48 }
        let letter = (self | 0x20) &- 97
        return letter < 6 ? letter + 10 : nil
    }
}

extension Span<UInt8> {
    /// Where `range` ends without the spaces at its end, which do not count in a `character`.
    func endWithoutSpaces(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, self[end - 1] == 0x20 { end -= 1 }
        return end
    }
}
