/// A value of the log as JSON.
///
/// Numbers keep every digit; NaN and the infinities, which JSON has not, are text. json stays JSON,
/// arrays become arrays, bytea base64, timestamps ISO 8601; all else is its PostgreSQL text.
enum CellJSON {
    /// Appends the JSON of a cell that is a value or null.
    static func append(_ cell: Cell, as kind: ValueKind, in record: Span<UInt8>, to out: inout [UInt8]) {
        switch cell.form {
        case .absent, .null, .unchanged:
            JSONText.append("null", to: &out)
        case .bits:
            appendText(cell, in: record, to: &out)
        case .bare where kind == .integer || kind == .boolean:
            appendRaw(cell, in: record, to: &out)
        case .quoted where kind == .text || kind == .other || kind == .uuid || kind == .time:
            appendText(cell, in: record, to: &out)
        default:
            append(text: record.text(cell), as: kind, to: &out)
        }
    }

    /// Appends the JSON of a value's text.
    static func append(text: [UInt8], as kind: ValueKind, to out: inout [UInt8]) {
        switch kind {
        case .integer:
            out.append(contentsOf: text)
        case .numeric, .float:
            // NaN, Infinity, -Infinity: the only ones with a letter that is no exponent.
            let isNumber = text.first.map { $0.isDigit } == true || (text.count > 1 && text[1].isDigit)
            if isNumber { out.append(contentsOf: text) } else { JSONText.appendQuoted(text, to: &out) }
        case .boolean:
            JSONText.append(text.first == UInt8(ascii: "t") ? "true" : "false", to: &out)
        case .json:
            // A line break in valid JSON is white space between tokens; events are one line each.
            for byte in text where byte != 0x0A && byte != 0x0D { out.append(byte) }
        case .bytea:
            appendBase64(hex: text, to: &out)
        case .date, .timestamp, .timestampWithTimeZone:
            JSONText.appendQuoted(iso8601(text), to: &out)
        case .array(let element):
            var reader = ArrayTextReader(text)
            let start = out.count
            if !reader.appendJSON(of: element, to: &out) {
                out.removeSubrange(start...)
                JSONText.appendQuoted(text, to: &out)
            }
        case .text, .time, .uuid, .other:
            JSONText.appendQuoted(text, to: &out)
        }
    }

    private static func appendRaw(_ cell: Cell, in record: Span<UInt8>, to out: inout [UInt8]) {
        for index in cell.bytes.range { out.append(record[index]) }
    }

    /// A JSON string, straight from the record.
    private static func appendText(_ cell: Cell, in record: Span<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for index in cell.bytes.range { JSONText.appendEscaped(record[index], to: &out) }
        out.append(UInt8(ascii: "\""))
    }

    /// `2024-02-29 12:34:56+00` as `2024-02-29T12:34:56Z`; `0044-03-15 BC` as `-0043-03-15`, the
    /// astronomical year that ISO 8601 counts with; `infinity` as it is.
    static func iso8601(_ text: [UInt8]) -> [UInt8] {
        guard let first = text.first, first.isDigit else { return text }
        var body = text[...]
        var isBeforeChrist = false
        if body.suffix(3).elementsEqual(" BC".utf8) {
            body.removeLast(3)
            isBeforeChrist = true
        }
        let year = body.prefix { $0.isDigit }
        var out: [UInt8] = []
        if isBeforeChrist {
            let number = year.reduce(0) { $0 * 10 + Int($1 - 48) } - 1
            if number > 0 { out.append(UInt8(ascii: "-")) }
            JSONText.append(number, width: 4, to: &out)
        } else {
            if year.count > 4 { out.append(UInt8(ascii: "+")) }
            out.append(contentsOf: year)
        }
        body = body.dropFirst(year.count)
        guard let space = body.firstIndex(of: UInt8(ascii: " ")) else { return out + body }
        out.append(contentsOf: body[..<space])
        out.append(UInt8(ascii: "T"))
        body = body[(space + 1)...]
        guard let sign = body.firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
            return out + body
        }
        out.append(contentsOf: body[..<sign])
        let zone = body[sign...]
        if zone.elementsEqual("+00".utf8) { return out + [UInt8(ascii: "Z")] }
        return out + zone + (zone.count == 3 ? Array(":00".utf8) : [])
    }

    /// `\x6869` as `"aGk="`; the text itself when it is not in the hex form.
    private static func appendBase64(hex text: [UInt8], to out: inout [UInt8]) {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
        else { return JSONText.appendQuoted(text, to: &out) }
        out.append(UInt8(ascii: "\""))
        var index = 2
        while index < text.count {
            var group: UInt32 = 0
            var length = 0
            while length < 3, index < text.count {
                group = group << 8 | UInt32(nibble(text[index]) << 4 | nibble(text[index + 1]))
                index += 2
                length += 1
            }
            group <<= UInt32(8 * (3 - length))
            for place in 0..<4 {
                out.append(place <= length ? base64Digit(UInt8(group >> UInt32(18 - 6 * place) & 63)) : 61)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func nibble(_ digit: UInt8) -> UInt8 { digit.isDigit ? digit - 48 : (digit | 32) &- 87 }

    static func base64Digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: 65 + value
        case 26..<52: 71 + value
        case 52..<62: value &- 4
        case 62: 43
        default: 47
        }
    }
}
