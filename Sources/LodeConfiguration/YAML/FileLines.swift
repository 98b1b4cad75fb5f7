import LodeCore

/// The configuration file's text, by line and column as Yams counts them.
struct FileLines {
    let file: String
    let scalars: [Unicode.Scalar]
    /// Each line's place in `scalars`, without its line break.
    private let ranges: [Range<Int>]
    private let areSecret: [Bool]

    /// A line longer than this is not quoted in a diagnostic.
    private static let longestQuotedLine = 300

    init(_ text: String, file: String) {
        self.file = file
        // A byte order mark is no part of the text, and Yams would count it as a column.
        let scalars = Array(text.unicodeScalars.drop { $0.value == 0xFEFF })
        ranges = Self.lines(of: scalars)
        areSecret = SecretLines.find(in: ranges.map { range in Self.string(scalars[range]) })
        self.scalars = scalars
    }

    /// The scalars of a line, counted from 1; empty past the end.
    func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
        ranges.indices.contains(number - 1) ? scalars[ranges[number - 1]] : []
    }

    var count: Int { ranges.count }

    func isSecret(line number: Int) -> Bool {
        areSecret.indices.contains(number - 1) && areSecret[number - 1]
    }

    /// The place with its line, unless the line must not be shown.
    func place(_ position: TextPosition) -> Place {
        let number = position.line
        let line = line(number)
        let isQuotable = !line.isEmpty && line.count <= Self.longestQuotedLine && !isSecret(line: number)
        let text = isQuotable ? Self.string(line) : nil
        return Place(file: file, line: max(1, number), column: max(1, position.column), lineText: text)
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Lines end where libyaml ends them: LF, CR, CR LF, NEL, LS and PS.
    private static func lines(of scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var index = 0
        while index < scalars.count {
            let end = index
            let scalar = scalars[index]
            index += 1
            guard isLineBreak(scalar) else { continue }
            if scalar == "\r", index < scalars.count, scalars[index] == "\n" { index += 1 }
            ranges.append(start..<end)
            start = index
        }
        ranges.append(start..<scalars.count)
        return ranges
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}

extension FileLines {
    /// What YAML allows in a file; libyaml refuses the rest without saying where.
    func forbiddenCharacters() -> [Diagnostic] {
        var found: [Diagnostic] = []
        for number in 1...max(1, count) {
            for (offset, scalar) in line(number).enumerated() where !Self.isAllowed(scalar) {
                let code = String(scalar.value, radix: 16, uppercase: true)
                let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
                let place = Place(file: file, line: number, column: offset + 1)
                found.append(Diagnostic(.error, at: place, "the character \(name) cannot stand in YAML; remove it"))
                // One a line: a binary file is full of them.
                break
            }
            if found.count == 10 { break }
        }
        return found
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// The place of the first byte that is not UTF-8.
    static func firstInvalid(in bytes: [UInt8], file: String) -> Place {
        var line = 1
        var column = 1
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            column += 1
            if scalar == "\n" {
                line += 1
                column = 1
            }
        }
        return Place(file: file, line: line, column: column)
    }
}
