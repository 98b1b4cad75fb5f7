/// Reads an array as PostgreSQL prints it (`array_out`): `{1,NULL,"a\"b"}`, `{{1,2},{3,4}}`,
/// `[0:1]={1,2}`. Bounds are left out of the JSON, which has none.
struct ArrayTextReader {
    private let text: [UInt8]
    private var at = 0

    init(_ text: [UInt8]) { self.text = text }

    /// Appends the JSON array; false when the text is no array.
    mutating func appendJSON(of element: ValueKind, to out: inout [UInt8]) -> Bool {
        if at < text.count, text[at] == UInt8(ascii: "[") {
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return false }
            at = equals + 1
        }
        // PostgreSQL's own limit is 6 dimensions (MAXDIM).
        return appendDimension(of: element, depth: 1, to: &out) && at == text.count
    }

    private mutating func appendDimension(of element: ValueKind, depth: Int, to out: inout [UInt8]) -> Bool {
        guard depth <= 6, take(UInt8(ascii: "{")) else { return false }
        out.append(UInt8(ascii: "["))
        if take(UInt8(ascii: "}")) {
            out.append(UInt8(ascii: "]"))
            return true
        }
        while true {
            guard at < text.count else { return false }
            if text[at] == UInt8(ascii: "{") {
                guard appendDimension(of: element, depth: depth + 1, to: &out) else { return false }
            } else {
                guard appendElement(of: element, to: &out) else { return false }
            }
            if take(UInt8(ascii: "}")) { break }
            // box is the one built-in type with another delimiter.
            guard take(UInt8(ascii: ",")) || take(UInt8(ascii: ";")) else { return false }
            out.append(UInt8(ascii: ","))
        }
        out.append(UInt8(ascii: "]"))
        return true
    }

    private mutating func appendElement(of kind: ValueKind, to out: inout [UInt8]) -> Bool {
        var value: [UInt8] = []
        if take(UInt8(ascii: "\"")) {
            while at < text.count, text[at] != UInt8(ascii: "\"") {
                if text[at] == UInt8(ascii: "\\") { at += 1 }
                guard at < text.count else { return false }
                value.append(text[at])
                at += 1
            }
            guard take(UInt8(ascii: "\"")) else { return false }
        } else {
            while at < text.count, !isDelimiter(text[at]) {
                if text[at] == UInt8(ascii: "\\") { at += 1 }
                guard at < text.count else { return false }
                value.append(text[at])
                at += 1
            }
            if value.elementsEqual("NULL".utf8) {
                JSONText.append("null", to: &out)
                return true
            }
        }
        CellJSON.append(text: value, as: kind, to: &out)
        return true
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: ";")
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < text.count, text[at] == byte else { return false }
        at += 1
        return true
    }
}
