import LodeCore
import Testing

@testable import LodePostgres

struct SlotPolicyTests {
    private let identity = SystemIdentity(
        systemIdentifier: "7", timeline: "1", position: LSN(900), database: "shop")

    private func slot(_ confirmed: UInt64, plugin: String = "test_decoding", database: String = "shop") -> SlotState {
        SlotState(name: "s", plugin: plugin, database: database, confirmedFlush: LSN(confirmed))
    }

    private func known(_ position: UInt64, system: String = "7") -> KnownPosition {
        KnownPosition(systemIdentifier: system, position: LSN(position))
    }

    private func refusal(_ found: SlotState?, _ known: KnownPosition?) -> String? {
        do {
            _ = try SlotPolicy.start(slot: "s", found: found, identity: identity, known: known)
            return nil
        } catch {
            return error.verdict == .stop ? error.message : "not a stop"
        }
    }

    @Test func firstRunMakesTheSlot() throws {
        #expect(try SlotPolicy.start(slot: "s", found: nil, identity: identity, known: nil) == .create)
    }

    @Test func goesOnFromTheJournalWhenTheSlotIsBehind() throws {
        let start = try SlotPolicy.start(slot: "s", found: slot(100), identity: identity, known: known(200))
        #expect(start == .resume(LSN(200)))
    }

    @Test func takesAReadySlotFromWhereItStands() throws {
        #expect(try SlotPolicy.start(slot: "s", found: slot(100), identity: identity, known: nil) == .resume(LSN(100)))
    }

    @Test func slotAheadOfTheJournalIsAGapWithItsRange() {
        let message = refusal(slot(300), known(200))
        #expect(message?.contains("from 0/C8 to 0/12C") == true)
    }

    @Test func droppedSlotIsAGapAndNotMadeAgain() {
        #expect(refusal(nil, known(200))?.contains("from 0/C8 to 0/384") == true)
    }

    @Test func invalidatedSlotIsAGap() {
        var lost = slot(100)
        lost.walStatus = "lost"
        #expect(refusal(lost, known(200))?.contains("max_slot_wal_keep_size: changes from 0/C8 to 0/384") == true)
        lost.invalidationReason = "idle_timeout"
        #expect(refusal(lost, known(200))?.contains("idle_replication_slot_timeout: changes from 0/C8") == true)
    }

    @Test func slotsOfOthersAreRefused() {
        #expect(refusal(slot(1, plugin: "pgoutput"), nil)?.contains("pgoutput") == true)
        #expect(refusal(slot(1, database: "other"), nil)?.contains("other") == true)
        var twoPhase = slot(1)
        twoPhase.isTwoPhase = true
        #expect(refusal(twoPhase, nil)?.contains("two_phase") == true)
    }

    @Test func journalOfAnotherServerIsRefused() {
        #expect(refusal(slot(100), known(200, system: "8"))?.contains("another server") == true)
    }
}
