/// A record as `lode decode` prints it: one JSON object, nothing interpreted, every value as the log's
/// text or null.
///
///     {"kind":"update","lsn":"0/16B3748","schema":"public","table":"orders","old":{"id":"1"},
///      "new":{"id":"2"},"unchanged":["note"],"types":{"id":"bigint","note":"text"}}
///
/// A value that is not UTF-8 (the server's encoding may be another) is an object,
/// `{"base64":"/w=="}`, and so never taken for text.
public enum DecodedRecordJSON {
    /// Appends the object, without a newline.
    public static func append(_ change: Change, record: Span<UInt8>, lsn: LSN?, to out: inout [UInt8]) {
        let writer = DecodedRecordWriter(isUTF8: record.isUTF8)
        JSONText.append("{\"kind\":", to: &out)
        JSONText.append(kind(change.kind), to: &out)
        if let lsn {
            JSONText.append(",\"lsn\":\"", to: &out)
            lsn.append(to: &out)
            JSONText.append("\"", to: &out)
        }
        switch change.kind {
        case .begin:
            writer.append(",\"xid\":", change.xid, of: record, to: &out)
        case .commit:
            writer.append(",\"xid\":", change.xid, of: record, to: &out)
            writer.appendTime(change.time, of: record, to: &out)
        case .insert, .update, .delete:
            writer.appendRow(change, record, to: &out)
        case .truncate:
            writer.appendTruncate(change, record, to: &out)
        case .message:
            writer.appendMessage(change, record, to: &out)
        case .prepare, .commitPrepared, .rollbackPrepared:
            writer.append(",\"xid\":", change.xid, of: record, to: &out)
            JSONText.append(",\"gid\":", to: &out)
            JSONText.appendQuoted(record.literal(change.globalID).span.repairedText, to: &out)
            writer.appendTime(change.time, of: record, to: &out)
        case .streaming:
            JSONText.append(",\"text\":", to: &out)
            JSONText.appendQuoted(record.repairedText, to: &out)
        }
        JSONText.append("}", to: &out)
    }

    private static func kind(_ kind: Change.Kind) -> StaticString {
        switch kind {
        case .begin: "\"begin\""
        case .commit: "\"commit\""
        case .insert: "\"insert\""
        case .update: "\"update\""
        case .delete: "\"delete\""
        case .truncate: "\"truncate\""
        case .message: "\"message\""
        case .prepare: "\"prepare\""
        case .commitPrepared: "\"commit-prepared\""
        case .rollbackPrepared: "\"rollback-prepared\""
        case .streaming: "\"streaming\""
        }
    }
}

/// The members of one record's object.
private struct DecodedRecordWriter {
    /// Whether the whole record is UTF-8, and so every part of it: parts end at ASCII characters.
    let isUTF8: Bool

    /// A member with a text of ASCII, unless the log left it out.
    func append(_ member: StaticString, _ range: ByteRange, of record: Span<UInt8>, to out: inout [UInt8]) {
        guard !range.isEmpty else { return }
        JSONText.append(member, to: &out)
        JSONText.appendQuoted(record.extracting(range.range), to: &out)
    }

    /// The time of a commit, in UTC; one that cannot be read stays as it is.
    func appendTime(_ range: ByteRange, of record: Span<UInt8>, to out: inout [UInt8]) {
        guard !range.isEmpty else { return }
        JSONText.append(",\"time\":\"", to: &out)
        let bytes = record.bytes(range)
        if let time = Timestamp(bytes) {
            time.appendRFC3339(to: &out)
        } else {
            for byte in String(decoding: bytes, as: UTF8.self).utf8 { JSONText.appendEscaped(byte, to: &out) }
        }
        JSONText.append("\"", to: &out)
    }

    func appendRow(_ change: Change, _ record: Span<UInt8>, to out: inout [UInt8]) {
        JSONText.append(",", to: &out)
        appendTable(change.table, record, to: &out)
        if change.hasOld { appendTuple(",\"old\":", change.old, record, to: &out) }
        if change.hasNew { appendTuple(",\"new\":", change.new, record, to: &out) }
        appendUnchanged(change.new, record, to: &out)
        // An old row's columns are some of the new row's.
        let columns = change.new.isEmpty ? change.old : change.new
        guard !columns.isEmpty else { return }
        JSONText.append(",\"types\":{", to: &out)
        for (index, column) in columns.enumerated() {
            if index > 0 { JSONText.append(",", to: &out) }
            appendName(column.name, record, to: &out)
            JSONText.append(":", to: &out)
            appendText(record.extracting(column.type.range), to: &out)
        }
        JSONText.append("}", to: &out)
    }

    private func appendTuple(
        _ member: StaticString, _ columns: [ColumnCell], _ record: Span<UInt8>, to out: inout [UInt8]
    ) {
        JSONText.append(member, to: &out)
        JSONText.append("{", to: &out)
        var isFirst = true
        for column in columns where column.cell.form != .unchanged {
            if !isFirst { JSONText.append(",", to: &out) }
            isFirst = false
            appendName(column.name, record, to: &out)
            JSONText.append(":", to: &out)
            appendValue(column.cell, record, to: &out)
        }
        JSONText.append("}", to: &out)
    }

    private func appendUnchanged(_ columns: [ColumnCell], _ record: Span<UInt8>, to out: inout [UInt8]) {
        var isFirst = true
        for column in columns where column.cell.form == .unchanged {
            JSONText.append(isFirst ? ",\"unchanged\":[" : ",", to: &out)
            isFirst = false
            appendName(column.name, record, to: &out)
        }
        if !isFirst { JSONText.append("]", to: &out) }
    }

    private func appendValue(_ cell: Cell, _ record: Span<UInt8>, to out: inout [UInt8]) {
        switch cell.form {
        case .absent, .null, .unchanged:
            JSONText.append("null", to: &out)
        case .bare, .quoted, .bits:
            appendBytes(record.extracting(cell.bytes.range), to: &out)
        case .doubled:
            appendBytes(record.text(cell).span, to: &out)
        }
    }

    /// A value: a JSON string, or an object when it is not UTF-8.
    private func appendBytes(_ bytes: Span<UInt8>, to out: inout [UInt8]) {
        if isUTF8 || bytes.isUTF8 { return JSONText.appendQuoted(bytes, to: &out) }
        JSONText.append("{\"base64\":\"", to: &out)
        Base64.append(bytes, to: &out)
        JSONText.append("\"}", to: &out)
    }

    func appendTruncate(_ change: Change, _ record: Span<UInt8>, to out: inout [UInt8]) {
        JSONText.append(",\"tables\":[", to: &out)
        for (index, table) in change.truncated.enumerated() {
            JSONText.append(index > 0 ? ",{" : "{", to: &out)
            appendTable(table, record, to: &out)
            JSONText.append("}", to: &out)
        }
        JSONText.append("],\"restartSequences\":", to: &out)
        JSONText.append(change.restartsSequences ? "true" : "false", to: &out)
        JSONText.append(",\"cascade\":", to: &out)
        JSONText.append(change.cascades ? "true" : "false", to: &out)
    }

    func appendMessage(_ change: Change, _ record: Span<UInt8>, to out: inout [UInt8]) {
        JSONText.append(",\"transactional\":", to: &out)
        JSONText.append(change.isTransactional ? "true" : "false", to: &out)
        JSONText.append(",\"prefix\":", to: &out)
        appendText(record.extracting(change.prefix.range), to: &out)
        let content = record.extracting(change.content.range)
        if isUTF8 || content.isUTF8 {
            JSONText.append(",\"content\":", to: &out)
            JSONText.appendQuoted(content, to: &out)
        } else {
            JSONText.append(",\"contentBase64\":\"", to: &out)
            Base64.append(content, to: &out)
            JSONText.append("\"", to: &out)
        }
    }

    /// `"schema":"public","table":"orders"`, without quotes and in two.
    private func appendTable(_ range: ByteRange, _ record: Span<UInt8>, to out: inout [UInt8]) {
        let dot = record.identifierEnd(from: Int(range.start)) ?? Int(range.end)
        JSONText.append("\"schema\":", to: &out)
        appendName(ByteRange(Int(range.start), dot), record, to: &out)
        JSONText.append(",\"table\":", to: &out)
        appendName(ByteRange(min(dot + 1, Int(range.end)), Int(range.end)), record, to: &out)
    }

    private func appendName(_ range: ByteRange, _ record: Span<UInt8>, to out: inout [UInt8]) {
        let name = record.extracting(range.range)
        if name.has("\"", at: 0) {
            JSONText.appendQuoted(record.identifier(range), to: &out)
        } else {
            appendText(name, to: &out)
        }
    }

    /// A name or a type, with what is not UTF-8 replaced: a JSON name must be text.
    private func appendText(_ bytes: Span<UInt8>, to out: inout [UInt8]) {
        if isUTF8 {
            JSONText.appendQuoted(bytes, to: &out)
        } else {
            JSONText.appendQuoted(bytes.repairedText, to: &out)
        }
    }
}

extension Span<UInt8> {
    /// The bytes as text; what is not UTF-8 is replaced by U+FFFD.
    fileprivate var repairedText: String {
        var copy: [UInt8] = []
        copy.append(self)
        return String(decoding: copy, as: UTF8.self)
    }

    /// What a literal of `quote_literal` stands for: `'it''s'`, or `E'a\\b'` with a backslash in it.
    fileprivate func literal(_ range: ByteRange) -> [UInt8] {
        let isEscaped = has("E", at: Int(range.start))
        var text: [UInt8] = []
        var at = Int(range.start) + (isEscaped ? 2 : 1)
        while at < Int(range.end) - 1 {
            text.append(self[at])
            at += self[at] == UInt8(ascii: "'") || (isEscaped && self[at] == UInt8(ascii: "\\")) ? 2 : 1
        }
        return text
    }
}
