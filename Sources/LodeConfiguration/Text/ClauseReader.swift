import LodeCore

/// Reads what `from` and `gather` say.
///
/// Identifiers are folded to lower case unless they stand in double quotes, as PostgreSQL does; a
/// table without a schema is in `public`.
struct ClauseReader {
    private let source: SourceText
    private let advice: String
    private var scanner: ClauseScanner

    /// `insert into orders`, `update shop.orders`, `delete from "Odd name"`, `truncate orders`,
    /// `transaction`, `message 'prefix'`.
    static func trigger(_ source: SourceText) throws(Diagnostic) -> EventDefinition.Trigger {
        var reader = ClauseReader(source, advice: triggerAdvice)
        let trigger = try reader.takeTrigger()
        if reader.scanner.token.kind == .word("where"), trigger.table != nil {
            throw reader.error("something stands after the table's name; put the condition under when")
        }
        guard reader.scanner.token.kind == .end else {
            let what = trigger.table == nil ? "“from” is complete here" : "something stands after the table's name"
            throw reader.error("\(what); remove the rest, or \(triggerAdvice)")
        }
        return trigger
    }

    /// `insert into order_lines where order_id = orders.id`; the condition knows where it stands.
    static func gather(
        _ source: SourceText
    ) throws(Diagnostic) -> (operation: RowOperation, table: TableName, condition: SourceText?) {
        var reader = ClauseReader(source, advice: gatherAdvice)
        let operation = try reader.takeGatheredOperation()
        let table = try reader.takeTable()
        let next = reader.scanner.token
        guard next.kind != .end else { return (operation, table, nil) }
        guard next.kind == .word("where") else {
            throw reader.error("something stands after the table's name; put “where” before a condition")
        }
        guard let rest = reader.scanner.rest(from: next.range.upperBound) else {
            throw reader.error("no condition stands after “where”; write one, or remove “where”")
        }
        return (operation, table, source.part(rest))
    }

    private init(_ source: SourceText, advice: String) {
        self.source = source
        self.advice = advice
        scanner = ClauseScanner(source.text)
    }

    private static let triggerAdvice =
        "write “insert into orders”, “update orders” or “delete from orders”, or else “truncate orders”, "
        + "“transaction” or “message 'prefix'”"
    private static let gatherAdvice =
        "write “insert into order_lines where order_id = orders.id”, or “update” or “delete from” and a table"

    // MARK: - What happened

    private mutating func takeTrigger() throws(Diagnostic) -> EventDefinition.Trigger {
        if take("transaction") { return .transaction }
        if take("message") { return .message(prefix: try takePrefix()) }
        if take("truncate") {
            _ = take("table")
            return .truncate(try takeTable())
        }
        guard let operation = try takeOperation() else {
            throw error("“from” does not begin with what happened; \(advice)")
        }
        return .row(operation, try takeTable())
    }

    private mutating func takeGatheredOperation() throws(Diagnostic) -> RowOperation {
        if let operation = try takeOperation() { return operation }
        if case .word(let word) = scanner.token.kind, ["truncate", "transaction", "message"].contains(word) {
            throw error("only changes of rows can be gathered, not “\(word)”; \(advice)")
        }
        throw error("this does not begin with what happened; \(advice)")
    }

    private mutating func takeOperation() throws(Diagnostic) -> RowOperation? {
        if take("update") { return .update }
        if take("insert") {
            guard take("into") else { throw error("“into” is missing after “insert”; \(advice)") }
            return .insert
        }
        if take("delete") {
            guard take("from") else { throw error("“from” is missing after “delete”; \(advice)") }
            return .delete
        }
        return nil
    }

    // MARK: - Of what

    private mutating func takeTable() throws(Diagnostic) -> TableName {
        let first = try takeName()
        guard scanner.token.kind == .dot else { return TableName(schema: "public", name: first) }
        scanner.advance()
        return TableName(schema: first, name: try takeName())
    }

    private mutating func takeName() throws(Diagnostic) -> String {
        switch scanner.token.kind {
        case .word(let name) where name != "where", .name(let name):
            scanner.advance()
            return name
        case .brokenName:
            let advice = "close it with a double quote; a double quote inside it is written twice"
            throw error("this quoted name is empty or has no end; \(advice)")
        case .text, .brokenText:
            throw error("a table's name cannot stand in single quotes; put it in double quotes, or in none")
        case .other:
            let advice = "put a name that is not of letters, digits and _ in double quotes"
            throw error("this character cannot stand here; \(advice)")
        case .word, .dot, .end:
            throw error("the table's name is missing; \(advice)")
        }
    }

    /// Prefixes of Lode's own messages, and why no event comes of them.
    static let reservedPrefixes = [
        "lode.heartbeat": "Lode writes it itself, to see the log move",
        "lode.context": "it says what the events of its transaction have in common",
    ]

    private mutating func takePrefix() throws(Diagnostic) -> String {
        switch scanner.token.kind {
        case .text(let prefix):
            if let reason = Self.reservedPrefixes[prefix] {
                throw error("a message “\(prefix)” makes no event: \(reason); choose another prefix")
            }
            scanner.advance()
            return prefix
        case .brokenText:
            throw error("the prefix has no end; close it with ' (a quote inside is written twice: '')")
        case .word, .name, .dot, .brokenName, .other:
            throw error("a message's prefix stands in single quotes; write “message 'prefix'”")
        case .end:
            throw error("the message's prefix is missing; write “message 'prefix'”")
        }
    }

    // MARK: - Tokens

    private mutating func take(_ word: String) -> Bool {
        guard scanner.token.kind == .word(word) else { return false }
        scanner.advance()
        return true
    }

    /// At the next token; at the start when there is none, since nothing stands at the end to point at.
    private func error(_ message: String) -> Diagnostic {
        let token = scanner.token
        return source.error(atByte: token.kind == .end ? 0 : token.range.lowerBound, message)
    }
}

extension SourceText {
    /// The text of these UTF-8 bytes, with its own place when that is known.
    func part(_ range: Range<Int>) -> SourceText {
        let bytes = Array(text.utf8)[range]
        let part = String(decoding: bytes, as: UTF8.self)
        // Lines after the first begin in the whole text's column, not in the part's.
        let isInPlace = range.lowerBound == 0 || !bytes.contains(UInt8(ascii: "\n"))
        return SourceText(part, at: place(atByte: range.lowerBound), isVerbatim: isVerbatim && isInPlace)
    }
}
