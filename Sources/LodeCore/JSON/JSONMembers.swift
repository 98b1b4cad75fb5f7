/// The top-level members of a JSON text, one after the other.
package struct JSONMembers {
    private var scanner: JSONScanner
    private var isOver: Bool

    /// A text that is no object has no members.
    package init(_ json: [UInt8]) {
        scanner = JSONScanner(json, strings: .asWritten)
        scanner.skipSpace()
        isOver = !scanner.take(UInt8(ascii: "{"))
        scanner.skipSpace()
        if !isOver { isOver = scanner.take(UInt8(ascii: "}")) }
    }

    /// The next member: the place of its name between the quotes, and of its value. nil: there are no more.
    package mutating func next() throws(EvaluationError) -> (name: Range<Int>, value: Range<Int>)? {
        guard !isOver else { return nil }
        let name = try scanner.readName()
        let value = try scanner.skipValue()
        scanner.skipSpace()
        if !scanner.take(UInt8(ascii: ",")) {
            guard scanner.take(UInt8(ascii: "}")) else { throw scanner.expected("“,” or “}”") }
            isOver = true
        }
        return (name, value)
    }

    /// Appends what a string's bytes between the quotes mean.
    ///
    /// - Returns: False when they mean no text: half of a surrogate pair stands alone.
    package static func appendText(_ json: [UInt8], _ place: Range<Int>, to out: inout [UInt8]) -> Bool {
        JSONEscapes.append(json.span.extracting(place), to: &out)
    }

    package static func isName(_ json: [UInt8], _ place: Range<Int>, _ name: [UInt8]) -> Bool {
        let written = json[place]
        if !written.contains(UInt8(ascii: "\\")) { return written.elementsEqual(name) }
        var text: [UInt8] = []
        return appendText(json, place, to: &text) && text == name
    }
}
