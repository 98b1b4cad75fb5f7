/// Cuts a program's standard output into lines.
struct ExecOutputLines: Sendable {
    /// An answer is no longer.
    static let mostBytes = 1 << 20

    private var bytes: [UInt8] = []
    private var at = 0
    /// How far there is no line break.
    private var searched = 0

    mutating func feed(_ piece: ArraySlice<UInt8>) {
        bytes.removeSubrange(..<at)
        searched -= at
        at = 0
        bytes.append(contentsOf: piece)
    }

    /// The next whole line, without its break; nil: more bytes are needed.
    ///
    /// - Throws: ``ExecFault`` when a line has more than ``mostBytes``.
    mutating func next() throws(ExecFault) -> [UInt8]? {
        let end = bytes[searched...].firstIndex(of: 0x0A)
        searched = end ?? bytes.count
        guard searched - at <= Self.mostBytes else {
            throw ExecFault(reason: "a line of more than \(Self.mostBytes >> 20) MB")
        }
        guard let end else { return nil }
        defer {
            at = end + 1
            searched = at
        }
        return Array(bytes[at..<end])
    }
}

/// Cuts a program's standard error into lines for the log: no line without end, and not so many that they
/// fill the disk.
struct ExecErrorLines: Sendable {
    static let mostBytes = 4096
    static let mostLinesASecond = 100

    private var line: [UInt8] = []
    private var isCut = false
    private var second: ContinuousClock.Instant?
    private var lines = 0
    private var leftOut = 0

    /// What is to be logged, a text a line.
    mutating func take(_ piece: ArraySlice<UInt8>, at now: ContinuousClock.Instant) -> [String] {
        var found: [String] = []
        var rest = piece
        while let end = rest.firstIndex(of: 0x0A) {
            keep(rest[..<end])
            finish(at: now, &found)
            rest = rest[(end + 1)...]
        }
        keep(rest)
        return found
    }

    /// The last line, that nothing ended.
    mutating func end(at now: ContinuousClock.Instant) -> [String] {
        var found: [String] = []
        if !line.isEmpty { finish(at: now, &found) }
        if leftOut > 0 { found.append("(\(leftOut) lines left out)") }
        leftOut = 0
        return found
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        let room = Self.mostBytes - line.count
        line.append(contentsOf: bytes.prefix(room))
        isCut = isCut || bytes.count > room
    }

    private mutating func finish(at now: ContinuousClock.Instant, _ found: inout [String]) {
        defer {
            line.removeAll(keepingCapacity: true)
            isCut = false
        }
        if second.map({ now - $0 >= .seconds(1) }) ?? true {
            if leftOut > 0 { found.append("(\(leftOut) lines left out)") }
            second = now
            (lines, leftOut) = (0, 0)
        }
        lines += 1
        guard lines <= Self.mostLinesASecond else {
            leftOut += 1
            return
        }
        if line.last == 0x0D { line.removeLast() }
        let text = ExecText.line(line, most: Self.mostBytes)
        if !text.isEmpty { found.append(isCut ? text + "…" : text) }
    }
}
