import Testing

@testable import LodeCore

@Suite struct LexerTests {
    private func kinds(_ text: String) throws -> [Token.Kind] {
        try Lexer.tokens(of: SourceText(text)).dropLast().map(\.kind)
    }

    @Test func namesAreFoldedAndQuotedOnesAreNot() throws {
        #expect(
            try kinds(#"Status "Status" _a1$ "say ""hi""" été ÉTÉ"#) == [
                .name("status", isQuoted: false), .name("Status", isQuoted: true), .name("_a1$", isQuoted: false),
                .name("say \"hi\"", isQuoted: true), .name("été", isQuoted: false), .name("ÉtÉ", isQuoted: false),
            ])
    }

    @Test func keywordsInAnyCapitalsAndNamesWhenQuoted() throws {
        #expect(
            try kinds(#"AND Or "and" Null"#) == [
                .keyword(.and), .keyword(.or), .name("and", isQuoted: true), .keyword(.null),
            ])
    }

    @Test func textKeepsWhatIsBetweenItsQuotes() throws {
        #expect(
            try kinds("'it''s' '' '\\n' 'a\nb' 'é😀'") == [
                .text(Array("it's".utf8)), .text([]), .text(Array("\\n".utf8)), .text(Array("a\nb".utf8)),
                .text(Array("é😀".utf8)),
            ])
    }

    @Test(arguments: ["0", "42", "4.2", ".5", "5.", "1e5", "1.5E-3", "5.e+2", "00"])
    func numbersAreOneToken(text: String) throws {
        let tokens = try Lexer.tokens(of: SourceText(text))
        #expect(tokens.map(\.kind) == [.number, .end])
        #expect(tokens[0].range == 0..<text.utf8.count)
    }

    @Test(arguments: [
        ("a=-1", ["=", "-"]), ("a<>-1", ["<>", "-"]), ("a<=b", ["<="]), ("a!=b", ["!="]), ("a||-b", ["||-"]),
        ("a->>'x'", ["->>"]), ("a::text", ["::"]), ("(a,b);", ["(", ",", ")", ";"]), ("a=/*c*/b", ["="]),
        ("a=--c\nb", ["="]), ("a.b", ["."]), ("a+-+b", ["+", "-", "+"]), ("@-", ["@-"]),
    ])
    func operatorsAreCutAsPostgreSQLDoes(text: String, symbols: [String]) throws {
        let found = try kinds(text).compactMap { if case .symbol(let symbol) = $0 { symbol } else { nil } }
        #expect(found == symbols)
    }

    @Test func commentsAreBlanks() throws {
        #expect(try kinds("1 -- one\n /* two /* three */ ' */ 2") == [.number, .number])
        #expect(try kinds("\t\r\n\u{B}\u{C} ") == [])
    }

    @Test(arguments: [
        ("status = 🚩'NEW", "the text does not end"), ("🚩\"status = 'x'", "the name does not end"),
        ("a = 🚩\"\"", "an empty name"), ("🚩12abc = 1", "“12abc” is no number"), ("🚩1.5x", "“1.5x” is no number"),
        ("🚩1e", "“1e” is no number"), ("a = 🚩{1}", "unexpected character “{”"), ("a 🚩/* b", "the comment does not end"),
        ("a = 🚩E'x\\n'", "texts like E'…' are not known"), ("a = 🚩‘NEW’", "typographic quotes"),
        ("a = 🚩\u{1}", "unexpected control character 1"), ("a = 🚩$1", "unexpected character “$”"),
    ])
    func whatIsNoTokenIsTold(marked: String, message: String) {
        let text = MarkedText(marked)
        let errors = Result { () throws(Diagnostics) in try Lexer.tokens(of: text.source) }.diagnostics
        #expect(errors.first?.message.contains(message) == true, "\(errors)")
        #expect(errors.first?.place?.column == text.columns.first)
    }

    @Test func allErrorsAreCollected() {
        let text = MarkedText("🚩{ = 🚩1x and 🚩$ or 🚩'x")
        let errors = Result { () throws(Diagnostics) in try Lexer.tokens(of: text.source) }.diagnostics
        #expect(errors.map { $0.place?.column } == text.columns)
    }
}
