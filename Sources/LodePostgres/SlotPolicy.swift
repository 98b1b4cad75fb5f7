public import LodeCore

/// What IDENTIFY_SYSTEM answers.
public struct SystemIdentity: Hashable, Sendable {
    public var systemIdentifier: String
    public var timeline: String
    public var position: LSN
    public var database: String

    public init(systemIdentifier: String, timeline: String, position: LSN, database: String) {
        self.systemIdentifier = systemIdentifier
        self.timeline = timeline
        self.position = position
        self.database = database
    }
}

/// A row of `pg_replication_slots`.
public struct SlotState: Hashable, Sendable {
    public var name: String
    public var plugin: String?
    public var database: String?
    public var isActive: Bool
    public var activePID: String?
    public var confirmedFlush: LSN?
    public var restart: LSN?
    /// `reserved`, `extended`, `unreserved` or `lost`.
    public var walStatus: String?
    public var isTwoPhase: Bool
    /// Why it is lost, as PostgreSQL 17 and later say: `wal_removed`, `idle_timeout`...
    public var invalidationReason: String?

    public init(
        name: String, plugin: String?, database: String?, isActive: Bool = false, activePID: String? = nil,
        confirmedFlush: LSN?, restart: LSN? = nil, walStatus: String? = "reserved", isTwoPhase: Bool = false,
        invalidationReason: String? = nil
    ) {
        self.name = name
        self.plugin = plugin
        self.database = database
        self.isActive = isActive
        self.activePID = activePID
        self.confirmedFlush = confirmedFlush
        self.restart = restart
        self.walStatus = walStatus
        self.isTwoPhase = isTwoPhase
        self.invalidationReason = invalidationReason
    }
}

/// What the journal knows of a source it has read before.
public struct KnownPosition: Hashable, Sendable {
    public var systemIdentifier: String
    /// Events before it are in the journal.
    public var position: LSN

    public init(systemIdentifier: String, position: LSN) {
        self.systemIdentifier = systemIdentifier
        self.position = position
    }
}

/// Decides how a source's reading begins, from what the server and the journal say.
///
/// The server silently moves a start that lies before the slot's `confirmed_flush` up to it
/// (`CreateDecodingContext` in logical.c), so a gap must be found here or it is never found.
public enum SlotPolicy {
    public enum Start: Hashable, Sendable {
        case create
        case resume(LSN)
    }

    public static func start(
        slot name: String, found: SlotState?, identity: SystemIdentity, known: KnownPosition?
    ) throws(PostgresError) -> Start {
        if let known, known.systemIdentifier != identity.systemIdentifier {
            throw stop(
                "the journal is of another server (system identifier \(known.systemIdentifier), this one is "
                    + "\(identity.systemIdentifier)); use another journal, or connect to the server it was made from")
        }
        guard let found else {
            guard let known else { return .create }
            throw stop(
                "slot \(name) was dropped: changes from \(known.position) to \(identity.position) cannot be read; "
                    + "begin anew with an empty journal, or accept the gap with "
                    + "SELECT pg_create_logical_replication_slot('\(name)', 'test_decoding'); and a new journal")
        }
        guard found.plugin == "test_decoding" else {
            throw stop(
                "slot \(name) is of \(found.plugin ?? "physical replication"), not of test_decoding; set another "
                    + "`slot`, or SELECT pg_drop_replication_slot('\(name)'); when nobody else needs it")
        }
        guard found.database == identity.database else {
            throw stop(
                "slot \(name) belongs to database \(found.database ?? ""), not to \(identity.database); set another "
                    + "`slot`, or SELECT pg_drop_replication_slot('\(name)'); when nobody else needs it")
        }
        guard !found.isTwoPhase else {
            throw stop(
                "slot \(name) was made with two_phase, which Lode does not read; set another `slot`, or "
                    + "SELECT pg_drop_replication_slot('\(name)'); when nobody else needs it")
        }
        guard found.walStatus != "lost", let confirmed = found.confirmedFlush else {
            let from = known?.position ?? found.confirmedFlush ?? .zero
            throw stop(
                "slot \(name) was invalidated\(cause(found.invalidationReason)): changes from \(from) to "
                    + "\(identity.position) cannot be read; SELECT pg_drop_replication_slot('\(name)'); "
                    + "and begin anew with an empty journal")
        }
        if let known, confirmed > known.position {
            throw stop(
                "slot \(name) is ahead of the journal: changes from \(known.position) to \(confirmed) cannot be "
                    + "read; restore the journal that goes with the slot, or begin anew with an empty journal")
        }
        return .resume(known?.position ?? confirmed)
    }

    /// Servers before 17 do not say; then it is the one cause that every version has.
    private static func cause(_ reason: String?) -> String {
        switch reason {
        case nil, "wal_removed": " because its WAL grew past max_slot_wal_keep_size"
        case "wal_level_insufficient": " because wal_level was lowered"
        case "idle_timeout": " because nobody read it for idle_replication_slot_timeout"
        case let other?: " (\(other))"
        }
    }

    private static func stop(_ message: String) -> PostgresError { PostgresError(message, verdict: .stop) }
}
