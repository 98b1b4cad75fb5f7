import LodeConfiguration
import LodeCore
import LodePostgres

/// Whether a server can be read, by what it says of itself.
struct SourcePreflight {
    private let source: SourceSettings
    private let facts: Catalog.ServerFacts
    private(set) var told: [Diagnostic] = []

    /// - Parameter slot: nil: it is not made yet, which is neither wrong nor risky.
    init(_ source: SourceSettings, _ facts: Catalog.ServerFacts, slot: SlotState?) {
        self.source = source
        self.facts = facts
        tellServer()
        tellRole()
        tellSlot(slot)
    }

    private mutating func tell(_ severity: Diagnostic.Severity, _ message: String) {
        told.append(Diagnostic(severity, at: source.place, "source \(source.name): \(message)"))
    }

    private mutating func tellServer() {
        if facts.walLevel != "logical" {
            tell(
                .error,
                "wal_level is \(facts.walLevel); ALTER SYSTEM SET wal_level = 'logical'; and restart the server")
        }
        if facts.isStandby, facts.version < 160_000 {
            tell(
                .error,
                "the server is a standby, which can be read from PostgreSQL 16 on; connect to its primary, or to "
                    + "a newer standby")
        }
        // A status goes out every ten seconds at the latest.
        if let timeout = facts.senderTimeout, timeout < .seconds(15) {
            tell(
                .warning,
                "wal_sender_timeout is \(timeout), so a short pause of the network ends the session; "
                    + "ALTER SYSTEM SET wal_sender_timeout = '60s'; SELECT pg_reload_conf();")
        }
    }

    private mutating func tellRole() {
        if !facts.mayReplicate {
            tell(.error, "role \(facts.role) may not replicate; ALTER ROLE \(facts.role) REPLICATION;")
        }
        if source.heartbeat != nil, !facts.isStandby, !facts.mayEmitMessages {
            // From 17 on it has one argument more.
            let arguments = "boolean, text, text" + (facts.version >= 170_000 ? ", boolean" : "")
            tell(
                .error,
                "role \(facts.role) may not write the heartbeat; GRANT EXECUTE ON FUNCTION "
                    + "pg_logical_emit_message(\(arguments)) TO \(facts.role); or set `heartbeat: none`")
        }
    }

    private mutating func tellSlot(_ slot: SlotState?) {
        let identity = SystemIdentity(
            systemIdentifier: "", timeline: "", position: facts.position, database: facts.database)
        do throws(PostgresError) {
            _ = try SlotPolicy.start(slot: source.slot, found: slot, identity: identity, known: nil)
        } catch {
            tell(.error, error.message)
        }
        if slot == nil, facts.freeSlots < 1 {
            tell(
                .error,
                "the server has no replication slot left; ALTER SYSTEM SET max_replication_slots = 20; and "
                    + "restart it, or drop a slot that nobody needs")
        }
        // One that is active has its sender already.
        if slot?.isActive != true, facts.freeSenders < 1 {
            tell(
                .error, "the server has no WAL sender left; ALTER SYSTEM SET max_wal_senders = 20; and restart it")
        }
    }
}
