/// The lines of Lode's own format; see ``RecordingWriter``.
struct LodeLines: Sendable {
    private let limit: Int
    /// nil until the first line was read.
    private(set) var header: RecordingHeader?

    init(limit: Int) { self.limit = limit }

    mutating func next(
        _ text: inout RecordingText, _ record: inout RecordBytes
    ) throws(RecordingError) -> RecordPlace? {
        while text.unreadCount > 0 {
            guard let end = text.lineEnd() ?? (text.isComplete ? text.bytes.count : nil) else {
                // A byte may be written as six, `\u0001`.
                guard text.unreadCount <= 6 * limit + 256 else { throw notARecord(text, text.start) }
                return nil
            }
            if header == nil {
                header = try readHeader(text, end)
            } else if let lsn = try readRecord(text, &record, end) {
                guard record.count <= limit else { throw notARecord(text, text.start) }
                let place = RecordPlace(lsn: lsn == .zero ? nil : lsn, line: text.line, offset: text.offset)
                text.advance(to: min(end + 1, text.bytes.count), lines: 1)
                return place
            }
            text.advance(to: min(end + 1, text.bytes.count), lines: 1)
        }
        return nil
    }

    private func readHeader(_ text: RecordingText, _ end: Int) throws(RecordingError) -> RecordingHeader {
        do {
            return try RecordingHeader(line: Array(text.bytes[text.start..<end]))
        } catch .newer(let version) {
            throw text.error(
                .newerVersion, at: text.start,
                "the recording has format version \(version), and this Lode reads up to \(RecordingHeader.version); "
                    + "read it with a newer Lode")
        } catch .misses(let member) {
            throw text.error(.damaged, at: text.start, "the recording's header should have \(member); record it again")
        } catch {
            throw text.error(
                .unknownFormat, at: text.start,
                "the first line is no header of a recording, {\"lode\":1,...}; give a file that “lode record” wrote")
        }
    }

    /// Reads the line up to `end`: the record's LSN, zero when it has none; nil when the line has no
    /// record.
    private mutating func readRecord(
        _ text: RecordingText, _ record: inout RecordBytes, _ end: Int
    ) throws(RecordingError) -> LSN? {
        let line = text.bytes.span.extracting(text.start..<end)
        if line.has("{\"lsn\":\"", at: 0), let lsnEnd = line.lsnEnd(from: 8), line.has("\",\"data\":\"", at: lsnEnd),
            line.count >= lsnEnd + 12, line.has("\"}", at: line.count - 2)
        {
            let lsn = line.lsn(in: 8..<lsnEnd)
            let body = line.extracting((lsnEnd + 10)..<(line.count - 2))
            if body.first(UInt8(ascii: "\\"), from: 0) == nil, body.first(UInt8(ascii: "\""), from: 0) == nil {
                record.set((text.start + lsnEnd + 10)..<(end - 2), row: text.start)
                return lsn
            }
            record.begin()
            if JSONEscapes.append(body, to: &record.own) { return lsn }
        }
        return try readRecordInAnyForm(text, &record, end)
    }

    /// Reads a line that is not written as Lode writes it: other white space, another order.
    private mutating func readRecordInAnyForm(
        _ text: RecordingText, _ record: inout RecordBytes, _ end: Int
    ) throws(RecordingError) -> LSN? {
        let line = Array(text.bytes[text.start..<end])
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
        var reader = JSONTreeReader(line)
        let tree: JSONTree
        do {
            tree = try reader.readAll()
        } catch {
            let index = text.start + error.offset
            throw text.isComplete && end == text.bytes.count ? text.cutShort() : notARecord(text, index)
        }
        guard case .object(let members) = tree else { throw notARecord(text, text.start) }
        if members.count == 1, tree["tables"] != nil {
            guard let tables = try? RecordingHeader.tables(line: line) else { throw notARecord(text, text.start) }
            header?.learn(tables)
            return nil
        }
        guard members.count == (tree["lsn"] == nil ? 1 : 2) else { throw notARecord(text, text.start) }
        var lsn = LSN.zero
        if let member = tree["lsn"] {
            guard let position = member.text.flatMap({ LSN($0) }) else { throw notARecord(text, text.start) }
            lsn = position
        }
        record.begin()
        if case .string(let data)? = tree["data"] {
            record.own = data
        } else if case .string(let base64)? = tree["dataBase64"], let data = Base64.decode(base64.span) {
            record.own = data
        } else {
            throw notARecord(text, text.start)
        }
        return lsn
    }

    private func notARecord(_ text: RecordingText, _ index: Int) -> RecordingError {
        text.damaged(at: index, expected: "a JSON object with “lsn” and “data” or “dataBase64”")
    }
}
