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
        case .date, .timestamp, .timestampWithTimeZone, .time, .interval: return .integer(try moment(text, range, type))
        case .text where type.name == "\"char\"": return .bytes(Array(text.prefix(1)))
        case .text, .caseless, .json, .array, .other: return .bytes(text)
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
                    + "write one that a column of that type can have")
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
            case .range: throw LiteralError(message: "value overflows numeric format; write fewer digits")
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
        LiteralError(message: "“\(quote(text))” is out of range for type \(typeName); write one that it can have")
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

    private static func moment(
        _ text: [UInt8], _ range: Range<Int>, _ type: ScalarType
    ) throws(LiteralError) -> Int64 {
        let example: String
        do {
            switch type.family {
            case .date:
                example = "2024-02-29"
                return try MomentText.days(text.span, range)
            case .interval:
                example = "1 day 02:30:00"
                return try IntervalText.microseconds(text.span, range)
            case .time:
                example = "12:34:56"
                return try MomentText.timeOfDay(text.span, range)
            default:
                example = type.family == .timestamp ? "2024-02-29 12:34:56" : "2024-02-29 12:34:56+00"
                return try MomentText.microseconds(
                    text.span, range, appliesZone: type.family == .timestampWithTimeZone)
            }
        } catch {
            switch error {
            case .syntax:
                if ["now", "today", "tomorrow", "yesterday", "allballs"].contains(where: { quote(text) == $0 }) {
                    throw LiteralError(
                        message: "“\(quote(text))” depends on the clock, and a replay must give the "
                            + "same events; write a fixed one: '\(example)'")
                }
                throw invalid(text, type.name, example: example)
            case .range:
                throw LiteralError(
                    message: "date/time field value out of range: “\(quote(text))”; write it as '\(example)'")
            }
        }
    }

    // MARK: - Words

    private static func invalid(_ text: [UInt8], _ typeName: String, example: String) -> LiteralError {
        LiteralError(message: "invalid input syntax for type \(typeName): “\(quote(text))”; write it as '\(example)'")
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
