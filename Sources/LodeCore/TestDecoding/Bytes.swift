#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension UInt8 {
    var isDigit: Bool { self &- 48 < 10 }

    /// Of a name that `quote_identifier` leaves unquoted: lower-case letters, digits, underscores.
    var isOfBareName: Bool { self &- 97 < 26 || self &- 48 < 10 || self == 95 }

    /// Of what stands without quotes as a value: numbers, `true`, `null`, `NaN`, `unchanged-toast-datum`.
    var isOfBareValue: Bool { (self | 32) &- 97 < 26 || self &- 48 < 10 || self == 43 || self == 45 || self == 46 }

    /// `"`, `[` or `]`: what matters in the name of a type.
    var endsTypeWord: Bool { self == 34 || self == 91 || self == 93 }
}

extension Span<UInt8> {
    /// Whether the ASCII `text`, which is not empty, stands at `offset`.
    @inline(__always)
    func has(_ text: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, count - offset >= text.utf8CodeUnitCount else { return false }
        // Most of what is asked for is not there, and the first byte tells.
        // SAFETY: a StaticString's bytes live for ever, at least one of them; ours are checked above.
        return unsafe byte(offset) == text.utf8Start.pointee && hasAll(text, at: offset)
    }

    private func hasAll(_ text: StaticString, at offset: Int) -> Bool {
        // SAFETY: as in `has`, which calls this.
        let start = unsafe text.utf8Start
        var index = 1
        while index < text.utf8CodeUnitCount {
            guard unsafe byte(offset + index) == start[index] else { return false }
            index += 1
        }
        return true
    }

    /// The byte at `offset`, without a second check of the bounds.
    ///
    /// SAFETY: the caller has just compared `offset` with `count`, and offsets only grow from zero.
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { unsafe self[unchecked: offset] }

    /// The first `'` at or after `offset`.
    func firstQuote(from offset: Int) -> Int? { first(UInt8(ascii: "'"), from: offset) }

    /// The first such byte at or after `offset`.
    @inline(__always)
    func first(_ byte: UInt8, from offset: Int) -> Int? {
        guard offset < count else { return nil }
        // SAFETY: memchr reads `count - offset` bytes from `offset`, all inside the span, and the
        // pointer does not leave the closure.
        return unsafe withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress,
                let found = unsafe memchr(base + offset, Int32(byte), bytes.count - offset)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// The end of the name, quoted or not, that starts at `offset`; nil when none does, or it has no end.
    @inline(__always)
    func identifierEnd(from offset: Int) -> Int? {
        var end = offset
        while end < count, byte(end).isOfBareName { end += 1 }
        if end > offset { return end }
        return quotedIdentifierEnd(from: offset)
    }

    private func quotedIdentifierEnd(from offset: Int) -> Int? {
        guard offset < count, byte(offset) == UInt8(ascii: "\"") else { return nil }
        var end = offset + 1
        while end < count {
            if byte(end) == UInt8(ascii: "\"") {
                end += 1
                if end >= count || byte(end) != UInt8(ascii: "\"") { return end }
            }
            end += 1
        }
        return nil
    }

    /// Whether the bytes of `range` are those of `other`. The range must lie in the span.
    func equals(_ range: ByteRange, _ other: [UInt8]) -> Bool {
        let length = range.count
        let start = Int(range.start)
        guard length == other.count, start >= 0, start + length <= count else { return false }
        // SAFETY: all the bytes that are compared lie in the span and in the array, as was just checked.
        return unsafe withUnsafeBytes { bytes in
            unsafe other.withUnsafeBytes { other in
                guard let one = bytes.baseAddress, let two = other.baseAddress else { return length == 0 }
                return unsafe memcmp(one + start, two, length) == 0
            }
        }
    }

    public func string(_ range: ByteRange) -> String {
        String(decoding: bytes(range), as: UTF8.self)
    }

    func bytes(_ range: ByteRange) -> [UInt8] {
        var copy: [UInt8] = []
        copy.append(extracting(range.range))
        return copy
    }

    /// A name without the quotes that `quote_identifier` put round it.
    public func identifier(_ range: ByteRange) -> String {
        guard range.count >= 2, self[Int(range.start)] == UInt8(ascii: "\"") else { return string(range) }
        var name: [UInt8] = []
        var index = Int(range.start) + 1
        while index < Int(range.end) - 1 {
            name.append(self[index])
            index += self[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// The two names of `schema.table`.
    public func tableName(_ range: ByteRange) -> TableName {
        var at = Int(range.start)
        if self[at] == UInt8(ascii: "\"") {
            at += 1
            while at < Int(range.end) {
                if self[at] == UInt8(ascii: "\"") {
                    at += 1
                    if at >= Int(range.end) || self[at] != UInt8(ascii: "\"") { break }
                }
                at += 1
            }
        } else {
            while at < Int(range.end), self[at] != UInt8(ascii: ".") { at += 1 }
        }
        return TableName(
            schema: identifier(ByteRange(Int(range.start), at)),
            name: identifier(ByteRange(min(at + 1, Int(range.end)), Int(range.end))))
    }

    /// A value's text: its bytes, with doubled quotes made single.
    public func text(_ cell: Cell) -> [UInt8] {
        guard cell.form == .doubled else { return bytes(cell.bytes) }
        var text: [UInt8] = []
        text.reserveCapacity(cell.bytes.count)
        var index = Int(cell.bytes.start)
        while index < Int(cell.bytes.end) {
            text.append(self[index])
            index += self[index] == UInt8(ascii: "'") ? 2 : 1
        }
        return text
    }
}
