import CPCRE2

/// A regular expression of `~`, `~*`, `regexp_replace` and `substring(... from ...)`, compiled once.
///
/// Read as PostgreSQL reads it (see ``RegularExpressionTranslator``) and matched by PCRE2. Whether a text
/// matches does not depend on how a matcher searches. What is matched does: PostgreSQL takes the longest
/// text (or the shortest, as the expression's first quantifier wants) where the first match begins. So the
/// extent comes from PCRE2's matcher that follows all ways at once, and the groups from a second match
/// that must end there. What a group takes can still differ when alternatives, or a repetition of what can
/// be empty or of several lengths, leave a choice: PCRE2 takes the first way that fits, PostgreSQL the
/// longest. With `\1` the extent is PCRE2's choice too.
///
/// Matching takes a bounded number of steps, counted and so the same everywhere; past it is an error.
final class RegularExpression: Sendable {
    /// What was found, as places in the text's bytes: the whole match, then the groups; nil took no part.
    struct Match: Hashable, Sendable {
        var groups: [Range<Int>?]

        var whole: Range<Int> { groups.first.flatMap { $0 } ?? 0..<0 }
    }

    /// Steps of one match or replacement over a long text.
    static let mostSteps = 20_000_000
    /// Up to these lengths, in bytes, a text is matched and an extent found without counting each step:
    /// PCRE2 counts its ways back from each character, and an extent takes no more steps than the square of
    /// the text's length times that of the pattern's.
    static let short = (match: 2048, extent: 512, pattern: 256)
    static let mostWaysBack: UInt32 = 100_000
    /// For PCRE2's memory of ways back: 64 MB.
    static let mostHeap: UInt32 = 64 << 10
    /// The longest pattern, in bytes.
    static let longestPattern = 32 << 10

    let pattern: [UInt8]
    let ignoresCase: Bool
    /// The number of capturing groups.
    let groupCount: Int
    private let preference: RegularExpressionTranslator.Preference
    private let hasBackReference: Bool
    // SAFETY: PCRE2 does not change compiled code when it matches, so any thread may read it (pcre2api,
    // "Multithreading"); only deinit frees it, after the last use.
    private nonisolated(unsafe) let plain: OpaquePointer
    /// The same, but every step calls ``step``.
    private nonisolated(unsafe) let counted: OpaquePointer

    /// - Parameter ignoringCase: As `~*` does.
    /// - Throws: What is wrong with the pattern, and at which byte.
    init(_ pattern: [UInt8], ignoringCase: Bool = false) throws(EvaluationError) {
        guard pattern.count <= Self.longestPattern, pattern.span.isUTF8 else {
            throw EvaluationError("a regular expression must be UTF-8 text of at most \(Self.longestPattern) bytes")
        }
        let translation = try RegularExpressionTranslator.translate(pattern, ignoringCase: ignoringCase)
        self.pattern = pattern
        ignoresCase = translation.ignoresCase
        groupCount = translation.groups
        preference = translation.preference
        hasBackReference = translation.hasBackReference
        plain = try Self.compile(translation, options: PCRE2_NO_AUTO_POSSESS)
        do {
            counted = try Self.compile(translation, options: PCRE2_AUTO_CALLOUT | PCRE2_NO_AUTO_POSSESS)
        } catch {
            pcre2_code_free_8(plain)
            throw error
        }
    }

    deinit {
        pcre2_code_free_8(plain)
        pcre2_code_free_8(counted)
    }

    private static func compile(
        _ translation: RegularExpressionTranslator.Result, options: UInt32
    ) throws(EvaluationError) -> OpaquePointer {
        // At the counted one's end a call decides whether it may end there.
        let isCounted = options & PCRE2_AUTO_CALLOUT != 0
        let pattern = isCounted ? Array("(?:".utf8) + translation.pattern + Array(")(?C1)".utf8) : translation.pattern
        var code: Int32 = 0
        var offset = 0
        let options = options | PCRE2_UTF | (translation.ignoresCase ? PCRE2_CASELESS : 0)
        // SAFETY: PCRE2 reads exactly `count` bytes, during the call. An empty array may have no address.
        let compiled = (pattern + [0]).withUnsafeBufferPointer {
            pcre2_compile_8($0.baseAddress, pattern.count, options, &code, &offset, nil)
        }
        if let compiled { return compiled }
        let place = max(0, offset - (isCounted ? 3 : 0))
        let origin = place < translation.origins.count ? translation.origins[place] : translation.origins.last ?? 0
        throw EvaluationError("invalid regular expression at byte \(origin + 1): \(message(code))")
    }

    static func message(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }

    // MARK: - Matching

    /// `text ~ pattern`
    func matches(_ text: [UInt8]) throws(EvaluationError) -> Bool {
        var search = try Search(text)
        if text.count <= Self.short.match { return try search.run(plain, from: 0, options: 0) != nil }
        return try search.run(counted, from: 0, options: 0) != nil
    }

    /// The first match at or after a byte.
    ///
    /// - Parameter withGroups: False when only the whole match is wanted, which is cheaper.
    func firstMatch(in text: [UInt8], from start: Int = 0, withGroups: Bool = true) throws(EvaluationError) -> Match? {
        guard start >= 0, start <= text.count else { return nil }
        var search = try Search(text)
        return try match(&search, from: start, withGroups: withGroups)
    }

    func match(_ search: inout Search, from start: Int, withGroups: Bool) throws(EvaluationError) -> Match? {
        if hasBackReference { return try search.run(counted, from: start, options: 0) }
        let isShort = search.text.count <= Self.short.extent && pattern.count <= Self.short.pattern
        guard let whole = try search.extent(isShort ? plain : counted, from: start, preference) else { return nil }
        guard withGroups, groupCount > 0 else { return Match(groups: [whole]) }
        search.wantedEnd = whole.upperBound
        defer { search.wantedEnd = -1 }
        guard let match = try search.run(counted, from: whole.lowerBound, options: PCRE2_ANCHORED) else {
            throw EvaluationError("a regular expression's groups could not be found; make it simpler")
        }
        return match
    }

    /// `substring(text from pattern)`: the first group, or the whole match without groups; nil (null) when
    /// nothing matches, or the group takes no part.
    func substring(of text: [UInt8]) throws(EvaluationError) -> [UInt8]? {
        guard let match = try firstMatch(in: text) else { return nil }
        return (groupCount > 0 ? match.groups[1] : match.whole).map { Array(text[$0]) }
    }

    /// `regexp_match`: the groups, or the whole match without groups; nil (null) when nothing matches.
    func groups(of text: [UInt8]) throws(EvaluationError) -> [[UInt8]?]? {
        guard let match = try firstMatch(in: text) else { return nil }
        let places = groupCount > 0 ? match.groups[1...] : match.groups[...]
        return places.map { $0.map { Array(text[$0]) } }
    }
}

extension RegularExpression: Hashable {
    static func == (one: RegularExpression, other: RegularExpression) -> Bool {
        one.pattern == other.pattern && one.ignoresCase == other.ignoresCase
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(pattern)
        hasher.combine(ignoresCase)
    }
}
