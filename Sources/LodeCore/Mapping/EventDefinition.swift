/// One event of the mapping as it was written: its name and the ways it can come about.
///
/// Expressions are still text here, each with its place in the file; ``CompiledMapping`` makes them
/// runnable against a source's tables.
public struct EventDefinition: Hashable, Sendable {
    /// The event's name: its type, unless a way says another.
    public var name: SourceText
    /// The source whose log it is read from; nil when there is only one.
    public var source: SourceText?
    /// Tried in order for each trigger: the first that fits makes the event.
    public var ways: [Way]
    /// What happens to an event that cannot be made.
    public var onError: OnError

    public init(name: SourceText, source: SourceText? = nil, ways: [Way], onError: OnError = .stop) {
        self.name = name
        self.source = source
        self.ways = ways
        self.onError = onError
    }

    /// What a failed cast, a division by zero or the like does.
    public enum OnError: String, Hashable, Sendable, CaseIterable {
        /// The source stands still before the transaction until a person acts.
        case stop
        /// The event `lode.untranslatable` takes its place, and says why.
        case skip
    }

    /// What becomes of data that the log does not say.
    public enum UnknownPolicy: String, Hashable, Sendable, CaseIterable {
        /// The member is left out.
        case omit
        /// The event cannot be made; see ``OnError``.
        case fail
        /// The database is asked for the value that the row has now, and the event says so.
        case reselect
    }

    /// One way an event can come about.
    public struct Way: Hashable, Sendable {
        /// `insert into orders`, `update orders`, `delete from orders`, `truncate orders`,
        /// `transaction`, `message 'prefix'`.
        public var from: SourceText
        public var trigger: Trigger
        /// In the file's order.
        public var gather: [Gather]
        /// Whether the transaction's changes of one row count as one.
        public var isNet: Bool
        public var when: SourceText?
        /// nil: the primary key.
        public var key: SourceText?
        /// nil: the whole new row, or the old one of a delete.
        public var data: DataTemplate?
        /// The event's id, for an event that the service made itself; nil: ours.
        public var id: SourceText?
        /// The event's type, likewise, taken as it is; nil: the event's name.
        public var type: SourceText?
        /// nil: ``UnknownPolicy/omit``.
        public var unknown: UnknownPolicy?

        public init(
            from: SourceText, trigger: Trigger, gather: [Gather] = [], isNet: Bool = false,
            when: SourceText? = nil, key: SourceText? = nil, data: DataTemplate? = nil, id: SourceText? = nil,
            type: SourceText? = nil, unknown: UnknownPolicy? = nil
        ) {
            self.from = from
            self.trigger = trigger
            self.gather = gather
            self.isNet = isNet
            self.when = when
            self.key = key
            self.data = data
            self.id = id
            self.type = type
            self.unknown = unknown
        }

        public init(
            from: SourceText, operation: RowOperation, table: TableName, when: SourceText? = nil,
            key: SourceText? = nil, data: DataTemplate? = nil
        ) {
            self.init(from: from, trigger: .row(operation, table), when: when, key: key, data: data)
        }

        /// Every table that the way names: the trigger's and the gathers'.
        public var tables: [TableName] { (trigger.table.map { [$0] } ?? []) + gather.map(\.table) }
    }

    /// What sets a way off.
    public enum Trigger: Hashable, Sendable {
        case row(RowOperation, TableName)
        case truncate(TableName)
        /// A logical message with this prefix.
        case message(prefix: String)
        /// Every transaction, at its commit.
        case transaction

        public var table: TableName? {
            switch self {
            case .row(_, let table), .truncate(let table): table
            case .message, .transaction: nil
            }
        }
    }

    /// Other changes of the same transaction: `lines: insert into order_lines where order_id = orders.id`.
    public struct Gather: Hashable, Sendable {
        public var name: SourceText
        /// All of it, with the condition.
        public var from: SourceText
        public var operation: RowOperation
        public var table: TableName
        public var condition: SourceText?

        public init(
            name: SourceText, from: SourceText, operation: RowOperation, table: TableName, condition: SourceText? = nil
        ) {
            self.name = name
            self.from = from
            self.operation = operation
            self.table = table
            self.condition = condition
        }
    }
}

public enum RowOperation: String, Hashable, Sendable {
    case insert
    case update
    case delete

    /// Small and in a row, for tables.
    var number: Int {
        switch self {
        case .insert: 0
        case .update: 1
        case .delete: 2
        }
    }
}

/// The shape of an event's data.
public indirect enum DataTemplate: Hashable, Sendable {
    case expression(SourceText)
    case object([Member])
    /// A list with one member a gathered row; `list` is the gather's name.
    case each(list: SourceText, as: DataTemplate)

    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: DataTemplate

        public init(name: String, value: DataTemplate) {
            self.name = name
            self.value = value
        }
    }
}
