/// A value of the log as JSON.
///
/// Numbers keep every digit; NaN and the infinities, which JSON has not, are text. json stays JSON,
/// arrays become arrays, bytea base64, timestamps ISO 8601; all else is its PostgreSQL text.
enum CellJSON {
    /// Appends the JSON of a cell that is a value or null.
    static func append<Sink: ByteSink & ~Copyable>(
        _ cell: Cell, as kind: ValueKind, in record: Span<UInt8>, to out: inout Sink
    ) {
        switch cell.form {
        case .absent, .null, .unchanged:
            JSONText.append("null", to: &out)
        case .bits:
            JSONText.appendQuoted(record.extracting(cell.bytes.range), to: &out)
        case .bare, .quoted:
            append(text: record.extracting(cell.bytes.range), as: kind, to: &out)
        case .doubled:
            append(text: record.text(cell), as: kind, to: &out)
        }
    }

    /// Appends the JSON of a value's text.
    static func append<Sink: ByteSink & ~Copyable>(text: [UInt8], as kind: ValueKind, to out: inout Sink) {
        append(text: text.span, as: kind, to: &out)
    }

    /// Appends the JSON of a value's text.
    static func append<Sink: ByteSink & ~Copyable>(text: Span<UInt8>, as kind: ValueKind, to out: inout Sink) {
        guard case .array(let element) = kind else { return append(text: text, as: JSONForm(kind), to: &out) }
        var reader = ArrayTextReader(text.bytes(ByteRange(0, text.count)))
        var json: [UInt8] = []
        if reader.appendJSON(of: element, to: &json) {
            out.append(json.span)
        } else {
            JSONText.appendQuoted(text, to: &out)
        }
    }

    /// Appends the JSON of the text of a value that is no array.
    @inline(__always)
    static func append<Sink: ByteSink & ~Copyable>(text: Span<UInt8>, as form: JSONForm, to out: inout Sink) {
        switch form {
        case .integer:
            out.append(text)
        case .number:
            // NaN, Infinity, -Infinity: the only ones with a letter that is no exponent.
            let isNumber = (text.count > 0 && text[0].isDigit) || (text.count > 1 && text[1].isDigit)
            if isNumber { out.append(text) } else { JSONText.appendQuoted(text, to: &out) }
        case .boolean:
            JSONText.append(text.count > 0 && text[0] == UInt8(ascii: "t") ? "true" : "false", to: &out)
        case .json:
            // A line break in valid JSON is white space between tokens; events are one line each.
            var start = 0
            for index in text.indices where text[index] == 0x0A || text[index] == 0x0D {
                out.append(text.extracting(start..<index))
                start = index + 1
            }
            out.append(text.extracting(start..<text.count))
        case .bytea:
            appendBase64(hex: text, to: &out)
        case .moment:
            out.append(UInt8(ascii: "\""))
            appendISO8601(text, to: &out)
            out.append(UInt8(ascii: "\""))
        case .text, .array:
            JSONText.appendQuoted(text, to: &out)
        }
    }

    /// `2024-02-29 12:34:56+00` as `2024-02-29T12:34:56Z`; `0044-03-15 BC` as `-0043-03-15`, the
    /// astronomical year that ISO 8601 counts with; `infinity` as it is.
    static func appendISO8601<Sink: ByteSink & ~Copyable>(_ text: Span<UInt8>, to out: inout Sink) {
        var yearEnd = 0
        while yearEnd < text.count, text[yearEnd].isDigit { yearEnd += 1 }
        // PostgreSQL's last year has six digits; anything longer is none of its own.
        guard (1...9).contains(yearEnd) else { return JSONText.appendEscaped(text, to: &out) }
        var end = text.count
        if text.has(" BC", at: end - 3) {
            end -= 3
            let year = text.extracting(0..<yearEnd).indices.reduce(0) { $0 * 10 + Int(text[$1] - 48) } - 1
            if year > 0 { out.append(UInt8(ascii: "-")) }
            JSONText.append(year, width: 4, to: &out)
        } else {
            if yearEnd > 4 { out.append(UInt8(ascii: "+")) }
            out.append(text.extracting(0..<yearEnd))
        }
        let clock = text.extracting(yearEnd..<end)
        guard let space = clock.first(UInt8(ascii: " "), from: 0) else {
            return JSONText.appendEscaped(clock, to: &out)
        }
        JSONText.appendEscaped(clock.extracting(0..<space), to: &out)
        out.append(UInt8(ascii: "T"))
        var sign = space + 1
        while sign < clock.count, clock[sign] != UInt8(ascii: "+"), clock[sign] != UInt8(ascii: "-") { sign += 1 }
        JSONText.appendEscaped(clock.extracting((space + 1)..<sign), to: &out)
        guard sign < clock.count else { return }
        let zone = clock.extracting(sign..<clock.count)
        if zone.count == 3, zone.has("+00", at: 0) {
            out.append(UInt8(ascii: "Z"))
        } else {
            JSONText.appendEscaped(zone, to: &out)
            if zone.count == 3 { JSONText.append(":00", to: &out) }
        }
    }

    /// `\x6869` as `"aGk="`; the text itself when it is not in the hex form.
    private static func appendBase64<Sink: ByteSink & ~Copyable>(hex text: Span<UInt8>, to out: inout Sink) {
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

/// What JSON a value becomes: a ``ValueKind`` in a byte, without what an array is of.
enum JSONForm: UInt8, Sendable {
    case integer
    case number
    case boolean
    case json
    case bytea
    case moment
    case text
    case array

    init(_ kind: ValueKind) {
        self =
            switch kind {
            case .integer: .integer
            case .numeric, .float: .number
            case .boolean: .boolean
            case .json: .json
            case .bytea: .bytea
            case .date, .timestamp, .timestampWithTimeZone: .moment
            case .text, .time, .uuid, .other: .text
            case .array: .array
            }
    }
}
