public import LodeCore

/// A subscriber that is SQL on a PostgreSQL.
public struct PostgresSubscriberSettings: Hashable, Sendable {
    /// What libpq takes.
    public var connection: String
    /// In the file's order; the first whose pattern fits an event's type is its SQL.
    public var statements: [Statement]
    /// How long one statement may take; default 30 s.
    public var timeout: Duration

    public init(connection: String, statements: [Statement], timeout: Duration = .seconds(30)) {
        self.connection = connection
        self.statements = statements
        self.timeout = timeout
    }

    /// SQL for events of some types: one statement or several, run in order.
    public struct Statement: Hashable, Sendable {
        public var type: TypePattern
        public var sql: SourceText

        public init(type: TypePattern, sql: SourceText) {
            self.type = type
            self.sql = sql
        }
    }
}
