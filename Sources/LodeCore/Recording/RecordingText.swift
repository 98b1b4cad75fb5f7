/// The part of a recording that has arrived and is not yet read.
///
/// Bytes come in at the end and are given up from the start, so what is held is one chunk and one
/// unfinished record, whatever the recording's size.
struct RecordingText: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where in `bytes` the unread part starts.
    private(set) var start = 0
    /// The line that `start` is on, from 1.
    private(set) var line = 1
    /// Whether the last bytes have arrived.
    private(set) var isComplete = false
    /// Where `bytes` starts in the recording.
    private var origin = 0
    /// Up to here in `bytes` there is no newline after `start`.
    private var searched = 0

    /// Room that is kept from record to record; more than this is given back.
    static let keptCapacity = 8 << 20

    /// Where the unread part starts in the recording, in bytes.
    var offset: Int { origin + start }
    var unreadCount: Int { bytes.count - start }
    var isAtEnd: Bool { isComplete && start == bytes.count }

    mutating func append(_ chunk: [UInt8]) {
        if start > 0 {
            origin += start
            searched = max(0, searched - start)
            let rest = bytes.count - start
            if bytes.capacity > Self.keptCapacity, bytes.capacity > 4 * (rest + chunk.count) {
                bytes = Array(bytes[start...])
            } else {
                bytes.removeSubrange(0..<start)
            }
            start = 0
        }
        bytes.append(contentsOf: chunk)
    }

    mutating func complete() { isComplete = true }

    /// The newline that ends the first unread line; nil when it has not arrived.
    mutating func lineEnd() -> Int? {
        guard let end = bytes.span.first(UInt8(ascii: "\n"), from: max(searched, start)) else {
            searched = bytes.count
            return nil
        }
        searched = end
        return end
    }

    /// Gives up the bytes before `index`, in which there are `lines` newlines.
    mutating func advance(to index: Int, lines: Int) {
        start = index
        line += lines
    }

    /// The error of the byte at `index`, not before `start`.
    func error(_ reason: RecordingError.Reason, at index: Int, _ message: String) -> RecordingError {
        let span = bytes.span
        let end = min(index, span.count)
        let before = span.extracting(start..<max(start, end))
        return RecordingError(
            reason, line: line + before.count(of: UInt8(ascii: "\n")), column: before.columnAfter, offset: origin + end,
            message)
    }

    /// The recording ends before the record that starts at `start` does.
    func cutShort() -> RecordingError {
        error(
            .cutShort, at: start,
            "the recording is cut short: the record that starts here has no end; record it again, or remove it")
    }
}

extension Span<UInt8> {
    func count(of byte: UInt8) -> Int {
        var total = 0
        for index in indices where self[index] == byte { total += 1 }
        return total
    }

    /// The column, from 1 and in Unicode scalars, of what follows these bytes.
    var columnAfter: Int {
        var column = 1
        for index in indices {
            if self[index] == UInt8(ascii: "\n") {
                column = 1
            } else if self[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
        return column
    }
}
