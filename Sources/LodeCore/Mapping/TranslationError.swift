/// An event that cannot be made: the source stops before its transaction.
public struct TranslationError: Error, Hashable, Sendable {
    public var lsn: LSN?
    public var table: TableName?
    public var event: String?
    public var message: String

    init(lsn: LSN?, table: TableName?, event: String?, _ message: String) {
        self.lsn = lsn
        self.table = table
        self.event = event
        self.message = message
    }
}

extension TranslationError: CustomStringConvertible {
    public var description: String {
        var parts: [String] = []
        if let event { parts.append("event \(event)") }
        if let table { parts.append("table \(table)") }
        if let lsn { parts.append("at \(lsn)") }
        return (parts.isEmpty ? "" : parts.joined(separator: ", ") + ": ") + message
    }
}
