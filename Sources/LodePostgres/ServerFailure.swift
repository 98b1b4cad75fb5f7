/// A statement's error as the server says it. DETAIL and HINT are left out: they hold rows' values.
public struct ServerFailure: Error, Hashable, Sendable {
    /// Five characters (PostgreSQL, Appendix A); nil: no server said it, the session is gone.
    public var sqlState: String?
    /// The primary message, one line. It may quote a value.
    public var message: String

    public init(sqlState: String?, message: String) {
        self.sqlState = sqlState
        self.message = message
    }
}
