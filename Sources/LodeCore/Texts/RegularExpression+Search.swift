import CPCRE2

extension RegularExpression {
    /// PCRE2's places of a match, and its limits. Freed when the last search that uses it ends.
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

    /// One text and the steps taken over it so far. For one thread.
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
