import Foundation
import Testing

@testable import LodeCore

/// The page on expressions names everything there is, and its examples come to what it says.
@Suite struct ExpressionPageTests {
    private static let page: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = root.appendingPathComponent("Sources/Lode/Lode.docc/Expressions.md")
        return (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    }()

    /// The tables' rows whose first two cells are code: an expression and its result.
    private static let examples: [(expression: String, result: String)] = page.split(separator: "\n").compactMap {
        line in
        let cells = line.replacingOccurrences(of: "\\|", with: "\u{1}").split(separator: "|")
            .map { $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "\u{1}", with: "|") }
        guard line.hasPrefix("|"), cells.count >= 2, let expression = code(cells[0]), let result = code(cells[1]) else {
            return nil
        }
        return (expression, result)
    }

    private static func code(_ cell: String) -> String? {
        guard cell.count > 2, cell.hasPrefix("`"), cell.hasSuffix("`") else { return nil }
        let inner = cell.dropFirst().dropLast()
        return inner.contains("`") ? nil : String(inner)
    }

    @Test func examplesComeToWhatThePageSays() throws {
        #expect(Self.examples.count > 150)
        let scope = ExpressionScope(
            table: TableDefinition(
                name: TableName(schema: "public", name: "t"), columns: [], primaryKey: [], replicaIdentity: .full,
                identityColumns: []), operation: .insert)
        for (text, result) in Self.examples {
            do {
                let expression = try Expression(SourceText(text), in: scope)
                var rows = RowSet()
                let value = try expression.value(&rows)
                let type = expression.type ?? .text
                var bytes = value.text(as: type) ?? Array("null".utf8)
                if type == .jsonb, value != .null { bytes = try JSONNormalForm.normalize(bytes) }
                #expect(String(decoding: bytes, as: UTF8.self) == result, "\(text)")
            } catch {
                Issue.record("\(text): \(error)")
            }
        }
    }

    @Test func everyFunctionIsOnThePage() {
        for name in FunctionLibrary.names + Checker.specialNames {
            let isNamed = ["`\(name)(", "(\(name)(", " \(name)(", "`\(name)`"].contains(where: Self.page.contains)
            #expect(isNamed, "\(name) is not on the page")
        }
    }
}
