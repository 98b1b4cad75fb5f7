import Testing

@testable import LodeCore

/// When an expression can be null, over columns of which two cannot.
@Suite struct NullnessTests {
    private static let table = TableDefinition(
        name: TableName(schema: "public", name: "t"),
        columns: [
            ColumnDefinition(name: "sure", type: "integer", notNull: true),
            ColumnDefinition(name: "name", type: "text", notNull: true), ColumnDefinition(name: "maybe", type: "text"),
            ColumnDefinition(name: "amount", type: "numeric"),
            ColumnDefinition(name: "details", type: "jsonb", notNull: true),
        ], primaryKey: [], replicaIdentity: .full, identityColumns: [])

    private static func nullness(_ text: String) -> Nullness {
        Nullness(SourceText(text), in: ExpressionScope(table: table, operation: .update))
    }

    @Test(arguments: [
        "sure", "new.name", "old.sure", "1", "'x'", "sure + 1", "name || 'x'", "sure::text", "upper(name)",
        "maybe is null",
        "amount is not distinct from 1", "coalesce(maybe, name)", "greatest(amount, 1)", "changed(maybe)",
        "case when maybe = 'x' then 1 else 2 end", "not (sure = 1)", "sure in (1, 2)", "sure between 1 and 3",
        "array[maybe]", "object('a', maybe)", "new",
    ])
    func whatCannotBeNull(text: String) { #expect(!Self.nullness(text).isPossible) }

    @Test(arguments: [
        ("maybe", [2]), ("maybe || name", [2]), ("lower(maybe)", [2]), ("amount * sure + 1", [3]),
        ("amount::text", [3]),
        ("maybe = 'x' and amount > 1", [2, 3]), ("maybe like 'x%'", [2]), ("-amount", [3]),
    ])
    func whatIsNullWhenAColumnIs(text: String, columns: [Int]) {
        let nullness = Self.nullness(text)
        #expect(Set(nullness.columns.map(\.column)) == Set(columns))
        #expect(!nullness.isOtherwisePossible)
    }

    @Test(arguments: [
        "null", "details -> 'a'", "details ->> 'a'", "details::text", "nullif(sure, 1)",
        "case when sure = 1 then 1 end",
        "coalesce(maybe, amount::text)", "sure in (1, null)", "split(name)", "array[1][2]", "nowhere",
    ])
    func whatCanBeNullBesides(text: String) { #expect(Self.nullness(text).isOtherwisePossible) }
}
