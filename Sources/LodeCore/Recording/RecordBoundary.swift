/// Finds the newline that ends a record where records follow one another in a text, as in what
/// `pg_recvlogical -f` writes.
///
/// Quoted values and names hold newlines of their own, and so does a message's content, whose size
/// stands before it. A value's or a name's inner quotes are doubled, so quotes always come in pairs:
/// a newline ends the record when the `'` and `"` before it are even. Most records have no newline
/// and no `"`, so one look at a line usually settles it.
///
/// A record may arrive in pieces; what was looked at once is not looked at again.
struct RecordBoundary: Sendable {
    enum Outcome: Equatable {
        /// The record's newline, and how many newlines there are up to and with it.
        case end(Int, lines: Int)
        /// The end has not arrived.
        case more
        /// The end is missing.
        case cutShort
        /// There is no record here.
        case damaged(at: Int, expected: String)
    }

    private enum State: UInt8 {
        case unknown
        /// `BEGIN` and the streaming family, where quotes mean nothing.
        case line
        case message
        case outside
        case insideValue
        case insideName
    }

    private var state: State = .unknown
    /// How many of the record's bytes were looked at.
    private var scanned = 0
    private var message: MessageBoundary

    init(limit: Int, next: RecordNeighbour) {
        message = MessageBoundary(limit: limit, next: next)
    }

    /// Looks for the end of the record that starts at `start`.
    mutating func find(in bytes: Span<UInt8>, from start: Int, isComplete: Bool) -> Outcome {
        if state == .unknown {
            guard let kind = Self.kind(of: bytes, at: start) else {
                if bytes.count - start < RecordWord.longest {
                    if !isComplete { return .more }
                    if bytes.first(UInt8(ascii: "\n"), from: start) == nil { return .cutShort }
                }
                return .damaged(at: start, expected: "a record of test_decoding")
            }
            state = kind
        }
        let outcome: Outcome
        switch state {
        case .message: outcome = message.find(in: bytes, from: start, isComplete: isComplete)
        case .line: outcome = findLine(bytes, start)
        default: outcome = findOutsideQuotes(bytes, start)
        }
        switch outcome {
        case .more where isComplete: return .cutShort
        case .end: reset()
        default: break
        }
        return outcome
    }

    private mutating func reset() {
        state = .unknown
        scanned = 0
    }

    private static func kind(of bytes: Span<UInt8>, at start: Int) -> State? {
        switch RecordWord(bytes, at: start) {
        case .row, .commit, .prepare, .rollbackPrepared, .preparingStreamed: .outside
        case .begin, .streaming: .line
        case .message: .message
        case nil: nil
        }
    }

    private mutating func findLine(_ bytes: Span<UInt8>, _ start: Int) -> Outcome {
        guard let end = bytes.first(UInt8(ascii: "\n"), from: start + scanned) else {
            scanned = bytes.count - start
            return .more
        }
        return .end(end, lines: 1)
    }

    private mutating func findOutsideQuotes(_ bytes: Span<UInt8>, _ start: Int) -> Outcome {
        if scanned == 0, let end = bytes.first(UInt8(ascii: "\n"), from: start), bytes.isPlain(start..<end) {
            return .end(end, lines: 1)
        }
        var at = start + scanned
        while at < bytes.count {
            switch state {
            case .insideValue, .insideName:
                let quote = state == .insideValue ? UInt8(ascii: "'") : UInt8(ascii: "\"")
                at = bytes.first(quote, from: at) ?? bytes.count
                guard at < bytes.count else { break }
                state = .outside
                at += 1
            default:
                at = bytes.firstQuoteOrNewline(from: at)
                guard at < bytes.count else { break }
                switch bytes[at] {
                case UInt8(ascii: "\n"):
                    return .end(at, lines: 1 + bytes.extracting(start..<at).count(of: UInt8(ascii: "\n")))
                case UInt8(ascii: "'"): state = .insideValue
                default: state = .insideName
                }
                at += 1
            }
        }
        scanned = bytes.count - start
        return .more
    }
}

extension Span<UInt8> {
    /// Whether every `'` in the range has its partner there, and there is no `"`; 8 bytes at a time.
    fileprivate func isPlain(_ range: Range<Int>) -> Bool {
        let part = extracting(range)
        // The high bit of a byte's lane: set where an odd number of `'` met it, or any `"`.
        var odd: UInt64 = 0
        var named: UInt64 = 0
        var at = 0
        // SAFETY: each load reads 8 bytes that end at or before the count; the pointer stays inside.
        unsafe part.withUnsafeBytes { bytes in
            while at + 8 <= bytes.count {
                let lanes = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                odd ^= lanes.lanes(equalTo: UInt8(ascii: "'"))
                named |= lanes.lanes(equalTo: UInt8(ascii: "\""))
                at += 8
            }
        }
        var isOdd = odd.nonzeroBitCount % 2 == 1
        while at < part.count {
            let byte = part.byte(at)
            if byte == UInt8(ascii: "\"") { return false }
            if byte == UInt8(ascii: "'") { isOdd.toggle() }
            at += 1
        }
        return named == 0 && !isOdd
    }

    /// The first `'`, `"` or newline at or after `offset`, or the end.
    fileprivate func firstQuoteOrNewline(from offset: Int) -> Int {
        var at = offset
        while at < count {
            let byte = byte(at)
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") { return at }
            at += 1
        }
        return at
    }
}

extension UInt64 {
    /// The high bit of each byte that equals `byte`; all other bits are zero.
    ///
    /// Henry S. Warren, "Hacker's Delight", 6-1, "Find First 0-Byte": exact, without carries.
    @inline(__always)
    fileprivate func lanes(equalTo byte: UInt8) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let difference = self ^ (0x0101_0101_0101_0101 &* UInt64(byte))
        return ~(((difference & low) &+ low) | difference | low)
    }
}
