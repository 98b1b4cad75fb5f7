/// The smallest part of an expression that means something.
struct Token: Hashable {
    enum Kind: Hashable {
        /// Folded to lower case unless it was in double quotes.
        case name(String, isQuoted: Bool)
        case keyword(Keyword)
        case text([UInt8])
        case number
        /// Punctuation, or an operator as PostgreSQL would read it, known to us or not.
        case symbol(String)
        case end
    }

    let kind: Kind
    /// In UTF-8 bytes of the source.
    let range: Range<Int>
}

/// Words that cannot be names without double quotes.
///
/// More than are in use: all that PostgreSQL reserves and the language may still need, so that it
/// can grow without a mapping of today meaning something else.
enum Keyword: String, Hashable {
    case all, and, any, array, asymmetric, between, both, `case`, cast, collate, distinct, `else`, end
    case `false`, ilike, `in`, `is`, isnull, leading, like, not, notnull, null, or, similar, some
    case symmetric, then, trailing, `true`, when
}
