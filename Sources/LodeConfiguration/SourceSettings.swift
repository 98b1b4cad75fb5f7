public import LodeCore

/// One PostgreSQL database to read, under `sources`.
public struct SourceSettings: Hashable, Sendable {
    /// What it is called here and in its events' `source`: of `a-z`, `0-9`, `_` and `-`.
    public var name: String
    /// Anything libpq takes: a URL, `host=... dbname=...`, `service=...`. May hold a password, so
    /// it belongs in no log and no diagnostic.
    public var connection: String
    /// The replication slot, by PostgreSQL's rule for slots: 1 to 63 of `a-z`, `0-9` and `_`.
    /// Default `lode_` and the source's name, with `_` for each `-`.
    public var slot: String
    /// How often a logical message is written to the source, so that health sees it arrive and
    /// an idle database's slot moves; default 10 s, nil for `none`.
    public var heartbeat: Duration?
    /// Bytes of an open transaction's rows that are held in memory; what is more waits on disk.
    /// Default 64 MB, least 1 MB.
    public var transactionMemory: Int
    /// Where the source's name stands in the file.
    public var place: Place?

    public static let defaultHeartbeat: Duration = .seconds(10)
    public static let defaultTransactionMemory = 64 << 20
    public static let leastTransactionMemory = 1 << 20

    public init(
        name: String, connection: String, slot: String? = nil,
        heartbeat: Duration? = Self.defaultHeartbeat,
        transactionMemory: Int = Self.defaultTransactionMemory, place: Place? = nil
    ) {
        self.name = name
        self.connection = connection
        self.slot = slot ?? Self.defaultSlot(of: name)
        self.heartbeat = heartbeat
        self.transactionMemory = transactionMemory
        self.place = place
    }

    static func defaultSlot(of name: String) -> String {
        "lode_" + String(name.map { $0 == "-" ? "_" : $0 })
    }
}
