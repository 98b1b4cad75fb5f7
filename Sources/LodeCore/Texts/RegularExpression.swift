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
    private static let mostSteps = 20_000_000
    /// Up to these lengths, in bytes, a text is matched and an extent found without counting each step:
    /// PCRE2 counts its ways back from each character, and an extent takes no more steps than the square of
    /// the text's length times that of the pattern's.
    private static let short = (match: 2048, extent: 512, pattern: 256)
    private static let mostWaysBack: UInt32 = 100_000
    /// For PCRE2's memory of ways back: 64 MB.
    private static let mostHeap: UInt32 = 64 << 10
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

    private static func message(_ code: Int32) -> String {
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

extension RegularExpression {
    /// One text, its match data and the steps taken over it. Used by one thread, and not copied.
    final class Memory {
        let data: OpaquePointer
        let context: OpaquePointer

        init() throws(EvaluationError) {
            guard let data = pcre2_match_data_create_8(128, nil) else { throw Self.none }
            guard let context = pcre2_match_context_create_8(nil) else {
                pcre2_match_data_free_8(data)
                throw Self.none
            }
            (self.data, self.context) = (data, context)
            pcre2_set_heap_limit_8(context, RegularExpression.mostHeap)
        }

        deinit {
            pcre2_match_data_free_8(data)
            pcre2_match_context_free_8(context)
        }

        private static var none: EvaluationError { EvaluationError("no memory for a regular expression") }
    }

    struct Search {
        /// What ``step`` sees.
        private struct Count {
            var left: Int
            var wantedEnd: Int
        }

        private let memory: Memory
        let text: [UInt8]
        private var isChecked = false
        private var stepsLeft = RegularExpression.mostSteps
        /// Of numbers, for the ways that are followed at once.
        private var workspace = 1024
        /// Where a match must end; -1: anywhere.
        var wantedEnd = -1

        init(_ text: [UInt8]) throws(EvaluationError) {
            memory = try Memory()
            self.text = text
        }

        /// Called by PCRE2 before each part of a pattern that it tries, and at the pattern's end.
        private static let step:
            @convention(c) (UnsafeMutablePointer<pcre2_callout_block_8>?, UnsafeMutableRawPointer?) -> Int32 = {
                guard let block = $0, let count = $1?.assumingMemoryBound(to: Count.self) else { return 0 }
                count.pointee.left -= 1
                if count.pointee.left <= 0 { return PCRE2_ERROR_MATCHLIMIT }
                guard block.pointee.callout_number == 1, count.pointee.wantedEnd >= 0 else { return 0 }
                return block.pointee.current_position == count.pointee.wantedEnd ? 0 : 1
            }

        /// The first match from `start`, whichever PCRE2 prefers.
        mutating func run(
            _ code: OpaquePointer, from start: Int, options: UInt32
        ) throws(EvaluationError) -> Match? {
            let memory = memory
            // Steps over long texts are counted anyway.
            let isShort = text.count <= RegularExpression.short.match
            let mostWaysBack = isShort ? RegularExpression.mostWaysBack : UInt32(RegularExpression.mostSteps)
            pcre2_set_match_limit_8(memory.context, mostWaysBack)
            let found = try call(options) { (text, length, options) in
                pcre2_match_8(code, text, length, start, options, memory.data, memory.context)
            }
            guard found >= 0 else { return nil }
            var groups: [Range<Int>?] = []
            for index in 0..<Int(found == 0 ? 128 : found) { groups.append(place(index)) }
            var count: UInt32 = 0
            pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
            while groups.count <= Int(count) { groups.append(nil) }
            return Match(groups: groups)
        }

        /// The longest or shortest match where the first one from `start` begins.
        mutating func extent(
            _ code: OpaquePointer, from start: Int, _ preference: RegularExpressionTranslator.Preference
        ) throws(EvaluationError) -> Range<Int>? {
            let memory = memory
            while true {
                let workspace = workspace
                let options: UInt32 = preference == .shortest ? PCRE2_DFA_SHORTEST : 0
                let found = try call(options) { (text, length, options) in
                    withUnsafeTemporaryAllocation(of: Int32.self, capacity: workspace) {
                        pcre2_dfa_match_8(
                            code, text, length, start, options, memory.data, memory.context, $0.baseAddress, $0.count)
                    }
                }
                if found != PCRE2_ERROR_DFA_WSSIZE { return found >= 0 ? place(0) : nil }
                // 4 MB is the end of it.
                guard workspace < 1 << 20 else { throw Self.tooManySteps }
                self.workspace = workspace * 4
            }
        }

        private mutating func call(
            _ options: UInt32, _ body: (UnsafePointer<UInt8>, Int, UInt32) -> Int32
        ) throws(EvaluationError) -> Int32 {
            var count = Count(left: stepsLeft, wantedEnd: wantedEnd)
            let options = options | (isChecked ? PCRE2_NO_UTF_CHECK : 0)
            let empty: [UInt8] = [0]
            let (memory, text) = (memory, text)
            // SAFETY: PCRE2 reads the text, and `step` the count, only during `body`.
            let found = withUnsafeMutablePointer(to: &count) { count in
                pcre2_set_callout_8(memory.context, Self.step, count)
                defer { pcre2_set_callout_8(memory.context, nil, nil) }
                return (text.isEmpty ? empty : text).withUnsafeBufferPointer { bytes in
                    bytes.baseAddress.map { body($0, text.count, options) } ?? PCRE2_ERROR_NOMATCH
                }
            }
            stepsLeft = count.left
            switch found {
            case 0..., PCRE2_ERROR_NOMATCH, PCRE2_ERROR_DFA_WSSIZE:
                // It was found to be UTF-8.
                isChecked = true
                return found
            case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_DFA_RECURSE:
                throw Self.tooManySteps
            case PCRE2_ERROR_UTF8_ERR21...PCRE2_ERROR_UTF8_ERR1:
                throw EvaluationError("a regular expression was asked about bytes that are no UTF-8 text")
            default:
                throw EvaluationError("a regular expression failed: \(RegularExpression.message(found))")
            }
        }

        private static var tooManySteps: EvaluationError {
            EvaluationError("a regular expression takes too many steps on this text; make it simpler")
        }

        private func place(_ index: Int) -> Range<Int>? {
            guard let places = pcre2_get_ovector_pointer_8(memory.data), index < 128 else { return nil }
            let (start, end) = (places[2 * index], places[2 * index + 1])
            // A group that took no part has PCRE2_UNSET, the largest size, which Swift sees as -1.
            guard start >= 0, start <= end, end <= text.count else { return nil }
            return start..<end
        }
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
