/// One event of the mapping as it was written: its name and the ways it can come about.
///
/// Expressions are still text here, each with its place in the file; ``CompiledMapping`` makes them
/// runnable against a source's tables.
public struct EventDefinition: Hashable, Sendable {
    /// The event's type, as written.
    public var name: SourceText
    /// The source whose log it is read from; nil when there is only one.
    public var source: SourceText?
    /// Tried in order for each changed row: the first that fits makes the event.
    public var ways: [Way]

    public init(name: SourceText, source: SourceText? = nil, ways: [Way]) {
        self.name = name
        self.source = source
        self.ways = ways
    }

    /// One way an event can come about.
    public struct Way: Hashable, Sendable {
        /// `insert into orders`, `update orders`, `delete from orders`.
        public var from: SourceText
        public var operation: RowOperation
        public var table: TableName
        public var when: SourceText?
        /// nil: the primary key.
        public var key: SourceText?
        /// nil: the whole new row, or the old one of a delete.
        public var data: DataTemplate?

        public init(
            from: SourceText, operation: RowOperation, table: TableName, when: SourceText? = nil,
            key: SourceText? = nil, data: DataTemplate? = nil
        ) {
            self.from = from
            self.operation = operation
            self.table = table
            self.when = when
            self.key = key
            self.data = data
        }
    }
}

public enum RowOperation: String, Hashable, Sendable {
    case insert
    case update
    case delete
}

/// The shape of an event's data.
public indirect enum DataTemplate: Hashable, Sendable {
    case expression(SourceText)
    case object([Member])

    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: DataTemplate

        public init(name: String, value: DataTemplate) {
            self.name = name
            self.value = value
        }
    }
}
