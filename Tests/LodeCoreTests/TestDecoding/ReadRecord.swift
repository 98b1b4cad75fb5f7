@testable import LodeCore

/// A record as a person would say what is in it, for comparison.
struct ReadRecord: Equatable {
    enum Value: Equatable {
        case null
        case unchanged
        /// A number, true or false.
        case bare(String)
        case text(String)
        case bits(String)
    }

    struct Column: Equatable {
        var name: String
        var type: String
        var value: Value

        init(_ name: String, _ type: String, _ value: Value) {
            self.name = name
            self.type = type
            self.value = value
        }
    }

    var kind: Change.Kind
    var tables: [TableName] = []
    var old: [Column]?
    var new: [Column]?
    var xid = ""
    var time = ""
    /// Of a truncate: restart, cascade.
    var flags: [Bool] = []
    /// Of a message: transactional, prefix, content.
    var message: Message?
    /// As written, in quotes.
    var globalID = ""

    struct Message: Equatable {
        var isTransactional: Bool
        var prefix: String
        var content: [UInt8]

        init(_ isTransactional: Bool, _ prefix: String, _ content: String) {
            self.init(isTransactional, prefix, Array(content.utf8))
        }

        init(_ isTransactional: Bool, _ prefix: String, _ content: [UInt8]) {
            self.isTransactional = isTransactional
            self.prefix = prefix
            self.content = content
        }
    }

    init(_ kind: Change.Kind) { self.kind = kind }

    static func begin(_ xid: String = "") -> ReadRecord {
        var record = ReadRecord(.begin)
        record.xid = xid
        return record
    }

    static func commit(_ xid: String = "", time: String = "") -> ReadRecord {
        var record = ReadRecord(.commit)
        record.xid = xid
        record.time = time
        return record
    }

    static func insert(_ schema: String, _ name: String, _ new: [Column]?) -> ReadRecord {
        row(.insert, schema, name, old: nil, new: new)
    }

    static func update(_ schema: String, _ name: String, old: [Column]? = nil, _ new: [Column]?) -> ReadRecord {
        row(.update, schema, name, old: old, new: new)
    }

    static func delete(_ schema: String, _ name: String, _ old: [Column]?) -> ReadRecord {
        row(.delete, schema, name, old: old, new: nil)
    }

    private static func row(
        _ kind: Change.Kind, _ schema: String, _ name: String, old: [Column]?, new: [Column]?
    ) -> ReadRecord {
        var record = ReadRecord(kind)
        record.tables = [TableName(schema: schema, name: name)]
        record.old = old
        record.new = new
        return record
    }

    static func truncate(_ names: [String], restart: Bool = false, cascade: Bool = false) -> ReadRecord {
        var record = ReadRecord(.truncate)
        record.tables = names.map { TableName(schema: "public", name: $0) }
        record.flags = [restart, cascade]
        return record
    }

    static func message(_ isTransactional: Bool, _ prefix: String, _ content: String) -> ReadRecord {
        var record = ReadRecord(.message)
        record.message = Message(isTransactional, prefix, content)
        return record
    }

    static func twoPhase(_ kind: Change.Kind, _ globalID: String, xid: String = "", time: String = "") -> ReadRecord {
        var record = ReadRecord(kind)
        record.globalID = globalID
        record.xid = xid
        record.time = time
        return record
    }
}

extension ReadRecord {
    /// Reads a record, with a change that an earlier record has filled, as the daemon does.
    static func read(_ bytes: [UInt8], after earlier: String? = nil) throws(DecodeError) -> ReadRecord {
        let reader = RecordReader()
        var change = Change()
        if let earlier { try reader.read(Array(earlier.utf8).span, into: &change) }
        try reader.read(bytes.span, into: &change)
        return ReadRecord(change, bytes.span)
    }

    static func read(_ text: String, after earlier: String? = nil) throws(DecodeError) -> ReadRecord {
        try read(Array(text.utf8), after: earlier)
    }

    init(_ change: Change, _ record: Span<UInt8>) {
        self.init(change.kind)
        switch change.kind {
        case .begin, .commit:
            xid = record.string(change.xid)
            time = record.string(change.time)
        case .insert, .update, .delete:
            tables = [record.tableName(change.table)]
            old = change.hasOld ? Self.columns(change.old, record) : nil
            new = change.hasNew ? Self.columns(change.new, record) : nil
        case .truncate:
            tables = Self.names(change.truncated, record)
            flags = [change.restartsSequences, change.cascades]
        case .message:
            message = Message(change.isTransactional, record.string(change.prefix), record.bytes(change.content))
        case .prepare, .commitPrepared, .rollbackPrepared:
            globalID = record.string(change.globalID)
            xid = record.string(change.xid)
            time = record.string(change.time)
        case .streaming: break
        }
    }

    private static func names(_ ranges: [ByteRange], _ record: Span<UInt8>) -> [TableName] {
        var names: [TableName] = []
        for range in ranges { names.append(record.tableName(range)) }
        return names
    }

    private static func columns(_ cells: [ColumnCell], _ record: Span<UInt8>) -> [Column] {
        var columns: [Column] = []
        for column in cells {
            let text = String(decoding: record.text(column.cell), as: UTF8.self)
            let value: Value =
                switch column.cell.form {
                case .absent, .null: .null
                case .unchanged: .unchanged
                case .bare: .bare(text)
                case .quoted, .doubled: .text(text)
                case .bits: .bits(text)
                }
            columns.append(Column(record.identifier(column.name), record.string(column.type), value))
        }
        return columns
    }
}
