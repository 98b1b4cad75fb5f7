import LodeConfiguration
import LodeCore
import Testing

@testable import Lode
@testable import LodePostgres

/// What a server says of itself, and what that means.
struct SourcePreflightTests {
    private static let fine = Catalog.ServerFacts(
        role: "lode", database: "shop", version: 150_018, position: .zero, isStandby: false, walLevel: "logical",
        mayReplicate: true, freeSlots: 1, freeSenders: 1, senderTimeout: .seconds(60), mayEmitMessages: true)

    private static func told(
        slot: SlotState? = nil, heartbeat: Duration? = .seconds(10),
        _ change: (inout Catalog.ServerFacts) -> Void = { _ in }
    ) -> [String] {
        var facts = fine
        change(&facts)
        let source = SourceSettings(name: "shop", connection: "", heartbeat: heartbeat)
        return SourcePreflight(source, facts, slot: slot).told.map { "\($0.severity.rawValue) \($0.message)" }
    }

    private static func slot(plugin: String? = "test_decoding", database: String? = "shop", active: Bool = false)
        -> SlotState
    {
        SlotState(name: "lode_shop", plugin: plugin, database: database, isActive: active, confirmedFlush: LSN(1))
    }

    @Test func aServerThatCanBeReadIsToldNothingOf() {
        #expect(Self.told() == [])
        #expect(Self.told(slot: Self.slot()) == [])
        #expect(Self.told { $0.senderTimeout = nil } == [])
        // A standby decodes from 16 on, and takes no heartbeat.
        #expect(Self.told { ($0.isStandby, $0.version, $0.mayEmitMessages) = (true, 160_000, false) } == [])
    }

    @Test func eachObstacleComesWithItsMend() {
        func only(_ told: [String], _ severity: String, _ mend: String) {
            #expect(told.count == 1)
            #expect(told.first?.hasPrefix("\(severity) source shop: ") == true, "\(told)")
            #expect(told.first?.contains(mend) == true, "\(told)")
        }
        only(Self.told { $0.walLevel = "replica" }, "error", "ALTER SYSTEM SET wal_level = 'logical';")
        only(Self.told { $0.mayReplicate = false }, "error", "ALTER ROLE lode REPLICATION;")
        only(Self.told { $0.isStandby = true }, "error", "connect to its primary")
        only(Self.told { $0.senderTimeout = .seconds(5) }, "warning", "wal_sender_timeout")
        only(Self.told { $0.mayEmitMessages = false }, "error", "GRANT EXECUTE ON FUNCTION pg_logical_emit_message")
        only(Self.told { $0.freeSlots = 0 }, "error", "max_replication_slots")
        only(Self.told { $0.freeSenders = 0 }, "error", "max_wal_senders")
        only(Self.told(slot: Self.slot(plugin: "pgoutput")), "error", "set another `slot`")
        only(Self.told(slot: Self.slot(database: "other")), "error", "set another `slot`")
        #expect(Self.told(heartbeat: nil) { $0.mayEmitMessages = false } == [])
        // The slot that is there needs no other, and one that is read has its sender.
        #expect(Self.told(slot: Self.slot(active: true)) { ($0.freeSlots, $0.freeSenders) = (0, 0) } == [])
    }

    @Test func allObstaclesAreToldAtOnce() {
        let told = Self.told {
            $0.walLevel = "minimal"
            $0.mayReplicate = false
            $0.freeSlots = 0
            $0.freeSenders = 0
        }
        #expect(told.count == 4)
    }
}
