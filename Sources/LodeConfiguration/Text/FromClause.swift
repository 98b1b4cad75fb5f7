import LodeCore

/// `insert into orders`, `update shop.orders`, `delete from "Odd name"`.
struct FromClause: Hashable {
    var operation: RowOperation
    var table: TableName

    /// Identifiers are folded to lower case unless they stand in double quotes, as PostgreSQL
    /// does; a table without a schema is in `public`.
    static func parse(_ source: SourceText) throws(Diagnostic) -> FromClause {
        var tokens = Token.all(in: source.text)[...]
        let operation = try takeOperation(from: &tokens, of: source)
        let first = try takeName(from: &tokens, of: source)
        var table = TableName(schema: "public", name: first)
        if tokens.first?.kind == .dot {
            tokens.removeFirst()
            table = TableName(schema: first, name: try takeName(from: &tokens, of: source))
        }
        if let extra = tokens.first {
            let isCondition = extra.kind == .word("where")
            let advice = isCondition ? "put the condition under when" : "from ends there, as in “update shop.orders”"
            throw source.error(atByte: extra.offset, "something stands after the table's name; \(advice)")
        }
        return FromClause(operation: operation, table: table)
    }

    private static let examples = "write “insert into orders”, “update orders” or “delete from orders”"

    private static func takeOperation(
        from tokens: inout ArraySlice<Token>, of source: SourceText
    ) throws(Diagnostic) -> RowOperation {
        let first = tokens.popFirst()
        switch first?.kind {
        case .word("update"):
            return .update
        case .word("insert"):
            try takeKeyword("into", after: "insert", from: &tokens, of: source)
            return .insert
        case .word("delete"):
            try takeKeyword("from", after: "delete", from: &tokens, of: source)
            return .delete
        case .word(let later) where ["transaction", "message", "truncate"].contains(later):
            throw source.error("from: \(later) is not supported yet; \(examples)")
        default:
            throw source.error(atByte: first?.offset ?? 0, "from does not begin with what happened; \(examples)")
        }
    }

    private static func takeKeyword(
        _ keyword: String, after verb: String, from tokens: inout ArraySlice<Token>, of source: SourceText
    ) throws(Diagnostic) {
        guard tokens.first?.kind == .word(keyword) else {
            let offset = tokens.first?.offset ?? 0
            throw source.error(atByte: offset, "“\(keyword)” is missing after “\(verb)”; \(examples)")
        }
        tokens.removeFirst()
    }

    private static func takeName(
        from tokens: inout ArraySlice<Token>, of source: SourceText
    ) throws(Diagnostic) -> String {
        switch tokens.first?.kind {
        case .word(let name), .quoted(let name):
            tokens.removeFirst()
            return name
        case .unclosed:
            let advice = "close it with a double quote; a double quote inside it is written twice"
            throw source.error(atByte: tokens.first?.offset ?? 0, "this quoted name is empty or has no end; \(advice)")
        case .other:
            let advice = "put a name that is not of letters, digits and _ in double quotes"
            throw source.error(atByte: tokens.first?.offset ?? 0, "this character cannot stand here; \(advice)")
        case .dot, nil:
            throw source.error(atByte: tokens.first?.offset ?? 0, "the table's name is missing; \(examples)")
        }
    }
}

private struct Token: Hashable {
    enum Kind: Hashable {
        /// An identifier or keyword without quotes, folded to lower case.
        case word(String)
        case quoted(String)
        case dot
        /// A quoted name that is empty or does not end. It and `other` end the list.
        case unclosed
        case other
    }

    var kind: Kind
    /// In UTF-8 bytes, from 0.
    var offset: Int

    static func all(in text: String) -> [Token] {
        let bytes = Array(text.utf8)
        var tokens: [Token] = []
        var index = 0
        while index < bytes.count {
            let start = index
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                index += 1
            case UInt8(ascii: "."):
                index += 1
                tokens.append(Token(kind: .dot, offset: start))
            case UInt8(ascii: "\""):
                guard let name = quoted(in: bytes, from: &index) else {
                    return tokens + [Token(kind: .unclosed, offset: start)]
                }
                tokens.append(Token(kind: .quoted(name), offset: start))
            case let byte where startsWord(byte):
                while index < bytes.count, continuesWord(bytes[index]) { index += 1 }
                tokens.append(Token(kind: .word(folded(bytes[start..<index])), offset: start))
            default:
                return tokens + [Token(kind: .other, offset: start)]
            }
        }
        return tokens
    }

    /// As PostgreSQL's scanner: letters, `_` and everything that is not ASCII.
    private static func startsWord(_ byte: UInt8) -> Bool {
        byte.isLetterOrUnderscore || byte >= 0x80
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        startsWord(byte) || byte.isDigit || byte == UInt8(ascii: "$")
    }

    /// Only ASCII letters, as PostgreSQL folds in a UTF-8 database.
    private static func folded(_ word: ArraySlice<UInt8>) -> String {
        let isCapital: (UInt8) -> Bool = { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        return String(decoding: word.map { isCapital($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Reads `"Odd ""name"""`; nil when it is empty or does not end.
    private static func quoted(in bytes: [UInt8], from index: inout Int) -> String? {
        let quote = UInt8(ascii: "\"")
        var name: [UInt8] = []
        index += 1
        while index < bytes.count {
            if bytes[index] == quote {
                guard index + 1 < bytes.count, bytes[index + 1] == quote else {
                    index += 1
                    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
                }
                index += 1
            }
            name.append(bytes[index])
            index += 1
        }
        return nil
    }
}
