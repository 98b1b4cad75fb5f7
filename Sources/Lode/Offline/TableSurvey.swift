public import LodeCore

/// Finds out from the records alone what tables look like, for recordings that carry no definitions:
/// columns and types as the rows have them. Keys and replica identities stay unknown.
public struct TableSurvey {
    private var reader = RecordingReader()
    private var change = Change()
    private var found: [TableName: TableDefinition] = [:]

    public init() {}

    /// The definitions: the recording's own when it has them.
    public var tables: [TableDefinition] {
        reader.header?.tables ?? found.values.sorted { "\($0.name)" < "\($1.name)" }
    }

    /// The name of the source that was recorded; nil when the recording does not carry it.
    public var source: String? { reader.header?.source }

    /// Whether the recording has a header with definitions, so that nothing more need be read.
    public var isComplete: Bool { reader.header != nil }

    /// - Throws: ``RecordingError``.
    public mutating func append(_ chunk: [UInt8]) throws {
        reader.append(chunk)
        try look()
    }

    public mutating func finish() throws {
        reader.finish()
        try look()
    }

    private mutating func look() throws {
        let parser = RecordReader()
        while !isComplete, try reader.next() != nil {
            var change = change
            let definition = try reader.withRecord { record -> TableDefinition? in
                do throws(DecodeError) {
                    try parser.read(record, into: &change)
                } catch {
                    throw reader.locate(error)
                }
                guard [.insert, .update].contains(change.kind), change.hasNew else { return nil }
                return Self.definition(change, record)
            }
            self.change = change
            // A later row has the newer columns.
            if let definition { found[definition.name] = definition }
        }
    }

    private static func definition(_ change: Change, _ record: Span<UInt8>) -> TableDefinition {
        TableDefinition(
            name: record.tableName(change.table),
            columns: change.new.map {
                ColumnDefinition(name: record.identifier($0.name), type: record.string($0.type))
            },
            primaryKey: [], replicaIdentity: .default, identityColumns: [])
    }
}
