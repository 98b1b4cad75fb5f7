/// Names as `quote_ident` writes them (`quote_identifier`, ruleutils.c): in double quotes unless they can be read
/// without.
enum QuotedIdentifier {
    static func text(_ name: [UInt8]) -> [UInt8] {
        let isPlain =
            name.first.map { $0 == UInt8(ascii: "_") || $0 &- 97 < 26 } == true
            && name.allSatisfy { $0 == UInt8(ascii: "_") || $0 &- 97 < 26 || $0.isDigit }
            && !keywords.contains(String(decoding: name, as: UTF8.self))
        if isPlain { return name }
        let quote = UInt8(ascii: "\"")
        return [quote] + name.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
    }

    /// PostgreSQL 15's words that are more than names (`pg_get_keywords()` whose `catcode` is not U).
    private static let keywords = Set(
        """
        all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both
        case cast char character check coalesce collate collation column concurrently constraint create cross
        current_catalog current_date current_role current_schema current_time current_timestamp current_user dec
        decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign
        freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect
        interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural
        nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay
        placing position precision primary real references returning right row select session_user setof similar
        smallint some substring symmetric table tablesample then time timestamp to trailing treat trim true union
        unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement
        xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
        """.split { $0 == " " || $0 == "\n" }.map { String($0) })
}
