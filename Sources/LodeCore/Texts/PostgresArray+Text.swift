extension PostgresArray {
    /// The deepest, longest and widest are the input's own; PostgreSQL holds 134,217,727 elements at most.
    static let mostElements = 134_217_727

    /// Reads an array as PostgreSQL prints it (`array_out`), and what a person writes: blanks round elements
    /// and braces, `null` in any case.
    ///
    /// - Parameter delimiter: `,` for all built-in types but box, which has `;`.
    init(parsing text: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) throws(EvaluationError) {
        var reader = ArrayLiteralReader(text: text, delimiter: delimiter)
        self = try reader.read()
    }

    /// The array as `array_out` prints it.
    func text(delimiter: UInt8 = UInt8(ascii: ",")) -> [UInt8] {
        guard !dimensions.isEmpty else { return Array("{}".utf8) }
        var out: [UInt8] = []
        if dimensions.contains(where: { $0.lower != 1 }) {
            for dimension in dimensions { out += Array("[\(dimension.lower):\(dimension.upper)]".utf8) }
            out.append(UInt8(ascii: "="))
        }
        var at = 0
        appendText(depth: 0, delimiter: delimiter, &at, to: &out)
        return out
    }

    private func appendText(depth: Int, delimiter: UInt8, _ at: inout Int, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        for index in 0..<dimensions[depth].count {
            if index > 0 { out.append(delimiter) }
            if depth + 1 < dimensions.count {
                appendText(depth: depth + 1, delimiter: delimiter, &at, to: &out)
                continue
            }
            Self.append(at < elements.count ? elements[at] : nil, delimiter: delimiter, to: &out)
            at += 1
        }
        out.append(UInt8(ascii: "}"))
    }

    private static func append(_ element: [UInt8]?, delimiter: UInt8, to out: inout [UInt8]) {
        guard let element else {
            out += Array("NULL".utf8)
            return
        }
        let isQuoted =
            element.isEmpty || isNull(element[...])
            || element.contains { $0 == delimiter || $0.isArraySyntax || $0.isArraySpace }
        guard isQuoted else {
            out += element
            return
        }
        out.append(UInt8(ascii: "\""))
        for byte in element {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
            out.append(byte)
        }
        out.append(UInt8(ascii: "\""))
    }

    fileprivate static func isNull(_ word: ArraySlice<UInt8>) -> Bool {
        word.count == 4 && zip(word, "null".utf8).allSatisfy { $0 | 0x20 == $1 }
    }
}

/// Reads one array's text from left to right.
private struct ArrayLiteralReader {
    let text: [UInt8]
    let delimiter: UInt8
    var at = 0
    var elements: [[UInt8]?] = []
    /// The number of elements of each dimension, once a list of it has ended.
    var counts: [Int] = []
    /// The depth at which elements stand, once there is one.
    var depth: Int?

    init(text: [UInt8], delimiter: UInt8) {
        self.text = text
        self.delimiter = delimiter
    }

    mutating func read() throws(EvaluationError) -> PostgresArray {
        skipSpace()
        let bounds = try readBounds()
        guard peek == UInt8(ascii: "{") else { throw malformed }
        try readList(depth: 0)
        skipSpace()
        guard at == text.count else { throw malformed }
        guard !elements.isEmpty else {
            guard counts.allSatisfy({ $0 == 0 }) else { throw malformed }
            return PostgresArray()
        }
        guard let bounds else {
            return PostgresArray(elements, dimensions: counts.map { .init(lower: 1, count: $0) })
        }
        guard bounds.map(\.count) == counts else { throw malformed }
        return PostgresArray(elements, dimensions: bounds)
    }

    /// `[0:1][5]=`; a single number is the upper bound.
    private mutating func readBounds() throws(EvaluationError) -> [PostgresArray.Dimension]? {
        guard peek == UInt8(ascii: "[") else { return nil }
        var bounds: [PostgresArray.Dimension] = []
        while take(UInt8(ascii: "[")) {
            guard bounds.count < PostgresArray.mostDimensions, let first = readInteger() else { throw malformed }
            var lower = 1
            var upper = first
            if take(UInt8(ascii: ":")) {
                guard let second = readInteger() else { throw malformed }
                (lower, upper) = (first, second)
            }
            guard take(UInt8(ascii: "]")), upper >= lower else { throw malformed }
            bounds.append(.init(lower: lower, count: upper - lower + 1))
            skipSpace()
        }
        guard take(UInt8(ascii: "=")) else { throw malformed }
        skipSpace()
        return bounds
    }

    /// A 32-bit integer.
    private mutating func readInteger() -> Int? {
        let start = at
        if peek == UInt8(ascii: "-") || peek == UInt8(ascii: "+") { at += 1 }
        while let byte = peek, byte.isDigit { at += 1 }
        return Int32(String(decoding: text[start..<at], as: UTF8.self)).map { Int($0) }
    }

    private mutating func readList(depth level: Int) throws(EvaluationError) {
        guard level < PostgresArray.mostDimensions, take(UInt8(ascii: "{")) else { throw malformed }
        if counts.count == level { counts.append(-1) }
        var count = 0
        skipSpace()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                if peek == UInt8(ascii: "{") {
                    // Lists and elements do not stand side by side.
                    guard depth != level else { throw malformed }
                    try readList(depth: level + 1)
                } else {
                    guard depth == nil || depth == level, counts.count == level + 1 else { throw malformed }
                    depth = level
                    elements.append(try readElement())
                    guard elements.count <= PostgresArray.mostElements else { throw malformed }
                }
                count += 1
                skipSpace()
            } while take(delimiter)
            guard take(UInt8(ascii: "}")) else { throw malformed }
        }
        guard counts[level] == -1 || counts[level] == count else { throw malformed }
        counts[level] = count
    }

    private mutating func readElement() throws(EvaluationError) -> [UInt8]? {
        var value: [UInt8] = []
        if take(UInt8(ascii: "\"")) {
            while let byte = peek, byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\\") { at += 1 }
                guard let byte = peek else { throw malformed }
                value.append(byte)
                at += 1
            }
            guard take(UInt8(ascii: "\"")) else { throw malformed }
            return value
        }
        let start = at
        // Blanks at the end are not the element's, unless a backslash says so.
        var kept = 0
        var isEscaped = false
        while let byte = peek, byte != delimiter, byte != UInt8(ascii: "}") {
            guard byte != UInt8(ascii: "{"), byte != UInt8(ascii: "\"") else { throw malformed }
            at += 1
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                if !byte.isArraySpace { kept = value.count }
                continue
            }
            guard let escaped = peek else { throw malformed }
            value.append(escaped)
            kept = value.count
            isEscaped = true
            at += 1
        }
        guard at > start, kept > 0 else { throw malformed }
        value.removeSubrange(kept...)
        return !isEscaped && PostgresArray.isNull(value[...]) ? nil : value
    }

    private var peek: UInt8? { at < text.count ? text[at] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte.isArraySpace { at += 1 }
    }

    private var malformed: EvaluationError {
        EvaluationError("malformed array literal at byte \(at + 1); write it as {one,two,\"and three\"}")
    }
}

extension UInt8 {
    /// `array_isspace`
    fileprivate var isArraySpace: Bool { self == 0x20 || self &- 9 < 5 }

    fileprivate var isArraySyntax: Bool {
        self == UInt8(ascii: "{") || self == UInt8(ascii: "}") || self == UInt8(ascii: "\"")
            || self == UInt8(ascii: "\\")
    }
}
