extension JSONTree {
    /// The value as JSON on one line, numbers as they were written.
    public var json: [UInt8] {
        var out: [UInt8] = []
        append(to: &out, indent: nil)
        return out
    }

    /// The value as JSON for people: a member a line, two spaces deeper each level.
    public var indentedJSON: [UInt8] {
        var out: [UInt8] = []
        append(to: &out, indent: 0)
        out.append(0x0A)
        return out
    }

    private func append(to out: inout [UInt8], indent: Int?) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .number(let digits): out += digits
        case .string(let text): JSONText.appendQuoted(text, to: &out)
        case .array(let elements):
            // A list of plain values is read at a glance.
            let isPlain = elements.allSatisfy { if case .object = $0 { false } else { true } }
            let inner = isPlain ? nil : indent
            Self.append("[", elements, "]", to: &out, indent: inner) { element, out, deeper in
                element.append(to: &out, indent: deeper)
            }
        case .object(let members):
            Self.append("{", members, "}", to: &out, indent: indent) { member, out, deeper in
                JSONText.appendQuoted(member.name, to: &out)
                out += (deeper == nil ? ":" : ": ").utf8
                member.value.append(to: &out, indent: deeper)
            }
        }
    }

    private static func append<Part>(
        _ opening: Unicode.Scalar, _ parts: [Part], _ closing: Unicode.Scalar, to out: inout [UInt8], indent: Int?,
        _ append: (Part, inout [UInt8], Int?) -> Void
    ) {
        out += String(opening).utf8
        let deeper = indent.map { $0 + 2 }
        for (index, part) in parts.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            breakLine(deeper, &out)
            append(part, &out, deeper)
        }
        if !parts.isEmpty { breakLine(indent, &out) }
        out += String(closing).utf8
    }

    private static func breakLine(_ indent: Int?, _ out: inout [UInt8]) {
        guard let indent else { return }
        out.append(0x0A)
        for _ in 0..<indent { out.append(0x20) }
    }
}
